-- When somebody looked at it last, with trouble or without: what nobody looks at any more is forgotten, what is in trouble is not.
alter table mailbox_states add column seen_at $int not null default 0;
update mailbox_states set seen_at = coalesce(trouble_at, read_at, 0);
