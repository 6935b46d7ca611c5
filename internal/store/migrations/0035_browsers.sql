-- +goose Up
-- Who logged in last with a browser, by a secret that the browser keeps. Wrong tries are counted apart for a browser that somebody
-- has logged in with: who tries passwords at the same address, behind the bureau's one proxy, rests, and the officer does not.
create table browsers (
    sha256  bytea primary key,
    person  uuid not null references people,
    last_at timestamptz not null
);
-- Old rows are swept by time.
create index browsers_last_at on browsers (last_at);
-- All tries of one address are counted together.
create index login_tries_address on login_tries (address);
