-- +goose Up
-- Cases and what belongs to one case.

create table cases (
    id             uuid primary key, -- derived from the natural key by whoever registers
    -- The natural key (domain §4). A number alone is not unique.
    body           text not null check (body in ('npc', 'cppcc')),
    level          text not null check (level in ('national', 'province', 'city', 'district')),
    term           smallint not null check (term between 1 and 99),
    session        smallint not null check (session between 1 and 99),
    intersession   boolean not null,
    number         text not null check (number <> ''),
    -- Intake is idempotent: the same suggestion, from paper and from the system, is one case.
    constraint cases_natural_key unique (body, level, term, session, intersession, number),

    -- As registered.
    subject        text not null check (subject <> ''), -- the title's core, without 关于…的建议
    category       text not null default '',
    lead_deputy    text not null check (lead_deputy <> ''),
    co_signers     text[] not null default '{}',
    delegation     text not null default '',
    deputy_contact text not null default '', -- read through ViewContact only, which writes down who looked
    original_text  text not null check (original_text <> ''),
    handling_type  text not null check (handling_type in ('alone', 'lead', 'co_handle', 'split')),
    key_supervised boolean not null default false,
    secrecy        boolean not null default false,
    wish           text not null default '' check (wish in ('', 'agrees', 'disagree')), -- the deputy's latest word
    source_id      text not null default '',
    late           boolean not null default false, -- 补录
    assigned_on    date not null,
    registered_at  timestamptz not null,

    -- The state that the rules read and write, and what lists and conditions need of it as columns.
    state          jsonb not null,
    stage          text not null check (stage in (
        'registered', 'assignment', 'acceptance', 'consultation', 'drafting', 'division_review', 'office_review',
        'openness_review', 'sign_off', 'numbering', 'dispatch', 'publication', 'closure', 'closed')),
    seq            integer not null check (seq > 0),
    -- A column that says other than the state would make lists lie.
    constraint cases_state check (state ->> 'stage' = stage and (state ->> 'seq')::integer = seq),
    lead_division  text references divisions (code),
    co_handling    text[] not null default '{}',
    handler        uuid references people (id),
    reply_due      date not null,
    internal_due   date,
    due            date not null, -- of the earliest clock that runs; infinity if none does, so that (due, id) always compares
    due_clock      text check (due_clock in ('reply', 'internal', 'publication')),
    constraint cases_due_clock check ((due_clock is null) = (due = 'infinity')),
    rung_at        timestamptz, -- when that clock ran out and was recorded
    returned_from  text,
    last_by        uuid references people (id),
    last_at        timestamptz not null,
    last_kind      text not null,
    document_number text not null default '',
    closed_on      date,
    constraint cases_closed check ((closed_on is not null) = (stage = 'closed')),

    -- Head of the chain of events: an event cut off the end shows.
    event_count    integer not null check (event_count >= seq),
    head           text not null check (head ~ '^[0-9a-f]{64}$')
);
-- Open cases by due date: the supervisor's list, and what is overdue.
create index cases_open_due on cases (due, id) where stage <> 'closed';
-- Counting open cases by division and stage without touching the rows.
create index cases_open_counts on cases (lead_division, stage) include (due) where stage <> 'closed';
-- Reconciliation walks open cases by id.
create index cases_open_id on cases (id) where stage <> 'closed';
-- The register, newest first.
create index cases_assigned on cases (assigned_on desc, id desc);
-- What was closed in a year.
create index cases_closed_on on cases (closed_on) where stage = 'closed';

-- The current points: as read from the original, then as the deputy confirmed them. Earlier lists stand in the events.
create table points (
    case_id   uuid not null references cases (id),
    no        smallint not null check (no > 0),
    text      text not null check (text <> ''),
    confirmed boolean not null,
    primary key (case_id, no)
);

-- +goose StatementBegin
-- What was said, signed or issued is never changed or removed (R19): a correction is a new row.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end
$$;
-- +goose StatementEnd

-- Versions of the reply.
create table drafts (
    case_id       uuid not null references cases (id),
    version       integer not null check (version > 0),
    body          text not null,
    contact_name  text not null,
    contact_phone text not null,
    answers       json not null, -- json, not jsonb: the hash is taken over exactly these bytes' meaning, nulls included
    class         text not null,
    commitments   json not null,
    openness      text not null check (openness in ('', 'open', 'not_open')), -- '' while the handler has not said
    ground        text not null,
    reason        text not null,
    sha256        text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    saved_by      uuid not null references people (id),
    saved_at      timestamptz not null,
    primary key (case_id, version),
    -- What a publication names: the version and its text together.
    constraint drafts_text unique (case_id, version, sha256)
);
create trigger drafts_append_only before update or delete on drafts for each row execute function refuse_change();
create trigger drafts_no_truncate before truncate on drafts execute function refuse_change();
