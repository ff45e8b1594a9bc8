-- While paused: when it is over; null: when the reader says so.
alter table subscribers add column paused_until $int;
-- Topics that the reader chose not to read. Who never chose has none here and none in topics, and reads all.
alter table subscribers add column topics_left text not null default '[]';
create index subscribers_paused on subscribers (paused_until) where paused_until is not null;

-- What a reader did on their own pages, but for their standing.
create table reader_acts (
    id $id,
    subscriber_id $int not null references subscribers (id),
    at $int not null,
    act text not null,                            -- chose, paused until, left because, …
    words text not null default '',
    evidence text not null default '',
    edition_id $int                               -- by whose letter, where it was one's
);
create index reader_acts_by_subscriber on reader_acts (subscriber_id, id);

-- A mail that a reader asked for on their own pages, and what its link is good for. All workers share its limits.
create table reader_mails (
    id $id,
    subscriber_id $int not null references subscribers (id),
    kind text not null,                           -- own-page, new-address, notice
    address text not null,                        -- where it goes
    address_key text not null,
    of_key text not null,                         -- the reader's address when it was asked for: it is good for that one alone
    made_at $int not null,
    due $int,                                     -- when it is tried; null: settled
    tried_at $int,
    sent_at $int,
    words text not null default '',               -- why it was not sent
    used_at $int                                  -- new-address: it is the reader's now
);
create index reader_mails_due on reader_mails (due) where due is not null;
create index reader_mails_by_time on reader_mails (made_at);
create index reader_mails_by_subscriber on reader_mails (subscriber_id, id);
