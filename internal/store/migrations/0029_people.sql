-- +goose Up
-- People come and go: a cover is confirmed by somebody else than whoever entered it, what changed about people and covers is kept,
-- and whoever gets back what somebody had is told.

alter table proxies
    add column confirmed_by uuid references people (id),
    add column confirmed_at timestamptz; -- null: entered for somebody, and not in force yet
-- Those that stand were in force from the moment they were entered.
update proxies set confirmed_by = made_by, confirmed_at = made_at;
alter table proxies add constraint proxies_confirmed check ((confirmed_at is null) = (confirmed_by is null));

alter table notices drop constraint notices_kind_check, drop constraint notices_case_check;
alter table notices
    add constraint notices_kind_check check (kind in (
        'assigned', 'returned', 'vacant', 'urge', 'remind', 'ran_out', 'escalate', 'moved', 'take_down', 'cover',
        'mention', 'rated', 'opinion', 'progress', 'watched', 'bulk')),
    add constraint notices_case_check check (
        (case_id is null) = (event_no is null) and (case_id is not null or kind in ('bulk', 'cover') and person is not null));

-- What was, and what is, of a person's part in the bureau or of a cover. Only ever added to.
create table staff_events (
    id      bigint generated always as identity primary key,
    about   text not null check (about in ('person', 'cover')),
    subject uuid not null, -- of the person or the proxy
    was     jsonb,         -- null: it is new
    now     jsonb not null,
    at      timestamptz not null default now()
);
create index staff_events_subject on staff_events (subject, id);
create trigger staff_events_append_only before update or delete on staff_events for each row execute function refuse_change();
create trigger staff_events_no_truncate before truncate on staff_events execute function refuse_change();

-- +goose StatementBegin
create function keep_staff_event() returns trigger language plpgsql as $$
declare
    was jsonb;
    now jsonb := to_jsonb(new) - 'password_hash';
begin
    if tg_op = 'UPDATE' then
        was := to_jsonb(old) - 'password_hash';
        if was = now then
            return null;
        end if;
    end if;
    insert into staff_events (about, subject, was, now) values (tg_argv[0], new.id, was, now);
    return null;
end
$$;
-- +goose StatementEnd
create trigger people_kept after insert or update on people for each row execute function keep_staff_event('person');
create trigger proxies_kept after insert or update on proxies for each row execute function keep_staff_event('cover');
