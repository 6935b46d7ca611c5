-- +goose Up
-- What a public body's site says of itself at the foot of each page: its mark among the government's sites, its licence and its entry with the police.
alter table bureaus add column site jsonb not null default '{"identifier": "", "icp": "", "police": ""}';
