-- +goose Up
-- 用印: the picture of the seal, which an administrator sets, and what was printed. A reply is printed by LibreOffice on the machine of a worker, so
-- that the files of an order lie here: the engine's history names the order alone.

-- The newest counts. One without a picture takes the one before away.
create table seals (
    no       bigint generated always as identity primary key,
    at       timestamptz not null,
    by       uuid not null references people (id),
    name     text not null, -- what stands on it, the name of the bureau
    diameter integer not null check (diameter between 30 and 60), -- in millimetres
    sha256   text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    picture  bytea, -- PNG
    constraint seals_picture check (picture is null or encode(sha256(picture), 'hex') = sha256)
);
create trigger seals_append_only before update or delete on seals for each row execute function refuse_change();
create trigger seals_no_truncate before truncate on seals execute function refuse_change();

alter table staff_events
    drop constraint staff_events_about_check,
    add constraint staff_events_about_check check (about in ('person', 'cover', 'division', 'bureau', 'password', 'token', 'login', 'seal'));

-- The id is a function of the files: whoever asks for the same again gets what was made, and a service seals it once.
create table prints (
    id         uuid primary key,
    case_id    uuid not null references cases (id),
    ordered_at timestamptz not null,
    seal       text not null check (seal in ('none', 'picture', 'service')),
    about      jsonb not null, -- what the service is told of the reply
    docx       bytea[] not null check (cardinality(docx) > 0), -- a file for each addressee
    pdf        bytea[], -- the same as PDF; null: not made yet
    sealed     bytea[], -- as the service gave them back
    stamps     jsonb,   -- what it said of each
    refused    text not null default '', -- why it did not seal them
    constraint prints_pdf check (pdf is null or cardinality(pdf) = cardinality(docx)),
    constraint prints_sealed check (sealed is null or seal = 'service' and cardinality(sealed) = cardinality(pdf))
);
create index prints_case on prints (case_id);
create index prints_unsealed on prints (ordered_at) where seal = 'none';
