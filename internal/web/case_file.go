package web

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// caseFile is a case with what its page needs beside the record: its rule pack and who works in the bureau.
type caseFile struct {
	*store.Case
	Pack   *proposal.Pack
	people []store.Person
	days   *calendar.Calendar
	order  []store.Division // the divisions in their order
	now    time.Time        // of the page: now, or the moment of the past that it shows
	whole  bool             // the reader may see everything of the case
	rights proposal.State   // by which that is decided: the case as it is today
	past   *store.PastCase  // nil on the page of today

	watchers []store.Person // who watches the case and may still see it

	draftFacts *proposal.Facts // what a draft is examined by; nil while none is written
	typed      []store.Typed   // what the officer has typed into forms of the case and not sent
	work       store.Work      // what the officer has typed on the draft
	others     []store.Presence
}

// openCase reads a case for an officer; a case that is not for their eyes does not exist for them.
func (s *Server) openCase(ctx context.Context, id string, who *store.Person) (*caseFile, error) {
	c, err := s.Store.Case(ctx, id)
	if err != nil {
		return nil, err
	}
	if !c.ShowTo(who.Person) {
		return nil, errNotFound
	}
	f, err := s.fileOf(ctx, c, c.State, who)
	if err != nil {
		return nil, err
	}
	f.now = s.Now()
	if f.watchers, err = s.Store.Watchers(ctx, c.CaseID); err != nil {
		return nil, err
	}
	f.watchers = slices.DeleteFunc(f.watchers, func(p store.Person) bool { return !f.As(p.Person).Sees(f.State) })
	if f.typed, err = s.Store.Typed(ctx, who.ID, c.CaseID); err != nil {
		return nil, err
	}
	if c.State.Stage == proposal.Drafting && who.SeesName(c.State) {
		facts, err := s.Store.DraftFacts(ctx, c.CaseID)
		if err != nil {
			return nil, err
		}
		f.draftFacts = s.examineFacts(f, facts, f.days)
	}
	if c.State.Stage == proposal.Drafting && f.mayDraft(who) {
		if f.work, err = s.Store.Work(ctx, c.CaseID, who.ID); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// fileOf adds what the page of a case needs beside the record.
func (s *Server) fileOf(ctx context.Context, c *store.Case, rights proposal.State, who *store.Person) (f *caseFile, err error) {
	pack, ok := s.Store.Pack(c.State.Pack)
	if !ok {
		return nil, fmt.Errorf("case %s: rule pack %q is not loaded", c.CaseID, c.State.Pack)
	}
	f = &caseFile{Case: c, Pack: pack, days: s.days(ctx), rights: rights, whole: c.As(who.Person).SeesAll(rights)}
	if f.people, err = s.Store.People(ctx); err != nil {
		return nil, err
	}
	f.order, err = s.Store.Divisions(ctx)
	return f, err
}

// pastFile is the file of a case as it was.
func (s *Server) pastFile(ctx context.Context, past *store.PastCase, who *store.Person) (*caseFile, error) {
	f, err := s.fileOf(ctx, past.Case, past.Now, who)
	if err != nil {
		return nil, err
	}
	f.now, f.past = past.At, past
	return f, nil
}

// claimedBy is who has claimed the task that the reader is shown; "" for nobody.
func (f *caseFile) claimedBy() proposal.PersonID {
	if f.Task == nil {
		return ""
	}
	return f.Task.ClaimedBy
}

// pointTexts are the points as the forms show them.
func (f *caseFile) pointTexts() []string {
	var texts []string
	for _, p := range f.Points {
		texts = append(texts, p.Text)
	}
	return texts
}

// lastEvent is the newest event of one of the kinds; nil if there is none.
func (f *caseFile) lastEvent(kinds ...proposal.Kind) *store.Event {
	for i := len(f.Events) - 1; i >= 0; i-- {
		if slices.Contains(kinds, proposal.Kind(f.Events[i].Kind)) {
			return &f.Events[i]
		}
	}
	return nil
}

// passages are the events that moved the case on. What takes it back or ends it before its time is no progress.
func (f *caseFile) passages(w *words) []passage {
	var list []passage
	for _, e := range f.Events {
		if e.From == e.To || kinds.Of(proposal.Kind(e.Kind)).Back != "" {
			continue
		}
		list = append(list, passage{From: e.From, Who: w.Name(f.People[e.By]), At: e.At, On: e.On})
	}
	return list
}

// eventInput is what an action said; nil for events that do not move a case.
func eventInput(e store.Event) proposal.Input {
	in := proposal.NewInput(proposal.Kind(e.Kind))
	if in == nil || json.Unmarshal(e.Input, in) != nil {
		return nil
	}
	return in
}

// holders are the people a task is for.
func (f *caseFile) holders(t proposal.Task) []store.Person {
	var list []store.Person
	for _, p := range f.people {
		if p.Active && (p.ID == t.Person || t.MayClaim(p.Person)) {
			list = append(list, p)
		}
	}
	return list
}

// holder names whom a task is for: the person if there is one, else the role.
func (f *caseFile) holder(w *words, t proposal.Task) string {
	if f.past != nil { // who had the role then is not on record: only who was named is told
		if t.Person != "" {
			return f.personName(w, t.Person)
		}
		return w.T("role." + string(t.Role))
	}
	if who := f.holders(t); len(who) == 1 {
		return w.Name(who[0].Name)
	}
	return w.T("role." + string(t.Role))
}

// stageOf is the stage whose task a station waits for first.
var stageOf = map[proposal.Step]proposal.Stage{
	proposal.StepAssignment: proposal.Assigning, proposal.StepConsultation: proposal.Consulting, proposal.StepDrafting: proposal.Drafting,
	proposal.StepReview: proposal.DivisionReview, proposal.StepSignOff: proposal.SignOff, proposal.StepNumbering: proposal.Numbering,
	proposal.StepDispatch: proposal.Dispatching, proposal.StepFollowUp: proposal.Answered, proposal.StepClosure: proposal.Closing,
}

// expected names whom a station waits for; "" while that is not known.
func (f *caseFile) expected(w *words, step proposal.Step) string {
	s := f.State
	if step == proposal.StepCoHandling {
		return f.awaitedUnits(w)
	}
	if s.Stage.Step() != step {
		s.Stage = stageOf[step]
	}
	task, ok := proposal.MainTask(s, f.Pack)
	switch {
	case !ok, task.Role == proposal.Handler && task.Person == "", task.Role == proposal.DivisionHead && task.Division == "":
		return ""
	}
	return f.holder(w, task)
}

func (f *caseFile) divisionNames(w *words, ids []proposal.DivisionID) []string {
	var names []string
	for _, id := range ids {
		names = append(names, w.Name(f.Divisions[id]))
	}
	return names
}
