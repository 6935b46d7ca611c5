-- +goose Up
-- A number that somebody typed and took back was never given to that reply: whoever has it may bear it. One that the program itself
-- gave and that is void stays void.

alter table voided_numbers drop constraint voided_numbers_series_year_serial_fkey;
alter table voided_numbers drop constraint voided_numbers_pkey, add primary key (case_id, event_no);
create index voided_numbers_serial on voided_numbers (series, year, serial);

alter table document_numbers drop constraint document_numbers_pkey;
create index document_numbers_serial on document_numbers (series, year, serial);

create view taken_numbers as
    select * from document_numbers n
    where not (n.typed and exists (
        select from voided_numbers v
        where (v.series, v.year, v.serial, v.case_id) = (n.series, n.year, n.serial, n.case_id) and v.at >= n.issued_at));

-- +goose StatementBegin
create or replace function next_serial(of_series text, of_year integer, above integer) returns integer language sql stable as $$
    select min(n) from generate_series(above + 1, above + 1 + (
        select count(*)::integer from taken_numbers where series = of_series and year = of_year and serial > above)) n
    where not exists (select from taken_numbers where series = of_series and year = of_year and serial = n)
$$;
-- +goose StatementEnd
-- +goose StatementBegin
-- Whoever gives a number holds the row of its series: nobody else gives the same at the same time.
create or replace function issue_serial() returns trigger language plpgsql as $$
begin
    update number_series set last = greatest(last, new.serial)
    where series = new.series and year = new.year and (new.typed or next_serial(series, year, last) = new.serial);
    if not found then
        raise exception 'serial % of %, % is not the next', new.serial, new.series, new.year
            using errcode = 'check_violation', constraint = 'document_numbers_gapless';
    end if;
    if exists (select from taken_numbers where series = new.series and year = new.year and serial = new.serial) then
        raise exception 'serial % of %, % is taken', new.serial, new.series, new.year
            using errcode = 'unique_violation', constraint = 'document_numbers_taken';
    end if;
    return new;
end
$$;
-- +goose StatementEnd
-- +goose StatementBegin
create or replace function step_back_serial() returns trigger language plpgsql as $$
begin
    update number_series s set last = (
        select coalesce(max(serial), 0) from taken_numbers n where n.series = s.series and n.year = s.year)
    where s.series = new.series and s.year = new.year;
    return null;
end
$$;
-- +goose StatementEnd
