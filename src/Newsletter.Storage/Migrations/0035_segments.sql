-- A saved question that selects subscribers.
create table segments (
    name text primary key,
    filter text not null,                         -- docs/segments.md
    about text not null default '',               -- what it is for, in a person's words
    changed_at $int not null
);
