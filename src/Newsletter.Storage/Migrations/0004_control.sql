-- A person's hand on editions: who stopped one, when it goes on by itself, which goes first, what was only tried out, what goes in waves.
alter table editions add column by_person $int not null default 0;   -- 1: a person brought it into its state, 0: the program
alter table editions add column goes_on_at $int;                     -- held or paused: when it goes on by itself; null: a person decides
alter table editions add column priority $int not null default 1;    -- 0 high, 1 normal, 2 low
alter table editions add column sandbox text not null default '';    -- the one address that all its letters go to; empty: to the readers
alter table editions add column wave $int not null default 0;        -- deliveries up to this wave go out: the seed group, the sample, the rest
alter table editions add column last_wave $int not null default 0;   -- when this wave is out, there is no other
alter table editions add column between_waves $int not null default 0; -- 1: a wave is out, and the next waits for its time or a person's word
alter table editions add column alarms text not null default '';     -- the thresholds that have stopped it, each once
alter table editions add column two_subjects $int not null default 0; -- 1: a sample gets the one or the other, and the rest the winner
alter table editions add column winner text not null default '';     -- a or b: the subject that the rest of the readers gets
alter table deliveries add column wave $int not null default 0;
alter table deliveries add column variant text not null default '';  -- a or b: the subject that this reader gets; empty: there is one alone
create index deliveries_failed on deliveries (edition_id) where state = 'failed';

-- What the editor is told by mail: an edition that a threshold has stopped.
create table notices (
    id $id,
    edition_id $int not null references editions (id),
    at $int not null,
    subject text not null,
    words text not null,
    due $int,                                     -- when it is to be sent, or tried again; null: it is sent
    sent_at $int
);
create index notices_due on notices (due) where due is not null;

-- An issue goes to a segment once; what was sent in the sandbox has reached nobody and takes nothing.
drop index editions_once;
create unique index editions_once on editions (issue_slug, segment) where state <> 'cancelled' and sandbox = '';
create unique index editions_once_in_sandbox on editions (issue_slug, segment, sandbox) where sandbox <> '' and state not in ('cancelled', 'complete');
