-- What came back of each reader, each delivery once, with what the score and its arithmetic need.
create table bounces (
    subscriber_id $int not null references subscribers (id),
    edition_id $int not null,
    at $int not null,
    door text not null,                           -- mail: a report came back; reply: the relay said it while sending
    reason text not null,
    permanence text not null,
    confidence text not null default 'medium',    -- low, medium, high: how sure both are
    phrase text not null default '',              -- the words that gave the reason
    evidence text not null default '',            -- the server's own words
    returned_mail_id $int,
    relay text not null default '',
    provider text not null default '',            -- who has the mailbox: the domain, or the first of its provider's
    wave text not null default '',                -- reason and words, made alike
    reached $int not null default 0,              -- 1: the reader had taken an earlier edition
    incident_id $int,
    primary key (subscriber_id, edition_id)
);
create index bounces_by_wave on bounces (wave, at);
create index bounces_by_incident on bounces (incident_id, subscriber_id) where incident_id is not null;

-- Waves of the same refusal, and suspensions that a person took back together.
create table incidents (
    id $id,
    by_hand $int not null default 0,              -- 1: a person asked for certain suspensions to be taken back
    state text not null,                          -- open, undone, accepted
    wave text not null default '',
    provider text not null default '',            -- empty: all
    edition_id $int,
    words text not null default '',               -- what the servers said, made alike; by hand: what was asked for
    found text not null default '',               -- why it is a wave
    first_at $int not null,
    last_at $int not null,
    opened_at $int not null,
    decided_at $int,
    decided_by text not null default '',
    why text not null default ''
);
create unique index incidents_open_once on incidents (wave, provider, edition_id) where state = 'open';

-- Readers whose score is near the limit: at risk.
create table risks (
    subscriber_id $int primary key references subscribers (id),
    since $int not null
);

-- Small letters that ask whether anybody is there, before a score suspends.
create table probes (
    id $id,
    subscriber_id $int not null references subscribers (id),
    edition_id $int not null,                     -- whose bounce made it due
    state text not null,                          -- due, sent, stayed, came back, void
    made_at $int not null,
    due $int,                                     -- due: when to hand it over, or try again; sent: when silence is an answer
    sent_at $int,
    ended_at $int,
    words text not null default ''
);
create index probes_due on probes (due) where due is not null;
create index probes_by_subscriber on probes (subscriber_id, id);
create unique index probes_one_at_a_time on probes (subscriber_id) where state in ('due', 'sent');

alter table subscriptions_log add column incident_id $int;
create index subscriptions_log_by_incident on subscriptions_log (incident_id, id) where incident_id is not null;

-- What was counted as a soft bounce before there was a score keeps counting; its reason was not kept in a column.
insert into bounces (subscriber_id, edition_id, at, door, reason, permanence, evidence, returned_mail_id)
select r.subscriber_id, r.edition_id, r.received_at, 'mail', 'other', 'unknown', r.evidence, r.id
from returned_mails r join subscribers s on s.id = r.subscriber_id
where r.consequence = 'soft' and r.edition_id is not null
  and r.id in (select min(f.id) from returned_mails f where f.consequence = 'soft' group by f.subscriber_id, f.edition_id);
