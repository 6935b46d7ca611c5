-- +goose Up
-- +goose StatementBegin
-- Of two words of one length the same goes first as in the program, whatever the database's language sorts by.
create or replace function black_out(body text, words text[]) returns text language plpgsql immutable as $$
declare
    word text;
begin
    for word in select w from unnest(words) w where w <> '' order by length(w) desc, w collate "C" loop
        body := replace(body, word, '＊＊＊');
    end loop;
    return body;
end
$$;
-- +goose StatementEnd
