-- +goose Up
-- 名录: deputies and members of the CPPCC by term, units outside that co-handle cases and bodies that assign them. Registration, the list of proposals and
-- requests for opinions take from it; a case keeps what it took, so that nothing that changes here rewrites it.
create table directory_entries (
    id         uuid primary key,
    kind       text not null check (kind in ('deputies', 'members', 'units', 'assigners')),
    level      text not null, -- of the assembly, for people; a form's list, which the program checks
    term       smallint not null,
    name       text not null check (name <> ''),
    group_name text not null, -- 代表团 or 界别
    post       text not null,
    contact    text not null,
    phone      text not null,
    second     text not null,
    address    text not null,
    postcode   text not null,
    email      text not null,
    ended_on   date, -- null: offered
    end_note   text not null,
    constraint directory_entries_once unique (kind, level, term, name, group_name),
    constraint directory_entries_term check (case when kind in ('deputies', 'members') then level <> '' and term between 1 and 99 else level = '' and term = 0 end),
    constraint directory_entries_end check (ended_on is not null or end_note = '')
);
-- Whoever left or died is not offered any more, and never erased: cases, and the record of what was changed, are about them.
create trigger directory_entries_stay before delete on directory_entries for each row execute function refuse_change();
create trigger directory_entries_no_truncate before truncate on directory_entries execute function refuse_change();

create trigger directory_entries_kept after insert or update on directory_entries for each row execute function keep_staff_event('directory', 'id');
