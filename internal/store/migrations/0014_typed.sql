-- +goose Up
-- What people type is kept before they send it, and a telephone talk is kept whole.

-- One row a person and form: what was typed and not sent yet. It is the person's own and nobody else's: no event, no list. It
-- goes when the form is sent, when the person drops it, and after 30 days.
create table typed (
    id        bigint generated always as identity primary key,
    person    uuid not null references people (id),
    case_id   uuid references cases (id), -- null: a form of no case, such as a registration
    form      text not null constraint typed_form check (form ~ '^[a-z_]{1,40}$'),
    ref       text not null check (length(ref) <= 100), -- of the strand
    -- Of the form as it was drawn: once an action with the id is on record, what was typed has been sent, whatever arrives late.
    action_id uuid,
    base_seq  integer not null check (base_seq >= 0),
    fields    jsonb not null constraint typed_fields check (jsonb_typeof(fields) = 'object'),
    saved_at  timestamptz not null
);
create unique index typed_one on typed (person, form, ref, coalesce(case_id, '00000000-0000-0000-0000-000000000000'));
create index typed_age on typed (saved_at);

-- When a deputy likes to be called, and another number. The number is contact data: looks at it are logged with the first.
alter table cases add column second_contact text not null default '', add column contact_time text not null default '';

-- What else a deputy handed in, and how it was rated, is asked for on every call.
create index cases_lead_deputy on cases (lead_deputy);

-- How long the talk took, and how each point fared.
alter table consultations
    add column seconds integer not null default 0 check (seconds between 0 and 86400),
    add column checks jsonb not null default '[]' constraint consultations_checks check (jsonb_typeof(checks) = 'array');

-- The next call to the deputy has a time of day; the due day of its task follows from it.
alter table tasks add column call_back_at timestamptz;
