-- +goose Up
-- A link behind which somebody chooses a password goes to them by mail, where there is one: an administrator then neither sees it nor carries it about.

alter table password_links
    add column sent_to text not null default ''; -- the address that the link was made for; '': an administrator hands it over

-- Its mail, which was made at the same moment. The secret is in neither: whoever writes the mail makes it.
alter table mails
    add column link boolean not null default false,
    drop constraint mails_subject,
    add constraint mails_subject check (num_nonnulls(notice, day) + link::integer = 1);
create unique index mails_link on mails (person, made_at) where link;
