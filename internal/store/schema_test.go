package store_test

import (
	"sync"
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit"
)

// Each statement breaks one rule that the database holds by itself, whatever the program does. $1 is a case waiting for
// its dispatch, with a reply, a number and nothing public.
func TestSchemaHolds(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Dispatching)
	w.register(t)
	twin := `insert into cases select (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid()))).* from cases c where id = $1`
	for _, c := range []struct{ constraint, statement string }{
		{"cases_natural_key", twin},
		{"cases_pkey", `insert into cases select * from cases where id = $1`},
		{"cases_state", `update cases set stage = 'closure' where id = $1`},
		{"cases_state", `update cases set seq = seq - 1 where id = $1`},
		{"cases_stage_check", `update cases set stage = 'lost', state = jsonb_set(state, '{stage}', '"lost"') where id = $1`},
		{"cases_seq_check", `update cases set seq = 0, state = jsonb_set(state, '{seq}', '0') where id = $1`},
		{"cases_closed", `update cases set closed_on = '2026-04-20' where id = $1`},
		{"cases_closed", `update cases set stage = 'closed', state = jsonb_set(state, '{stage}', '"closed"') where id = $1`},
		{"cases_due_clock", `update cases set due = 'infinity' where id = $1`},
		{"cases_due_clock", `update cases set due_clock = null where id = $1`},
		{"cases_due_clock_check", `update cases set due_clock = 'kitchen' where id = $1`},
		{"cases_check", `update cases set event_count = 1 where id = $1`},
		{"cases_head_check", `update cases set head = 'x' where id = $1`},
		{"cases_lead_division_fkey", `update cases set lead_division = 'none' where id = $1`},
		{"cases_handler_fkey", `update cases set handler = gen_random_uuid() where id = $1`},
		{"cases_last_by_fkey", `update cases set last_by = gen_random_uuid() where id = $1`},
		{"cases_body_check", `update cases set body = 'un' where id = $1`},
		{"cases_level_check", `update cases set level = 'world' where id = $1`},
		{"cases_term_check", `update cases set term = 0 where id = $1`},
		{"cases_session_check", `update cases set session = 100 where id = $1`},
		{"cases_number_check", `update cases set number = '' where id = $1`},
		{"cases_subject_check", `update cases set subject = '' where id = $1`},
		{"cases_lead_deputy_check", `update cases set lead_deputy = '' where id = $1`},
		{"cases_original_text_check", `update cases set original_text = '' where id = $1`},
		{"cases_handling_type_check", `update cases set handling_type = 'never' where id = $1`},
		{"cases_wish_check", `update cases set wish = 'maybe' where id = $1`},
		{"points_pkey", `insert into points select * from points where case_id = $1`},
		{"points_no_check", `update points set no = 0 where case_id = $1 and no = 1`},
		{"points_text_check", `update points set text = '' where case_id = $1`},
		{"points_case_id_fkey", `update points set case_id = gen_random_uuid() where case_id = $1`},

		{"events_pkey", `insert into events select (jsonb_populate_record(e, jsonb_build_object('action_id', gen_random_uuid()))).* from events e where case_id = $1`},
		{"events_action_id", `insert into events select (jsonb_populate_record(e, jsonb_build_object('no', 1000))).* from events e where case_id = $1 and no = 1`},
		{"events_case_id_fkey", `insert into events select (jsonb_populate_record(e, jsonb_build_object('case_id', gen_random_uuid(), 'action_id', gen_random_uuid()))).* from events e where case_id = $1 and no = 1`},
		{"events_by_fkey", `insert into events select (jsonb_populate_record(e, jsonb_build_object('no', 1000, 'by', gen_random_uuid(), 'action_id', gen_random_uuid()))).* from events e where case_id = $1 and no = 1`},
		{"events_no_check", `insert into events select (jsonb_populate_record(e, jsonb_build_object('no', 0, 'action_id', gen_random_uuid()))).* from events e where case_id = $1 and no = 1`},
		{"events_kind_check", `insert into events select (jsonb_populate_record(e, jsonb_build_object('no', 1000, 'kind', '', 'action_id', gen_random_uuid()))).* from events e where case_id = $1 and no = 1`},
		{"events_hash_check", `insert into events select (jsonb_populate_record(e, jsonb_build_object('no', 1000, 'hash', 'x', 'action_id', gen_random_uuid()))).* from events e where case_id = $1 and no = 1`},

		{"consultations_call_back", `insert into consultations select (jsonb_populate_record(c, jsonb_build_object('event_no', 1, 'outcome', 'call_back'))).* from consultations c where case_id = $1`},
		{"consultations_mode_check", `insert into consultations select (jsonb_populate_record(c, jsonb_build_object('event_no', 1, 'mode', 'pigeon'))).* from consultations c where case_id = $1`},
		{"consultations_outcome_check", `insert into consultations select (jsonb_populate_record(c, jsonb_build_object('event_no', 1, 'outcome', 'none'))).* from consultations c where case_id = $1`},
		{"consultations_wish_check", `insert into consultations select (jsonb_populate_record(c, jsonb_build_object('event_no', 1, 'wish', 'none'))).* from consultations c where case_id = $1`},
		{"consultations_case_id_event_no_fkey", `insert into consultations select (jsonb_populate_record(c, jsonb_build_object('event_no', 1000))).* from consultations c where case_id = $1`},
		{"contact_views_case_id_event_no_fkey", `insert into contact_views select $1, 1000, id, '2026-04-20' from people limit 1`},

		{"tasks_one_open", `insert into tasks (case_id, stage, role, due, opened_at) values ($1, 'dispatch', 'liaison', '2026-05-01', '2026-04-20')`},
		{"tasks_claim", `update tasks set claimed_by = (select id from people limit 1) where case_id = $1 and closed_at is null`},
		{"tasks_named", `update tasks set claimed_by = person, claimed_at = '2026-04-20' where case_id = $1 and person is not null`},
		{"tasks_division_fkey", `update tasks set division = 'none' where case_id = $1`},

		{"drafts_pkey", `insert into drafts select * from drafts where case_id = $1`},
		{"drafts_openness_check", `insert into drafts select (jsonb_populate_record(d, '{"version": 9, "openness": "half"}')).* from drafts d where case_id = $1`},
		{"drafts_sha256_check", `insert into drafts select (jsonb_populate_record(d, '{"version": 9, "sha256": "x"}')).* from drafts d where case_id = $1`},
		{"drafts_version_check", `insert into drafts select (jsonb_populate_record(d, '{"version": 0}')).* from drafts d where case_id = $1`},

		{"document_numbers_case", `insert into document_numbers values ('沈民函', 2026, 2, $1, false, '2026-04-20')`},
		{"document_numbers_gapless", `insert into document_numbers select '沈民函', 2026, 3, id, false, '2026-04-20' from cases where id <> $1`},
		{"document_numbers_gapless", `insert into document_numbers select '沈民函', 2026, 1, id, false, '2026-04-20' from cases where id <> $1`},
		{"document_numbers_pkey", `insert into document_numbers select '沈民函', 2026, 1, id, true, '2026-04-20' from cases where id <> $1`},
		{"number_series_pkey", `insert into number_series select '沈民函', 2026 where $1::text is not null`},
		{"publications_order", publish("'2026-04-19'", "sha256")},
		{"publications_case_id_version_sha256_fkey", publish("'2026-04-20'", "repeat('a', 64)")},

		{"people_roles", `update people set roles = '{king}' where $1::text is not null`},
		{"people_login_key", `insert into people (id, login, name) select gen_random_uuid(), login, name from people where $1::text is not null`},
		{"people_login_check", `update people set login = upper(login) where $1::text is not null`},
		{"people_division_fkey", `update people set division = 'none' where $1::text is not null`},
		{"divisions_pkey", `insert into divisions select * from divisions where $1::text is not null`},
		{"api_tokens_lifetime", `insert into api_tokens select gen_random_uuid(), sha256($1::text::bytea), id, 'x', '2026-04-20', '2026-04-20' from people limit 1`},
		{"api_tokens_sha256_check", `insert into api_tokens select gen_random_uuid(), $1::text::bytea, id, 'x', '2026-04-20', '2026-04-21' from people limit 1`},
	} {
		_, err := w.sql.Exec(t.Context(), c.statement, id)
		if err == nil {
			t.Errorf("%s does not hold against: %s", c.constraint, c.statement)
			continue
		}
		violates(t, err, c.constraint)
	}
}

