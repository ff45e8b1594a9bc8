-- The publication's images that issues show, as they were when an issue was frozen: each content once, however many editions show it.
create table images (
    hash text primary key,                        -- of the content: it never changes
    media_type text not null,
    content $bytes not null,
    size $int not null,                           -- octets
    added_at $int not null
);
