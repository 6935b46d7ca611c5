-- +goose Up
-- The bureau whose record this is: its newest row counts. A row is never changed, so that it is known who changed what, and a reply that was signed goes
-- on bearing the name of its day.
create table bureaus (
    no            bigint generated always as identity primary key,
    at            timestamptz not null,
    by            uuid references people (id), -- null: from the command line, or before there was anybody
    name          text not null check (name <> ''),
    name_en       text not null,
    short         text not null check (short <> ''),
    short_en      text not null,
    level         text not null, -- of its place; a form's list, which the program checks
    place         text not null check (place <> ''),
    phone         text not null,
    series        jsonb not null, -- 机关代字, where its rules say none
    profile       text not null check (profile <> ''), -- of the rule packs that registrations are pinned to
    demonstration boolean not null
);
create trigger bureaus_append_only before update or delete on bureaus for each row execute function refuse_change();
create trigger bureaus_no_truncate before truncate on bureaus execute function refuse_change();
