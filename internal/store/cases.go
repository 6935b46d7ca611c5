package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Case is everything the case page shows, read in one snapshot. The deputy's contact data are not in it: see ViewContact.
type Case struct {
	CaseRow
	State         proposal.State
	Category      string
	Delegation    string
	HasContact    bool // there are contact data to look at
	Text          string
	HandlingType  proposal.HandlingType
	KeySupervised bool
	Secrecy       bool
	Wish          proposal.Wish // the latest that the deputy said
	SourceID      string
	RegisteredAt  time.Time
	Points        []Point
	Consultations []ContactAttempt // in the order they were recorded
	Drafts        []DraftInfo      // newest first
	Draft         *SavedDraft      // the newest; nil if none
	Events        []Event          // in the order they happened
	Published     bool
	People        map[proposal.PersonID]Name   // everybody whom the case mentions
	Divisions     map[proposal.DivisionID]Name // every division of the bureau
}

// ShowTo leaves in the case what the person may see of it, and reports whether that is anything: a publisher sees what may be
// published and what was done when, not what was said.
func (c *Case) ShowTo(p proposal.Person) bool {
	switch {
	case p.SeesAll(c.State):
		return true
	case !p.Sees(c.State):
		return false
	}
	c.HasContact, c.Text, c.SourceID, c.Wish = false, "", "", proposal.NoWish
	c.Points, c.Consultations, c.Drafts = nil, nil, nil
	if d := c.Draft; d != nil {
		letter := proposal.Draft{Version: d.Version, Body: d.Draft.Body, ContactName: d.Draft.ContactName, ContactPhone: d.Draft.ContactPhone}
		c.Draft = &SavedDraft{DraftInfo: d.DraftInfo, Draft: letter}
	}
	for i := range c.Events {
		c.Events[i].Input = nil
	}
	return true
}

// Point is one point of a suggestion.
type Point struct {
	No        int // from 1
	Text      string
	Confirmed bool // by the deputy
}

// ContactAttempt is one attempt to reach the deputy. Its At is always set.
type ContactAttempt struct {
	proposal.Consultation
	By proposal.PersonID
}

// Event is one line of a case's timeline. Contact data and the original text are left out of its input.
type Event struct {
	No    int
	Kind  string // a proposal.Kind or one of the proposal.Event… kinds
	By    proposal.PersonID
	At    time.Time
	On    calendar.Date // official date, of a late registration
	From  proposal.Stage
	To    proposal.Stage
	Input json.RawMessage // decode into proposal.NewInput(Kind)
	Hash  string
}

// Case reads one case. Who may see what of it: ShowTo.
func (s *Store) Case(ctx context.Context, id string) (*Case, error) {
	id, err := parseID(id)
	if err != nil {
		return nil, err
	}
	c := &Case{People: map[proposal.PersonID]Name{}, Divisions: map[proposal.DivisionID]Name{}}
	var b pgx.Batch
	b.Queue("begin isolation level repeatable read read only")
	c.queueRow(&b, id)
	c.queuePoints(&b, id)
	c.queueConsultations(&b, id)
	c.queueDrafts(&b, id)
	c.queueEvents(&b, id)
	c.queueNames(&b, id)
	b.Queue("commit")
	if err := s.pool.SendBatch(ctx, &b).Close(); err != nil {
		return nil, edge(err)
	}
	return c, nil
}

func (c *Case) queueRow(b *pgx.Batch, id string) {
	b.Queue(`
		select `+caseRow+`, c.state, c.category, c.delegation, c.deputy_contact <> '', c.original_text,
			c.handling_type, c.key_supervised, c.secrecy, c.wish, c.source_id, c.registered_at,
			exists (select from publications where case_id = c.id)`+fromCases+` where c.id = $1`, id).
		QueryRow(func(row pgx.Row) (err error) {
			c.CaseRow, err = scanCaseRowAnd(row, &c.State, &c.Category, &c.Delegation, &c.HasContact, &c.Text,
				&c.HandlingType, &c.KeySupervised, &c.Secrecy, &c.Wish, &c.SourceID, instant{&c.RegisteredAt}, &c.Published)
			return err
		})
}

