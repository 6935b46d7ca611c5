-- +goose Up
-- Reconciliation also counts cases that nobody has and nothing reminds of. There are none, or something is broken.
alter table drift_reports add column stalled integer not null default 0 check (stalled >= 0);
