-- +goose Up
-- The whole procedure: several tasks at a time, rounds, opinions, ratings, commitments, attachments, proxies and notices.
-- Events and their hashes are left as they are: what happened under the old rules happened so.

-- Roles that the procedure brings. The deputy rates through a one-time link, under one account that nobody can log in to.
alter table people drop constraint people_roles;
alter table people add constraint people_roles check (roles <@ array[
    'liaison', 'division_head', 'handler', 'office_reviewer', 'legal_reviewer', 'openness_reviewer', 'deputy_head', 'bureau_head',
    'publisher', 'supervisor', 'auditor', 'admin', 'assembly', 'deputy']);
insert into people (id, login, name, name_en, roles)
values ('00000000-0000-4000-8000-00000000da1b', 'deputy', '代表本人', 'The deputy', '{deputy}');
-- Whoever else held the role could rate the bureau that they work in (R12).
alter table people add constraint people_deputy check (
    not ('deputy' = any (roles)) or (id = '00000000-0000-4000-8000-00000000da1b' and password_hash = ''));

-- The stage publication is gone: publication and feedback run beside the main way, once the letter is out.
alter table cases drop constraint cases_stage_check;
alter table cases drop constraint cases_closed;
alter table cases drop constraint cases_due_clock_check;
alter table cases drop constraint cases_handling_type_check;
drop index cases_open_due, cases_open_counts, cases_open_id, cases_closed_on;

alter table cases
    add column round smallint not null default 1 check (round > 0),
    add column money boolean not null default false,
    add column proposer text not null default '' check (proposer in ('', 'member', 'party', 'group', 'committee')),
    add column lead_unit text not null default '',
    add column motion_no text not null default '',
    add column cleared text[] not null default '{}', -- who may read the name in spite of a secrecy request (R16)
    add column merged_with uuid references cases (id); -- the case that leads the group (并案)
alter table cases alter column reply_due drop not null; -- for reading only: no reply is owed
alter table cases add constraint cases_handling_type_check
    check (handling_type in ('alone', 'lead', 'co_handle', 'split', 'reading'));
alter table cases add constraint cases_reply_due check (reply_due is not null or handling_type = 'reading');

-- What the rules have come to read in a state. Only what the columns know is added; seq and last stay.
update cases set
    stage = case stage when 'publication' then 'answered' else stage end,
    state = state
        || jsonb_build_object('stage', case stage when 'publication' then 'answered' else stage end,
            'round', 1, 'body', body, 'level', level, 'handling', handling_type)
        || case when intersession then '{"intersession": true}'::jsonb else '{}' end
        -- Publication clocks belong to a strand now.
        || case when state ? 'clocks' then jsonb_build_object('clocks', (
            select jsonb_agg(case c ->> 'kind' when 'publication' then c || '{"ref": "1"}' else c end order by i)
            from jsonb_array_elements(state -> 'clocks') with ordinality as clocks (c, i))) else '{}' end
        -- The deputy of a case under way is asked what a new one is asked; one that is being filed or closed is not opened
        -- again, but what it published may still be corrected or taken down.
        || case
            when stage = 'publication' then '{"strands": [{"kind": "feedback", "ref": "1", "status": "asked"},
                {"kind": "publication", "ref": "1", "status": "unpublished"}]}'::jsonb
            when exists (select from publications p where p.case_id = id)
                then '{"strands": [{"kind": "publication", "ref": "1", "status": "published"}]}'
            else '{}' end;

alter table cases add constraint cases_stage_check check (stage in (
    'registered', 'return_review', 'return_decision', 'assignment', 'acceptance', 'consultation', 'drafting', 'division_review',
    'office_review', 'legal_review', 'openness_review', 'sign_off', 'numbering', 'dispatch', 'answered', 'report_up', 'closure',
    'closed', 'returned', 'withdrawn'));
alter table cases add constraint cases_due_clock_check check (due_clock in (
    'reply', 'internal', 'first_contact', 'publication', 'feedback', 'rehandling'));
-- Three stages end a case; open follows from the stage so that no list can lie. A case that has ended may still owe what it
-- promised: finished is when its workflow may end.
alter table cases
    add column open boolean not null generated always as (stage not in ('closed', 'returned', 'withdrawn')) stored,
    add column finished boolean not null default false;
update cases set finished = not open;
alter table cases add constraint cases_finished check (not (open and finished));
alter table cases add constraint cases_closed check ((closed_on is not null) = not open);

-- As before, for cases that have not ended in any of the three ways.
create index cases_open_due on cases (due, id) where open;
create index cases_open_counts on cases (lead_division, stage) include (due) where open;
create index cases_closed_on on cases (closed_on) where not open;
-- Reconciliation walks the cases that have a workflow.
create index cases_unfinished on cases (id) where not finished;
-- The other cases of a group.
create index cases_merged on cases (merged_with) where merged_with is not null;

