package store

import (
	"context"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// ChainReport is what a check of the whole record found.
type ChainReport struct {
	Cases  int
	Events int
	Breaks []Break // the first of each broken case; none in a sound record
}

// Break says where a case's chain of events first goes wrong.
type Break struct {
	CaseID string
	No     int // of the event; one above the last for events that are missing at the end
	Reason BreakReason
}

// BreakReason says how a chain is broken.
type BreakReason string

const (
	Missing    BreakReason = "missing"     // an event is not there
	Changed    BreakReason = "changed"     // its content and the one before do not give its hash
	HeadDiffer BreakReason = "head_differ" // the last event is not the one that the case row names
)

// progressEvery is how many events are checked between two calls of VerifyChain's progress.
const progressEvery = 10_000

// VerifyChain recomputes the hash of every event of every case, in one snapshot. progress may be nil; it hears now and then
// how many events have been checked.
func (s *Store) VerifyChain(ctx context.Context, progress func(events int)) (ChainReport, error) {
	v := verifier{progress: progress}
	rows, err := s.pool.Query(ctx, chained+` order by c.id, e.no`)
	if err != nil {
		return v.report, edge(err)
	}
	err = eachChained(rows, func(id string, count int, head string, e HashedEvent) {
		if id != v.id {
			v.next(id, count, head)
		}
		v.check(e.Event, e.Hash)
	})
	v.next("", 0, "")
	return v.report, edge(err)
}

// HashedEvent is an event with the hash that chains it to the one before.
type HashedEvent struct {
	proposal.Event
	Hash string `json:"hash"`
}

// chained are the events of cases, each with what the row of its case promises; one without a number for a case that has none.
const chained = `
	select c.id::text, c.event_count, c.head, coalesce(e.no, 0), coalesce(e.action_id::text, ''), coalesce(e.kind, ''),
		coalesce(e.by::text, ''), coalesce(e.acted_for::text, ''), e.at, e.on_date, coalesce(e.from_stage, ''), coalesce(e.to_stage, ''), e.input, coalesce(e.proof, ''),
		coalesce(e.hash, '')
	from cases c left join events e on e.case_id = c.id`

func eachChained(rows pgx.Rows, do func(id string, count int, head string, e HashedEvent)) error {
	var id, head string
	var count int
	var e HashedEvent
	var on calendar.Date
	_, err := pgx.ForEachRow(rows, []any{
		&id, &count, &head, &e.No, &e.ActionID, &e.Kind, &e.By, &e.For, instant{&e.At}, &on, &e.From, &e.To, &e.Input, &e.Proof, &e.Hash,
	}, func() error {
		e.CaseID, e.On = id, on.String()
		do(id, count, head, e)
		return nil
	})
	return err
}

// verifier follows the chain of one case after the other.
type verifier struct {
	report   ChainReport
	progress func(events int)

	id     string // of the case being followed
	count  int    // events that its row promises
	head   string // hash of the last that its row promises
	no     int    // last event seen
	prev   string // its hash
	broken bool
}

// next ends the case that was followed and begins another.
func (v *verifier) next(id string, count int, head string) {
	switch {
	case v.id == "" || v.broken:
	case v.no < v.count:
		v.breaks(v.no+1, Missing)
	case v.no > v.count || v.prev != v.head:
		v.breaks(v.no, HeadDiffer)
	}
	if id != "" {
		v.report.Cases++
	}
	v.id, v.count, v.head, v.no, v.prev, v.broken = id, count, head, 0, "", false
}

func (v *verifier) check(e proposal.Event, hash string) {
	if e.No == 0 {
		return // a case without any event: next finds it
	}
	v.report.Events++
	if v.progress != nil && v.report.Events%progressEvery == 0 {
		v.progress(v.report.Events)
	}
	if v.broken {
		return
	}
	switch {
	case e.No != v.no+1:
		v.breaks(v.no+1, Missing)
	case e.Hash(v.prev) != hash:
		v.breaks(e.No, Changed)
	}
	v.no, v.prev = e.No, hash
}

func (v *verifier) breaks(no int, reason BreakReason) {
	v.broken = true
	v.report.Breaks = append(v.report.Breaks, Break{v.id, no, reason})
}

// VerifyStaffChain recomputes the hash of every change of the bureau itself, and tells how many there are and at which the chain first breaks; 0 for
// nowhere.
func (s *Store) VerifyStaffChain(ctx context.Context) (changes, broken int, err error) {
	rows, err := s.pool.Query(ctx, `
		with chained as (
			select no, about, subject, coalesce(was::text, '') as was, now::text as now, coalesce(by::text, '') as by,
				to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') as at, hash
			from staff_events where no is not null)
		select * from chained
		union all select h.no + 1, '', '', '', '', '', '', h.hash from staff_head h
		order by no`)
	if err != nil {
		return 0, 0, edge(err)
	}
	var no int
	var about, subject, was, now, by, at, hash, prev string
	_, err = pgx.ForEachRow(rows, []any{&no, &about, &subject, &was, &now, &by, &at, &hash}, func() error {
		want := hashOf([]byte(strings.Join([]string{prev, strconv.Itoa(no), about, subject, was, now, by, at}, "\n")))
		switch {
		case broken > 0:
		case no != changes+1:
			broken = changes + 1
		case about == "" && hash != prev:
			broken = changes
		case about != "" && hash != want:
			broken = no
		}
		if about != "" {
			changes, prev = changes+1, hash
		}
		return nil
	})
	return changes, broken, edge(err)
}
