-- +goose Up
-- Logins, failed ones, logouts, new passwords and tokens are told too, in the same chain.

alter table staff_events
    drop constraint staff_events_about_check,
    add constraint staff_events_about_check check (about in ('person', 'cover', 'division', 'bureau', 'password', 'token', 'login'));

-- +goose StatementBegin
create function tell_staff(about text, subject text, was jsonb, now jsonb, actor uuid) returns void language plpgsql as $$
declare
    moment timestamptz := clock_timestamp();
    head staff_head;
begin
    select * into head from staff_head for update;
    head.no := head.no + 1;
    head.hash := encode(sha256(convert_to(concat_ws(E'\n', head.hash, head.no, about, subject, coalesce(was::text, ''), now::text,
        coalesce(actor::text, ''), to_char(moment at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')), 'UTF8')), 'hex');
    insert into staff_events (no, about, subject, was, now, by, at, hash)
    values (head.no, about, subject, was, now, actor, moment, head.hash);
    update staff_head set no = head.no, hash = head.hash;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create or replace function keep_staff_event() returns trigger language plpgsql as $$
declare
    own text[] := '{password_hash,sha256,no,at,by,last_used_at}'; -- what is a secret, said beside it, or no change
    now jsonb := to_jsonb(new) - own;
    subject text := case tg_argv[0] when 'bureau' then '' else to_jsonb(new) ->> tg_argv[1] end;
    said jsonb := to_jsonb(new);
    -- Who did it: whom the transaction names, or the row itself does.
    actor uuid := coalesce(nullif(current_setting('banli.by', true), ''),
        said ->> 'revoked_by', said ->> 'confirmed_by', said ->> 'made_by', said ->> 'by')::uuid;
    was jsonb;
begin
    if tg_op = 'UPDATE' then
        was := to_jsonb(old) - own;
    elsif tg_argv[0] = 'bureau' then
        select to_jsonb(b) - own into was from bureaus b where b.no < new.no order by b.no desc limit 1;
    end if;
    if tg_argv[0] = 'person' and tg_op = 'UPDATE' and said ->> 'password_hash' <> to_jsonb(old) ->> 'password_hash' then
        perform tell_staff('password', subject, null, jsonb_build_object('person', subject, 'set', true), actor);
    end if;
    if was = now then
        return null;
    end if;
    perform tell_staff(tg_argv[0], subject, was, now, actor);
    return null;
end
$$;
-- +goose StatementEnd

create trigger api_tokens_kept after insert or update on api_tokens for each row execute function keep_staff_event('token', 'id');
