-- When the wave that goes out became due: letters at readers' own times are reckoned from there.
alter table editions add column released_at $int;   -- null: from its start
