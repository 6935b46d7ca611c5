package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Save implements activities.LockedCase. It queues everything that an action changes; WithCase sends it with the commit.
func (l *lockedCase) Save(_ context.Context, next proposal.State, f proposal.Facts, o activities.Outcome) error {
	outcome, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("encode outcome: %w", err)
	}
	event, err := l.event(string(l.action.Kind), l.action.By, l.action.ID, l.action.Input, f.Now)
	if err != nil {
		return err
	}
	event.On, event.From, event.To = l.action.On.String(), l.state.Stage, next.Stage
	hash := event.Hash(l.head)

	row, err := l.moved(next, event, hash)
	if err != nil {
		return err
	}
	if registration, ok := l.action.Input.(*proposal.Registration); ok {
		l.register(registration, row, f.Now)
	} else {
		l.write.Queue(moveCase, row)
	}
	l.queueEvent(event, hash, outcome)
	if err := l.details(next, f, event); err != nil {
		return err
	}
	l.openTask(next, f)
	if l.action.By != "" {
		l.write.Queue(`
			insert into case_actors (person, case_id, acted_at, closed) values ($1, $2, $3, $4)
			on conflict (person, case_id) do update set acted_at = excluded.acted_at`,
			l.action.By, l.id, event.At, next.Stage == proposal.Closed)
	}
	return nil
}

// event makes the next event of the case, which leaves it where it is.
func (l *lockedCase) event(kind string, by proposal.PersonID, actionID string, input any, at time.Time) (proposal.Event, error) {
	data, err := json.Marshal(input)
	if err != nil {
		return proposal.Event{}, fmt.Errorf("encode input: %w", err)
	}
	return proposal.Event{
		CaseID: l.id, No: l.events + 1, ActionID: actionID, Kind: kind, By: by,
		At:   at.UTC().Truncate(time.Microsecond), // as Postgres keeps it
		From: l.state.Stage, To: l.state.Stage, Input: data,
	}, nil
}

