-- +goose Up
-- A case that was over when it was entered has no deadline, and perhaps no day on which it was closed: its file may not say.
alter table cases drop constraint cases_reply_due;
alter table cases add constraint cases_reply_due check (reply_due is not null or handling_type = 'reading' or late and not open);
alter table cases drop constraint cases_closed;
alter table cases add constraint cases_closed check (case when open then closed_on is null else closed_on is not null or late end);
