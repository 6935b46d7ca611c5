package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// RowBreak is a row that is not as the events say, or not there, or there without an event.
type RowBreak struct {
	Table  string
	CaseID string // "" for people, divisions and covers
	Key    string // the number of the event, or how else the table names its rows
	Reason RowReason
}

// RowReason says what is wrong with a row.
type RowReason string

const (
	RowChanged RowReason = "changed" // it says something else than its event
	RowMissing RowReason = "missing" // its event is there, and it is not
	RowAdded   RowReason = "added"   // no event made it
)

// held is a table whose rows say what stands in events, under their hashes: want is what the events say, got what the rows say, each as
// case_id, key, content.
type held struct{ table, want, got string }

// byEvent is a table with a row for each event of some kinds; said and kept are the same values, in the event and in the row.
func byEvent(table, kinds, said, kept string) held {
	return held{
		table,
		`select e.case_id, e.no::text as key, jsonb_build_array(e.by, e.at, ` + said + `) as content from events e where e.kind in (` + kinds + `)`,
		`select t.case_id, t.event_no::text as key, jsonb_build_array(t.by, t.at, ` + kept + `) as content from ` + table + ` t`,
	}
}

// word is a text of an event's input, which leaves out empty ones.
func word(name string) string { return `coalesce(e.input ->> '` + name + `', '')` }

// list is a list of an event's input.
func list(name string) string { return `coalesce(e.input -> '` + name + `', '[]')::jsonb` }

// ofState is a column that a row of an event has from how the case stood after it, where that is kept.
func ofState(table, column, said string) held {
	return held{
		table,
		`select t.case_id, t.event_no::text as key, to_jsonb((` + said + `)) as content from ` + table + ` t join case_states k using (case_id, event_no)`,
		`select t.case_id, t.event_no::text as key, to_jsonb(t.` + column + `) as content from ` + table + ` t join case_states k using (case_id, event_no)`,
	}
}

const round = `greatest(1, coalesce((k.state ->> 'round')::int, 0))`

// strand is which of the strands of a kind the event was about: the one that was acted on last.
func strand(kind string) string {
	return `select r ->> 'ref' from jsonb_array_elements(k.state -> 'strands') r where r ->> 'kind' = '` + kind + `' and r -> 'last' -> 'seq' = k.state -> 'seq'`
}

// staffRow compares a row of the bureau itself with the last change that is told of it; a column that came later is not told of yet.
func staffRow(table, about, key string) held {
	return held{
		table,
		`select null::uuid as case_id, e.subject as key, 'true'::jsonb as content from (
			select distinct subject from staff_events where about = '` + about + `' and subject <> '` + string(DeputyAccount) + `') e`,
		`select null::uuid as case_id, t.` + key + `::text as key, to_jsonb(not exists (
				select from jsonb_each(case jsonb_typeof(e.now) when 'object' then e.now end) said where said.value is distinct from to_jsonb(t) -> said.key)) as content
			from ` + table + ` t left join lateral (
				select now from staff_events where about = '` + about + `' and subject = t.` + key + `::text order by id desc limit 1) e on true
			where t.` + key + `::text <> '` + string(DeputyAccount) + `'`,
	}
}

// blackened is what a published text must be, made again from the version that it is of; where a fact was corrected, from the edition
// before.
const blackened = `
	select p.case_id, p.edition::text as key, case
			when exists (select from events e where e.case_id = p.case_id and e.at = p.published_at and e.kind = 'amend')
			then jsonb_build_array(black_out(o.body, p.redactions), o.contact_name, o.contact_phone, true, true)
			else jsonb_build_array(black_out(d.body, p.redactions), black_out(d.contact_name, p.redactions), black_out(d.contact_phone, p.redactions), true, true)
		end as content
	from publications p
	left join drafts d using (case_id, version, sha256)
	left join publications o on o.case_id = p.case_id and o.edition = p.edition - 1`

// pages are the editions of which the event that put them there tells what they say.
const pages = `
	from publications p join events e on e.case_id = p.case_id and e.at = p.published_at and e.input -> 'kept' -> 'page' is not null`

