-- Tokens: $id a 64-bit key made by the database, $int a 64-bit integer (instants: UTC milliseconds), $bytes bytes. JSON is text on both.

create table subscribers (
    id $id,
    address text not null,                        -- as given
    address_key text not null unique,             -- what is compared
    name text not null default '',
    fields text not null default '{}',            -- JSON object of strings
    tags text not null default '[]',
    topics text not null default '[]',
    language text not null default '',
    time_zone text not null default '',
    source text not null default '',              -- how they came: import, command, form
    state text not null,                          -- pending, active, paused, unsubscribed, suspended, complained, erased
    state_at $int not null,
    created_at $int not null
);
create index subscribers_by_state on subscribers (state, id);

create table subscriptions_log (
    id $id,
    subscriber_id $int not null references subscribers (id),
    before text not null default '',              -- empty: there was none
    state text not null,
    at $int not null,
    reason text not null,
    actor text not null,                          -- reader, command, import, bounce
    evidence text not null default '',
    edition_id $int,
    returned_mail_id $int
);
create index subscriptions_log_by_subscriber on subscriptions_log (subscriber_id, id);

create table suppressions (
    address_key text primary key,
    reason text not null,
    at $int not null,
    actor text not null,
    evidence text not null default ''
);

create table editions (
    id $id,
    issue_number $int,                            -- null: the issue has none
    issue_slug text not null,
    title text not null,
    segment text not null default '',             -- empty: everybody who is active
    content_hash text not null,
    rendered text not null,                       -- the rendered issue, frozen (JSON)
    state text not null,                          -- scheduled, held, running, paused, complete, cancelled
    state_at $int not null,
    state_reason text not null default '',
    due_at $int not null,
    created_at $int not null,
    started_at $int,                              -- when the audience was frozen
    completed_at $int,
    candidates $int not null default 0
);
-- An issue goes to a segment once; a cancelled edition makes way, and who has the issue already is excluded from the next.
create unique index editions_once on editions (issue_slug, segment) where state <> 'cancelled';
create index editions_due on editions (due_at) where state in ('scheduled', 'running');

create table exclusions (
    edition_id $int not null references editions (id),
    reason text not null,
    subscribers $int not null,
    primary key (edition_id, reason)
);

create table deliveries (
    edition_id $int not null references editions (id),
    subscriber_id $int not null references subscribers (id),
    state text not null,                          -- waiting, claimed, sent, deferred, failed, skipped, in doubt
    state_at $int not null,
    attempt $int not null default 0,
    due_at $int not null,
    claimed_by text,
    claimed_until $int,
    fence $int not null default 0,                -- grows with each claim; a result that carries an older one does not overwrite
    reply_code $int,
    reply_status text,                            -- enhanced status, RFC 3463
    reply_words text,
    primary key (edition_id, subscriber_id)
);
create index deliveries_due on deliveries (edition_id, due_at, subscriber_id) where state in ('waiting', 'deferred');
create index deliveries_claimed on deliveries (edition_id, claimed_until) where state = 'claimed';
create index deliveries_by_subscriber on deliveries (subscriber_id);

-- What a relay said other than yes, and results that came after their claim was over. An accepted attempt is the delivery's own row.
create table attempts (
    id $id,
    edition_id $int not null,
    subscriber_id $int not null,
    fence $int not null,
    at $int not null,
    outcome text not null,
    reply_code $int,
    reply_status text,
    reply_words text
);
create index attempts_by_delivery on attempts (edition_id, subscriber_id);

create table schedules (
    name text primary key,                        -- weekly
    rule text not null,                           -- with its zone; a changed rule starts anew
    next_due $int not null
);

-- One row for each time a recurring slot came round, whatever became of it.
create table slots (
    schedule text not null,
    due_at $int not null,
    at $int not null,                             -- when it was seen
    outcome text not null,                        -- scheduled, late, held, missed, empty
    edition_id $int,
    words text not null default '',
    primary key (schedule, due_at)
);

create table returned_mails (
    id $id,
    content_hash text not null unique,            -- SHA-256 of the raw bytes: a mail that comes twice is one row
    raw $bytes not null,                          -- compressed
    size $int not null,                           -- before compression, octets
    source text not null,
    received_at $int not null,
    kind text not null default '',
    verdict text not null default '',             -- JSON
    evidence text not null default '',
    consequence text not null default '',         -- suspend, complain, unsubscribe, soft, show, nothing
    outcome text not null default '',             -- what became of it, in words
    edition_id $int,
    subscriber_id $int,
    handled_at $int
);
create index returned_mails_unhandled on returned_mails (id) where handled_at is null;
create index returned_mails_by_edition on returned_mails (edition_id, kind);
create index returned_mails_by_subscriber on returned_mails (subscriber_id);

create table threads (
    id $id,
    edition_id $int,
    subscriber_id $int,
    subject text not null,
    state text not null,                          -- unread, read, done
    last_at $int not null
);
create index threads_by_last on threads (last_at);

create table replies (
    id $id,
    thread_id $int not null references threads (id),
    returned_mail_id $int not null unique references returned_mails (id),
    sender text not null,
    sender_name text not null default '',
    subject text not null,
    body text not null,
    at $int not null,
    answer_to text not null default '',           -- empty: nowhere we would write to
    message_id text not null default '',
    attachments text not null default '[]',       -- names alone; the files are in the returned mail
    forward_due $int,                             -- null: forwarded, or not to be
    forwarded_at $int
);
create index replies_to_forward on replies (forward_due) where forward_due is not null;
create index replies_by_thread on replies (thread_id, id);
