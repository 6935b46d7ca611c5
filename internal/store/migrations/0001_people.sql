-- +goose Up
-- Who works in the bureau and how they get in.
-- Instants are timestamptz and written in UTC; official dates are date. Times come from the program, never from now(), so
-- that a test or a replay decides what time it is. Lists of values are CHECKs on text: a new value is a one-line migration.

create table divisions (
    code    text primary key check (code <> ''), -- short and stable: cases, tasks and people name it
    name    text not null check (name <> ''),
    name_en text not null default '',
    sort    integer not null default 0
);

create table people (
    id            uuid primary key,
    -- Kept in lower case, so that one person cannot hold two accounts that differ in case.
    login         text not null unique check (login <> '' and login = lower(login)),
    name          text not null check (name <> ''),
    name_en       text not null default '',
    phone         text not null default '',
    division      text references divisions (code), -- null: of no division, such as the bureau's head
    roles         text[] not null default '{}',
    field         text[] not null default '{}',     -- 分管: the divisions a deputy head answers for
    password_hash text not null default '',         -- argon2id; '' matches no password
    active        boolean not null default true,    -- people are never deleted: the record names them
    constraint people_roles check (roles <@ array[
        'liaison', 'division_head', 'handler', 'office_reviewer', 'openness_reviewer', 'deputy_head', 'bureau_head',
        'publisher', 'supervisor', 'auditor', 'admin'])
);

-- Wrong logins by account and address. In the database, so that a restart or a second server gives a guesser nothing.
create table login_tries (
    login   text not null,
    address text not null,
    made    integer not null check (made > 0),
    last_at timestamptz not null,
    primary key (login, address)
);
-- Old rows are swept by time.
create index login_tries_last_at on login_tries (last_at);

-- The layout is the one that scs's pgxstore reads and writes.
create table sessions (
    token  text primary key,
    data   bytea not null,
    expiry timestamptz not null
);
-- Its sweep deletes by expiry.
create index sessions_expiry on sessions (expiry);

create table api_tokens (
    id           uuid primary key,
    sha256       bytea not null unique check (length(sha256) = 32), -- of the secret, which is not kept
    person       uuid not null references people (id),
    name         text not null check (name <> ''),
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    constraint api_tokens_lifetime check (expires_at > created_at)
);
-- A person's tokens are listed newest first.
create index api_tokens_person on api_tokens (person, created_at desc);
