-- +goose Up
-- What is typed or pasted into a search and what it is looked for in are made alike: full-width letters and digits, blanks, quotation
-- marks, and the many brackets and dashes that documents use for one (沈民函［２０２６］１２号 is 沈民函〔2026〕12号).
-- +goose StatementBegin
create function fold(words text) returns text language sql immutable strict parallel safe as $$
    select translate(lower(regexp_replace(normalize(words, NFKC), '\s', '', 'g')),
        '〔[【〖{〕]】〗}‐‑‒–—―−“”"‘’''「」『』·', '((((()))))-------')
$$;
-- +goose StatementEnd

alter table cases add column found_by text not null generated always as (
    fold(number) || E'\n' || fold(title) || E'\n' || fold(subject) || E'\n' || fold(document_number)) stored;

-- +goose Down
alter table cases drop column found_by;
drop function fold(text);
