-- +goose Up
-- When somebody looked over the bureau's cases: what changed since is what they are told first.
create table looks (
    person uuid primary key references people (id),
    at     timestamptz not null, -- last
    before timestamptz -- the end of the look before; null: there was none
);
-- What happened since a moment, by its kind.
create index events_kind on events (kind, at);

-- +goose Down
drop index events_kind;
drop table looks;
