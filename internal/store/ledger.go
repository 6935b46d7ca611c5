package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/jackc/pgx/v5"
)

var _ ledger.Ledger = (*Store)(nil)

// SaveAction implements ledger.Ledger.
func (s *Store) SaveAction(ctx context.Context, caseID string, a proposal.Action) error {
	id, err := parseID(caseID)
	if err != nil {
		return err
	}
	parse := parseActionID
	if a.Kind.BySystem() {
		parse = parseID
	}
	if a.ID, err = parse(a.ID); err != nil {
		return err
	}
	body, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("encode action: %w", err)
	}
	by, _ := parseID(a.By) // somebody who cannot exist is refused when the action is applied
	saved, err := s.pool.Exec(ctx, `
		insert into actions (id, case_id, by, kind, body, saved_at) values ($1, $2, $3, $4, $5, $6)
		on conflict (id) do update set kind = excluded.kind, body = excluded.body, findings = null, saved_at = excluded.saved_at
		where actions.case_id = excluded.case_id and actions.by is not distinct from excluded.by
			and not exists (select 1 from events where action_id = actions.id)`,
		a.ID, id, orNull(by), a.Kind, body, s.Now().UTC())
	if err != nil || saved.RowsAffected() == 1 {
		return edge(err)
	}
	return s.SentBefore(ctx, id, a)
}

// SentBefore refuses an id under which something else was sent: by somebody else, to another case, or with other words. Who typed
// the new words must not read that they were kept.
func (s *Store) SentBefore(ctx context.Context, caseID string, a proposal.Action) error {
	by, _ := parseID(a.By)
	input, err := json.Marshal(a.Input)
	if err != nil {
		return fmt.Errorf("encode input: %w", err)
	}
	var ours, same bool
	var said *string
	err = s.pool.QueryRow(ctx, `
		select a.case_id = $2 and a.by is not distinct from $3, coalesce(e.kind = $4 and coalesce(e.acted_for::text, '') = $5, true), e.input::text
		from actions a left join events e on e.action_id = a.id where a.id = $1`,
		a.ID, caseID, orNull(by), a.Kind, strings.ToLower(string(a.For))).Scan(&ours, &same, &said)
	switch {
	case err != nil:
		return edge(err)
	case !ours:
		return invalid("id", proposal.FieldMalformed)
	case !(same && (said == nil || saidBy(*said) == string(input))) && !a.Kind.BySystem():
		return &proposal.Refusal{Code: proposal.SentOtherwise}
	}
	return nil
}

// Outcome is what was stored when the action was applied to the case; ok is false if it was not.
func (s *Store) Outcome(ctx context.Context, caseID, actionID string) (o ledger.Outcome, ok bool, err error) {
	err = s.pool.QueryRow(ctx, `select outcome from events where case_id = $1 and action_id = $2`, caseID, actionID).Scan(&o)
	if err := optional(err); err != nil {
		return ledger.Outcome{}, false, edge(err)
	}
	return o, err == nil, nil
}

// Findings are those for which an action was refused last.
func (s *Store) Findings(ctx context.Context, actionID string) (findings []proposal.Finding, err error) {
	err = s.pool.QueryRow(ctx, `select findings from actions where id = $1`, actionID).Scan(&findings)
	return findings, edge(err)
}

// Applied returns those of the action ids that stand in the record.
func (s *Store) Applied(ctx context.Context, actionIDs []string) ([]string, error) {
	rows, err := s.pool.Query(ctx, `select action_id::text from events where action_id = any($1)`, actionIDs)
	if err != nil {
		return nil, edge(err)
	}
	applied, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return applied, edge(err)
}

// WithCase implements ledger.Ledger. When Postgres cannot be reached, or takes nothing until an administrator has acted, it
// returns a plain error, not a refusal: only trying again tells whether the transaction was committed, and the engine would
// keep a refusal as the answer to the action for ever.
//
// It costs two round trips: one begins, locks and reads; the other writes and commits. What Save queues is therefore sent
// after fn has returned.
func (s *Store) WithCase(ctx context.Context, caseID, actionID string, fn func(ledger.LockedCase) error) error {
	id, err := parseID(caseID)
	if err != nil {
		return err
	}
	if actionID, err = parseID(actionID); err != nil {
		return err
	}
	err = s.locked(ctx, id, actionID, "", func(l *lockedCase) error {
		if l.action.Kind == "" {
			return errNotFound
		}
		return fn(l)
	})
	if unreachable(err) || causeOf(err) != "" {
		return fmt.Errorf("store: %w", err)
	}
	return edge(err)
}

