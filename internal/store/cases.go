package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Case is everything the case page shows, read in one snapshot. The deputy's contact data are not in it: see ViewContact.
type Case struct {
	CaseRow
	State proposal.State
	proposal.Described
	HasContact      bool // there are contact data to look at
	Text            string
	KeySupervised   bool
	Money           bool
	Wish            proposal.OpennessWish // the latest that the deputy said
	RegisteredAt    time.Time
	Points          []Point
	Consultations   []ContactAttempt // in the order they were recorded
	Drafts          []DraftInfo      // newest first
	Draft           *SavedDraft      // the one in review or signed, else the newest; nil if none
	Opinions        []Opinion        // in the order they were first asked
	Decisions       []OpennessDecision
	Feedback        []Rating                     // a round each, in order
	CoSignerRatings []Rating                     // oldest first
	Commitments     []Commitment                 // in the order of the replies
	Attachments     []AttachmentInfo             // oldest first
	Publications    []PublicationInfo            // editions, newest first
	Group           []GroupMember                // the other cases of its group (并案)
	Covers          []Cover                      // proxies for this case alone that count today
	Comments        []Comment                    // on the draft, in the order they were made
	Figures         []Figure                     // where those of the reply come from
	Notes           []Note                       // oldest first
	Links           []CaseLink                   // with other cases that the reader may see, oldest first
	Events          []Event                      // in the order they happened
	Published       bool                         // the public can read it
	People          map[proposal.PersonID]Name   // everybody whom the case mentions
	Divisions       map[proposal.DivisionID]Name // every division of the bureau

	named    []namedDivision // newest first
	sent     []sentReply     // that went out, oldest first
	lastSent *SavedDraft     // the text of the last of them
}

// sentReply is a version of the reply that was sent.
type sentReply struct{ No, Version int } // No: of the event

// Cover is a proxy for one case.
type Cover struct {
	Proxy     proposal.PersonID
	Principal proposal.Principal
}

// As is the person with those whom they cover for in this case alone: who acts on the case or looks at it is asked for so.
func (c *Case) As(p proposal.Person) proposal.Person {
	p.Covers = slices.Clone(p.Covers)
	for _, cover := range c.Covers {
		if cover.Proxy == p.ID && !slices.ContainsFunc(p.Covers, func(known proposal.Principal) bool { return known.ID == cover.Principal.ID }) {
			p = p.Covering(append(p.Covers, cover.Principal))
		}
	}
	return p
}

// Point is one point of a suggestion.
type Point struct {
	No        int // from 1
	Text      string
	Confirmed bool // by the deputy
}

// ContactAttempt is one attempt to reach the deputy, as it is known to have been. Its At is always set.
type ContactAttempt struct {
	No int // of the event that recorded it
	proposal.Consultation
	By proposal.PersonID
}

// Event is one line of a case's timeline. Contact data, the original text and what it tells besides what was said are left out of its input.
type Event struct {
	No    int
	Kind  string // a proposal.Kind or one of the proposal.Event… kinds
	By    proposal.PersonID
	For   proposal.PersonID // whom By covered for (代理); "" for themselves
	At    time.Time
	On    calendar.Date // official date, of a late registration
	From  proposal.Stage
	To    proposal.Stage
	Input json.RawMessage // decode into proposal.NewInput(Kind)
	Proof string          // of a signature: by what second factor the signer had just proved who they are
	Was   string          // of a correction: what the register said before, unless Input leaves out the new value too
	Hash  string
}

