package store

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Moment names an instant in a case's past: that of an event, or any other.
type Moment struct {
	Event int       // number of the event; 0: At counts
	At    time.Time // the last event at or before it
}

// PastCase is a case as it stood right after one of its events.
type PastCase struct {
	*Case
	Now   proposal.State // as it is today: by it is decided who may read what
	No    int            // of the event
	At    time.Time      // when that happened
	Last  int            // number of the newest event that there is
	Known bool           // deadlines, strands and people of that time are on record; else only what its events tell
	Since time.Time      // from when on they are
}

// CaseAt reads a case as it stood at a moment, for a person who may see it today: what they may not read now, they may not read as
// it was either. A moment before the case was registered is refused as DayBeforeStart.
func (s *Store) CaseAt(ctx context.Context, id string, p proposal.Person, m Moment) (*PastCase, error) {
	c, err := s.Case(ctx, id)
	if err != nil {
		return nil, err
	}
	past := &PastCase{Case: c, Now: c.State, Last: c.Events[len(c.Events)-1].No}
	if past.No = m.Event; past.No == 0 {
		i := slices.IndexFunc(c.Events, func(e Event) bool { return e.At.After(m.At) })
		if i < 0 {
			i = len(c.Events)
		}
		past.No = i
	}
	switch {
	case past.No < 1 && m.Event == 0:
		return nil, invalid("date", proposal.DayBeforeStart)
	case past.No < 1 || past.No > past.Last:
		return nil, errNotFound
	}
	past.At = c.Events[past.No-1].At
	tasks, err := s.readPast(ctx, past)
	if err != nil {
		return nil, err
	}
	now := past.State
	past.State = past.Now
	if !c.ShowTo(p) {
		return nil, errNotFound
	}
	past.State = now
	if !c.As(p).SeesAll(past.Now) {
		past.State = past.outsideState(p)
	}
	past.rewind(tasks)
	return past, nil
}

// readPast reads what the case of today does not hold: the state that was kept, the draft of that time, the tasks of every time.
func (s *Store) readPast(ctx context.Context, past *PastCase) (tasks []pastTask, err error) {
	version := 0
	for _, d := range past.Drafts { // newest first
		if !d.SavedAt.After(past.At) {
			version = d.Version
			break
		}
	}
	past.Draft, past.lastSent = nil, nil
	var b pgx.Batch
	if version > 0 {
		queueDraft(&b, past.CaseID, version, func(d SavedDraft) { past.Draft = &d })
	}
	past.sent = slices.DeleteFunc(past.sent, func(r sentReply) bool { return r.No > past.No })
	if n := len(past.sent); n > 0 && past.sent[n-1].Version > 0 {
		queueDraft(&b, past.CaseID, past.sent[n-1].Version, func(d SavedDraft) { past.lastSent = &d })
	}
	var state json.RawMessage
	b.Queue(`select state from case_states where case_id = $1 and event_no <= $2 order by event_no desc limit 1`, past.CaseID, past.No).
		QueryRow(func(row pgx.Row) error { return optional(row.Scan(&state)) })
	b.Queue(`select at from case_states where case_id = $1 order by event_no limit 1`, past.CaseID).
		QueryRow(func(row pgx.Row) error { return optional(row.Scan(instant{&past.Since})) })
	b.Queue(`
		select id, ask, ref, role, coalesce(division, ''), coalesce(person::text, ''), '', null::timestamptz, opened_at, null::date, closed_at
		from tasks where case_id = $1 order by id`, past.CaseID).
		Query(func(rows pgx.Rows) (err error) {
			tasks, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (t pastTask, err error) {
				return t, row.Scan(&t.ID, &t.Ask, &t.Ref, &t.Role, &t.Division, &t.Person, &t.ClaimedBy, instant{&t.ClaimedAt},
					instant{&t.OpenedAt}, &t.Due, instant{&t.closedAt})
			})
			return err
		})
	if err := s.pool.SendBatch(ctx, &b).Close(); err != nil {
		return nil, edge(err)
	}
	now := past.Now
	past.State = proposal.State{
		Stage: past.Events[past.No-1].To, Seq: 1, Pack: now.Pack, Body: now.Body, Level: now.Level, Intersession: now.Intersession,
		Handling: now.Handling, Late: now.Late, AssignedOn: now.AssignedOn,
	}
	if past.Known = state != nil; past.Known {
		past.State = proposal.State{}
		err = json.Unmarshal(state, &past.State)
	}
	return tasks, err
}

// pastTask is a task of any time.
type pastTask struct {
	Task
	closedAt time.Time // zero: open
}

// rewind takes out of the case what came after the event.
func (c *PastCase) rewind(tasks []pastTask) {
	c.Events = slices.DeleteFunc(c.Events, func(e Event) bool { return e.No > c.No }) // the reader is not shown every one
	s := c.State
	c.Stage, c.Round, c.ReturnedFrom, c.LastAt = s.Stage, max(1, s.Round), s.ReturnedFrom, s.Last.At.Truncate(time.Microsecond) // as Postgres keeps it
	c.Lead, c.LeadName, c.Handler, c.HandlerName = s.Lead, c.DivisionAt(s.Lead, c.At), s.Handler, c.People[s.Handler]
	c.KeySupervised, c.Money, c.Secrecy, c.Number = s.KeySupervised, s.Money, s.Secrecy, s.Number.String()
	c.Published = slices.ContainsFunc(s.StrandsOf(proposal.PublicationStrand), func(r proposal.Strand) bool { return r.Status == proposal.StrandPublished })
	c.Group = nil // a group is of cases, and this is the past of one
	c.rewindSaid()
	c.rewindFiles()
	c.rewindTasks(tasks)
}

