-- SQLite gives the number of a row that is gone to the next; these stand in sealed addresses and in mails.
create table spent_ids (
    name text primary key,                        -- of the table
    last $int not null
);
