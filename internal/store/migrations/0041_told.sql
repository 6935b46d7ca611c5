-- +goose Up
-- Whoever was there before changes were told is told of once, so that a row of which nothing is told is one that was smuggled in.

-- +goose StatementBegin
do $$
declare
    own text[] := '{password_hash,sha256,no,at,by}';
    untold record;
    head staff_head;
    moment timestamptz;
begin
    for untold in
        select * from (
            select 'person' as about, id::text as subject, to_jsonb(p) - own as now from people p where p.id <> '00000000-0000-4000-8000-00000000da1b'
            union all select 'cover', id::text, to_jsonb(p) - own from proxies p
            union all select 'division', code, to_jsonb(d) - own from divisions d) rows
        where not exists (select from staff_events e where e.about = rows.about and e.subject = rows.subject)
        order by about, subject
    loop
        moment := clock_timestamp();
        select * into head from staff_head for update;
        head.no := head.no + 1;
        head.hash := encode(sha256(convert_to(concat_ws(E'\n', head.hash, head.no, untold.about, untold.subject, '', untold.now::text, '',
            to_char(moment at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')), 'UTF8')), 'hex');
        insert into staff_events (no, about, subject, was, now, by, at, hash)
        values (head.no, untold.about, untold.subject, null, untold.now, null, moment, head.hash);
        update staff_head set no = head.no, hash = head.hash;
    end loop;
end
$$;
-- +goose StatementEnd
