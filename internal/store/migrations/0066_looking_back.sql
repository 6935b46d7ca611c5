-- +goose Up
-- What the figures of earlier years (回头看) and those of the co-signers (附议代表) count of a case besides: see 0062 and 0065.
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
        where e.case_id = c.id and station_of(e.from_stage) <> station_of(e.to_stage) order by e.no desc limit 1) end as arrived_on,
    -- The class of the first reply that was sent, which the last one may have changed.
    case when c.answered_on is not null then (
        select d.class from events e join case_states s on s.case_id = e.case_id and s.event_no = e.no
            join drafts d on d.case_id = e.case_id and d.version = (s.state ->> 'draft')::int
        where e.case_id = c.id and e.kind = 'dispatch' order by e.no limit 1) end as first_class,
    c.co_signers <> '{}' as co_signed, -- 附议人: whether there are any, whether one was reached, and whether one rated a reply
    c.co_signers <> '{}' and exists (
        select from talks k, unnest(c.co_signers) name where k.case_id = c.id and k.outcome = 'reached' and strpos(k.spoke_with, name) > 0) as co_reached,
    c.co_signers <> '{}' and exists (select from co_signer_ratings r where r.case_id = c.id) as co_rated
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

alter table case_facts add first_class text, add co_signed boolean not null default false, add co_reached boolean not null default false, add co_rated boolean not null default false;
update case_facts f set first_class = n.first_class, co_signed = n.co_signed, co_reached = n.co_reached, co_rated = n.co_rated
from reckoned_facts n where n.case_id = f.case_id and (n.first_class is not null or n.co_signed);
alter table case_facts alter co_signed drop default, alter co_reached drop default, alter co_rated drop default;

-- Each holds all that the figures of its days ask for.
drop index case_facts_owed, case_facts_assigned;
create index case_facts_owed on case_facts (owed_by)
    include (case_id, handling_type, pack, division, topic, body, level, term, delegation, answered_on, answered, in_time, rehandled, publication, mode, met_by, met, first_result, attitude, result, class,
        co_signed, co_reached, co_rated);
create index case_facts_assigned on case_facts (assigned_on)
    include (case_id, returned, division, topic, body, level, term, delegation, class, mode, met_by, handling_type, pack, answered, first_class, promised_for, unkept_for);

-- +goose Down
drop index case_facts_owed, case_facts_assigned;
drop view reckoned_facts;
alter table case_facts drop first_class, drop co_signed, drop co_reached, drop co_rated;
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
create index case_facts_owed on case_facts (owed_by)
    include (case_id, handling_type, pack, division, topic, body, level, term, delegation, answered_on, answered, in_time, rehandled, publication, mode, met_by, met, first_result, attitude, result, class);
create index case_facts_assigned on case_facts (assigned_on) include (case_id, returned, division, topic, body, level, term, delegation, class, mode, met_by);
