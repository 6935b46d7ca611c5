package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// LinkKind says why two cases are read together.
type LinkKind string

const (
	Similar    LinkKind = "similar"     // 相近
	SameMatter LinkKind = "same_matter" // 同一事项
	LastYear   LinkKind = "last_year"   // 上年同题
)

// LinkKinds lists every kind in the order a form shows them. Cases that are handled together (并案) are a group, not a link.
var LinkKinds = []LinkKind{Similar, SameMatter, LastYear}

// CaseLink is another case that this one is linked with.
type CaseLink struct {
	ID      string
	Kind    LinkKind
	CaseID  string // the other
	Key     assembly.RegisterKey
	Subject string
	Stage   proposal.Stage
	By      proposal.PersonID
	At      time.Time
	EndedAt time.Time // zero while it holds

	state proposal.State // of the other: who may not see it is not told of it
}

// linked is what the event of a link says, on both cases.
type linked struct {
	With string   `json:"with"` // id of the other case
	Kind LinkKind `json:"kind"`
}

// LinkCases links two cases, once for an action id; both records tell of it. Refusals: NotFound to those who do not see the whole
// case; InvalidInput with the field linked for another case that they do not see, that is this one, or that is linked already.
func (s *Store) LinkCases(ctx context.Context, by proposal.PersonID, caseID, actionID, other string, kind LinkKind) error {
	a, b, err := pair(caseID, other)
	if err != nil {
		return err
	}
	if !slices.Contains(LinkKinds, kind) {
		return invalid("link_kind", proposal.UnknownValue)
	}
	return s.onBoth(ctx, by, caseID, a, b, actionID, proposal.EventLink, func(l *lockedCase, e proposal.Event) (any, error) {
		var taken bool
		if err := l.conn.QueryRow(ctx, `select exists (select from case_links where case_a = $1 and case_b = $2 and ended_at is null)`, a, b).
			Scan(&taken); err != nil {
			return nil, err
		}
		if taken {
			return nil, invalid("linked", proposal.CaseAlreadyLinked)
		}
		l.write.Queue(`insert into case_links (id, case_a, case_b, kind, made_by, made_at) values ($1, $2, $3, $4, $5, $6)`,
			actionID, a, b, kind, e.By, e.At)
		return kind, nil
	})
}

// UnlinkCases ends the link between two cases. One that has ended stays so.
func (s *Store) UnlinkCases(ctx context.Context, by proposal.PersonID, caseID, actionID, other string) error {
	a, b, err := pair(caseID, other)
	if err != nil {
		return err
	}
	return s.onBoth(ctx, by, caseID, a, b, actionID, proposal.EventUnlink, func(l *lockedCase, e proposal.Event) (any, error) {
		var kind LinkKind
		err := l.conn.QueryRow(ctx, `select kind from case_links where case_a = $1 and case_b = $2 and ended_at is null`, a, b).Scan(&kind)
		if err != nil {
			return nil, edge(err)
		}
		l.write.Queue(`update case_links set ended_by = $3, ended_at = $4 where case_a = $1 and case_b = $2 and ended_at is null`, a, b, e.By, e.At)
		return kind, nil
	})
}

// pair puts two cases into the order in which they are kept, and locked.
func pair(caseID, other string) (a, b string, err error) {
	if a, err = parseID(caseID); err != nil {
		return "", "", err
	}
	if b, err = parseID(other); err != nil {
		return "", "", invalid("linked", proposal.UnknownValue)
	}
	if a == b {
		return "", "", invalid("linked", proposal.CaseItself)
	}
	return min(a, b), max(a, b), nil
}

