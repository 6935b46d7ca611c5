-- +goose Up
-- Who supervises is sent how the cases stand that they answer for (督办日报、督办周报), beside the digest of their own tasks: one mail a day at most.

alter table mails
    add column brief boolean not null default false,
    drop constraint mails_day,
    add constraint mails_day unique (person, day, brief),
    add constraint mails_brief check (not brief or day is not null);

alter table people_settings
    add column brief text not null default '' check (brief in ('', 'both', 'daily', 'weekly', 'off')); -- none: as the rule pack says
