-- +goose Up
-- By when a running clock of the case rings: what those who supervise are shown each morning over every open case. The days follow from the
-- state, so that no list can say other than the case.

-- +goose StatementBegin
-- Days are written as 2026-04-20 whatever the settings are, so reading them is immutable, although date_in as such is not.
create function running_until(state jsonb, kind text) returns date language plpgsql immutable as $$
begin
    return (
        select min(coalesce(k -> 'shifts' -> -1 ->> 'to', k -> 'span' ->> 'end')::date) from jsonb_array_elements(state -> 'clocks') k
        where k ->> 'kind' = running_until.kind and not k ? 'met' and not k ? 'stopped');
end
$$;
-- +goose StatementEnd

alter table cases
    add column return_until date generated always as (running_until(state, 'return')) stored,
    add column contact_until date generated always as (running_until(state, 'first_contact')) stored,
    add column draft_until date generated always as (running_until(state, 'draft')) stored,
    add column plan_until date generated always as (running_until(state, 'plan')) stored;

-- +goose Down
alter table cases drop column return_until, drop column contact_until, drop column draft_until, drop column plan_until;
drop function running_until;
