-- +goose Up
-- When a backup was written whole, so that an administrator sees how old the last one is.

create table backups (
    id     bigint generated always as identity primary key,
    at     timestamptz not null, -- the moment whose record it holds
    bytes  bigint not null check (bytes > 0),
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$') -- of the whole file
);
create trigger backups_append_only before update or delete on backups for each row execute function refuse_change();
create trigger backups_no_truncate before truncate on backups execute function refuse_change();
