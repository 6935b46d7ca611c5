-- +goose Up
-- Administrators add and change people and divisions in their room, and whoever is added chooses a password behind a link. What is changed of the
-- bureau itself is told with who did it, each change chained to the one before.

-- The link behind which somebody chooses a password; the newest counts, and it opens once.
create table password_links (
    person     uuid primary key references people (id),
    sha256     bytea not null unique check (length(sha256) = 32), -- of the secret, which is not kept
    made_by    uuid not null references people (id),
    made_at    timestamptz not null,
    expires_at timestamptz not null check (expires_at > made_at)
);

-- The last change; who adds one waits here for the one before.
create table staff_head (
    one  boolean primary key default true check (one),
    no   bigint not null, -- how many changes are chained
    hash text not null
);
insert into staff_head (no, hash) values (0, '');

alter table staff_events
    drop constraint staff_events_about_check,
    add constraint staff_events_about_check check (about in ('person', 'cover', 'division', 'bureau', 'password')),
    alter column subject type text, -- of the person or the proxy; the code of the division
    add column no bigint unique check (no > 0), -- in the chain, without a gap; null: of the time before there was one
    add column by uuid references people (id), -- null: nobody had logged in, or of the time before it was kept
    add column hash text check (hash ~ '^[0-9a-f]{64}$');

-- +goose StatementBegin
create or replace function keep_staff_event() returns trigger language plpgsql as $$
declare
    own text[] := '{password_hash,sha256,no,at,by}'; -- what is a secret, or said beside it
    now jsonb := to_jsonb(new) - own;
    subject text := case tg_argv[0] when 'bureau' then '' else to_jsonb(new) ->> tg_argv[1] end;
    said jsonb := to_jsonb(new);
    -- Who did it: whom the transaction names, or the row itself does.
    actor uuid := coalesce(nullif(current_setting('banli.by', true), ''),
        said ->> 'revoked_by', said ->> 'confirmed_by', said ->> 'made_by', said ->> 'by')::uuid;
    moment timestamptz := clock_timestamp();
    was jsonb;
    head staff_head;
begin
    if tg_op = 'UPDATE' then
        was := to_jsonb(old) - own;
    elsif tg_argv[0] = 'bureau' then
        select to_jsonb(b) - own into was from bureaus b where b.no < new.no order by b.no desc limit 1;
    end if;
    if was = now then
        return null;
    end if;
    select * into head from staff_head for update;
    head.no := head.no + 1;
    head.hash := encode(sha256(convert_to(concat_ws(E'\n', head.hash, head.no, tg_argv[0], subject, coalesce(was::text, ''), now::text,
        coalesce(actor::text, ''), to_char(moment at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')), 'UTF8')), 'hex');
    insert into staff_events (no, about, subject, was, now, by, at, hash)
    values (head.no, tg_argv[0], subject, was, now, actor, moment, head.hash);
    update staff_head set no = head.no, hash = head.hash;
    return null;
end
$$;
-- +goose StatementEnd
drop trigger people_kept on people;
drop trigger proxies_kept on proxies;
create trigger people_kept after insert or update on people for each row execute function keep_staff_event('person', 'id');
create trigger proxies_kept after insert or update on proxies for each row execute function keep_staff_event('cover', 'id');
create trigger divisions_kept after insert or update on divisions for each row execute function keep_staff_event('division', 'code');
create trigger bureaus_kept after insert on bureaus for each row execute function keep_staff_event('bureau', 'no');
create trigger password_links_kept after insert or update on password_links for each row execute function keep_staff_event('password', 'person');
