alter table deliveries add column revision text;   -- which text of the issue its last letter had: the beginning of its content hash