// onBoth writes the same event on two cases in one transaction. They are locked in the order of their ids, so that two people who
// link the same pair from either side wait for each other instead of for ever.
func (s *Store) onBoth(ctx context.Context, by proposal.PersonID, caseID, a, b, actionID, kind string,
	fn func(*lockedCase, proposal.Event) (any, error),
) error {
	locked := false
	err := s.plain(ctx, by, a, actionID, func(l *lockedCase) error {
		locked = true
		if done, err := l.repeated(kind, &nothing{}); done || err != nil {
			return err
		}
		second := &lockedCase{id: b}
		err := l.conn.QueryRow(ctx, `select state, event_count, head from cases where id = $1 for update`, b).Scan(&second.state, &second.events, &second.head)
		if optional(err) != nil {
			return err
		}
		mine, others := l, second
		if caseID != a {
			mine, others = second, l
		}
		switch {
		case !l.actor.SeesAll(mine.state):
			return errNotFound
		case err != nil, !l.actor.SeesAll(others.state):
			return invalid("linked", proposal.UnknownValue)
		}
		now := s.Now()
		e, err := l.event(kind, l.actor.ID, actionID, nothing{}, now)
		if err != nil {
			return err
		}
		link, err := fn(l, e)
		if err != nil {
			return err
		}
		if e, err = l.event(kind, l.actor.ID, actionID, linked{b, link.(LinkKind)}, now); err != nil {
			return err
		}
		if err := l.appendEvent(e, nothing{}); err != nil {
			return err
		}
		// The second event needs an id of its own; it follows from the first, so that a repeated action is refused as a whole.
		own := uuid.NewSHA1(uuid.MustParse(actionID), []byte(b)).String()
		if e, err = second.event(kind, l.actor.ID, own, linked{a, link.(LinkKind)}, now); err != nil {
			return err
		}
		if err := second.appendEvent(e, nothing{}); err != nil {
			return err
		}
		for _, q := range second.write.QueuedQueries {
			l.write.Queue(q.SQL, q.Arguments...)
		}
		return nil
	})
	var refusal *proposal.Refusal
	if !locked && caseID != a && errors.As(err, &refusal) && refusal.Code == proposal.NotFound {
		return invalid("linked", proposal.UnknownValue) // it is the other one that does not exist
	}
	return err
}

// linkedRow is a case that a link may lead to.
const linkedRow = `o.id::text, o.body, o.level, o.term, o.session, o.intersession, o.number, o.subject, o.stage, o.state`

func (c *Case) queueLinks(b *pgx.Batch, id string) {
	b.Queue(`
		select l.id::text, l.kind, l.made_by::text, l.made_at, l.ended_at, `+linkedRow+`
		from case_links l join cases o on o.id = case when l.case_a = $1 then l.case_b else l.case_a end
		where l.case_a = $1 or l.case_b = $1 order by l.made_at, l.id`, id).
		Query(func(rows pgx.Rows) (err error) {
			c.Links, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (l CaseLink, err error) {
				k := &l.Key
				return l, row.Scan(&l.ID, &l.Kind, &l.By, instant{&l.At}, instant{&l.EndedAt},
					&l.CaseID, &k.Body, &k.Level, &k.Term, &k.Session, &k.Intersession, &k.Number, &l.Subject, &l.Stage, &l.state)
			})
			return err
		})
}

// CasesNumbered are the cases that bear the number, in any sitting, of those that the person sees as a whole. Newest first.
func (s *Store) CasesNumbered(ctx context.Context, p proposal.Person, number string) ([]CaseLink, error) {
	number = assembly.RegisterKey{Number: strings.TrimSpace(number)}.Canonical().Number
	rows, err := s.pool.Query(ctx, `select `+linkedRow+` from cases o where o.number = $1 order by o.assigned_on desc, o.id`, number)
	if err != nil {
		return nil, edge(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l CaseLink, err error) {
		k := &l.Key
		return l, row.Scan(&l.CaseID, &k.Body, &k.Level, &k.Term, &k.Session, &k.Intersession, &k.Number, &l.Subject, &l.Stage, &l.state)
	})
	if err != nil {
		return nil, edge(fmt.Errorf("cases numbered: %w", err))
	}
	var seen []CaseLink
	for _, l := range all {
		if p.SeesAll(l.state) {
			seen = append(seen, l)
		}
	}
	return seen, nil
}

// LinkedWith is the other case that an event of a link names; "" for other events.
func (e Event) LinkedWith() string {
	var in linked
	if e.Kind != proposal.EventLink && e.Kind != proposal.EventUnlink || json.Unmarshal(e.Input, &in) != nil {
		return ""
	}
	return in.With
}
