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
	// Every column but the generated ones, as they are copied.
	var columns string
	check(t, w.sql.QueryRow(t.Context(), `
		select string_agg(column_name, ', ') from information_schema.columns
		where table_name = 'cases' and is_generated = 'NEVER' and column_name <> 'id'`).Scan(&columns))
	twin := `insert into cases (id, ` + columns + `) select gen_random_uuid(), ` + columns + ` from cases where id = $1`
	for _, c := range []struct{ constraint, statement string }{
		{"cases_natural_key", twin},
		{"cases_pkey", `insert into cases (id, ` + columns + `) select id, ` + columns + ` from cases where id = $1`},
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
		{"cases_title", `update cases set title = '' where id = $1`},
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

		{"tasks_one_open", `insert into tasks (case_id, ask, role, due, opened_at) values ($1, 'dispatch', 'liaison', '2026-05-01', '2026-04-20')`},
		{"tasks_claim", `update tasks set claimed_by = (select id from people limit 1) where case_id = $1 and closed_at is null`},
		{"tasks_named", `update tasks set claimed_by = person, claimed_at = '2026-04-20' where case_id = $1 and person is not null`},
		{"tasks_division_fkey", `update tasks set division = 'none' where case_id = $1`},

		{"drafts_pkey", `insert into drafts select * from drafts where case_id = $1`},
		{"drafts_openness_check", `insert into drafts select (jsonb_populate_record(d, '{"version": 9, "openness": "half"}')).* from drafts d where case_id = $1`},
		{"drafts_sha256_check", `insert into drafts select (jsonb_populate_record(d, '{"version": 9, "sha256": "x"}')).* from drafts d where case_id = $1`},
		{"drafts_version_check", `insert into drafts select (jsonb_populate_record(d, '{"version": 0}')).* from drafts d where case_id = $1`},

		{"document_numbers_gapless", `insert into document_numbers select '沈民函', 2026, 3, id, false, '2026-04-20' from cases where id <> $1`},
		{"document_numbers_gapless", `insert into document_numbers select '沈民函', 2026, 1, id, false, '2026-04-20' from cases where id <> $1`},
		{"document_numbers_taken", `insert into document_numbers select '沈民函', 2026, 1, id, true, '2026-04-20' from cases where id <> $1`},
		{"number_series_pkey", `insert into number_series select '沈民函', 2026 where $1::text is not null`},
		{"publications_order", publish("'2026-04-19'", "sha256")},
		{"publications_case_id_version_sha256_fkey", publish("'2026-04-20'", "repeat('a', 64)")},

		{"cases_finished", `update cases set finished = true where id = $1`},
		{"cases_reply_due", `update cases set reply_due = null where id = $1`},
		{"cases_round_check", `update cases set round = 0 where id = $1`},
		{"cases_proposer_check", `update cases set described = '{"proposer": "somebody"}' where id = $1`},
		{"cases_merged_with_fkey", `update cases set merged_with = gen_random_uuid() where id = $1`},
		{"428C9", `update cases set open = false where id = $1`}, // it follows from the stage
		{"openness_decisions_redactions", `insert into openness_decisions select (jsonb_populate_record(o, '{"event_no": 1, "openness": "partly_open"}')).* from openness_decisions o where case_id = $1`},
		{"openness_decisions_openness_check", `insert into openness_decisions select (jsonb_populate_record(o, '{"event_no": 1, "openness": "half"}')).* from openness_decisions o where case_id = $1`},
		{"openness_decisions_case_id_version_fkey", `insert into openness_decisions select (jsonb_populate_record(o, '{"event_no": 1, "version": 99}')).* from openness_decisions o where case_id = $1`},
		{"opinions_case_id_event_no_fkey", `insert into opinions select $1, 1000, 'x', 'ask_opinion', 1, '', '', '{}', '', '', '', false, '', id, '2026-04-20' from people limit 1`},
		{"feedback_source_check", feedback("'bureau'", "1")},
		{"feedback_round_check", feedback("'deputy'", "0")},
		{"commitments_text_check", `insert into commitments values ($1, '1.1', 1, '', '2026-12-31')`},
		{"attachments_bytes_check", attachment("0", "''", "scan")},
		{"attachments_size", attachment("5", "'abc'", "scan")},
		{"attachments_kind_check", attachment("3", "'abc'", "secret")},
		{"proxies_dates", proxy("'2026-04-20'", "'2026-04-19'", "liaison", "handler")},
		{"proxies_other", proxy("'2026-04-20'", "'2026-04-20'", "liaison", "liaison")},
		{"notices_kind_check", `insert into notices (case_id, event_no, kind, clock, ref, days, role, at) values ($1, 1, 'song', '', '', 0, 'liaison', '2026-04-20')`},
		{"notices_case_id_event_no_fkey", `insert into notices (case_id, event_no, kind, clock, ref, days, role, at) values ($1, 1000, 'urge', '', '', 0, 'liaison', '2026-04-20')`},
		{"deputy_links_lifetime", `insert into deputy_links select sha256('x'), $1, 1, id, '2026-04-20', '2026-04-20' from people limit 1`},
		{"deputy_links_sha256_check", `insert into deputy_links select 'x', $1, 1, id, '2026-04-20', '2026-04-21' from people limit 1`},
		{"people_deputy", `update people set roles = '{deputy}' where login = 'handler' and $1::text is not null`},
		{"people_deputy", `update people set password_hash = 'x' where login = 'deputy' and $1::text is not null`},

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

// feedback is a rating with one thing wrong.
func feedback(source, round string) string {
	return `insert into feedback select $1, 1, ` + round + `, ` + source + `, 'satisfied', 'satisfied', '', '', id, '2026-04-20' from people limit 1`
}

// attachment is a file with one thing wrong.
func attachment(size, data, kind string) string {
	return `insert into attachments select gen_random_uuid(), $1, repeat('a', 64), 'x', 'x', ` + size + `, ` + data + `, '` + kind + `', id, '2026-04-20' from people limit 1`
}

// proxy is one with one thing wrong.
func proxy(from, to, principal, stand string) string {
	return `insert into proxies select gen_random_uuid(), a.id, b.id, $1, ` + from + `, ` + to + `, 'x', a.id, '2026-04-20'
		from people a, people b where a.login = '` + principal + `' and b.login = '` + stand + `'`
}

// publish is a publication of the case's draft with one thing changed.
func publish(on, sha256 string) string {
	return `insert into publications (case_id, version, sha256, title, subject, session_name, number_name, noun, document_number,
			lead_deputy, co_signers, body, agency, division, contact_name, contact_phone, signed_on, published_on, published_at)
		select case_id, version, ` + sha256 + `, 'title', 'subject', 'session', 'number', 'noun', 'document', 'deputy', '{}', body,
			'agency', 'division', contact_name, contact_phone, '2026-04-20', ` + on + `, '2026-04-20'
		from drafts where case_id = $1`
}

// What happened, was written, issued or seen is neither changed nor removed.
func TestAppendOnly(t *testing.T) {
	w := newWorld(t)
	id := w.coHandled(t, proposal.Closing)
	_, err := w.ViewContact(t.Context(), id, w.ID(proposal.Liaison))
	check(t, err)
	_, err = w.SaveAttachment(t.Context(), w.ID(proposal.Liaison), id, newID(), store.AttachmentInfo{Kind: store.OtherFile, Name: "x", MediaType: "x"}, []byte("x"))
	check(t, err)
	w.do(t, id, w.Action(proposal.TakeDown, proposal.Publisher, &proposal.Takedown{Reason: "含个人信息。"}))
	_, err = w.sql.Exec(t.Context(), `insert into commitments values ($1, '1.1', 1, 'x', '2026-12-31')`, id)
	check(t, err)
	for _, table := range []string{
		"events", "drafts", "consultations", "contact_views", "document_numbers", "openness_decisions", "publications",
		"publication_takedowns", "opinions", "attachments", "feedback", "commitments",
	} {
		if n := w.count(t, "select count(*) from "+table); n == 0 {
			t.Errorf("%s is empty: nothing is tried on it", table)
		}
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
