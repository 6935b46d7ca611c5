-- +goose Up
-- What of a registration no list asks for stands in one column: a new field of it needs no new one.
alter table cases add column described jsonb not null default '{}' constraint cases_described check (jsonb_typeof(described) = 'object');
update cases set described = (
    select coalesce(jsonb_object_agg(name, value), '{}')
    from (values
        ('category', category), ('proposer', proposer), ('delegation', delegation), ('lead_unit', lead_unit), ('motion_no', motion_no),
        ('contact_time', contact_time), ('source_id', source_id)) as fields (name, value)
    where value <> '');
alter table cases
    drop column category, drop column proposer, drop column delegation, drop column lead_unit, drop column motion_no,
    drop column contact_time, drop column source_id,
    add constraint cases_proposer_check check (coalesce(described->>'proposer', '') in ('', 'member', 'party', 'group', 'committee'));