// publish is a publication of the case's draft with one thing changed.
func publish(on, sha256 string) string {
	return `insert into publications
		select case_id, version, ` + sha256 + `, 'title', 'subject', 'session', 'number', 'noun', 'document', 'deputy', '{}', body,
			'agency', 'division', contact_name, contact_phone, '2026-04-20', ` + on + `, '2026-04-20'
		from drafts where case_id = $1`
}

// What happened, was written, issued or seen is neither changed nor removed.
func TestAppendOnly(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Closed)
	_, err := w.ViewContact(t.Context(), id, w.ID(proposal.Liaison))
	check(t, err)
	for _, table := range []string{"events", "drafts", "consultations", "contact_views", "document_numbers"} {
		for _, statement := range []string{
			"update " + table + " set case_id = case_id",
			"delete from " + table,
			"truncate " + table + " cascade",
		} {
			_, err := w.sql.Exec(t.Context(), statement)
			violates(t, err, "23001") // restrict_violation
		}
	}
}

// Servers that start together all come up, on one schema.
func TestMigrateTogether(t *testing.T) {
	server := testkit.Postgres(t)
	check(t, server.Exec(t.Context(), "create database migrate_together"))
	dsn := server.DSN("migrate_together")
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := store.Migrate(t.Context(), dsn); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	check(t, store.Migrate(t.Context(), dsn))
}