// State implements ledger.LockedCase.
func (l *lockedCase) State() proposal.State { return l.state }

// Action implements ledger.LockedCase.
func (l *lockedCase) Action() proposal.Action { return l.action }

// Key implements ledger.LockedCase.
func (l *lockedCase) Key() assembly.RegisterKey {
	if r, ok := l.action.Input.(*proposal.Registration); ok {
		return r.RegisterKey.Canonical()
	}
	return l.key
}

// Done implements ledger.LockedCase.
func (l *lockedCase) Done() *ledger.Outcome { return l.done }

// Facts implements ledger.LockedCase. Bureau, actor, claims, points, proposers and the draft in review came with the lock; a round
// trip is made only for an action that names something.
func (l *lockedCase) Facts(ctx context.Context) (proposal.Facts, error) {
	facts := proposal.Facts{
		Actor: l.actor, Claims: map[proposal.TaskKey]proposal.PersonID{}, Points: l.points, Proposers: l.proposers, Case: l.id,
		Draft: l.inReview.Draft, Bureau: l.bureau, Staff: l.staff, Second: l.second,
	}
	if !l.action.Kind.BySystem() && l.actor.ID == "" {
		return facts, &proposal.Refusal{Code: proposal.Forbidden}
	}
	for _, t := range l.tasks {
		if t.ClaimedBy != "" {
			facts.Claims[t.Rules().Key()] = t.ClaimedBy
		}
	}
	var b pgx.Batch
	l.queueMentions(&b, &facts)
	if b.Len() == 0 {
		return facts, nil
	}
	return facts, l.conn.SendBatch(ctx, &b).Close()
}

// queueMentions asks for what the action names. What does not exist stays empty: the rules refuse it.
func (l *lockedCase) queueMentions(b *pgx.Batch, facts *proposal.Facts) {
	m := l.action.Mentions()
	if len(m.Divisions) > 0 {
		b.Queue(`select code from divisions where code = any($1) and closed_on is null`, m.Divisions).Query(func(rows pgx.Rows) (err error) {
			facts.Divisions, err = pgx.CollectRows(rows, pgx.RowTo[proposal.DivisionID])
			return err
		})
	}
	if id, err := parseID(m.Person); err == nil {
		b.Queue(selectRules+`where p.id = $3 and p.active`, l.id, calendar.DateOf(l.now()), id).
			QueryRow(func(row pgx.Row) (err error) {
				facts.Named, err = scanRules(row)
				return optional(err)
			})
	}
	if m.Draft > 0 {
		queueDraft(b, l.id, m.Draft, func(d SavedDraft) { facts.Draft = d.Draft })
		b.Queue(`select coalesce(max(version), 0) from drafts where case_id = $1`, l.id).
			QueryRow(func(row pgx.Row) error { return row.Scan(&facts.Versions) })
		b.Queue(savers, l.id, m.Draft).Query(func(rows pgx.Rows) (err error) {
			facts.SavedBy, err = pgx.CollectRows(rows, pgx.RowTo[proposal.PersonID])
			return err
		})
		facts.Entry = replytext.RegisterEntry{Key: l.key, Title: l.title, Deputies: l.proposers}
		b.Queue(`select `+phones+` from cases where id = $1`, l.id).QueryRow(func(row pgx.Row) error { return optional(row.Scan(&facts.Entry.Phone)) })
		queueNeighbours(b, l.id, facts)
	}
	if pack, ok := l.packs(l.state.Pack); ok && m.Number {
		l.series = pack.Of(l.bureau).SeriesOf(l.state.Body, l.state.Handling)
		l.queueSerial(b, m, facts)
	}
	if m.Borne.Serial > 0 {
		l.queueNumber(b, m.Borne, facts)
	}
	if other, err := parseID(m.Case); err == nil {
		b.Queue(`select coalesce(merged_with, id)::text from cases where id = $1 and open`, other).
			QueryRow(func(row pgx.Row) error { return optional(row.Scan(&facts.OtherCase)) })
	}
	l.queueMending(b, m, facts)
	if m.CoSigner != "" {
		b.Queue(`select exists (select from co_signer_ratings where case_id = $1 and round = $2 and co_signer = $3)`,
			l.id, max(1, l.state.Round), m.CoSigner).
			QueryRow(func(row pgx.Row) error { return row.Scan(&facts.HasRated) })
	}
	if m.Scan != "" {
		b.Queue(`select exists (select from attachments where case_id = $1 and sha256 = $2)`, l.id, m.Scan).
			QueryRow(func(row pgx.Row) error { return row.Scan(&facts.HasScan) })
	}
}

