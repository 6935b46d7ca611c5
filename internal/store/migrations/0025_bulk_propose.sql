-- +goose Up
-- A liaison proposes one lead division for many registered cases at once (拟办).
alter table bulks drop constraint bulks_kind_check,
    add constraint bulks_kind_check check (kind in ('propose', 'assign', 'transfer', 'delegate', 'urge', 'claim', 'release'));
