-- +goose Up
-- Open pages hear of what others do: every change that a page may show is told on the channel banli_news, by triggers, so that
-- no part of the program can forget it. Postgres delivers at the commit, so a change that was rolled back is never told, and
-- drops equal payloads of one transaction: an action that touches its case and three tasks is told once. A payload says only
-- what changed; what of it a person may know is decided where it is heard.

-- +goose StatementBegin
create function tell_news(kind text, id uuid, person uuid default null) returns void language plpgsql as $$
begin
    perform pg_notify('banli_news', json_strip_nulls(json_build_object('kind', kind, 'id', id, 'person', person))::text);
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- For tables whose rows belong to a case: the argument is what kind of thing changed. Put together as text, since it runs with
-- every action.
create function tell_of_case() returns trigger language plpgsql as $$
begin
    perform pg_notify('banli_news', '{"kind":"' || tg_argv[0] || '","id":"' || new.case_id || '"}');
    return null;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function tell_of_case_row() returns trigger language plpgsql as $$
begin
    perform pg_notify('banli_news', '{"kind":"case","id":"' || new.id || '"}');
    return null;
end
$$;
-- +goose StatementEnd
create trigger cases_told after insert or update on cases for each row execute function tell_of_case_row();
-- What is done to a task alone, or a version that is saved, changes what a page shows of the case.
create trigger tasks_told after insert or update on tasks for each row execute function tell_of_case('case');
create trigger drafts_told after insert on drafts for each row execute function tell_of_case('case');

-- +goose StatementBegin
-- Whoever is told by role is told through the heap that their role reads from.
create function tell_of_notice() returns trigger language plpgsql as $$
begin
    perform pg_notify('banli_news', json_strip_nulls(json_build_object('kind', 'notice', 'person', new.person,
        'role', new.role, 'pool', new.pool))::text);
    return null;
end
$$;
-- +goose StatementEnd
create trigger notices_told after insert on notices for each row execute function tell_of_notice();

-- +goose StatementBegin
-- A notice that was read on one page counts as read on the reader's other pages.
create function tell_of_read() returns trigger language plpgsql as $$
begin
    perform tell_news('notice', null, new.person);
    return null;
end
$$;
-- +goose StatementEnd
create trigger notice_reads_told after insert on notice_reads for each row execute function tell_of_read();
