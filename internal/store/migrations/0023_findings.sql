-- +goose Up
-- What was found in a draft quotes it. It is kept here, and not in the histories of the engine.
alter table actions add column findings json;