-- A case asks for several things at a time, and each is named by what is asked and about which strand.
alter table tasks rename column stage to ask;
alter table tasks add column ref text not null default '';
drop index tasks_one_open;
update tasks set ask = 'publish', ref = '1' where ask = 'publication';
create unique index tasks_one_open on tasks (case_id, ask, ref) where closed_at is null;

-- Reading one action's kind out of its body would read all of its words, and those may hold what jsonb cannot.
-- Whom somebody acted for (代理). It is part of what the hash is taken over.
alter table events add column acted_for uuid references people (id);

alter table actions add column kind text not null default ''; -- '' for what came before: it was applied long ago

-- A part of the text may be blacked out.
alter table drafts drop constraint drafts_openness_check;
alter table drafts add constraint drafts_openness_check check (openness in ('', 'open', 'partly_open', 'not_open'));

-- Every round has a letter of its own.
alter table document_numbers add column round smallint not null default 1 check (round > 0);
alter table document_numbers drop constraint document_numbers_case;
alter table document_numbers add constraint document_numbers_case unique (case_id, round);

-- The openness reviewer's decisions (R10). What is blacked out is itself not public: nothing public reads this table.
create table openness_decisions (
    case_id    uuid not null,
    event_no   integer not null,
    version    integer not null, -- of the draft: a decision holds for that version alone
    openness   text not null check (openness in ('open', 'partly_open', 'not_open')),
    ground     text not null,
    reason     text not null,
    redactions text[] not null,
    by         uuid not null references people (id),
    at         timestamptz not null,
    primary key (case_id, event_no),
    foreign key (case_id, event_no) references events (case_id, no),
    foreign key (case_id, version) references drafts (case_id, version),
    -- Partly open is what has something blacked out.
    constraint openness_decisions_redactions check (openness <> 'partly_open' or cardinality(redactions) > 0)
);
create trigger openness_decisions_append_only before update or delete on openness_decisions
    for each row execute function refuse_change();
create trigger openness_decisions_no_truncate before truncate on openness_decisions execute function refuse_change();

-- +goose StatementBegin
-- Blacks words out of a text. The longest go first: a shorter one inside it would leave the rest of it readable.
create function black_out(body text, words text[]) returns text language plpgsql immutable as $$
declare
    word text;
begin
    for word in select w from unnest(words) w where w <> '' order by length(w) desc, w loop
        body := replace(body, word, '＊＊＊');
    end loop;
    return body;
end
$$;
-- +goose StatementEnd

-- A correction is a new edition, and a second round's letter another one. The newest is the public one; an older one never
-- comes back, since it may hold what the newer was made to remove.
alter table publications
    add column edition integer not null default 1 check (edition > 0),
    add column round smallint not null default 1 check (round > 0),
    add column redactions text[] not null default '{}', -- blacked out of body; no public page reads it
    add column note text not null default '';           -- what a correction tells its readers
alter table publications drop constraint publications_pkey;
alter table publications add primary key (case_id, edition);
drop index publications_list;
create index publications_list on publications (published_on desc, case_id desc, edition desc);
create trigger publications_append_only before update or delete on publications
    for each row execute function refuse_change();
create trigger publications_no_truncate before truncate on publications execute function refuse_change();

create table publication_takedowns (
    case_id  uuid not null,
    edition  integer not null,
    event_no integer not null,
    reason   text not null check (reason <> ''),
    by       uuid not null references people (id),
    at       timestamptz not null,
    primary key (case_id, edition),
    foreign key (case_id, edition) references publications (case_id, edition),
    foreign key (case_id, event_no) references events (case_id, no)
);
create trigger publication_takedowns_append_only before update or delete on publication_takedowns
    for each row execute function refuse_change();
create trigger publication_takedowns_no_truncate before truncate on publication_takedowns execute function refuse_change();

-- 会办: each step of each opinion is a row; what was first written stays beside what it was redone to.
create table opinions (
    case_id     uuid not null,
    event_no    integer not null,
    ref         text not null check (ref <> ''), -- of the strand
    kind        text not null check (kind <> ''), -- of the action
    round       smallint not null,
    unit        text not null, -- name of an outside unit, where it is asked
    question    text not null,
    points      integer[] not null,
    text        text not null,
    figures     text not null,
    contact     text not null,
    may_publish boolean not null,
    reason      text not null, -- of sending back, waiving, cancelling; comment of approving
    by          uuid not null references people (id),
    at          timestamptz not null,
    primary key (case_id, event_no),
    foreign key (case_id, event_no) references events (case_id, no)
);
create trigger opinions_append_only before update or delete on opinions for each row execute function refuse_change();
create trigger opinions_no_truncate before truncate on opinions execute function refuse_change();

