-- What a sign-up form said when it was filled in: the words that somebody agreed to. Changed words are a new row; a row is never changed.
create table wordings (
    id $int primary key,                          -- the first 63 bits of the hash
    hash text not null unique,                    -- SHA-256 of form, language and text
    form text not null,
    language text not null,
    text text not null,
    first_at $int not null                        -- when it was first agreed to, or printed for another site
);

-- One wish of one address at one form. However often it is asked for, it is one row until it is confirmed.
create table signups (
    id $id,
    made_at $int not null,                        -- stands in the token beside the number, which may come again
    address text not null,                        -- as given
    address_key text not null,
    form text not null,
    wording_id $int not null references wordings (id),
    language text not null,
    name text not null default '',
    topics text not null default '[]',
    fields text not null default '{}',
    state text not null,                          -- waiting, held, confirmed, void
    state_at $int not null,
    asked_at $int not null,                       -- the ask that stands here: its words, wishes and origin
    asked_last $int not null,
    asked $int not null default 1,                -- how often, once a minute at most
    asked_from text not null default '',          -- network address
    asked_net text not null default '',           -- its network, which is what is counted
    asked_agent text not null default '',
    score $int not null default 0,
    reasons text not null default '[]',
    due $int,                                     -- when a mail is tried; null: none is owed
    tried_at $int,
    sent_at $int,
    mails $int not null default 0,
    words text not null default '',               -- why the last one was not sent
    confirmed_at $int,
    confirmed_from text not null default '',
    confirmed_agent text not null default '',
    subscriber_id $int references subscribers (id)
);
create unique index signups_open on signups (address_key, form) where state <> 'confirmed';
create index signups_by_address on signups (address_key);
create index signups_by_subscriber on signups (subscriber_id);
create index signups_by_time on signups (asked_at);
create index signups_by_net on signups (asked_net, asked_at);
create index signups_due on signups (due) where due is not null;
create index signups_held on signups (id) where state = 'held';
