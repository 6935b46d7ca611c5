-- +goose Up
-- Whom a reply tells its deputy to ring: the handler, or, of a handler without a telephone of their own, their division.
alter table divisions add column phone text not null default '';
