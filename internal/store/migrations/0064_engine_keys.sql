-- +goose Up
-- With which keys programs encrypt what the engine keeps. The keys themselves lie in files outside: a program that lacks one fails whatever workflow it is
-- given, so it has to find that out before it takes any.
create table engine_keys (
    id         text primary key,
    probe      bytea not null, -- encrypted with the key: who reads it has the key
    in_use     boolean not null default false, -- a new key is announced first
    refused_by text not null default '' -- which program at work cannot read what was announced
);

-- +goose Down
drop table engine_keys;