// BodyOf is the body that a case came from; "" if there is no such case.
func (s *Store) BodyOf(ctx context.Context, id string) (body assembly.Body, err error) {
	if id, err = parseID(id); err != nil {
		return "", nil
	}
	err = s.pool.QueryRow(ctx, `select body from cases where id = $1`, id).Scan(&body)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return body, edge(err)
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
	c.queueLetters(&b, id)
	c.queueBeside(&b, id)
	c.queueFiles(&b, id)
	c.queueComments(&b, id)
	c.queueFigures(&b, id)
	c.queueCovers(&b, id, calendar.DateOf(s.Now()))
	c.queueEvents(&b, id)
	c.queueNotes(&b, id)
	c.queueLinks(&b, id)
	c.queueNames(&b, id)
	b.Queue("commit")
	if err := s.pool.SendBatch(ctx, &b).Close(); err != nil {
		return nil, edge(err)
	}
	return c, nil
}

func (c *Case) queueRow(b *pgx.Batch, id string) {
	b.Queue(`
		select `+caseRow+`, c.state, c.described, c.deputy_contact || c.second_contact <> '', c.original_text, c.key_supervised, c.money, c.wish,
			c.registered_at,
			exists (select from publications p where p.case_id = c.id and `+onShow+`)`+fromCases+` where c.id = $1`, id).
		QueryRow(func(row pgx.Row) (err error) {
			c.CaseRow, err = scanCaseRowAnd(row, &c.State, &c.Described, &c.HasContact, &c.Text, &c.KeySupervised, &c.Money, &c.Wish,
				instant{&c.RegisteredAt}, &c.Published)
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
		select event_no, mode, held_at, outcome, spoke_with, call_back_at, words, points, wish, by::text, seconds, checks, met_by
		from talks where case_id = $1 order by event_no`, id).
		Query(func(rows pgx.Rows) (err error) {
			c.Consultations, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (a ContactAttempt, err error) {
				return a, row.Scan(&a.No, &a.Mode, instant{&a.At}, &a.Outcome, &a.SpokeWith, instant{&a.CallBackAt}, &a.Words,
					&a.Points, &a.Wish, &a.By, &a.Seconds, &a.Checks, &a.MetBy)
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
	// An edit that was recalled is a version that nobody passed: the one in review is the reply.
	queueDraftIn(b, `case_id = $1 and version = coalesce((select (state ->> 'draft')::int from cases where id = $1), version)`,
		func(d SavedDraft) { c.Draft = &d }, id)
}

// queueLetters asks which versions went out, and for the last of them. Of what went out before states were kept with events, the case
// itself tells the version while it stands.
func (c *Case) queueLetters(b *pgx.Batch, id string) {
	const versions = `
		select e.no, coalesce((k.state ->> 'draft')::int, case when c.stage in ('answered', 'report_up', 'closure', 'closed') then (c.state ->> 'draft')::int end, 0) as version
		from events e join cases c on c.id = e.case_id left join case_states k on k.case_id = e.case_id and k.event_no = e.no
		where e.case_id = $1 and e.kind = 'dispatch' order by e.no`
	b.Queue(versions, id).Query(func(rows pgx.Rows) (err error) {
		c.sent, err = pgx.CollectRows(rows, pgx.RowToStructByPos[sentReply])
		return err
	})
	queueDraftIn(b, `case_id = $1 and version = (select v.version from (`+versions+`) v order by v.no desc limit 1)`,
		func(d SavedDraft) { c.lastSent = &d }, id)
}

func (c *Case) queueEvents(b *pgx.Batch, id string) {
	b.Queue(`
		select e.no, e.kind, coalesce(e.by::text, ''), coalesce(e.acted_for::text, ''), e.at, e.on_date, e.from_stage, e.to_stage, e.input, e.hash, e.proof,
			case when m.fact not in ('deputy_contact', 'second_contact', 'text') then m.was else '' end
		from events e left join amendments m on m.case_id = e.case_id and m.event_no = e.no where e.case_id = $1 order by e.no`, id).
		Query(func(rows pgx.Rows) (err error) {
			c.Events, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (e Event, err error) {
				if err := row.Scan(&e.No, &e.Kind, &e.By, &e.For, instant{&e.At}, &e.On, &e.From, &e.To, &e.Input, &e.Hash, &e.Proof, &e.Was); err != nil {
					return e, err
				}
				e.Input, err = withoutContact(e.Kind, json.RawMessage(saidBy(string(e.Input))))
				return e, err
			})
			return err
		})
}

// withoutContact leaves out of a registration, and of what corrects it, what must not be shown without a logged look, and what the
// case row says.
func withoutContact(kind string, input json.RawMessage) (json.RawMessage, error) {
	switch in := proposal.NewInput(proposal.Kind(kind)).(type) {
	case *proposal.Registration:
		if err := json.Unmarshal(input, in); err != nil {
			return nil, fmt.Errorf("read registration: %w", err)
		}
		in.DeputyContact, in.SecondContact, in.Text = "", "", ""
		return json.Marshal(in)
	case *proposal.Amendment:
		if err := json.Unmarshal(input, in); err != nil {
			return nil, fmt.Errorf("read correction: %w", err)
		}
		if in.Fact.Confidential() {
			in.Value = ""
		}
		return json.Marshal(in)
	}
	return input, nil
}

func (c *Case) queueNames(b *pgx.Batch, id string) {
	b.Queue(`
		select id::text, name, name_en from people where id in (
			select by from events where case_id = $1
			union all select handler from cases where id = $1
			union all select saved_by from drafts where case_id = $1
			union all select uploaded_by from attachments where case_id = $1
			union all select person from tasks where case_id = $1 and closed_at is null
			union all select claimed_by from tasks where case_id = $1 and closed_at is null
			union all select nullif(coalesce(r ->> 'person', r ->> 'by'), '')::uuid
				from cases, jsonb_array_elements(state -> 'strands') r where id = $1
			union all select nullif(state ->> 'leader', '')::uuid from cases where id = $1
			union all select unnest(cleared)::uuid from cases where id = $1
			union all select (input ->> 'handler')::uuid from events where case_id = $1 and kind in ('accept', 'reassign'))`, id).
		Query(func(rows pgx.Rows) error { return collectNames(rows, c.People) })
	b.Queue(`select code, name, name_en from divisions`).
		Query(func(rows pgx.Rows) error { return collectNames(rows, c.Divisions) })
	b.Queue(`select subject, now ->> 'name', now ->> 'name_en', at from staff_events where about = 'division' order by id desc`).
		Query(func(rows pgx.Rows) (err error) {
			c.named, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (n namedDivision, err error) {
				return n, row.Scan(&n.code, &n.name.ZH, &n.name.EN, instant{&n.since})
			})
			return err
		})
}

// namedDivision is what a division is called from a moment on.
type namedDivision struct {
	code  proposal.DivisionID
	name  Name
	since time.Time
}

// DivisionAt is what a division was called at a moment: the past and the letters go on bearing the name of their day. For the time
// before anything was kept it is the first name that is known.
func (c *Case) DivisionAt(code proposal.DivisionID, at time.Time) Name {
	name := c.Divisions[code]
	for _, n := range c.named {
		if n.code == code {
			if name = n.name; !n.since.After(at) {
				break
			}
		}
	}
	return name
}

// LetterLead is the lead division as the reply names it: once it is signed, as it was called on that day.
func (c *Case) LetterLead() Name {
	code := c.State.LetterLead()
	if c.State.SignedOn.IsZero() {
		return c.Divisions[code]
	}
	return c.DivisionAt(code, c.State.SignedOn.End())
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
func (s *Store) CaseByKey(ctx context.Context, k assembly.RegisterKey) (id string, err error) {
	k = k.Canonical()
	err = s.pool.QueryRow(ctx, `
		select id::text from cases
		where body = $1 and level = $2 and term = $3 and session = $4 and intersession = $5 and number = $6`,
		k.Body, k.Level, k.Term, k.Session, k.Intersession, k.Number).Scan(&id)
	return id, edge(err)
}