func (l *lockedCase) queueEvent(e proposal.Event, hash string, outcome []byte) {
	l.write.Queue(`
		insert into events (case_id, no, action_id, kind, by, at, on_date, from_stage, to_stage, input, outcome, hash)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		l.id, e.No, e.ActionID, e.Kind, orNull(e.By), e.At, orNull(e.On), e.From, e.To, []byte(e.Input), outcome, hash)
}

// appendEvent adds an event that does not move the case: its state keeps its sequence number.
func (l *lockedCase) appendEvent(e proposal.Event, outcome any) error {
	data, err := json.Marshal(outcome)
	if err != nil {
		return fmt.Errorf("encode outcome: %w", err)
	}
	hash := e.Hash(l.head)
	l.queueEvent(e, hash, data)
	l.write.Queue(`update cases set event_count = $2, head = $3 where id = $1`, l.id, e.No, hash)
	return nil
}

const moveCase = `
	update cases set
		state = @state, stage = @stage, seq = @seq, lead_division = @lead_division, co_handling = @co_handling,
		handler = @handler, reply_due = @reply_due, internal_due = @internal_due, due = coalesce(@due::date, 'infinity'),
		due_clock = @due_clock, rung_at = @rung_at, returned_from = @returned_from, last_by = @last_by,
		last_at = @last_at, last_kind = @last_kind, document_number = @document_number, closed_on = @closed_on,
		event_count = @event_count, head = @head
	where id = @id`

const insertCase = `
	insert into cases (id, body, level, term, session, intersession, number, subject, category, lead_deputy, co_signers,
		delegation, deputy_contact, original_text, handling_type, key_supervised, secrecy, wish, source_id, late, assigned_on,
		registered_at, state, stage, seq, reply_due, due, due_clock, rung_at, last_by, last_at, last_kind, event_count, head)
	values (@id, @body, @level, @term, @session, @intersession, @number, @subject, @category, @lead_deputy, @co_signers,
		@delegation, @deputy_contact, @original_text, @handling_type, @key_supervised, @secrecy, @wish, @source_id, @late, @assigned_on,
		@registered_at, @state, @stage, @seq, @reply_due, coalesce(@due::date, 'infinity'), @due_clock, @rung_at, @last_by, @last_at,
		@last_kind, @event_count, @head)`

// moved are the columns that an action may change.
func (l *lockedCase) moved(next proposal.State, e proposal.Event, hash string) (pgx.NamedArgs, error) {
	state, err := json.Marshal(next)
	if err != nil {
		return nil, fmt.Errorf("encode state: %w", err)
	}
	row := pgx.NamedArgs{
		"id": l.id, "state": state, "stage": next.Stage, "seq": next.Seq,
		"lead_division": orNull(next.Lead), "co_handling": notNil(next.CoHandling), "handler": orNull(next.Handler),
		"reply_due": nil, "internal_due": nil, "due": nil, "due_clock": nil, "rung_at": nil,
		"returned_from": orNull(next.ReturnedFrom),
		"last_by":       orNull(next.Last.By), "last_at": next.Last.At, "last_kind": next.Last.Kind,
		"document_number": next.Number.String(), "closed_on": orNull(next.ClosedOn),
		"event_count": e.No, "head": hash,
	}
	if c := next.Clock(proposal.ReplyClock); c != nil {
		row["reply_due"] = c.Due()
	}
	if c := next.Clock(proposal.InternalClock); c != nil {
		row["internal_due"] = c.Due()
	}
	if c := next.DueNow(); c != nil {
		row["due"], row["due_clock"], row["rung_at"] = c.Due(), c.Kind, orNull(c.Rung)
	}
	return row, nil
}

// register makes the case row, and the points as they were read from the original.
func (l *lockedCase) register(r *proposal.Registration, row pgx.NamedArgs, now time.Time) {
	key := r.Key.Canonical()
	registered := pgx.NamedArgs{
		"body": key.Body, "level": key.Level, "term": key.Term, "session": key.Session, "intersession": key.Intersession,
		"number": key.Number, "subject": proposal.Subject(r.Title), "category": r.Category, "lead_deputy": r.LeadDeputy,
		"co_signers": notNil(r.CoSigners), "delegation": r.Delegation, "deputy_contact": r.DeputyContact,
		"original_text": r.Text, "handling_type": r.HandlingType, "key_supervised": r.KeySupervised, "secrecy": r.Secrecy,
		"wish": r.Wish, "source_id": r.SourceID, "late": r.Late, "assigned_on": r.AssignedOn, "registered_at": now.UTC(),
	}
	maps.Copy(row, registered)
	l.write.Queue(insertCase, row)
	l.queuePoints(r.PointTexts(), false)
}

func (l *lockedCase) queuePoints(points []string, confirmed bool) {
	if len(points) == 0 {
		return
	}
	l.write.Queue(`
		insert into points (case_id, no, text, confirmed)
		select $1, no, text, $3 from unnest($2::text[]) with ordinality as p (text, no)`, l.id, points, confirmed)
}

// details writes what an action leaves besides the case row and its event.
func (l *lockedCase) details(next proposal.State, f proposal.Facts, e proposal.Event) error {
	switch in := l.action.Input.(type) {
	case *proposal.Consultation:
		l.consulted(in, e)
	case *proposal.NumberAssignment:
		// The year's end may pass between Facts and here; the engine then tries again, on the right counter.
		if next.Number.Year != l.serialYear {
			return fmt.Errorf("number of %d asked for, counter of %d locked", next.Number.Year, l.serialYear)
		}
		l.write.Queue(`
			insert into document_numbers (series, year, serial, case_id, late, issued_at) values ($1, $2, $3, $4, $5, $6)`,
			next.Number.Series, next.Number.Year, next.Number.Serial, l.id, next.Late, e.At)
	case *proposal.PublicationOrder:
		l.write.Queue(publish, pgx.NamedArgs{
			"id": l.id, "version": next.Draft, "sha256": next.DraftSHA256,
			"title": l.key.ReplyTitle(l.subject), "session_name": l.key.SessionName(), "number_name": l.key.NumberName(),
			"noun": l.key.Noun(), "document_number": next.Number.String(), "agency": f.Pack.Agency,
			"signed_on": next.SignedOn, "published_on": next.PublishedOn, "published_at": e.At,
		})
	case *proposal.ClosureNote:
		l.write.Queue(`update case_actors set closed = true where case_id = $1`, l.id)
	}
	return nil
}

// publish takes the snapshot. A draft that is not there leaves its columns null, which the table refuses.
const publish = `
	insert into publications (case_id, version, sha256, title, subject, session_name, number_name, noun, document_number,
		lead_deputy, co_signers, body, agency, division, contact_name, contact_phone, signed_on, published_on, published_at)
	select c.id, @version, @sha256, @title, c.subject, @session_name, @number_name, @noun, @document_number,
		c.lead_deputy, c.co_signers, d.body, @agency, coalesce(v.name, ''), d.contact_name, d.contact_phone,
		@signed_on, @published_on, @published_at
	from cases c
	left join drafts d on d.case_id = c.id and d.version = @version and d.sha256 = @sha256
	left join divisions v on v.code = c.lead_division
	where c.id = @id`

// consulted keeps an attempt to reach the deputy. One that did confirms the points and tells the deputy's wish.
func (l *lockedCase) consulted(v *proposal.Consultation, e proposal.Event) {
	held := v.At.UTC()
	if v.At.IsZero() {
		held = e.At
	}
	l.write.Queue(`
		insert into consultations (case_id, event_no, mode, held_at, outcome, spoke_with, call_back_at, words, points, wish, by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		l.id, e.No, v.Mode, held, v.Outcome, v.SpokeWith, orNull(v.CallBackAt), v.Words, notNil(v.Points), v.Wish, e.By)
	if v.Outcome == proposal.Reached {
		l.write.Queue(`delete from points where case_id = $1`, l.id)
		l.queuePoints(v.Points, true)
		l.write.Queue(`update cases set wish = $2 where id = $1`, l.id, v.Wish)
	}
}

// openTask closes the task that was done and opens the one that the new state asks for. A task that is still the same stays,
// with its claim.
func (l *lockedCase) openTask(next proposal.State, f proposal.Facts) {
	var due any = "infinity"
	if clock := next.DueNow(); clock != nil {
		due = clock.Due()
	}
	want, open := proposal.TaskOf(next, f.Pack)
	if l.task != nil && open && l.task.Rules() == want {
		l.write.Queue(`update tasks set due = $2 where id = $1`, l.task.ID, due)
		return
	}
	if l.task != nil {
		l.write.Queue(`update tasks set closed_at = $2 where id = $1`, l.task.ID, f.Now.UTC())
	}
	if open {
		l.write.Queue(`
			insert into tasks (case_id, stage, role, division, person, due, opened_at) values ($1, $2, $3, $4, $5, $6, $7)`,
			l.id, want.Stage, want.Role, orNull(want.Division), orNull(want.Person), due, f.Now.UTC())
	}
}

// alreadyRegistered names the case that bears the number a registration brought.
func (s *Store) alreadyRegistered(ctx context.Context, a proposal.Action, cause error) error {
	r, ok := a.Input.(*proposal.Registration)
	if !ok {
		return cause
	}
	id, err := s.CaseByKey(ctx, r.Key)
	if err != nil {
		return errors.Join(err, cause)
	}
	state, err := s.State(ctx, id)
	if err != nil {
		return errors.Join(err, cause)
	}
	return &proposal.Refusal{
		Code: proposal.AlreadyRegistered, Case: id, By: state.Last.By, At: state.Last.At, Did: state.Last.Kind, Stage: state.Stage,
	}
}

// notNil makes a missing list an empty one: lists are never NULL.
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