// savers are who saved a version of the draft of this round, up to the one that is named, while it was being written.
const savers = `
	select distinct by::text from events e
	where case_id = $1 and kind = 'save_draft' and (outcome ->> 'version')::int <= $2
		and no > coalesce((select max(no) from events where case_id = $1 and to_stage = 'assignment'), 0)
	order by by`

// queueNeighbours asks for what a reply is held against besides its own case: whose leftovers may stand in it (R18), and the
// outside units whose opinions it must cite (R5). Whose name is kept is not among them: a draft could be made to ask for it (R16).
func queueNeighbours(b *pgx.Batch, caseID string, facts *proposal.Facts) {
	b.Queue(`
		select coalesce(array_agg(distinct lead_deputy) filter (where not secrecy and lead_deputy <> all ($2)), '{}'), coalesce(array_agg(distinct number), '{}')
		from cases where open and id <> $1`, caseID, facts.Entry.Deputies).
		QueryRow(func(row pgx.Row) error { return row.Scan(&facts.Entry.Others, &facts.Entry.OtherNumbers) })
	b.Queue(`select ref, unit from opinions where case_id = $1 and unit <> ''`, caseID).
		Query(func(rows pgx.Rows) error {
			facts.Units = map[string]string{}
			var ref, unit string
			_, err := pgx.ForEachRow(rows, []any{&ref, &unit}, func() error {
				facts.Units[ref] = unit
				return nil
			})
			return err
		})
}

// phones are the numbers that no reply may show: those of the deputy, and those that were taken for them.
const phones = `concat_ws(' ', nullif(deputy_contact, ''), nullif(second_contact, ''), (
	select string_agg(nullif(was, ''), ' ') from amendments where case_id = cases.id and fact in ('deputy_contact', 'second_contact')))`

// DraftFacts are what proposal.ExamineDraft needs to know of a case, for the page that shows its findings before anything is
// submitted. Now, Calendar and Pack are left to the caller.
func (s *Store) DraftFacts(ctx context.Context, caseID string) (f proposal.Facts, err error) {
	if caseID, err = parseID(caseID); err != nil {
		return f, err
	}
	e := &f.Entry
	err = s.pool.QueryRow(ctx, `
		select body, level, term, session, intersession, number, title, array[lead_deputy] || co_signers, `+phones+`,
			(select count(*) from points where case_id = cases.id)
		from cases where id = $1`, caseID).
		Scan(&e.Key.Body, &e.Key.Level, &e.Key.Term, &e.Key.Session, &e.Key.Intersession, &e.Key.Number, &e.Title, &e.Deputies,
			&e.Phone, &f.Points)
	if err != nil {
		return f, edge(err)
	}
	f.Case, f.Proposers = caseID, e.Deputies
	var b pgx.Batch
	queueNeighbours(&b, caseID, &f)
	return f, edge(s.pool.SendBatch(ctx, &b).Close())
}

// queueSerial locks the counter of the series until the transaction ends, so that the serial it promises is issued to this
// case or to nobody.
func (l *lockedCase) queueSerial(b *pgx.Batch, m proposal.Mentions, facts *proposal.Facts) {
	l.serialYear = m.On.Year
	if m.On.IsZero() {
		l.serialYear = calendar.DateOf(l.now()).Year
	}
	if l.series.Given != proposal.WithoutNumber {
		l.queueNumber(b, proposal.DocumentNumber{Series: l.series.Code, Year: l.serialYear, Serial: m.Serial}, facts)
	}
}

// queueNumber locks the counter of a number's series, and asks for the next serial and whether this one is taken.
func (l *lockedCase) queueNumber(b *pgx.Batch, n proposal.DocumentNumber, facts *proposal.Facts) {
	b.Queue(`
		insert into number_series (series, year) values ($1, $2)
		on conflict (series, year) do update set last = number_series.last
		returning next_serial(series, year, last)`, n.Series, n.Year).
		QueryRow(func(row pgx.Row) error { return row.Scan(&facts.NextSerial) })
	if n.Serial > 0 {
		b.Queue(`select exists (select from taken_numbers where series = $1 and year = $2 and serial = $3)`, n.Series, n.Year, n.Serial).
			QueryRow(func(row pgx.Row) error { return row.Scan(&facts.SerialUsed) })
	}
}

// optional forgives a row that is not there.
func optional(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	return err
}
