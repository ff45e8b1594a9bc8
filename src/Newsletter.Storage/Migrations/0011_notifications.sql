-- What a row of returned_mails holds, and how its sender has proven itself: said by who took it in, never read off the bytes, for anyone can mail us anything.
alter table returned_mails add column form text not null default 'mail';     -- mail; or an event told over HTTP: ses, sendgrid, mailgun, postmark, brevo, generic
alter table returned_mails add column trust text not null default '';        -- empty: not at all, only our seals count; signature: over the words or a token; secret: it was shown one
create index returned_mails_told on returned_mails (form, received_at) where form <> 'mail';

-- Signatures that are good for one request (Mailgun's cover no word of it), until they are too old anyway.
create table notification_tokens (
    token text primary key,                       -- its SHA-256, with whose it is
    body_hash text not null,                      -- the request that came with it first: the same again is a provider that has not heard our answer
    until $int not null
);
create index notification_tokens_by_end on notification_tokens (until);
