-- +goose Up
-- A bureau is set up in pages that can be left and taken up again, behind an address that is printed once.

alter table bureaus add column assemblies jsonb not null default '{"npc": "", "cppcc": ""}'; -- as they are called there

-- The set-up that is under way: one row at most, none once it is done.
create table first_start (
    one        boolean primary key default true check (one),
    sha256     bytea not null check (length(sha256) = 32), -- of the code in the address that was printed last, which is not kept
    expires_at timestamptz not null,
    typed      jsonb not null default '{}' -- what was typed so far, by field; no password
);
