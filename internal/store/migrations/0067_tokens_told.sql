-- +goose Up
-- Every token is held to what is told of it. Those that were made before tokens were told are told now, as they stand.
select tell_staff('token', t.id::text, null, to_jsonb(t) - '{sha256,last_used_at}'::text[], null) from api_tokens t
where not exists (select from staff_events e where e.about = 'token' and e.subject = t.id::text);