// count is how many events of the kinds have happened.
func (c *PastCase) count(kinds ...string) int {
	n := 0
	for _, e := range c.Events {
		if slices.Contains(kinds, e.Kind) {
			n++
		}
	}
	return n
}

// first are the first n of a list, or as many as the reader is shown.
func first[T any](list []T, n int) []T { return list[:min(n, len(list))] }

// last are the last n of a list.
func last[T any](list []T, n int) []T { return list[len(list)-min(n, len(list)):] }

// rewindSaid goes by the events: each attempt, decision and rating is one.
func (c *PastCase) rewindSaid() {
	c.Consultations = first(c.Consultations, c.count(string(proposal.Contact)))
	c.Decisions = first(c.Decisions, c.count(string(proposal.DecideOpenness), string(proposal.Reexamine)))
	c.Feedback = first(c.Feedback, c.count(string(proposal.RecordFeedback)))
	c.CoSignerRatings = slices.DeleteFunc(c.CoSignerRatings, func(r Rating) bool { return r.At.After(c.At) })
	c.Notes = slices.DeleteFunc(c.Notes, func(n Note) bool { return n.No > c.No })
	c.Links = slices.DeleteFunc(c.Links, func(l CaseLink) bool { return l.At.After(c.At) })
	c.Commitments = slices.DeleteFunc(c.Commitments, func(p Commitment) bool { return c.State.Strand(proposal.CommitmentStrand, p.Ref) == nil })
	var opinions []Opinion
	for _, o := range c.Opinions {
		steps := slices.DeleteFunc(o.Steps, func(step OpinionStep) bool { return step.At.After(c.At) })
		if len(steps) == 0 {
			continue
		}
		o.Steps, o.Text, o.Figures, o.Contact, o.Publish = steps, "", "", "", false
		for _, step := range steps {
			if step.Kind == proposal.WriteOpinion {
				o.Text, o.Figures, o.Contact, o.Publish = step.Text, step.Figures, step.Contact, step.Publish
			}
		}
		opinions = append(opinions, o)
	}
	c.Opinions = opinions
	if len(c.Points) > 0 {
		c.rewindPoints()
	}
}

// rewindPoints are the points as the original gave them, or as the deputy last confirmed them.
func (c *PastCase) rewindPoints() {
	var texts []string
	confirmed := false
	for _, e := range c.Events {
		switch in := proposal.NewInput(proposal.Kind(e.Kind)).(type) {
		case *proposal.Registration:
			if json.Unmarshal(e.Input, in) == nil {
				texts, c.Wish = in.PointTexts(), in.Wish
			}
		case *proposal.Consultation:
			if json.Unmarshal(e.Input, in) == nil && in.Outcome == proposal.ContactReached {
				texts, c.Wish, confirmed = in.Points, in.Wish, true
			}
		}
	}
	c.Points = nil
	for i, text := range texts {
		c.Points = append(c.Points, Point{No: i + 1, Text: text, Confirmed: confirmed})
	}
}

func (c *PastCase) rewindFiles() {
	c.Drafts = slices.DeleteFunc(c.Drafts, func(d DraftInfo) bool { return d.SavedAt.After(c.At) })
	c.Attachments = first(c.Attachments, c.count(proposal.EventAttach))
	c.Publications = last(c.Publications, c.count(string(proposal.Publish), string(proposal.CorrectPublication)))
	for i := range c.Publications {
		if p := &c.Publications[i]; p.TakenDownAt.After(c.At) {
			p.TakenDownAt, p.Reason = time.Time{}, ""
		}
	}
}

// rewindTasks are the tasks that were open, with whoever had claimed them.
func (c *PastCase) rewindTasks(tasks []pastTask) {
	c.Task, c.Tasks = nil, nil
	for _, t := range tasks {
		if t.OpenedAt.After(c.At) || !t.closedAt.IsZero() && !t.closedAt.After(c.At) {
			continue
		}
		for _, e := range c.Events {
			var key claimed
			if e.At.Before(t.OpenedAt) || e.Kind != proposal.EventClaim && e.Kind != proposal.EventRelease || json.Unmarshal(e.Input, &key) != nil ||
				key.Ask != t.Ask || key.Ref != t.Ref {
				continue
			}
			t.ClaimedBy, t.ClaimedAt = e.By, e.At
			if e.Kind == proposal.EventRelease {
				t.ClaimedBy, t.ClaimedAt = "", time.Time{}
			}
			t.ClaimedName = c.People[t.ClaimedBy]
		}
		t.Due = proposal.TaskDue(t.Rules(), c.State)
		c.Tasks = append(c.Tasks, t.Task)
	}
	i := slices.IndexFunc(c.Tasks, func(t Task) bool { return t.Ref == "" })
	if i >= 0 {
		c.Task = &c.Tasks[i]
	}
}
