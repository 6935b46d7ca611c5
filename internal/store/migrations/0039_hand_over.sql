-- +goose Up
-- An administrator hands over what somebody has in hand, before they leave (交接).
alter table bulks drop constraint bulks_kind_check,
    add constraint bulks_kind_check check (kind in ('propose', 'assign', 'transfer', 'delegate', 'urge', 'claim', 'release', 'hand_over'));
