-- +goose Up
-- A rule pack that was put by mistake can be taken back before its first day, while no case follows it. What was put stays: whoever reads the changes
-- must find what it was, and who thought better of it.

create table rule_withdrawals (
    pack text primary key references rule_packs (id),
    at   timestamptz not null,
    by   uuid references people (id) -- null: from the command line
);
create trigger rule_withdrawals_append_only before update or delete on rule_withdrawals for each row execute function refuse_change();
create trigger rule_withdrawals_no_truncate before truncate on rule_withdrawals execute function refuse_change();
create trigger rule_withdrawals_kept after insert on rule_withdrawals for each row execute function keep_staff_event('rules_withdrawn', 'pack');

-- A program that has not heard of it by the first day tries again until it has.
-- +goose StatementBegin
create function refuse_withdrawn_rules() returns trigger language plpgsql as $$
begin
    if exists (select from rule_withdrawals where pack = new.state ->> 'pack') then
        raise exception 'rule pack % was withdrawn', new.state ->> 'pack';
    end if;
    return new;
end
$$;
-- +goose StatementEnd
create trigger cases_rules before insert on cases for each row execute function refuse_withdrawn_rules();
