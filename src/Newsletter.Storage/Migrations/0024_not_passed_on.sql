-- Why a mail to the address in a note to the editor did not go on to the reader; empty: it is no such mail.
alter table replies add column not_passed_on text not null default '';
