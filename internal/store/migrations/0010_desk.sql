-- +goose Up
-- What a person keeps on the desk: cases to watch, lists to come back to, and how the list is drawn. None of it moves a case, so
-- none of it stands among the events.

-- 关注. Who watches a case is told of it: both ways are looked up.
create table watches (
    person  uuid not null references people (id),
    case_id uuid not null references cases (id),
    since   timestamptz not null,
    primary key (person, case_id)
);
create index watches_case on watches (case_id);

-- A saved list: what it filters by and how it is drawn. Shared with the division that its maker belonged to then: whoever moves
-- to another one takes nothing along.
create table views (
    id       uuid primary key, -- made by the form: saved twice is saved once
    owner    uuid not null references people (id),
    name     text not null check (name <> '' and length(name) <= 20),
    division text references divisions (code), -- null: only the owner's
    filter   json not null,
    columns  text[] not null,
    made_at  timestamptz not null,
    -- Two links of one name in the rail cannot be told apart.
    constraint views_name unique (owner, name)
);
create index views_division on views (division, made_at) where division is not null;

-- How a person's list is drawn when no view says otherwise.
create table desk_settings (
    person  uuid primary key references people (id),
    columns text[] not null,
    sort    text not null -- '': each box in its own order
);
