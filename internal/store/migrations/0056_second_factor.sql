-- +goose Up
-- Second factors: by what somebody proves who they are beside the password. Whoever has the database finds no secret of an app here that opens anything: it is
-- encrypted with a key outside. A passkey is the public half of one, and of a recovery code only a hash is kept.
create table second_factors (
    id            uuid primary key,
    person        uuid not null references people (id),
    way           text not null check (way in ('totp', 'passkey', 'recovery')),
    name          text not null default '', -- as its owner calls it
    secret        bytea,                    -- of an app, encrypted
    last_step     bigint not null default 0, -- of an app: the half minute whose code was taken last; none of it or before is taken again
    credential_id bytea unique,             -- of a passkey
    credential    jsonb,
    sha256        bytea unique check (length(sha256) = 32), -- of a recovery code
    added_at      timestamptz not null,
    used_at       timestamptz,
    constraint second_factors_way check (
        (way = 'totp') = (secret is not null) and (way = 'passkey') = (credential is not null and credential_id is not null) and (way = 'recovery') = (sha256 is not null))
);
create index second_factors_person on second_factors (person);
create unique index second_factors_one_app on second_factors (person) where way = 'totp';

-- That somebody has proved it, and when. A signature names the proof that was made shortly before it.
create table proofs (
    id     uuid primary key,
    person uuid not null references people (id),
    way    text not null check (way in ('totp', 'passkey', 'recovery')),
    at     timestamptz not null
);
create index proofs_at on proofs (at);

alter table events add column proof text not null default '' check (proof in ('', 'totp', 'passkey', 'recovery')); -- by what the signer had just proved who they are

-- Whose roles need one. The newest row of the bureau counts, and each is told in the chain.
alter table bureaus add column second_factor text[] not null default '{}';

alter table notices drop constraint notices_kind_check, drop constraint notices_case_check;
alter table notices
    add constraint notices_kind_check check (kind in (
        'assigned', 'returned', 'vacant', 'urge', 'remind', 'ran_out', 'escalate', 'moved', 'take_down', 'cover',
        'mention', 'rated', 'opinion', 'progress', 'watched', 'bulk', 'account')),
    add constraint notices_case_check check (
        (case_id is null) = (event_no is null) and (case_id is not null or kind in ('bulk', 'cover', 'account') and person is not null));
