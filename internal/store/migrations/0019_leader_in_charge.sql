-- +goose Up
-- The leader in charge (分管领导) was called deputy_head, beside the deputies (代表) whose suggestions are answered. Rows that are no
-- part of the record get the new word; events and what is stored with them stay as they were written, and are read as the new word
-- (proposal.Role).
alter table people drop constraint people_roles;
update people set roles = array_replace(roles, 'deputy_head', 'leader_in_charge') where 'deputy_head' = any (roles);
alter table people add constraint people_roles check (roles <@ array[
    'liaison', 'division_head', 'handler', 'office_reviewer', 'legal_reviewer', 'openness_reviewer', 'leader_in_charge', 'bureau_head',
    'publisher', 'supervisor', 'auditor', 'admin', 'assembly', 'deputy']);

-- Whose pool a row lies in is computed from the role: the columns are made anew, with their indexes.
alter table tasks drop column pool;
update tasks set role = 'leader_in_charge' where role = 'deputy_head';
alter table tasks add column pool text not null generated always as (
    case when role in ('division_head', 'handler', 'leader_in_charge') then coalesce(division, '') else '' end) stored;
create index tasks_free on tasks (role, pool, due, id) where closed_at is null and assignee is null;

alter table notices drop column pool;
update notices set role = 'leader_in_charge' where role = 'deputy_head';
alter table notices add column pool text not null generated always as ( -- as that of tasks
    case when role in ('division_head', 'handler', 'leader_in_charge') then coalesce(division, '') else '' end) stored;
create index notices_pool on notices (role, pool, id desc) where person is null;
