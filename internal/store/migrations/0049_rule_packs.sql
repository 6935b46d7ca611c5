-- +goose Up
-- Rule packs of the bureau's own, beside those that come with the program. An administrator puts one in force while everything runs; a file on every
-- machine needed a restart of each, and nobody could tell who had decided on it.

-- The file as it was put. text, not a parsed form: it is read anew at each start, and shown and cited as it was written.
create table rule_packs (
    no     bigint generated always as identity,
    id     text primary key check (id <> ''), -- as the file says; cases are pinned to it
    source text not null check (source <> ''),
    at     timestamptz not null,
    by     uuid references people (id) -- null: from the command line
);
-- An officer who asks why a day is what it is must find the rule by which it was counted.
create trigger rule_packs_append_only before update or delete on rule_packs for each row execute function refuse_change();
create trigger rule_packs_no_truncate before truncate on rule_packs execute function refuse_change();

alter table staff_events
    drop constraint staff_events_about_check,
    add constraint staff_events_about_check check (about in ('person', 'cover', 'division', 'bureau', 'password', 'token', 'login', 'seal', 'rules'));
create trigger rule_packs_kept after insert on rule_packs for each row execute function keep_staff_event('rules', 'id');
