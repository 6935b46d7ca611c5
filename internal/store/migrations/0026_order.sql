-- +goose Up
-- As officers look things up: names by 拼音, numbers in words by their value, so that 台40 comes after 台9. Postgres knows it from ICU, with which all
-- packages of it are built.
create collation zh (provider = icu, locale = 'zh-u-co-pinyin-kn-true');

-- +goose Down
drop collation zh;
