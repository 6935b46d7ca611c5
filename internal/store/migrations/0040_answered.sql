-- +goose Up
-- By when a case was to be answered first, and when it was: what the yearly statistics count. Later rounds have days of their own,
-- which reply_due tells. The days follow from the state, so that no figure can say other than the case.

-- +goose StatementBegin
-- Days are written as 2026-04-20 whatever the settings are, so reading them is immutable, although date_in as such is not.
create function answer_due(state jsonb) returns date language plpgsql immutable as $$
declare
    clock jsonb := jsonb_path_query_first(state, '$.clocks[*] ? (@.kind == "reply")');
begin
    return coalesce(clock #>> '{shifts,-1,to}', clock #>> '{span,end}')::date;
end
$$;
-- +goose StatementEnd
-- +goose StatementBegin
create function answered_on(state jsonb) returns date language plpgsql immutable as $$
begin
    return (jsonb_path_query_first(state, '$.clocks[*] ? (@.kind == "reply")') ->> 'met')::date;
end
$$;
-- +goose StatementEnd

alter table cases
    add column answer_due date generated always as (answer_due(state)) stored,
    add column answered_on date generated always as (answered_on(state)) stored;
create index cases_answer_due on cases (answer_due);
