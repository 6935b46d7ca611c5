-- +goose Up
-- A form stands open in two windows of one person, and both are typed in: each drawing of it keeps its own words.
drop index typed_one;
create unique index typed_one on typed (person, form, ref, coalesce(case_id, '00000000-0000-0000-0000-000000000000'),
    coalesce(action_id, '00000000-0000-0000-0000-000000000000'));