-- Files of a case: the original, a scan of a rating, a letter. 20 MiB is a scan of a hundred pages.
create table attachments (
    id          uuid primary key, -- of the action that brought it
    case_id     uuid not null references cases (id),
    sha256      text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    name        text not null check (name <> ''),
    media_type  text not null check (media_type <> ''),
    bytes       integer not null check (bytes between 1 and 20971520),
    data        bytea not null,
    kind        text not null check (kind in ('original', 'scan', 'letter', 'other')),
    uploaded_by uuid not null references people (id),
    uploaded_at timestamptz not null,
    constraint attachments_size check (bytes = length(data))
);
-- Scans are compressed already; trying again costs time for nothing.
alter table attachments alter column data set storage external;
create index attachments_case on attachments (case_id, sha256);
create trigger attachments_append_only before update or delete on attachments for each row execute function refuse_change();
create trigger attachments_no_truncate before truncate on attachments execute function refuse_change();

-- 征询意见: one rating a round, from the deputy or the assembly, never from the bureau (R12).
create table feedback (
    case_id  uuid not null,
    event_no integer not null,
    round    smallint not null check (round > 0),
    source   text not null check (source in ('deputy', 'assembly')),
    attitude text not null check (attitude in ('satisfied', 'basically', 'dissatisfied')),
    result   text not null check (result in ('satisfied', 'basically', 'dissatisfied')),
    words    text not null,
    scan     text not null, -- SHA-256 of an attachment
    by       uuid not null references people (id),
    at       timestamptz not null,
    primary key (case_id, event_no),
    foreign key (case_id, event_no) references events (case_id, no),
    constraint feedback_round unique (case_id, round)
);
create trigger feedback_append_only before update or delete on feedback for each row execute function refuse_change();
create trigger feedback_no_truncate before truncate on feedback execute function refuse_change();

-- 承诺, as the letter made it. Where it stands and by when it is due now, the state says; what was done about it, the events.
create table commitments (
    case_id  uuid not null,
    ref      text not null, -- round.number
    event_no integer not null,
    text     text not null check (text <> ''),
    due_on   date not null, -- as promised
    primary key (case_id, ref),
    foreign key (case_id, event_no) references events (case_id, no)
);
create trigger commitments_append_only before update or delete on commitments for each row execute function refuse_change();
create trigger commitments_no_truncate before truncate on commitments execute function refuse_change();

-- 代理: who acts for whom, from when to when. An ended one is kept: it explains who signed.
create table proxies (
    id         uuid primary key,
    principal  uuid not null references people (id),
    proxy      uuid not null references people (id),
    case_id    uuid references cases (id), -- null: every case
    from_date  date not null,
    to_date    date not null,
    reason     text not null check (reason <> ''),
    made_by    uuid not null references people (id),
    made_at    timestamptz not null,
    revoked_at timestamptz,
    revoked_by uuid references people (id),
    constraint proxies_dates check (to_date >= from_date),
    constraint proxies_other check (principal <> proxy),
    constraint proxies_revoked check ((revoked_at is null) = (revoked_by is null))
);
-- Looked up with every action of the proxy, and for the lists of both.
create index proxies_proxy on proxies (proxy, to_date) where revoked_at is null;
create index proxies_principal on proxies (principal, to_date);

-- 提醒: who is told of what (R9).
create table notices (
    id       bigint generated always as identity primary key,
    case_id  uuid not null,
    event_no integer not null, -- what caused it
    kind     text not null check (kind in ('remind', 'ran_out', 'escalate', 'urge', 'moved', 'take_down')),
    clock    text not null,
    ref      text not null,
    days     integer not null,
    role     text not null,
    division text references divisions (code),
    person   uuid references people (id), -- who is told by name
    at       timestamptz not null,
    pool     text not null generated always as ( -- as that of tasks
        case when role in ('division_head', 'handler', 'deputy_head') then coalesce(division, '') else '' end) stored,
    foreign key (case_id, event_no) references events (case_id, no)
);
-- My notices newest first, one range for me and one per role and division of mine.
create index notices_person on notices (person, id desc) where person is not null;
create index notices_pool on notices (role, pool, id desc) where person is null;
create index notices_case on notices (case_id);

-- A notice for a role is read by each of its people apart.
create table notice_reads (
    notice  bigint not null references notices (id),
    person  uuid not null references people (id),
    read_at timestamptz not null,
    primary key (notice, person)
);

-- One-time links by which a deputy rates one round of one case. Only the hash of the secret is kept.
create table deputy_links (
    sha256     bytea primary key check (length(sha256) = 32),
    case_id    uuid not null references cases (id),
    round      smallint not null check (round > 0),
    made_by    uuid not null references people (id),
    made_at    timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz,
    constraint deputy_links_lifetime check (expires_at > made_at)
);
create index deputy_links_case on deputy_links (case_id, round);
