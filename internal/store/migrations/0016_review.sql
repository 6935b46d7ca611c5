-- +goose Up
-- What people say about a letter before it goes out, and what they write it with.

-- Which versions of a letter somebody has had before their eyes: a review begins with what changed since, and nothing is signed in
-- a batch that its signer has not opened. It is a person's own and no part of the record.
create table draft_seen (
    person  uuid not null references people (id),
    case_id uuid not null,
    version integer not null,
    at      timestamptz not null, -- the first time
    primary key (person, case_id, version),
    foreign key (case_id, version) references drafts (case_id, version)
);

-- Comments on a letter. The words that they are about are kept with them, so that a later version can be searched for them.
create table draft_comments (
    id        uuid primary key, -- of the action that made it
    case_id   uuid not null,
    event_no  integer not null,
    version   integer not null,
    paragraph integer not null check (paragraph >= 0),
    from_rune integer not null check (from_rune >= 0),
    to_rune   integer not null,
    quote     text not null, -- '' for the whole paragraph
    text      text not null check (text <> ''),
    by        uuid not null references people (id),
    at        timestamptz not null,
    foreign key (case_id, event_no) references events (case_id, no),
    foreign key (case_id, version) references drafts (case_id, version),
    constraint draft_comments_words check (char_length(quote) = to_rune - from_rune)
);
create index draft_comments_case on draft_comments (case_id, event_no);
create trigger draft_comments_append_only before update or delete on draft_comments for each row execute function refuse_change();
create trigger draft_comments_no_truncate before truncate on draft_comments execute function refuse_change();

-- What was answered. A comment is settled by an answer like any other, and once.
create table draft_comment_answers (
    id       uuid primary key, -- of the action
    comment  uuid not null references draft_comments (id),
    case_id  uuid not null,
    event_no integer not null,
    text     text not null check (text <> ''),
    settles  boolean not null,
    by       uuid not null references people (id),
    at       timestamptz not null,
    foreign key (case_id, event_no) references events (case_id, no)
);
create index draft_comment_answers_comment on draft_comment_answers (comment, event_no);
create unique index draft_comment_answers_settled on draft_comment_answers (comment) where settles;
create trigger draft_comment_answers_append_only before update or delete on draft_comment_answers
    for each row execute function refuse_change();
create trigger draft_comment_answers_no_truncate before truncate on draft_comment_answers execute function refuse_change();

-- Where the figures of a letter come from. A better source is a new row; the newest counts.
create table figures (
    id       uuid primary key, -- of the action
    case_id  uuid not null,
    event_no integer not null,
    words    text not null check (words <> ''), -- as they stand in the letter
    source   text not null check (source <> ''),
    url      text not null,
    by       uuid not null references people (id),
    at       timestamptz not null,
    foreign key (case_id, event_no) references events (case_id, no)
);
create index figures_case on figures (case_id, event_no);
create trigger figures_append_only before update or delete on figures for each row execute function refuse_change();
create trigger figures_no_truncate before truncate on figures execute function refuse_change();

-- Standard paragraphs (常用段落). A paragraph has editions, and each stays as it was: a letter was written with it.
create table standard_paragraphs (
    id          uuid primary key, -- of the action that wrote the edition
    line        uuid not null,    -- the paragraph: the id of its first edition
    edition     integer not null check (edition > 0),
    topic       text not null check (topic <> ''),
    title       text not null check (title <> ''),
    text        text not null check (text <> ''),
    source      text not null,
    division    text references divisions (code), -- whose it is; null: the whole bureau's
    valid_until date not null,                    -- nothing that is said of policy stays true for ever
    by          uuid not null references people (id),
    at          timestamptz not null,
    -- Two people who renew it at once make two editions of the same number, and the second is told.
    constraint standard_paragraphs_edition unique (line, edition),
    constraint standard_paragraphs_line check ((edition = 1) = (line = id))
);
create trigger standard_paragraphs_append_only before update or delete on standard_paragraphs
    for each row execute function refuse_change();
create trigger standard_paragraphs_no_truncate before truncate on standard_paragraphs execute function refuse_change();

create table paragraph_retirements (
    line   uuid primary key references standard_paragraphs (id),
    reason text not null check (reason <> ''),
    by     uuid not null references people (id),
    at     timestamptz not null
);

-- Which letters were written with which edition: when it expires, their drafters must hear of it.
create table paragraph_uses (
    case_id uuid not null references cases (id),
    edition uuid not null references standard_paragraphs (id),
    by      uuid not null references people (id),
    at      timestamptz not null,
    primary key (case_id, edition)
);
create index paragraph_uses_edition on paragraph_uses (edition);
