-- +goose Up
-- What the figures and lists of those who supervise ask of every case. State, texts and descriptions are stored beside the row, so that a
-- look at all open cases does not read them.
alter table cases set (toast_tuple_target = 128);

-- How the strands of a case stand, as publication.unpublished, and whom they are for, as person.ID and division.CODE.
create function strands_of(state jsonb) returns text[] language sql immutable as $$
    select coalesce(array_agg(distinct mark), '{}')
    from jsonb_array_elements(state -> 'strands') r
    cross join lateral (values (r ->> 'kind' || '.' || (r ->> 'status')), ('person.' || (r ->> 'person')), ('division.' || (r ->> 'division'))) m (mark)
    where mark is not null
$$;

alter table cases add column strands text[] not null generated always as (strands_of(state)) stored;
create index cases_strands on cases using gin (strands);

-- Every figure over the open cases is counted in this index alone.
drop index cases_open_counts;
create index cases_open_counts on cases (lead_division, stage)
    include (id, due, last_at, round, key_supervised, return_until, contact_until, draft_until, plan_until) where open;

create index cases_category on cases ((described ->> 'category'));
create index cases_registered on cases (registered_at);
create index tasks_asked on tasks (ask, due) include (case_id, division) where closed_at is null;

-- +goose Down
drop index tasks_asked, cases_registered, cases_category, cases_open_counts, cases_strands;
create index cases_open_counts on cases (lead_division, stage) include (due) where open;
alter table cases drop column strands;
drop function strands_of;
alter table cases reset (toast_tuple_target);
