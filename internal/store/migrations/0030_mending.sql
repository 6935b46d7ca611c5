-- +goose Up
-- Mistakes are mended, and what was stands beside it.

-- 更正登记: what a fact of the register was, and what it was corrected to.
create table amendments (
    case_id  uuid not null,
    event_no integer not null,
    fact     text not null check (fact <> ''),
    was      text not null,
    value    text not null,
    reason   text not null check (reason <> ''),
    source   text not null check (source <> ''),
    by       uuid not null references people (id),
    at       timestamptz not null,
    primary key (case_id, event_no),
    foreign key (case_id, event_no) references events (case_id, no)
);
create trigger amendments_append_only before update or delete on amendments for each row execute function refuse_change();
create trigger amendments_no_truncate before truncate on amendments execute function refuse_change();

-- A number whose letter was never sent is void, and given to nobody else; and a letter that was sent and found wrong has another in
-- its place, with a number of its own. So a case may have several in one round.
alter table document_numbers drop constraint document_numbers_case;
create index document_numbers_case on document_numbers (case_id);
create table voided_numbers (
    series   text not null,
    year     integer not null,
    serial   integer not null,
    case_id  uuid not null,
    event_no integer not null,
    by       uuid not null references people (id),
    at       timestamptz not null,
    primary key (series, year, serial),
    foreign key (series, year, serial) references document_numbers (series, year, serial),
    foreign key (case_id, event_no) references events (case_id, no)
);
create trigger voided_numbers_append_only before update or delete on voided_numbers for each row execute function refuse_change();
create trigger voided_numbers_no_truncate before truncate on voided_numbers execute function refuse_change();

-- +goose StatementBegin
-- The next of a series: the first above the last that nobody has. One that somebody typed far ahead and that was voided is passed by.
create function next_serial(of_series text, of_year integer, above integer) returns integer language sql stable as $$
    select min(n) from generate_series(above + 1, above + 1 + (
        select count(*)::integer from document_numbers where series = of_series and year = of_year and serial > above)) n
    where not exists (select from document_numbers where series = of_series and year = of_year and serial = n)
$$;
-- +goose StatementEnd
-- +goose StatementBegin
create or replace function issue_serial() returns trigger language plpgsql as $$
begin
    update number_series set last = greatest(last, new.serial)
    where series = new.series and year = new.year and (new.late or next_serial(series, year, last) = new.serial);
    if not found then
        raise exception 'serial % of %, % is not the next', new.serial, new.series, new.year
            using errcode = 'check_violation', constraint = 'document_numbers_gapless';
    end if;
    return new;
end
$$;
-- +goose StatementEnd
-- +goose StatementBegin
-- A number that somebody typed and that is void no longer says where the series stands.
create function step_back_serial() returns trigger language plpgsql as $$
begin
    update number_series s set last = (
        select coalesce(max(n.serial), 0) from document_numbers n
        where n.series = s.series and n.year = s.year and not (n.late and exists (
            select from voided_numbers v where v.series = n.series and v.year = n.year and v.serial = n.serial)))
    where s.series = new.series and s.year = new.year;
    return null;
end
$$;
-- +goose StatementEnd
create trigger voided_numbers_series after insert on voided_numbers for each row execute function step_back_serial();

-- A rating that was entered wrongly stays beside the one that took its place: the newest of a round counts.
alter table feedback drop constraint feedback_round;
create index feedback_round on feedback (case_id, round, event_no desc);
