-- +goose Up
-- A letter that was opened need not have been read: whoever signs says so at its end. What was opened before today counted as read.
alter table draft_seen add column read_at timestamptz;
update draft_seen set read_at = at;
