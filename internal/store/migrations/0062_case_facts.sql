-- +goose Up
-- What the statistics count of each case, in one narrow row, so that the figures of a year are read in one index. It is written in the
-- transaction of the action, as the view says, which alone defines it; `banli verify` compares the two, `banli recount` writes anew what
-- differs. A migration that changes what the view reads from a state has to do the same.
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

create table case_facts (
    case_id       uuid primary key references cases (id),
    handling_type text not null,
    pack          text,
    division      text,
    topic         text,
    body          text not null,
    level         text not null,
    term          smallint not null,
    delegation    text,
    assigned_on   date not null,
    returned      boolean not null,
    owed_by       date,
    answered_on   date,
    answered      boolean not null,
    in_time       boolean not null,
    rehandled     boolean not null,
    publication   text,
    mode          text,
    met_by        text,
    met           boolean not null,
    first_result  text,
    attitude      text,
    result        text,
    class         text,
    promised_for  date[] not null,
    unkept_for    date[] not null
);
insert into case_facts table reckoned_facts;
-- Each holds all that the figures of its days ask for.
create index case_facts_owed on case_facts (owed_by)
    include (case_id, handling_type, pack, division, topic, body, level, term, delegation, answered_on, answered, in_time, rehandled, publication, mode, met_by, met, first_result, attitude, result, class);
create index case_facts_assigned on case_facts (assigned_on) include (case_id, returned, division, topic, body, level, term, delegation, class, mode, met_by);

create index cases_closed_in on cases (closed_on) where stage = 'closed';
create index feedback_bad on feedback (at) include (case_id) where result = 'dissatisfied';
create index commitments_due on commitments (due_on) include (case_id);

-- +goose Down
drop index commitments_due, feedback_bad, cases_closed_in;
drop table case_facts;
drop view reckoned_facts;
