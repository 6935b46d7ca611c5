-- +goose Up
-- 更正联系记录: how an attempt to reach the deputy was that is recorded otherwise. The newest of an attempt counts; 'none' says that there
-- was no such attempt.
create table contact_corrections (
    case_id      uuid not null,
    event_no     integer not null,
    talk         integer not null,
    outcome      text not null check (outcome in ('reached', 'no_answer', 'call_back', 'none')),
    mode         text not null check (mode in ('phone', 'visit', 'meeting', 'forum', 'video', 'letter')),
    held_at      timestamptz not null,
    spoke_with   text not null,
    call_back_at timestamptz,
    words        text not null,
    reason       text not null check (reason <> ''),
    by           uuid not null references people (id),
    at           timestamptz not null,
    primary key (case_id, event_no),
    foreign key (case_id, event_no) references events (case_id, no),
    foreign key (case_id, talk) references consultations (case_id, event_no),
    constraint contact_corrections_call_back check (outcome <> 'call_back' or call_back_at is not null)
);
create index contact_corrections_talk on contact_corrections (case_id, talk, event_no desc);
create trigger contact_corrections_append_only before update or delete on contact_corrections
    for each row execute function refuse_change();
create trigger contact_corrections_no_truncate before truncate on contact_corrections execute function refuse_change();

-- The attempts as they are known to have been.
create view talks as
    select k.case_id, k.event_no, coalesce(c.mode, k.mode) as mode, coalesce(c.held_at, k.held_at) as held_at,
        coalesce(c.outcome, k.outcome) as outcome, coalesce(c.spoke_with, k.spoke_with) as spoke_with,
        case when c.event_no is null then k.call_back_at else c.call_back_at end as call_back_at, coalesce(c.words, k.words) as words,
        k.points, k.wish, k.by, k.seconds, k.checks
    from consultations k
    left join lateral (
        select * from contact_corrections c where c.case_id = k.case_id and c.talk = k.event_no order by c.event_no desc limit 1) c on true
    where c.outcome is distinct from 'none';
