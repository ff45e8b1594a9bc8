-- Conversations with readers: where each mail belongs and why, what its writer wrote, tags, and what was answered.
alter table threads add column box text not null default 'people';       -- people, or machines: automatic answers, kept out of the way
alter table threads add column state_before text not null default '';    -- for an undo
create index threads_by_reader on threads (edition_id, subscriber_id);
create index threads_by_state on threads (box, state, last_at);

alter table replies add column written text not null default '';         -- what its writer wrote, without what is quoted
alter table replies add column search text not null default '';          -- sender, subject and words: lower case, without accents
alter table replies add column refs text not null default '';            -- the Message-IDs that it names, the oldest first, a blank between
alter table replies add column filed_by text not null default '';        -- why it is in its thread: seal, thread, reference, subject; empty: it began it
alter table replies add column back_on text not null default '';         -- an automatic answer: the day of return, or the last day away, as ISO 8601
alter table replies add column back_words text not null default '';      -- the words that tell it
update replies set written = body, search = lower(sender || ' ' || sender_name || ' ' || subject || ' ' || body);
create index replies_by_sender on replies (lower(sender));
create index replies_by_message on replies (message_id);

create table thread_tags (
    thread_id $int not null references threads (id),
    tag text not null,
    primary key (thread_id, tag)
);
create index thread_tags_by_tag on thread_tags (tag);

create table answers (
    id $id,
    thread_id $int not null references threads (id),
    reply_id $int not null references replies (id),                       -- what it answers
    key text not null unique,                                             -- of the form or mail that it came by: pressed twice, it is one
    message_id text not null unique,
    address text not null,                                                -- whom it goes to
    subject text not null,
    body text not null,
    search text not null default '',
    refs text not null default '',
    returned_mail_id $int references returned_mails (id),                 -- the editor's own mail, where it came by mail
    at $int not null,
    state text not null,                                                  -- waiting, sending, sent, failed, in doubt
    due $int,                                                             -- waiting: when it is tried; sending: until when its try may take
    words text not null default '',                                       -- the relay's, of the last try
    sent_at $int
);
create index answers_by_thread on answers (thread_id, id);
create index answers_due on answers (due) where due is not null;
