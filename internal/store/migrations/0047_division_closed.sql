-- +goose Up
-- A division is closed, and another takes over what it had (处室撤并). It is never deleted: cases, letters and the past name it.
alter table divisions
    add column closed_on date,                        -- null: it is at work
    add column taken_over_by text references divisions (code), -- null: it had nothing to take over
    add constraint divisions_closed check (closed_on is not null or taken_over_by is null),
    add constraint divisions_not_itself check (taken_over_by <> code);

alter table bulks drop constraint bulks_kind_check,
    add constraint bulks_kind_check check (kind in (
        'propose', 'assign', 'transfer', 'delegate', 'urge', 'claim', 'release', 'hand_over', 'regroup'));

-- A division with all whose work it has taken over, and those before them.
-- +goose StatementBegin
create function with_taken_over(division text) returns text[] stable language sql as $$
    with recursive taken (code) as (select division union select d.code from divisions d join taken t on d.taken_over_by = t.code)
    select array_agg(code) from taken
$$;
-- +goose StatementEnd