// pageSaid is what such an edition must say, but for its text: as its event tells, or where a fact was corrected as the edition before said of the reply.
// The division has the name of the day on which it was signed; what is blacked out is everything that ever was in this version.
const pageSaid = `
	select p.case_id, p.edition::text as key, jsonb_build_array(
		(select count(*) from publications q where q.case_id = p.case_id and q.published_at <= p.published_at),
		coalesce((r ->> 'version')::int, o.version), coalesce(r ->> 'sha256', o.sha256), coalesce((r ->> 'round')::int, o.round),
		coalesce(r ->> 'document_number', o.document_number), coalesce(r ->> 'agency', o.agency), coalesce((r ->> 'signed_on')::date, o.signed_on),
		coalesce((r ->> 'published_on')::date, o.published_on),
		case when r is null then o.division else coalesce((
			select s.now ->> 'name' from staff_events s
			cross join lateral (select least(((r ->> 'signed_on')::date + 1)::timestamp at time zone 'Asia/Shanghai', p.published_at) as named_by) d
			where s.about = 'division' and s.subject = r ->> 'division'
			order by s.at < d.named_by desc, case when s.at < d.named_by then s.id else -s.id end desc limit 1), '') end,
		black_out(case when r is null then o.note else coalesce(e.input ->> 'note', '') end, p.redactions),
		black_out(g ->> 'title', p.redactions), black_out(g ->> 'subject', p.redactions), g ->> 'session_name', g ->> 'number_name', g ->> 'noun',
		black_out(g ->> 'lead_deputy', p.redactions),
		array(select black_out(name, p.redactions) from jsonb_array_elements_text(g -> 'co_signers') with ordinality c (name, no) order by no),
		array(select word collate "C" as word from unnest(case
			when r is null then o.redactions || array(
				select name from jsonb_array_elements_text((g -> 'lead_deputy') || (g -> 'co_signers')) name
				where not g -> 'was' ? name and exists (select from jsonb_array_elements_text(g -> 'was') old where black_out(old, o.redactions) <> old))
			else array(
				select jsonb_array_elements_text(case json_typeof(e.input -> 'redactions') when 'array' then (e.input -> 'redactions')::jsonb else '[]' end)
				union select unnest(q.redactions) from publications q where q.case_id = p.case_id and q.version = p.version and q.edition < p.edition
				union select unnest(d.redactions) from openness_decisions d where d.case_id = p.case_id and d.event_no = (
					select max(event_no) from openness_decisions where case_id = p.case_id and version = p.version and event_no < e.no))
			end) word order by word)) as content
	` + pages + `
	cross join lateral (select (e.input -> 'kept' -> 'page')::jsonb as g, (e.input -> 'kept' -> 'page' -> 'reply')::jsonb as r) told
	left join publications o on o.case_id = p.case_id and o.edition = p.edition - 1`

