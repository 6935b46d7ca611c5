-- +goose Up
-- The case page: how a case stood after each event, notes of colleagues, links between cases.

-- A page of the past is read, not computed: rules and calendars have changed since, what stood then has not.
create table case_states (
    case_id  uuid not null,
    event_no integer not null, -- the event that made it
    at       timestamptz not null,
    state    jsonb not null,
    primary key (case_id, event_no),
    foreign key (case_id, event_no) references events (case_id, no),
    -- The state before, kept for a recall, is a row of its own here.
    constraint case_states_without_prior check (not state ? 'prior')
);
-- States of one case hardly differ from one another and compress well; out of line they would cost a second look-up.
alter table case_states alter column state set storage main;
alter table case_states set (toast_tuple_target = 256);
create trigger case_states_append_only before update or delete on case_states for each row execute function refuse_change();
create trigger case_states_no_truncate before truncate on case_states execute function refuse_change();

-- Of a case that began earlier two states are certain: today's, which the last event that moved the case made, and the one before
-- that event while it may still be recalled. What was between is not made up.
with moved as (
    select case_id, no, at, lag(no) over w as before_no, lag(at) over w as before_at, lead(no) over w as next_no
    from events
    where kind not in ('claim', 'release', 'save_draft', 'view_contact', 'attach', 'deputy_link')
    window w as (partition by case_id order by no)
)
insert into case_states (case_id, event_no, at, state)
select m.case_id, m.no, m.at, c.state - 'prior' from moved m join cases c on c.id = m.case_id where m.next_no is null
union all
-- The prior state is that before the last act of a person on the main way; it is the event before only if that act is the last.
select m.case_id, m.before_no, m.before_at, (c.state -> 'prior') - 'prior'
from moved m join cases c on c.id = m.case_id
where m.next_no is null and m.before_no is not null
    and (c.state -> 'prior' ->> 'seq')::int + 1 = c.seq;

-- 备注: what colleagues tell each other about a case. The words stand in the event too, under its hash; here they are read.
create table notes (
    case_id  uuid not null,
    event_no integer not null,
    text     text not null check (text <> ''),
    mentions uuid[] not null, -- who is told by name
    by       uuid not null references people (id),
    at       timestamptz not null,
    primary key (case_id, event_no),
    foreign key (case_id, event_no) references events (case_id, no)
);
create trigger notes_append_only before update or delete on notes for each row execute function refuse_change();
create trigger notes_no_truncate before truncate on notes execute function refuse_change();

-- 关联: cases that are read together. Which of the two is named first means nothing, so a pair is kept in one order.
create table case_links (
    id       uuid primary key, -- of the action that made it
    case_a   uuid not null references cases (id),
    case_b   uuid not null references cases (id),
    kind     text not null check (kind in ('similar', 'same_matter', 'last_year')),
    made_by  uuid not null references people (id),
    made_at  timestamptz not null,
    ended_by uuid references people (id),
    ended_at timestamptz,
    constraint case_links_order check (case_a < case_b),
    constraint case_links_ended check ((ended_at is null) = (ended_by is null))
);
-- A pair is linked once at a time.
create unique index case_links_one on case_links (case_a, case_b) where ended_at is null;
create index case_links_b on case_links (case_b);
