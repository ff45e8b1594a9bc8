-- Old editions as counts: what is ordinary about them is summed by state and reader's domain; what someone may ask about stays a row of deliveries.
alter table editions add column rolled_up_at $int;   -- null: every delivery is a row

create table rollups (
    edition_id $int not null references editions (id),
    state text not null,
    domain text not null,                         -- of the readers; empty: those of all domains with few readers
    deliveries $int not null,
    primary key (edition_id, state, domain)
);

-- Who was sent the issue, of the deliveries that are counts by now: bit n of a block is subscriber block * 8192 + n. An eighth of an octet a reader.
create table rollup_readers (
    edition_id $int not null references editions (id),
    block $int not null,
    readers $bytes not null,
    primary key (edition_id, block)
);
