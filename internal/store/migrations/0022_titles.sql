-- +goose Up
-- A title is what the assigning body wrote. Until now only its core was kept, and 关于…的建议 was put around it again.
alter table cases add column title text;
update cases set title = '关于' || subject || case body when 'cppcc' then '的提案' else '的建议' end;
alter table cases alter column title set not null, add constraint cases_title check (title <> '');
-- Places of one rank bear different names: the congress of a county is not that of a district.
alter table cases drop constraint cases_level_check, add constraint cases_level_check check (level in (
    'national', 'province', 'autonomous_region', 'city', 'prefecture', 'league', 'district', 'county', 'autonomous_county', 'banner',
    'town', 'township'));