// heldRows are the tables that VerifyRows looks at.
var heldRows = []held{
	{ // not what events say, but what is counted of the rows that are held to them
		"case_facts",
		`select case_id, '' as key, to_jsonb(n) as content from reckoned_facts n`,
		`select case_id, '' as key, to_jsonb(f) as content from case_facts f`,
	},
	{
		"consultations",
		`select e.case_id, e.no::text as key, jsonb_build_array(e.by, ` + word("mode") + `, ` + word("outcome") + `, ` + word("spoke_with") + `,
			` + word("words") + `, ` + word("wish") + `, ` + list("points") + `, ` + list("checks") + `, coalesce((e.input ->> 'seconds')::int, 0),
			coalesce((e.input ->> 'at')::timestamptz, e.at), (e.input ->> 'call_back_at')::timestamptz, ` + word("met_by") + `) as content from events e where e.kind = 'contact'`,
		`select case_id, event_no::text as key, jsonb_build_array(by, mode, outcome, spoke_with, words, wish, to_jsonb(points), checks, seconds,
			held_at, call_back_at, met_by) as content from consultations`,
	},
	byEvent("contact_corrections", `'correct_contact'`,
		`(e.input ->> 'talk')::int, `+word("outcome")+`, `+word("mode")+`, (e.input ->> 'at')::timestamptz, `+word("spoke_with")+`,
			(e.input ->> 'call_back_at')::timestamptz, `+word("words")+`, `+word("reason")+`, `+word("met_by"),
		`t.talk, t.outcome, t.mode, t.held_at, t.spoke_with, t.call_back_at, t.words, t.reason, t.met_by`),
	byEvent("openness_decisions", `'decide_openness', 'reexamine'`,
		word("openness")+`, `+word("ground")+`, `+word("reason")+`, case when e.input ->> 'openness' = 'partly_open' then `+list("redactions")+` else '[]' end`,
		`t.openness, t.ground, t.reason, to_jsonb(t.redactions)`),
	byEvent("opinions", `'ask_opinion', 'write_opinion', 'approve_opinion', 'send_back_opinion', 'redo_opinion', 'waive_opinion', 'cancel_opinion'`,
		`e.kind, case when e.kind = 'ask_opinion' then `+word("unit")+` else '' end, case when e.kind = 'ask_opinion' then `+word("question")+` else '' end,
			case when e.kind = 'ask_opinion' then `+list("points")+` else '[]' end, case when e.kind = 'write_opinion' then `+word("text")+` else '' end,
			`+word("figures")+`, `+word("contact")+`, coalesce((e.input ->> 'publish')::boolean, false), coalesce(e.input ->> 'reason', e.input ->> 'comment', '')`,
		`t.kind, t.unit, t.question, to_jsonb(t.points), t.text, t.figures, t.contact, t.may_publish, t.reason`),
	byEvent("feedback", `'record_feedback', 'correct_rating'`,
		word("source")+`, `+word("attitude")+`, `+word("result")+`, `+word("words")+`, `+word("scan"),
		`t.source, t.attitude, t.result, t.words, t.scan`),
	byEvent("co_signer_ratings", `'rate_as_co_signer'`,
		word("co_signer")+`, `+word("source")+`, `+word("attitude")+`, `+word("result")+`, `+word("words")+`, `+word("scan")+`, `+word("reason"),
		`t.co_signer, t.source, t.attitude, t.result, t.words, t.scan, t.reason`),
	byEvent("amendments", `'amend'`, word("fact")+`, `+word("reason")+`, `+word("source"), `t.fact, t.reason, t.source`),
	byEvent("notes", `'note'`, word("text")+`, `+list("mentions"), `t.text, to_jsonb(t.mentions)`),
	byEvent("draft_comments", `'comment'`,
		`e.action_id, (e.input ->> 'version')::int, (e.input ->> 'paragraph')::int, (e.input ->> 'from')::int, `+word("quote")+`, `+word("text"),
		`t.id, t.version, t.paragraph, t.from_rune, t.quote, t.text`),
	byEvent("draft_comment_answers", `'answer_comment', 'settle_comment'`,
		`e.action_id, `+word("comment")+`, `+word("text")+`, e.kind = 'settle_comment'`, `t.id, t.comment::text, t.text, t.settles`),
	byEvent("figures", `'figure'`, `e.action_id, `+word("words")+`, `+word("source")+`, `+word("url"), `t.id, t.words, t.source, t.url`),
	{ // An event tells the number that it gave since it is told there; of one before, that it gave one.
		"document_numbers",
		`select e.case_id, e.at::text as key, case when e.input -> 'kept' -> 'given' is null then jsonb_build_array(n.series, n.year, n.serial, n.round, n.typed)
			else jsonb_build_array(e.input -> 'kept' -> 'given' ->> 'series', (e.input -> 'kept' -> 'given' ->> 'year')::int, (e.input -> 'kept' -> 'given' ->> 'serial')::int,
				(e.input -> 'kept' -> 'given' ->> 'round')::int, (e.input -> 'kept' -> 'given' ->> 'typed')::boolean) end as content
		from events e left join document_numbers n on n.case_id = e.case_id and n.issued_at = e.at
		where e.kind in ('assign_number', 'register', 'amend') and (e.input -> 'kept' -> 'given' is not null or n.case_id is not null)`,
		`select case_id, issued_at::text as key, jsonb_build_array(series, year, serial, round, typed) as content from document_numbers`,
	},
	{ // a number that the case had before the event and not after it, and that no letter bore
		"voided_numbers",
		`select k.case_id, k.event_no::text as key, jsonb_build_array(e.by, e.at, was -> 'number' ->> 'series', (was -> 'number' ->> 'year')::int, (was -> 'number' ->> 'serial')::int) as content
		from (select case_id, event_no, state, lag(state) over (partition by case_id order by event_no) as was from case_states) k
		join events e on e.case_id = k.case_id and e.no = k.event_no
		where was -> 'number' is distinct from k.state -> 'number' and (was -> 'number' ->> 'serial')::int > 0 and (was ? 'archive' or not was ? 'dispatched_on')`,
		`select case_id, event_no::text as key, jsonb_build_array(by, at, series, year, serial) as content from voided_numbers`,
	},
	{ // both cases tell of a link; its id is that of the action, which stands with the first of them
		"case_links",
		`select e.case_id, e.action_id::text as key, jsonb_build_array(e.input ->> 'with', e.input ->> 'kind', e.by, e.at, u.by, u.at) as content
		from events e left join lateral (
			select by, at from events where case_id = e.case_id and no > e.no and kind = 'unlink' and input ->> 'with' = e.input ->> 'with' order by no limit 1) u on true
		where e.kind = 'link' and e.case_id < (e.input ->> 'with')::uuid`,
		`select case_a as case_id, id::text as key, jsonb_build_array(case_b, kind, made_by, made_at, ended_by, ended_at) as content from case_links`,
	},
	{ // a promise is of the reply that its event sent
		"commitments",
		`select case_id, ref as key, 'true'::jsonb as content from commitments`,
		`select c.case_id, c.ref as key, to_jsonb(exists (
			select from events e join drafts d using (case_id)
			where e.case_id = c.case_id and e.no = c.event_no and e.kind = 'dispatch' and
				d.commitments::jsonb -> (substring(c.ref from '[0-9]+$')::int - 1) @> jsonb_build_object('text', c.text, 'due_on', c.due_on))) as content
		from commitments c`,
	},
	{
		"contact_views",
		`select case_id, no::text as key, jsonb_build_array(by, at) as content from events where kind = 'view_contact'`,
		`select case_id, event_no::text as key, jsonb_build_array(person, at) as content from contact_views`,
	},
	{
		"attachments",
		`select case_id, action_id::text as key, jsonb_build_array(by, at, e.input ->> 'kind', e.input ->> 'name', e.input ->> 'media_type',
			(e.input ->> 'bytes')::int, e.input ->> 'sha256', e.input ->> 'sha256') as content from events e where kind = 'attach'`,
		`select case_id, id::text as key, jsonb_build_array(uploaded_by, uploaded_at, kind, name, media_type, bytes, sha256,
			encode(sha256(data), 'hex')) as content from attachments`,
	},
	{
		"prints",
		`select distinct e.case_id, e.input ->> 'print' as key, jsonb_build_array(e.input ->> 'seal', (e.input -> 'sha256')::jsonb) as content
		from events e where kind = 'seal'`,
		`select case_id, id::text as key, jsonb_build_array(seal,
			(select jsonb_agg(encode(sha256(file), 'hex') order by no) from unnest(docx) with ordinality f (file, no))) as content
		from prints where seal <> 'none'`,
	},
	{
		"seals",
		`select null::uuid as case_id, (row_number() over (order by id))::text as key,
			jsonb_build_array(by, now ->> 'name', (now ->> 'diameter')::int, now ->> 'sha256', coalesce((now ->> 'ended')::boolean, false)) as content
		from staff_events where about = 'seal' and now -> 'looked' is null`,
		`select null::uuid as case_id, (row_number() over (order by no))::text as key,
			jsonb_build_array(by, name, diameter, coalesce(encode(sha256(picture), 'hex'), sha256), picture is null) as content from seals`,
	},
	{
		"publication_takedowns",
		`select e.case_id, e.no::text as key, jsonb_build_array(by, at, e.input ->> 'reason') as content from events e
		where kind = 'take_down' or kind = 'ask_secrecy' and exists (select from publication_takedowns t where t.case_id = e.case_id and t.event_no = e.no)`,
		`select case_id, event_no::text as key, jsonb_build_array(by, at, reason) as content from publication_takedowns`,
	},
	{ // it took off the newest of that moment
		"publication_takedowns",
		`select t.case_id, t.event_no::text as key, to_jsonb((select max(edition) from publications p where p.case_id = t.case_id and p.published_at <= t.at)) as content
		from publication_takedowns t`,
		`select case_id, event_no::text as key, to_jsonb(edition) as content from publication_takedowns`,
	},
	// Of an edition: the text, made again; that an event published it; that it blacks out what was decided for its version.
	{
		"publications",
		blackened,
		`select p.case_id, p.edition::text as key, jsonb_build_array(p.body, p.contact_name, p.contact_phone,
			exists (select from events e where e.case_id = p.case_id and e.at = p.published_at and e.kind in ('publish', 'correct_publication', 'amend')),
			p.redactions @> coalesce((select o.redactions from openness_decisions o
				where o.case_id = p.case_id and o.version = p.version order by o.event_no desc limit 1), '{}')) as content
		from publications p`,
	},
	{
		"publications",
		pageSaid,
		`select p.case_id, p.edition::text as key, jsonb_build_array(p.edition, p.version, p.sha256, p.round, p.document_number, p.agency, p.signed_on, p.published_on,
			p.division, p.note, p.title, p.subject, p.session_name, p.number_name, p.noun, p.lead_deputy, p.co_signers,
			array(select word collate "C" as word from unnest(p.redactions) word order by word)) as content ` + pages,
	},
	{ // and each such event left an edition; where a fact was corrected, if there was one on the public site
		"publications",
		`select e.case_id, e.at::text as key, 'true'::jsonb as content from events e
		left join lateral (select edition from publications where case_id = e.case_id and published_at < e.at order by edition desc limit 1) p on true
		where e.kind in ('publish', 'correct_publication') or e.kind = 'amend' and e.input -> 'kept' -> 'page' is not null and p.edition is not null
			and not exists (select from publication_takedowns t where t.case_id = e.case_id and t.edition = p.edition and t.event_no < e.no)`,
		`select e.case_id, e.at::text as key, 'true'::jsonb as content from events e join publications p on p.case_id = e.case_id and p.published_at = e.at
		where e.kind in ('publish', 'correct_publication') or e.kind = 'amend' and e.input -> 'kept' -> 'page' is not null`,
	},
	// What the rules say of a step, how the case stood after it says too.
	ofState("openness_decisions", "version", `(k.state ->> 'draft')::int`),
	ofState("co_signer_ratings", "round", round),
	ofState("feedback", "round", `(`+strand("feedback")+`)::int`),
	ofState("opinions", "round", round),
	ofState("opinions", "ref", strand("opinion")),
	{ // every edition of what the bureau says of itself is a change that is told
		"bureaus",
		`select null::uuid as case_id, (row_number() over (order by id))::text as key, jsonb_build_array(by, true) as content
		from staff_events where about = 'bureau'`,
		`select null::uuid as case_id, b.place::text as key, jsonb_build_array(b.by, not exists (
				select from jsonb_each(case jsonb_typeof(e.now) when 'object' then e.now end) said where said.value is distinct from b.row -> said.key)) as content
			from (select row_number() over (order by no) as place, by, to_jsonb(t) as row from bureaus t) b
			left join (select row_number() over (order by id) as place, now from staff_events where about = 'bureau') e using (place)`,
	},
	staffRow("people", "person", "id"),
	staffRow("proxies", "cover", "id"),
	staffRow("api_tokens", "token", "id"),
	staffRow("divisions", "division", "code"),
	staffRow("rule_packs", "rules", "id"),
	staffRow("rule_withdrawals", "rules_withdrawn", "pack"),
	staffRow("wordings", "wording", "key"),
	staffRow("directory_entries", "directory", "id"),
}

