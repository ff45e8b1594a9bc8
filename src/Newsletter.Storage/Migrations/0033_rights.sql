-- What people of the house did, and the clock in their place: a chain of keyed hashes. Lines are added and never changed.
create table audit_log (
    seq $int primary key,                         -- 1, 2, 3 … without a gap
    at $int not null,
    actor text not null,                          -- command USER, page, clock, reader
    act text not null,                            -- the verb: subscribers add, pause, retention
    subject text not null,                        -- subscriber 17, edition 5, address (keyed hash): never an address; empty: none
    detail text not null,                         -- JSON without personal data; empty: nothing more is said
    previous text not null,                       -- the hash of the line before; empty in the first
    hash text not null                            -- key id, a dot, HMAC-SHA-256 over all of these
);
create index audit_log_by_act on audit_log (act, seq);
$append_only audit_log;

-- Where the chain ends: so the loss of its last line is seen as well.
create table audit_head (
    id $int primary key,                          -- 1
    seq $int not null,
    hash text not null,
    seal text not null
);
insert into audit_head (id, seq, hash, seal) values (1, 0, '', '');

-- What the house writes down about a subscriber.
create table notes (
    id $id,
    subscriber_id $int not null references subscribers (id),
    at $int not null,
    author text not null,                         -- as in audit_log
    words text not null
);
create index notes_by_subscriber on notes (subscriber_id, id);
create index subscribers_pending_since on subscribers (state_at) where state = 'pending';
