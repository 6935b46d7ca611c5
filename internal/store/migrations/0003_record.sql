-- +goose Up
-- What happened, what is to be done, and by whom.

-- Actions as they came in, kept before the engine hears of them: its histories carry the id, never the words. No foreign key
-- to cases: a registration is kept before its case exists.
create table actions (
    id       uuid primary key,
    case_id  uuid not null,
    by       uuid, -- null: a clock, or somebody who does not exist
    body     json not null,
    saved_at timestamptz not null
);

-- The record (R19), chained by hash.
create table events (
    case_id    uuid not null references cases (id),
    no         integer not null check (no > 0), -- one line per number: two writers cannot both be next
    action_id  uuid not null,
    kind       text not null check (kind <> ''),
    by         uuid references people (id), -- null: the system, when a clock acts
    at         timestamptz not null,
    on_date    date, -- official date, of a late registration
    from_stage text not null,
    to_stage   text not null,
    input      json not null, -- json, not jsonb: the hashed bytes must survive
    outcome    json not null, -- what a repeated action id is answered with
    hash       text not null check (hash ~ '^[0-9a-f]{64}$'),
    primary key (case_id, no),
    -- An action is applied once, whatever is retried, for ever.
    constraint events_action_id unique (action_id)
);
create trigger events_append_only before update or delete on events for each row execute function refuse_change();
create trigger events_no_truncate before truncate on events execute function refuse_change();

-- Attempts to reach the deputy.
create table consultations (
    case_id      uuid not null,
    event_no     integer not null,
    mode         text not null check (mode in ('phone', 'visit', 'meeting', 'forum', 'video', 'letter')),
    held_at      timestamptz not null,
    outcome      text not null check (outcome in ('reached', 'no_answer', 'call_back')),
    spoke_with   text not null,
    call_back_at timestamptz,
    words        text not null,
    points       text[] not null, -- as confirmed then
    wish         text not null check (wish in ('', 'agrees', 'disagree')),
    by           uuid not null references people (id),
    primary key (case_id, event_no),
    foreign key (case_id, event_no) references events (case_id, no),
    -- A promised call needs its time, or nobody will make it.
    constraint consultations_call_back check (outcome <> 'call_back' or call_back_at is not null)
);
create trigger consultations_append_only before update or delete on consultations
    for each row execute function refuse_change();
create trigger consultations_no_truncate before truncate on consultations execute function refuse_change();

-- Looks at a deputy's contact data. They stand in the events too; here an auditor finds them by person.
create table contact_views (
    case_id  uuid not null,
    event_no integer not null,
    person   uuid not null references people (id),
    at       timestamptz not null,
    primary key (case_id, event_no),
    foreign key (case_id, event_no) references events (case_id, no)
);
create index contact_views_person on contact_views (person, at desc);
create trigger contact_views_append_only before update or delete on contact_views
    for each row execute function refuse_change();
create trigger contact_views_no_truncate before truncate on contact_views execute function refuse_change();

-- What each open case waits for. Closed tasks stay: they tell who waited how long for whom.
create table tasks (
    id         bigint generated always as identity primary key,
    case_id    uuid not null references cases (id),
    stage      text not null,
    role       text not null,
    division   text references divisions (code),
    person     uuid references people (id), -- whose it is by name
    claimed_by uuid references people (id), -- who took it
    claimed_at timestamptz,
    due        date not null, -- of the case, infinity if no clock runs
    opened_at  timestamptz not null,
    closed_at  timestamptz,
    constraint tasks_claim check ((claimed_by is null) = (claimed_at is null)),
    -- What is somebody's by name is not claimed by another.
    constraint tasks_named check (person is null or claimed_by is null),
    assignee   uuid generated always as (coalesce(person, claimed_by)) stored,
    -- Who may claim is one equality: these roles by their division, the others for the whole bureau (Task.MayClaim).
    pool       text not null generated always as (
        case when role in ('division_head', 'handler', 'deputy_head') then coalesce(division, '') else '' end) stored
);
-- A case asks for one thing at a time.
create unique index tasks_one_open on tasks (case_id) where closed_at is null;
-- My tasks by due date, read in order from the index.
create index tasks_mine on tasks (assignee, due, id) where closed_at is null;
-- What I may claim, likewise, one range per role and division of mine.
create index tasks_free on tasks (role, pool, due, id) where closed_at is null and assignee is null;

-- Who has acted on which case: 在办 and 已办 without searching the events.
create table case_actors (
    person   uuid not null references people (id),
    case_id  uuid not null references cases (id),
    acted_at timestamptz not null, -- last
    closed   boolean not null,     -- of the case, repeated here so that each list is one index range
    primary key (person, case_id)
);
create index case_actors_list on case_actors (person, closed, acted_at desc, case_id desc);
-- Closing a case marks its rows.
create index case_actors_case on case_actors (case_id);

-- What the reconciliations found.
create table drift_reports (
    id      bigint generated always as identity primary key,
    at      timestamptz not null,
    checked integer not null check (checked >= 0),
    behind  integer not null check (behind >= 0),
    missing integer not null check (missing >= 0),
    failed  integer not null check (failed >= 0)
);
