-- The name that this database alone has: a worker's journal, which lies outside of it, says by it where its results belong. A copy has the same one.
create table ledger (name text primary key);
insert into ledger (name) values ($name);