func (c *Case) queuePoints(b *pgx.Batch, id string) {
	b.Queue(`select no, text, confirmed from points where case_id = $1 order by no`, id).
		Query(func(rows pgx.Rows) (err error) {
			c.Points, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Point])
			return err
		})
}

func (c *Case) queueConsultations(b *pgx.Batch, id string) {
	b.Queue(`
		select mode, held_at, outcome, spoke_with, call_back_at, words, points, wish, by::text
		from consultations where case_id = $1 order by event_no`, id).
		Query(func(rows pgx.Rows) (err error) {
			c.Consultations, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (a ContactAttempt, err error) {
				return a, row.Scan(&a.Mode, instant{&a.At}, &a.Outcome, &a.SpokeWith, instant{&a.CallBackAt}, &a.Words,
					&a.Points, &a.Wish, &a.By)
			})
			return err
		})
}

func (c *Case) queueDrafts(b *pgx.Batch, id string) {
	b.Queue(`select version, sha256, saved_by::text, saved_at from drafts where case_id = $1 order by version desc`, id).
		Query(func(rows pgx.Rows) (err error) {
			c.Drafts, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (d DraftInfo, err error) {
				return d, row.Scan(&d.Version, &d.SHA256, &d.SavedBy, instant{&d.SavedAt})
			})
			return err
		})
	queueDraft(b, id, latestVersion, func(d SavedDraft) { c.Draft = &d })
}

func (c *Case) queueEvents(b *pgx.Batch, id string) {
	b.Queue(`
		select no, kind, coalesce(by::text, ''), at, on_date, from_stage, to_stage, input, hash
		from events where case_id = $1 order by no`, id).
		Query(func(rows pgx.Rows) (err error) {
			c.Events, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (e Event, err error) {
				if err := row.Scan(&e.No, &e.Kind, &e.By, instant{&e.At}, &e.On, &e.From, &e.To, &e.Input, &e.Hash); err != nil {
					return e, err
				}
				e.Input, err = withoutContact(e.Kind, e.Input)
				return e, err
			})
			return err
		})
}

// withoutContact leaves out of a registration what must not be shown without a logged look, and what the case row says.
func withoutContact(kind string, input json.RawMessage) (json.RawMessage, error) {
	if kind != string(proposal.Register) {
		return input, nil
	}
	var r proposal.Registration
	if err := json.Unmarshal(input, &r); err != nil {
		return nil, fmt.Errorf("read registration: %w", err)
	}
	r.DeputyContact, r.Text = "", ""
	return json.Marshal(r)
}

func (c *Case) queueNames(b *pgx.Batch, id string) {
	b.Queue(`
		select id::text, name, name_en from people where id in (
			select by from events where case_id = $1
			union all select handler from cases where id = $1
			union all select saved_by from drafts where case_id = $1)`, id).
		Query(func(rows pgx.Rows) error { return collectNames(rows, c.People) })
	b.Queue(`select code, name, name_en from divisions`).
		Query(func(rows pgx.Rows) error { return collectNames(rows, c.Divisions) })
}

func collectNames[ID ~string](rows pgx.Rows, names map[ID]Name) error {
	var id ID
	var name Name
	_, err := pgx.ForEachRow(rows, []any{&id, &name.ZH, &name.EN}, func() error {
		names[id] = name
		return nil
	})
	return err
}

// State reads a case's state alone.
func (s *Store) State(ctx context.Context, id string) (state proposal.State, err error) {
	if id, err = parseID(id); err != nil {
		return state, err
	}
	err = s.pool.QueryRow(ctx, `select state from cases where id = $1`, id).Scan(&state)
	return state, edge(err)
}

// CaseByKey finds the case that bears the natural key.
func (s *Store) CaseByKey(ctx context.Context, k proposal.Key) (id string, err error) {
	k = k.Canonical()
	err = s.pool.QueryRow(ctx, `
		select id::text from cases
		where body = $1 and level = $2 and term = $3 and session = $4 and intersession = $5 and number = $6`,
		k.Body, k.Level, k.Term, k.Session, k.Intersession, k.Number).Scan(&id)
	return id, edge(err)
}
