-- +goose Up
-- To-dos that are handed to the office's portal: one for a notice that asks for something and a reader of it, for ever. Whoever makes them again
-- makes none; the portal takes each message once, by its id.

alter table notices add column pushed_at timestamptz; -- when to-dos were made of it
update notices set pushed_at = at; -- nobody is asked again for what was there before there was a portal
create index notices_unpushed on notices (id) where pushed_at is null;

create table pushes (
    id       uuid primary key, -- the ids of its messages begin with it
    notice   bigint not null references notices (id),
    person   uuid not null references people (id),
    state    text not null default 'opening' check (state in ('opening', 'open', 'closing', 'closed', 'dropped', 'failed')),
    answer   text not null default '', -- what the portal said last
    tries    integer not null default 0 check (tries >= 0), -- of the message that is going out
    since    timestamptz not null, -- when that message began to wait
    due_at   timestamptz not null, -- not before
    ended_at timestamptz,
    constraint pushes_notice unique (notice, person),
    constraint pushes_ended check ((ended_at is not null) = (state in ('closed', 'dropped', 'failed')))
);
create index pushes_due on pushes (due_at) where state in ('opening', 'closing');
create index pushes_open on pushes (notice) where state = 'open';
create index pushes_failed on pushes (ended_at desc) where state = 'failed';
