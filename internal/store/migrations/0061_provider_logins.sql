-- +goose Up
-- Login by the house's own provider (统一身份认证): who of the bureau is who there. Issuer and subject say it for ever; what the provider calls somebody may
-- be given to another person, and counts once, for whom an administrator has said it of.
create table provider_logins (
    person    uuid primary key references people (id),
    username  text not null check (username <> ''), -- as the provider calls them; before they first come in, as an administrator has said that it will
    issuer    text,                                 -- who they are there
    subject   text,
    linked_at timestamptz,
    used_at   timestamptz,
    unique (issuer, subject),
    check ((issuer is null) = (subject is null) and (issuer is null) = (linked_at is null))
);
create unique index provider_logins_awaited on provider_logins (username) where subject is null;

-- Which of its words are taken: groups, factors, whether passwords go on. The newest row of the bureau counts, and each is told in the chain.
alter table bureaus add column login jsonb not null default '{}';

alter table proofs drop constraint proofs_way_check, add constraint proofs_way_check check (way in ('totp', 'passkey', 'recovery', 'provider'));
alter table events drop constraint events_proof_check, add constraint events_proof_check check (proof in ('', 'totp', 'passkey', 'recovery', 'provider'));
