-- A mail that two ways bring differs in what servers wrote on it: it is known by what its author wrote. Older rows are known by their bytes alone.
alter table returned_mails add column fingerprint text;
create unique index returned_mails_once on returned_mails (fingerprint);

-- A mail that trips a fault of ours is kept, marked, and stops nothing.
alter table returned_mails add column tries $int not null default 0;         -- how often its handling was begun and not ended
alter table returned_mails add column error text not null default '';        -- empty: none
alter table returned_mails add column error_at $int;

-- What a mail was read as before it was read again.
create table returned_verdicts (
    id $id,
    returned_mail_id $int not null references returned_mails (id),
    handled_at $int not null,
    replaced_at $int not null,
    kind text not null,
    verdict text not null,
    evidence text not null,
    consequence text not null,
    outcome text not null,
    edition_id $int,
    subscriber_id $int
);
create index returned_verdicts_by_mail on returned_verdicts (returned_mail_id, id);

-- How each mailbox fares, as the machine sees it that reads it.
create table mailbox_states (
    name text not null,
    machine text not null,
    read_at $int,                                 -- null: never yet
    mail_at $int,                                 -- null: none came
    mails $int not null default 0,
    trouble text not null default '',             -- empty: none
    trouble_at $int,                              -- since when
    primary key (name, machine)
);

-- Mails that stay on a POP3 server after they were taken, by their UIDL.
create table mailbox_mails (
    mailbox text not null,
    uid text not null,
    taken_at $int not null,
    primary key (mailbox, uid)
);

-- The refresh token that a provider gave in place of the configured one, sealed with the key file.
create table mailbox_tokens (
    mailbox text primary key,
    configured text not null,                     -- SHA-256 of the token of the configuration: another one there ends this one
    sealed text not null,
    at $int not null
);
