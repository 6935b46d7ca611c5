-- +goose Up
-- A letter is typed for an hour and kept every two seconds. What is kept is one row per writer, changed in place; versions, which
-- are for ever, are cut from it at the moments that mean something to a reader (ADR 0014).
create table draft_work (
    case_id  uuid not null references cases (id),
    person   uuid not null references people (id),
    base     integer not null check (base >= 0),   -- the version that it was written on top of; 0 before the first
    content  json not null,                        -- json, not jsonb: the draft hashes to the same as the version cut from it
    sha256   text not null check (sha256 ~ '^[0-9a-f]{64}$'), -- of the draft
    -- The window that wrote last, and its own count: a repeated request changes nothing, and another window does not write over
    -- words that it never saw.
    tab      text not null check (length(tab) <= 64),
    seq      integer not null check (seq >= 0),
    rev      integer not null check (rev > 0),
    cut      integer not null check (cut between 0 and rev), -- the revision that a version holds; less than rev: words are in no version
    since    timestamptz not null,                 -- when the first of those words came
    saved_at timestamptz not null,
    primary key (case_id, person),
    constraint draft_work_since check (since <= saved_at)
);

-- Who has an editor open on a case. A row says nothing once seen_at is old; nobody is locked out by it.
create table presences (
    case_id uuid not null references cases (id),
    person  uuid not null references people (id),
    since   timestamptz not null,
    seen_at timestamptz not null,
    primary key (case_id, person),
    constraint presences_order check (since <= seen_at)
);