// VerifyRows holds the rows of the tables that are read every day against the events that made them: VerifyChain says that the events
// are sound, this that nobody changed, took away or added what is shown.
func (s *Store) VerifyRows(ctx context.Context) (breaks []RowBreak, err error) {
	for _, h := range heldRows {
		rows, err := s.pool.Query(ctx, `
			select $1, coalesce(w.case_id, g.case_id)::text, coalesce(w.key, g.key, ''),
				case when g.key is null then 'missing' when w.key is null then 'added' else 'changed' end
			from (`+h.want+`) w full join (`+h.got+`) g
				on coalesce(g.case_id::text, '') = coalesce(w.case_id::text, '') and g.key = w.key
			where w.content is distinct from g.content
			order by 2, 3`, h.table)
		if err != nil {
			return nil, edge(err)
		}
		found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (b RowBreak, err error) {
			var caseID *string
			if err = row.Scan(&b.Table, &caseID, &b.Key, &b.Reason); caseID != nil {
				b.CaseID = *caseID
			}
			return b, err
		})
		if err != nil {
			return nil, edge(fmt.Errorf("verify %s: %w", h.table, err))
		}
		breaks = append(breaks, found...)
	}
	for _, verify := range []func(context.Context) ([]RowBreak, error){s.verifyRegister, s.verifyStates, s.verifyDrafts} {
		found, err := verify(ctx)
		if err != nil {
			return nil, err
		}
		breaks = append(breaks, found...)
	}
	return breaks, nil
}

