-- +goose Up
-- Many tasks handled alike (批量). The engine carries a bulk from item to item; what was asked, how far it is and what became of
-- each item stand here, so that a page, a new worker and a lost workflow all find the same.
create table bulks (
    id          uuid primary key, -- given by the browser: sending it twice is one bulk
    kind        text not null check (kind in ('assign', 'transfer', 'delegate', 'urge', 'claim', 'release')),
    by          uuid not null references people (id),
    params      jsonb not null,
    made_at     timestamptz not null,
    status      text not null check (status in ('running', 'paused', 'cancelled', 'done', 'undoing', 'undone')),
    version     integer not null default 1 check (version > 0), -- grows with every change, so that old news is known as old
    undo_reason text not null default '',
    changed_at  timestamptz not null
);
-- My bulks, newest first; and those that the engine must be carrying.
create index bulks_by on bulks (by, made_at desc);
create index bulks_unfinished on bulks (id) where status in ('running', 'paused', 'undoing');

create table bulk_items (
    bulk       uuid not null references bulks (id),
    no         integer not null check (no > 0),
    case_id    uuid not null references cases (id),
    ask        text not null,
    ref        text not null,
    base_seq   integer not null check (base_seq > 0), -- the state that the officer saw
    acting_for uuid references people (id),
    prior      uuid references people (id), -- whose it was before it was done
    done_seq   integer not null default 0 check (done_seq >= 0), -- the state that it made; 0: it moves no case
    status     text not null check (status in ('queued', 'running', 'done', 'refused', 'cancelled', 'undone', 'undo_refused')),
    refusal    jsonb,
    at         timestamptz, -- when it came to that; null while it waits
    primary key (bulk, no),
    constraint bulk_items_once unique (bulk, case_id, ask, ref),
    constraint bulk_items_refusal check ((refusal is not null) = (status in ('refused', 'undo_refused')))
);
-- What is to be done next, and the counts of a bulk.
create index bulk_items_next on bulk_items (bulk, status, no);

-- Whoever looks at a bulk hears of every change of it (tell_news is made in 0012).
-- +goose StatementBegin
create function tell_of_bulk() returns trigger language plpgsql as $$
begin
    perform tell_news('bulk', new.id, new."by"); -- quoted: by is a word of plpgsql
    return null;
end
$$;
-- +goose StatementEnd
create trigger bulks_told after insert or update on bulks for each row execute function tell_of_bulk();
