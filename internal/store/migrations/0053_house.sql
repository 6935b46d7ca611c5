-- +goose Up
-- Words of notices and mails as the bureau says them, in place of those that come with the program.

create table wordings (
    key  text primary key check (key ~ '^(zh|en)/.'), -- language, a slash, the key of the catalogue
    text text not null                                -- '': the words that come with the program, after there were others
);
create trigger wordings_no_delete before delete on wordings for each row execute function refuse_change();
create trigger wordings_no_truncate before truncate on wordings execute function refuse_change();

-- What a change is about, a trigger says; a list of that which every migration wrote anew kept nothing out.
alter table staff_events drop constraint staff_events_about_check;
create trigger wordings_kept after insert or update on wordings for each row execute function keep_staff_event('wording', 'key');
