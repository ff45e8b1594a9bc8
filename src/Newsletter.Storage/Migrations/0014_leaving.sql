-- What is known of a mail's sender: proven, unproven, failed, impostor; empty: nobody has looked.
alter table returned_mails add column sender_proof text not null default '';
alter table returned_mails add column sender_words text not null default '';

-- A mail to a reader who left by mail: that it is done, and how to take it back. All workers share its limits.
create table farewells (
    id $id,
    subscriber_id $int not null references subscribers (id),
    edition_id $int not null,                     -- 0: no letter is proven
    returned_mail_id $int,                        -- the wish
    answers text not null default '',             -- its Message-ID
    made_at $int not null,
    due $int,                                     -- when it is tried; null: settled
    tried_at $int,                                -- the last try: it counts for the limits
    sent_at $int,
    words text not null default ''                -- why it was not sent
);
create index farewells_due on farewells (due) where due is not null;
create index farewells_tried on farewells (tried_at);
create index farewells_by_subscriber on farewells (subscriber_id);
