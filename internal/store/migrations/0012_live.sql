-- +goose Up
-- Open pages hear of what others do: every change that a page may show is told by triggers, so that no part of the program can
-- forget it. What is told stands in a queue until the program passes it on, on the channel banli_news: a transaction that
-- notifies holds a lock of the whole server until its commit is on the disk, so that officers' commits would wait for one
-- another; that which empties the queue writes nothing and lets go at once. A change that was rolled back is never told.

-- Unlogged: news that is lost with a crash is no loss, since every page looks again after it.
create unlogged table news_queue (payload text not null);

-- +goose StatementBegin
-- An action touches its case and several tasks: what was told just now in the same transaction is told once.
create function tell(payload text) returns void language plpgsql as $$
begin
    if payload is distinct from current_setting('banli.told', true) then
        insert into news_queue (payload) values (payload);
        perform set_config('banli.told', payload, true);
    end if;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- A payload says only what changed and, if it is for one person, whom it is for; what of it somebody may know is decided where it
-- is heard.
create function tell_news(kind text, id uuid, person uuid default null) returns void language plpgsql as $$
begin
    perform tell(json_strip_nulls(json_build_object('kind', kind, 'id', id, 'person', person))::text);
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- For tables whose rows belong to a case: the argument is what kind of thing changed. Put together as text, since it runs with
-- every action.
create function tell_of_case() returns trigger language plpgsql as $$
begin
    perform tell('{"kind":"' || tg_argv[0] || '","id":"' || new.case_id || '"}');
    return null;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create function tell_of_case_row() returns trigger language plpgsql as $$
begin
    perform tell('{"kind":"case","id":"' || new.id || '"}');
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
    perform tell(json_strip_nulls(json_build_object('kind', 'notice', 'person', new.person, 'role', new.role, 'pool', new.pool))::text);
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
