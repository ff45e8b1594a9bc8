-- One list that was taken in: how far it is, and what it changed, so that it can go on after a stop and be taken back.
create table imports (
    id $id,
    list text not null,                           -- its name: in the history
    content_hash text not null,                   -- SHA-256 of its octets and of how they are read: the same list goes on where it stopped
    lanes $int not null,                          -- how many take it in side by side; a lane has its addresses for good
    state text not null,                          -- running, done, undone
    actor text not null default '',
    started_at $int not null,
    ended_at $int
);
create index imports_running on imports (content_hash) where state = 'running';

create table import_lanes (
    import_id $int not null references imports (id),
    lane $int not null,
    line $int not null,                           -- all its rows up to this line of the list are in
    tally text not null,                          -- JSON
    primary key (import_id, lane)
);

-- Whom a list changed, and from what to what; whom it added is known by their own row.
create table import_changes (
    import_id $int not null references imports (id),
    subscriber_id $int not null references subscribers (id),
    line $int not null,
    before text not null,                         -- JSON
    after text not null,
    primary key (import_id, subscriber_id)
);
create index import_changes_by_subscriber on import_changes (subscriber_id);

-- The first line of history of whom a list added active: the list's name and the line in it, written where it is asked for. No reference: it would be looked up for each row.
alter table subscribers add column import_id $int;
alter table subscribers add column import_line $int;

-- Compared octet by octet, as the keys are made: a language's order is three times as dear at each comparison.
$postgres alter table subscribers alter column address_key type text collate "C", alter column state type text collate "C";
$postgres alter table suppressions alter column address_key type text collate "C";

-- Nearly all are active: an index that has them too costs as much as it is large, and a walk by number finds them as soon.
drop index subscribers_by_state;
create index subscribers_by_state on subscribers (state, id) where state <> 'active';
