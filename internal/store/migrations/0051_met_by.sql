-- +goose Up
-- 面商人: who of the bureau talked to the deputy, as the yearly evaluation tells them apart. '' says that nobody wrote it down.
alter table consultations add column met_by text not null default ''
    check (met_by in ('', 'bureau_head', 'leader', 'division_head', 'officer'));
alter table contact_corrections add column met_by text not null default ''
    check (met_by in ('', 'bureau_head', 'leader', 'division_head', 'officer'));

create or replace view talks as
    select k.case_id, k.event_no, coalesce(c.mode, k.mode) as mode, coalesce(c.held_at, k.held_at) as held_at,
        coalesce(c.outcome, k.outcome) as outcome, coalesce(c.spoke_with, k.spoke_with) as spoke_with,
        case when c.event_no is null then k.call_back_at else c.call_back_at end as call_back_at, coalesce(c.words, k.words) as words,
        k.points, k.wish, k.by, k.seconds, k.checks, coalesce(c.met_by, k.met_by) as met_by
    from consultations k
    left join lateral (
        select * from contact_corrections c where c.case_id = k.case_id and c.talk = k.event_no order by c.event_no desc limit 1) c on true
    where c.outcome is distinct from 'none';

-- +goose Down
drop view talks;
create view talks as
    select k.case_id, k.event_no, coalesce(c.mode, k.mode) as mode, coalesce(c.held_at, k.held_at) as held_at,
        coalesce(c.outcome, k.outcome) as outcome, coalesce(c.spoke_with, k.spoke_with) as spoke_with,
        case when c.event_no is null then k.call_back_at else c.call_back_at end as call_back_at, coalesce(c.words, k.words) as words,
        k.points, k.wish, k.by, k.seconds, k.checks
    from consultations k
    left join lateral (
        select * from contact_corrections c where c.case_id = k.case_id and c.talk = k.event_no order by c.event_no desc limit 1) c on true
    where c.outcome is distinct from 'none';
alter table contact_corrections drop column met_by;
alter table consultations drop column met_by;
