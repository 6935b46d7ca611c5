-- +goose Up
-- Notices of what came to somebody and of what became of their work; who gets them how; and the letters that carry them.

alter table people add column email text not null default ''
    constraint people_email check (email = '' or email ~ '^[^@[:space:]<>,;"]+@[^@[:space:]<>,;"]+$');

alter table notices
    alter column case_id drop not null, -- of a bulk, which is about many cases
    alter column event_no drop not null,
    add column ask text not null default '',        -- the task that it speaks of
    add column by uuid references people (id),      -- who caused it, and is not told; null: a clock
    -- What it asked for was done, or a newer one says more. It is shown, and neither counted nor sent.
    add column over text not null default '' check (over in ('', 'done', 'replaced')),
    add column posted_at timestamptz;               -- when letters were made of it
alter table notices drop constraint notices_kind_check;
alter table notices
    add constraint notices_kind_check check (kind in (
        'assigned', 'returned', 'urge', 'remind', 'ran_out', 'escalate', 'moved', 'take_down',
        'mention', 'rated', 'opinion', 'progress', 'watched', 'bulk')),
    add constraint notices_case_check check (
        (case_id is null) = (event_no is null) and (case_id is not null or kind = 'bulk' and person is not null));
-- Nobody is sent a letter about what was there before there were letters.
update notices n set posted_at = n.at, by = e.by from events e where e.case_id = n.case_id and e.no = n.event_no;
update notices n set over = 'done' from cases c where c.id = n.case_id and c.finished;
-- An action looks at what its case still tells.
drop index notices_case;
create index notices_case on notices (case_id) include (over);
create index notices_unposted on notices (id) where posted_at is null;

-- What a person has chosen; who has chosen nothing has no row.
create table people_settings (
    person    uuid primary key references people (id),
    channels  jsonb not null default '{}', -- kind of notice: inbox, mail, digest or off; what is not there is as the program has it
    digest    boolean not null default true,
    digest_at smallint not null default 510 check (digest_at between 0 and 1439 and digest_at % 15 = 0), -- minutes of the day in Shanghai
    language  text not null default 'zh' check (language in ('zh', 'en')), -- of letters
    quiet     boolean not null default false, -- letters wait for working hours
    display   jsonb -- how pages are drawn; null: as the browser says
);

-- Letters. One for a notice and a person, one digest for a person and a day, for ever: whoever makes them again makes none.
create table mails (
    id       uuid primary key, -- and of its Message-ID
    person   uuid not null references people (id),
    notice   bigint references notices (id),
    day      date, -- of a digest, in Shanghai
    state    text not null default 'waiting' check (state in ('waiting', 'trying', 'sent', 'unsure', 'failed', 'dropped')),
    why      text not null default '', -- of dropped and failed
    answer   text not null default '', -- what the server said last
    tries    integer not null default 0 check (tries >= 0),
    made_at  timestamptz not null,
    due_at   timestamptz not null, -- not before
    tried_at timestamptz, -- when the text began to go out
    ended_at timestamptz,
    constraint mails_subject check (num_nonnulls(notice, day) = 1),
    constraint mails_notice unique (notice, person),
    constraint mails_day unique (person, day),
    constraint mails_tried check (state <> 'trying' or tried_at is not null),
    constraint mails_ended check ((ended_at is not null) = (state in ('sent', 'unsure', 'failed', 'dropped')))
);
create index mails_due on mails (due_at) where state in ('waiting', 'trying');
-- What could not be delivered, for whoever it was for and for the administrators.
create index mails_trouble on mails (ended_at desc) where state in ('failed', 'unsure');
