-- Which relay said it and by which way it came was written down and never read.
alter table bounces drop column relay;
alter table bounces drop column door;