// verifyDrafts takes the hash of every version again, and holds it against the event that saved it, or that put an edited text in the
// place of the one in review.
func (s *Store) verifyDrafts(ctx context.Context) (breaks []RowBreak, err error) {
	rows, err := s.pool.Query(ctx, `
		with saved as (
			select case_id, (input ->> 'version')::int as version, input ->> 'sha256' as sha256, by, at from events where kind = 'save_draft')
		select coalesce(d.case_id, s.case_id)::text, coalesce(d.version, s.version), d.case_id is null,
			coalesce(case when s.case_id is not null then (s.sha256, s.by, s.at) = (d.sha256, d.saved_by, d.saved_at) else (
				select e.input -> 'edited' ->> 'body' = d.body from events e
				where e.case_id = d.case_id and e.at = d.saved_at and e.by = d.saved_by and e.input ->> 'edited' is not null) end, false),
			coalesce(d.body, ''), coalesce(d.contact_name, ''), coalesce(d.contact_phone, ''), coalesce(d.answers, 'null'), coalesce(d.class, ''),
			coalesce(d.commitments, 'null'), coalesce(d.openness, ''), coalesce(d.ground, ''), coalesce(d.reason, ''), coalesce(d.sha256, '')
		from drafts d full join saved s on s.case_id = d.case_id and s.version = d.version
		order by 1, 2`)
	if err != nil {
		return nil, edge(err)
	}
	var caseID, hash string
	var version int
	var missing, told bool
	var d proposal.Draft
	var answers, commitments []byte
	_, err = pgx.ForEachRow(rows, []any{
		&caseID, &version, &missing, &told, &d.Body, &d.ContactName, &d.ContactPhone, &answers, &d.Class, &commitments, &d.Openness, &d.Ground,
		&d.Reason, &hash,
	}, func() error {
		d.Answers, d.Commitments = nil, nil
		if json.Unmarshal(answers, &d.Answers) != nil || json.Unmarshal(commitments, &d.Commitments) != nil {
			hash = "" // no version was ever like this
		}
		if reason := wrongDraft(d, hash, missing, told); reason != "" {
			breaks = append(breaks, RowBreak{Table: "drafts", CaseID: caseID, Key: fmt.Sprint(version), Reason: reason})
		}
		return nil
	})
	return breaks, edge(err)
}

// wrongDraft says what is wrong with a version that an event told, or did not; "" for nothing.
func wrongDraft(d proposal.Draft, hash string, missing, told bool) RowReason {
	switch {
	case missing:
		return RowMissing
	case d.SHA256() != hash:
		return RowChanged
	case !told:
		return RowAdded
	}
	return ""
}
