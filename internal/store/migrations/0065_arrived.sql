-- +goose Up
-- The overview tells of every open case how long it has been at its station: kept with what else is counted of it, instead of looked for among its events
-- at every look. A migration that adds a stage has to say here at which station it is.
-- +goose StatementBegin
create function station_of(stage text) returns text language sql immutable parallel safe as $$
    select case
        when stage in ('registered', 'return_review', 'return_decision', 'assignment', 'acceptance') then 'assignment'
        when stage = 'consultation' then 'consultation'
        when stage = 'drafting' then 'drafting'
        when stage in ('division_review', 'office_review', 'legal_review', 'openness_review') then 'review'
        when stage = 'sign_off' then 'sign_off'
        when stage = 'numbering' then 'numbering'
        when stage = 'dispatch' then 'dispatch'
        when stage in ('answered', 'report_up') then 'follow_up'
        when stage in ('closure', 'closed', 'returned', 'withdrawn') then 'closure'
        else 'registration' end
$$;
-- +goose StatementEnd

create or replace view reckoned_facts as
select c.id as case_id, c.handling_type, c.state ->> 'pack' as pack,
    c.lead_division as division, nullif(c.described ->> 'category', '') as topic, c.body, c.level, c.term,
    nullif(c.described ->> 'delegation', '') as delegation,
    c.assigned_on, c.stage = 'returned' as returned,
    -- By when the first reply was owed: what was returned or withdrawn owes none.
    case when c.stage not in ('returned', 'withdrawn') then c.answer_due end as owed_by,
    c.answered_on, c.answered_on is not null as answered, coalesce(c.answered_on <= c.answer_due, false) as in_time, c.round > 1 as rehandled,
    case when c.strands @> '{publication.unpublished}' then 'unpublished' when c.strands @> '{publication.published}' then 'published' end as publication,
    talk.mode, talk.met_by, coalesce(talk.met, false) as met, -- how the deputy was reached last, by whom; whether they were ever met
    first.result as first_result, last.attitude, last.result, -- of the first round; of the last that was rated
    -- The class of the last reply that was sent: while another is written, the case names none or that one.
    (select d.class from drafts d
        where d.case_id = c.id and d.version = case when c.stage in ('answered', 'report_up', 'closure', 'closed') then (c.state ->> 'draft')::int else (
            select (s.state ->> 'draft')::int from events e join case_states s on s.case_id = e.case_id and s.event_no = e.no
            where e.case_id = c.id and e.kind = 'dispatch' order by e.no desc limit 1) end) as class,
    promise.days as promised_for, promise.unkept as unkept_for,
    -- Of an open case, the day on which it came to the station where it stands; the official one where it was recorded later.
    case when c.open then (
        select coalesce(e.on_date, (e.at at time zone 'Asia/Shanghai')::date) from events e
        where e.case_id = c.id and station_of(e.from_stage) <> station_of(e.to_stage) order by e.no desc limit 1) end as arrived_on
from cases c
cross join lateral (
    select (array_agg(k.mode order by k.event_no desc))[1] as mode, (array_agg(k.met_by order by k.event_no desc))[1] as met_by,
        bool_or(k.mode in ('visit', 'meeting', 'forum')) as met
    from talks k where k.case_id = c.id and k.outcome = 'reached') talk
left join lateral (select f.result from feedback f where f.case_id = c.id and f.round = 1 order by f.event_no desc limit 1) first on true
left join lateral (select f.attitude, f.result from feedback f where f.case_id = c.id order by f.round desc, f.event_no desc limit 1) last on true
cross join lateral (
    select coalesce(array_agg(m.due_on order by m.due_on, m.ref), '{}') as days,
        coalesce(array_agg(m.due_on order by m.due_on, m.ref) filter (where r ->> 'status' = 'promised'), '{}') as unkept
    from commitments m join jsonb_array_elements(c.state -> 'strands') r on r ->> 'kind' = 'commitment' and r ->> 'ref' = m.ref
    where m.case_id = c.id and r ->> 'status' <> 'cancelled') promise;

alter table case_facts add column arrived_on date;
update case_facts f set arrived_on = r.arrived_on from reckoned_facts r join cases c on c.id = r.case_id where c.open and f.case_id = r.case_id;

-- +goose Down
alter table case_facts drop column arrived_on;
drop view reckoned_facts;
create view reckoned_facts as
select c.id as case_id, c.handling_type, c.state ->> 'pack' as pack,
    c.lead_division as division, nullif(c.described ->> 'category', '') as topic, c.body, c.level, c.term,
    nullif(c.described ->> 'delegation', '') as delegation,
    c.assigned_on, c.stage = 'returned' as returned,
    -- By when the first reply was owed: what was returned or withdrawn owes none.
    case when c.stage not in ('returned', 'withdrawn') then c.answer_due end as owed_by,
    c.answered_on, c.answered_on is not null as answered, coalesce(c.answered_on <= c.answer_due, false) as in_time, c.round > 1 as rehandled,
    case when c.strands @> '{publication.unpublished}' then 'unpublished' when c.strands @> '{publication.published}' then 'published' end as publication,
    talk.mode, talk.met_by, coalesce(talk.met, false) as met, -- how the deputy was reached last, by whom; whether they were ever met
    first.result as first_result, last.attitude, last.result, -- of the first round; of the last that was rated
    -- The class of the last reply that was sent: while another is written, the case names none or that one.
    (select d.class from drafts d
        where d.case_id = c.id and d.version = case when c.stage in ('answered', 'report_up', 'closure', 'closed') then (c.state ->> 'draft')::int else (
            select (s.state ->> 'draft')::int from events e join case_states s on s.case_id = e.case_id and s.event_no = e.no
            where e.case_id = c.id and e.kind = 'dispatch' order by e.no desc limit 1) end) as class,
    promise.days as promised_for, promise.unkept as unkept_for
from cases c
cross join lateral (
    select (array_agg(k.mode order by k.event_no desc))[1] as mode, (array_agg(k.met_by order by k.event_no desc))[1] as met_by,
        bool_or(k.mode in ('visit', 'meeting', 'forum')) as met
    from talks k where k.case_id = c.id and k.outcome = 'reached') talk
left join lateral (select f.result from feedback f where f.case_id = c.id and f.round = 1 order by f.event_no desc limit 1) first on true
left join lateral (select f.attitude, f.result from feedback f where f.case_id = c.id order by f.round desc, f.event_no desc limit 1) last on true
cross join lateral (
    select coalesce(array_agg(m.due_on order by m.due_on, m.ref), '{}') as days,
        coalesce(array_agg(m.due_on order by m.due_on, m.ref) filter (where r ->> 'status' = 'promised'), '{}') as unkept
    from commitments m join jsonb_array_elements(c.state -> 'strands') r on r ->> 'kind' = 'commitment' and r ->> 'ref' = m.ref
    where m.case_id = c.id and r ->> 'status' <> 'cancelled') promise;
drop function station_of;
