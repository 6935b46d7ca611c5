-- +goose Up
-- Years of the calendar that arrived after the program was built, and what they moved.

-- The file of a year as it was loaded last. It stands in place of, or beside, the one that is built in.
create table calendar_years (
    year      smallint primary key check (year between 2000 and 2200),
    file      json not null, -- as loaded: notices are cited from it
    loaded_by text not null check (loaded_by <> ''),
    loaded_at timestamptz not null
);

-- Which deadlines moved when they were counted again: the report that an officer reads after a load. ref is the strand's.
create table calendar_moves (
    id       bigint generated always as identity primary key,
    year     smallint not null, -- of the new due date
    case_id  uuid not null references cases (id),
    clock    text not null check (clock <> ''),
    ref      text not null default '',
    from_due date not null,
    to_due   date not null,
    at       timestamptz not null
);
create index calendar_moves_at on calendar_moves (at desc, id desc);
create trigger calendar_moves_append_only before update or delete on calendar_moves for each row execute function refuse_change();
create trigger calendar_moves_no_truncate before truncate on calendar_moves execute function refuse_change();
