-- +goose Up
-- Who gives a reply its number is the place's: the program from a series of its own, the bureau's document system from one that it shares
-- with every other paper, or nobody.

-- A number that somebody typed may leave gaps behind it: a late registration brings one, and so does the document system.
alter table document_numbers rename column late to typed;
-- +goose StatementBegin
create or replace function issue_serial() returns trigger language plpgsql as $$
begin
    update number_series set last = greatest(last, new.serial)
    where series = new.series and year = new.year and (new.typed or next_serial(series, year, last) = new.serial);
    if not found then
        raise exception 'serial % of %, % is not the next', new.serial, new.series, new.year
            using errcode = 'check_violation', constraint = 'document_numbers_gapless';
    end if;
    return new;
end
$$;
-- +goose StatementEnd
-- +goose StatementBegin
create or replace function step_back_serial() returns trigger language plpgsql as $$
begin
    update number_series s set last = (
        select coalesce(max(n.serial), 0) from document_numbers n
        where n.series = s.series and n.year = s.year and not (n.typed and exists (
            select from voided_numbers v where v.series = n.series and v.year = n.year and v.serial = n.serial)))
    where s.series = new.series and s.year = new.year;
    return null;
end
$$;
-- +goose StatementEnd

-- A reply without a number is published too.
alter table publications drop constraint publications_document_number_check;
