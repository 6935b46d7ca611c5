-- +goose Up
-- A report of what was found between two reconciliations says nothing of the cases that were not looked at.
alter table drift_reports add column watch boolean not null default false;

-- +goose Down
alter table drift_reports drop column watch;
