package store

import (
	"context"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
)

// nothing is what an event says that needs no words, and what a repeated one answers.
type nothing struct{}

// plain runs a transaction that does not move the case, by somebody who may see it.
func (s *Store) plain(ctx context.Context, by proposal.PersonID, caseID, actionID string, fn func(*lockedCase) error) error {
	id, err := parseID(caseID)
	if err != nil {
		return err
	}
	if actionID, err = parseActionID(actionID); err != nil {
		return err
	}
	if by, err = parseID(by); err != nil {
		return &proposal.Refusal{Code: proposal.Forbidden}
	}
	return edge(s.locked(ctx, id, actionID, by, func(l *lockedCase) error {
		switch {
		case l.actor.ID == "":
			return &proposal.Refusal{Code: proposal.Forbidden}
		case l.state.Stage == proposal.Unregistered:
			return errNotFound
		}
		return fn(l)
	}))
}

// ClaimTask takes an open task of a case for the person (认领). The zero key means the task of the stage, or the only one that
// the person may take. Repeating an action id, or claiming what one has already, changes nothing. Refusals: ClaimedByOther with
// By and At, Forbidden, NotInStage where there is no such task.
func (s *Store) ClaimTask(ctx context.Context, by proposal.PersonID, caseID, actionID string, key proposal.TaskKey) error {
	return s.plain(ctx, by, caseID, actionID, func(l *lockedCase) error {
		if done, err := l.repeated(proposal.EventClaim, &nothing{}); done || err != nil {
			return err
		}
		t, me := l.wanted(key, func(t Task) bool { return l.actor.MayTake(t.Rules()) }), l.actor.ID
		switch {
		case t == nil:
			return l.acted(proposal.NotInStage)
		case t.ClaimedBy == me || t.Person == me:
			return nil
		case t.ClaimedBy != "":
			return &proposal.Refusal{Code: proposal.ClaimedByOther, By: t.ClaimedBy, At: t.ClaimedAt}
		case t.Person != "":
			return &proposal.Refusal{Code: proposal.ClaimedByOther, By: t.Person, At: t.OpenedAt}
		case !l.actor.MayTake(t.Rules()):
			return &proposal.Refusal{Code: proposal.Forbidden, Role: t.Role}
		}
		e, err := l.event(proposal.EventClaim, me, actionID, claimed{t.Ask, t.Ref}, s.Now())
		if err != nil {
			return err
		}
		l.write.Queue(`update tasks set claimed_by = $2, claimed_at = $3 where id = $1`, t.ID, me, e.At)
		return l.appendEvent(e, nothing{})
	})
}

// claimed says which task was taken.
type claimed struct {
	Ask proposal.Ask `json:"ask"`
	Ref string       `json:"ref,omitempty"`
}

// wanted is the open task with the key. The zero key means that of the stage if it fits or nothing else does; else the only one
// that fits.
func (l *lockedCase) wanted(key proposal.TaskKey, fits func(Task) bool) *Task {
	t := l.task(key)
	if key != (proposal.TaskKey{}) || t != nil && fits(*t) {
		return t
	}
	for i := range l.tasks {
		if !fits(l.tasks[i]) {
			continue
		}
		if t != nil && fits(*t) {
			return nil // several: it must be said which
		}
		t = &l.tasks[i]
	}
	return t
}

// released says whose claim was put back.
type released struct {
	Claimant proposal.PersonID `json:"claimant"`
	claimed
}

// ReleaseTask puts a claimed task back (放回); the zero key as in ClaimTask. A task that nobody has claimed stays as it is. Refusals: ClaimedByOther with
// By and At.
func (s *Store) ReleaseTask(ctx context.Context, by proposal.PersonID, caseID, actionID string, key proposal.TaskKey) error {
	return s.plain(ctx, by, caseID, actionID, func(l *lockedCase) error {
		if done, err := l.repeated(proposal.EventRelease, &nothing{}); done || err != nil {
			return err
		}
		t := l.wanted(key, func(t Task) bool { return t.ClaimedBy != "" && proposal.MayRelease(l.actor, t.ClaimedBy) })
		switch {
		case t == nil || t.ClaimedBy == "":
			return nil
		case !proposal.MayRelease(l.actor, t.ClaimedBy):
			return &proposal.Refusal{Code: proposal.ClaimedByOther, By: t.ClaimedBy, At: t.ClaimedAt}
		}
		e, err := l.event(proposal.EventRelease, l.actor.ID, actionID, released{t.ClaimedBy, claimed{t.Ask, t.Ref}}, s.Now())
		if err != nil {
			return err
		}
		l.write.Queue(`update tasks set claimed_by = null, claimed_at = null where id = $1`, t.ID)
		return l.appendEvent(e, nothing{})
	})
}

// DeputyContact is how the deputy can be reached: as the case keeps it, and, where the directory has another number by now, that. Second and Now may be "".
type DeputyContact struct{ Number, Second, Now string }

// ViewContact returns the deputy's contact data and writes down who looked (domain §3). It returns NotFound to those who may
// not see the case.
func (s *Store) ViewContact(ctx context.Context, caseID string, by proposal.PersonID) (contact DeputyContact, err error) {
	actionID := uuid.Must(uuid.NewV7()).String()
	err = s.plain(ctx, by, caseID, actionID, func(l *lockedCase) error {
		if !l.actor.SeesAll(l.state) || !l.actor.SeesName(l.state) {
			return errNotFound
		}
		e, err := l.event(proposal.EventViewContact, l.actor.ID, actionID, nothing{}, s.Now())
		if err != nil {
			return err
		}
		if err := l.appendEvent(e, nothing{}); err != nil {
			return err
		}
		l.write.Queue(`insert into contact_views (case_id, event_no, person, at) values ($1, $2, $3, $4)`, l.id, e.No, e.By, e.At)
		reach, err := l.reachNow(ctx)
		if err != nil {
			return err
		}
		err = l.conn.QueryRow(ctx, `select deputy_contact, second_contact from cases where id = $1`, l.id).Scan(&contact.Number, &contact.Second)
		if phone := digits(reach.Phone); phone != "" && phone != digits(contact.Number) && phone != digits(contact.Second) {
			contact.Now = reach.Phone
		}
		return err
	})
	if err != nil {
		return DeputyContact{}, err // nobody sees what could not be written down
	}
	return contact, nil
}

// digits are those of a telephone number, however it is grouped.
func digits(number string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
}
