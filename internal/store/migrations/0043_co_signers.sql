-- +goose Up
-- Each who signed besides the lead may rate the reply too. What they say is kept apart from the lead's rating, so that no figure counts it;
-- of several by one person on one round, the newest counts.
create table co_signer_ratings (
    case_id   uuid not null,
    event_no  integer not null,
    round     smallint not null check (round > 0),
    co_signer text not null check (co_signer <> ''),
    source    text not null check (source in ('deputy', 'assembly')),
    attitude  text not null check (attitude in ('satisfied', 'basically', 'dissatisfied')),
    result    text not null check (result in ('satisfied', 'basically', 'dissatisfied')),
    words     text not null,
    scan      text not null, -- SHA-256 of an attachment
    reason    text not null, -- why what was said before is corrected
    by        uuid not null references people (id),
    at        timestamptz not null,
    primary key (case_id, event_no),
    foreign key (case_id, event_no) references events (case_id, no)
);
create trigger co_signer_ratings_append_only before update or delete on co_signer_ratings for each row execute function refuse_change();
create trigger co_signer_ratings_no_truncate before truncate on co_signer_ratings execute function refuse_change();

-- Whose link it is; '': the lead's.
alter table deputy_links add column co_signer text not null default '';
