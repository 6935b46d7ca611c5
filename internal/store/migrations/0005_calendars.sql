-- +goose Up
-- Years of the calendar that arrived after the program was built, and what they moved.

-- The file of a year as it was loaded last. It stands in place of, or beside, the one that is built in. json, not jsonb: the
-- file is shown and cited as it was loaded.
create table calendar_years (
    year      smallint primary key check (year between 1949 and 9999),
    file      json not null,
    loaded_by text not null check (loaded_by <> ''), -- whoever runs the command; it need not be a person of the bureau
    loaded_at timestamptz not null,
    constraint calendar_years_file check ((file ->> 'year')::integer = year)
);

-- Every load. A deadline that was counted by a file since replaced can still be explained.
create table calendar_loads (
    id        bigint generated always as identity primary key,
    year      smallint not null,
    file      json not null,
    sha256    text not null check (sha256 ~ '^[0-9a-f]{64}$'), -- of the file's bytes here
    loaded_by text not null check (loaded_by <> ''),
    loaded_at timestamptz not null
);
create trigger calendar_loads_append_only before update or delete on calendar_loads for each row execute function refuse_change();
create trigger calendar_loads_no_truncate before truncate on calendar_loads execute function refuse_change();

create function newest_calendar_load() returns bigint language sql stable as 'select max(id) from calendar_loads';

-- Which deadlines moved when they were counted again: the report that an officer reads after a load.
create table calendar_moves (
    id       bigint generated always as identity primary key,
    -- The load that the move followed, null if a release of the program brought the year. Not by time: the load and the move
    -- bear the times of different machines.
    load     bigint default newest_calendar_load() references calendar_loads (id),
    year     smallint not null, -- of the new due date
    case_id  uuid not null references cases (id),
    clock    text not null check (clock <> ''),
    ref      text not null default '', -- of the strand
    from_due date not null,
    to_due   date not null,
    at       timestamptz not null,
    constraint calendar_moves_moved check (from_due <> to_due)
);
create trigger calendar_moves_append_only before update or delete on calendar_moves for each row execute function refuse_change();
create trigger calendar_moves_no_truncate before truncate on calendar_moves execute function refuse_change();
