-- Limits that all workers share. A worker takes rights to a handful of letters at a time; what it was granted last is kept beside, since the statement that takes them tells it so.
create table pace_buckets (
    name text primary key,                        -- the relay or domain, and the limit
    next_at $int not null,                        -- when the next right begins; microseconds since the epoch
    first_at $int not null,                       -- when the first one of the last grant began
    granted $int not null
);

-- Letters of each day of a warm-up.
create table pace_days (
    name text not null,
    day text not null,                            -- 2026-05-04, in the zone of pacing
    letters $int not null,
    granted $int not null,
    primary key (name, day)
);

-- What a worker holds back just now, for people to see.
create table pace_holds (
    worker text not null,
    kind text not null,                           -- relay, domain, hours
    name text not null,
    until_at $int not null,
    reason text not null,
    primary key (worker, kind, name)
);
