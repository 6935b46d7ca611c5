-- +goose Up
-- What leaves the bureau: numbers and published replies.

-- The last serial of each series and year. Its row is locked from the moment a number is promised until it is issued.
create table number_series (
    series text not null check (series <> ''),
    year   integer not null check (year between 1900 and 9999),
    last   integer not null default 0 check (last >= 0),
    primary key (series, year)
);

-- 发文字号: one letter each, never reused.
create table document_numbers (
    series    text not null,
    year      integer not null,
    serial    integer not null check (serial > 0),
    case_id   uuid not null references cases (id),
    late      boolean not null, -- 补录: the number was issued long ago, in whatever order the ledger is moved
    issued_at timestamptz not null,
    primary key (series, year, serial),
    foreign key (series, year) references number_series (series, year),
    -- One letter per case, so far: a second round will bring its own column.
    constraint document_numbers_case unique (case_id)
);

-- +goose StatementBegin
-- The series has no gaps: a number is the next one, or a late registration brings the one it always had.
create function issue_serial() returns trigger language plpgsql as $$
begin
    update number_series set last = greatest(last, new.serial)
    where series = new.series and year = new.year and (new.late or last = new.serial - 1);
    if not found then
        raise exception 'serial % of %, % is not the next', new.serial, new.series, new.year
            using errcode = 'check_violation', constraint = 'document_numbers_gapless';
    end if;
    return new;
end
$$;
-- +goose StatementEnd
create trigger document_numbers_gapless before insert on document_numbers for each row execute function issue_serial();
create trigger document_numbers_append_only before update or delete on document_numbers
    for each row execute function refuse_change();
create trigger document_numbers_no_truncate before truncate on document_numbers execute function refuse_change();

-- The public page as it was published: later changes to people, divisions or the case must not rewrite it.
create table publications (
    case_id         uuid primary key references cases (id),
    version         integer not null,
    sha256          text not null,
    -- Only a text that was saved, reviewed and signed can be public, and exactly that text.
    foreign key (case_id, version, sha256) references drafts (case_id, version, sha256),
    title           text not null check (title <> ''),
    subject         text not null,
    session_name    text not null,
    number_name     text not null,
    noun            text not null,
    document_number text not null check (document_number <> ''), -- what has no number was not sealed
    lead_deputy     text not null,
    co_signers      text[] not null,
    body            text not null,
    agency          text not null,
    division        text not null,
    contact_name    text not null,
    contact_phone   text not null,
    signed_on       date not null,
    published_on    date not null,
    published_at    timestamptz not null,
    -- A letter is not public before it was signed.
    constraint publications_order check (published_on >= signed_on)
);
-- The public list, newest first.
create index publications_list on publications (published_on desc, case_id desc);
