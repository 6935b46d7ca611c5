package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/google/go-cmp/cmp"
)

// A case that went through the whole process: every row that it should have left is there, and the chain is sound.
func TestWholeProcess(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Closed)

	c, err := w.Case(t.Context(), id)
	check(t, err)
	if c.State.Stage != proposal.Closed || c.State.Seq != 15 || len(c.Events) != 16 || !c.Published || c.Task != nil {
		t.Errorf("stage %s, seq %d, %d events, published %v, task %v", c.State.Stage, c.State.Seq, len(c.Events), c.Published, c.Task)
	}
	if c.Number != "沈民函〔2026〕1号" || c.Subject != "缓解社工压力提高社工待遇" || c.Wish != proposal.WishesOpen || !c.HasContact {
		t.Errorf("number %q, subject %q, wish %q, contact %v", c.Number, c.Subject, c.Wish, c.HasContact)
	}
	for i, e := range c.Events {
		if e.No != i+1 || i > 0 && e.From != c.Events[i-1].To {
			t.Errorf("event %d: no %d, from %q", i, e.No, e.From)
		}
		if e.By != "" && c.People[e.By].ZH == "" {
			t.Errorf("event %d: no name for %s", e.No, e.By)
		}
	}
	want := []string{"落实基层减负", "增加社工待遇"}
	if len(c.Points) != 2 || c.Points[0].Text != want[0] || !c.Points[1].Confirmed {
		t.Errorf("points %v", c.Points)
	}
	if len(c.Consultations) != 1 || !c.Consultations[0].At.Equal(w.now.Truncate(time.Microsecond)) || !cmp.Equal(c.Consultations[0].Points, want) {
		t.Errorf("consultations %v", c.Consultations)
	}
	if open := w.count(t, `select count(*) from tasks where closed_at is null`); open != 0 {
		t.Errorf("%d tasks open", open)
	}
	report, err := w.VerifyChain(t.Context(), nil)
	if err != nil || len(report.Breaks) > 0 || report.Events != 16 || report.Cases != 1 {
		t.Errorf("chain: %+v, %v", report, err)
	}
}

// The timeline must not be a way around the logged look, nor repeat the original.
func TestTimelineHidesContact(t *testing.T) {
	w := newWorld(t)
	c, err := w.Case(t.Context(), w.register(t))
	check(t, err)
	var r proposal.Registration
	check(t, json.Unmarshal(c.Events[0].Input, &r))
	if r.DeputyContact != "" || r.Text != "" || r.LeadDeputy == "" {
		t.Errorf("got %+v", r)
	}
}

// A repeated action id is answered with that action's own outcome, however far the case has gone since.
func TestRepeatedActionGetsItsOwnOutcome(t *testing.T) {
	w := newWorld(t)
	id := w.register(t)
	first := w.Next(t, w.Store, id)
	then := w.do(t, id, first)
	w.advance(t, id, proposal.Drafting)

	again, err := w.send(t.Context(), id, first)
	check(t, err)
	if again.Refusal != nil || !cmp.Equal(again.Position, then) {
		t.Errorf("got %+v, want %+v", again, then)
	}
	if n := w.count(t, `select count(*) from events where action_id = $1`, first.ID); n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestActionAppliedOnceUnderConcurrency(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Assigning)
	a := w.Next(t, w.Store, id)
	outcomes := make([]ledger.Outcome, 12)
	var wg sync.WaitGroup
	for i := range outcomes {
		wg.Go(func() {
			var err error
			if outcomes[i], err = w.send(t.Context(), id, a); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, o := range outcomes {
		if o.Refusal != nil || o.Position.Stage != proposal.Accepting || o.Position.Seq != 3 {
			t.Errorf("got %+v", o)
		}
	}
	if n := w.count(t, `select count(*) from events where case_id = $1`, id); n != 3 {
		t.Errorf("%d events, want 3", n)
	}
}

// Different actions on one case come one after the other, each on the state that the one before left.
func TestActionsSerialise(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Consulting)
	before, err := w.State(t.Context(), id)
	check(t, err)
	const calls = 12
	var wg sync.WaitGroup
	for range calls {
		wg.Go(func() {
			a := w.Action(proposal.Contact, proposal.Handler, &proposal.Consultation{Mode: proposal.PhoneContact, Outcome: proposal.ContactNoAnswer})
			if o, err := w.send(t.Context(), id, a); err != nil || o.Refusal != nil {
				t.Error(err, o.Refusal)
			}
		})
	}
	wg.Wait()
	after, err := w.State(t.Context(), id)
	check(t, err)
	if after.Attempts != calls || after.Seq != before.Seq+calls {
		t.Errorf("attempts %d, seq %d after %d", after.Attempts, after.Seq, before.Seq)
	}
	if report, err := w.VerifyChain(t.Context(), nil); err != nil || len(report.Breaks) > 0 {
		t.Errorf("chain: %+v, %v", report, err)
	}
}

// Two clerks register the same suggestion at the same time: one case, and the other is told so.
func TestRegistrationRace(t *testing.T) {
	w := newWorld(t)
	id, r := w.registration()
	outcomes := make([]ledger.Outcome, 8)
	var wg sync.WaitGroup
	for i := range outcomes {
		wg.Go(func() {
			var err error
			if outcomes[i], err = w.send(t.Context(), id, w.Register(r)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	registered := 0
	for _, o := range outcomes {
		if o.Refusal == nil {
			registered++
			continue
		}
		refused(t, o.Refusal, proposal.AlreadyRegistered)
	}
	if registered != 1 {
		t.Errorf("registered %d times", registered)
	}
}

// The natural key holds even if somebody derives another id from it.
func TestNaturalKeyUnderAnotherID(t *testing.T) {
	w := newWorld(t)
	id, r := w.registration()
	w.do(t, id, w.Register(r))
	outcome, err := w.send(t.Context(), newID(), w.Register(r))
	check(t, err)
	refusal := refused(t, outcome.Refusal, proposal.AlreadyRegistered)
	if refusal.Case != id || refusal.By != w.ID(proposal.Liaison) || refusal.Stage != proposal.Registered {
		t.Errorf("got %+v", refusal)
	}
	if n := w.count(t, `select count(*) from cases`); n != 1 {
		t.Errorf("%d cases", n)
	}
}

func TestRecordRefuses(t *testing.T) {
	w := newWorld(t)
	id := w.register(t)
	other := w.register(t)
	ctx := t.Context()
	record := func(caseID, actionID string) error {
		o, err := w.cases.Record(ctx, ledger.Command{CaseID: caseID, ActionID: actionID})
		check(t, err)
		if o.Refusal == nil {
			return nil
		}
		return o.Refusal
	}
	next := w.Next(t, w.Store, id)
	check(t, w.SaveAction(ctx, id, next))
	refused(t, record(id, newID()), proposal.NotFound)    // never saved
	refused(t, record(other, next.ID), proposal.NotFound) // saved for another case
	refused(t, record("nonsense", next.ID), proposal.NotFound)
	refused(t, record(id, "nonsense"), proposal.NotFound)
	refused(t, w.SaveAction(ctx, "nonsense", next), proposal.NotFound)
	bad := next
	bad.ID = "nonsense"
	refused(t, w.SaveAction(ctx, id, bad), proposal.InvalidInput)

	for _, by := range []proposal.PersonID{"", "nonsense", proposal.PersonID(newID())} {
		a := w.Next(t, w.Store, id)
		a.By = by
		o, err := w.send(ctx, id, a)
		check(t, err)
		refused(t, o.Refusal, proposal.Forbidden)
	}
	liaison := w.Bureau[proposal.Liaison]
	liaison.Active = false
	_, err := w.UpsertPerson(ctx, liaison, "")
	check(t, err)
	o, err := w.send(ctx, id, w.Next(t, w.Store, id))
	check(t, err)
	refused(t, o.Refusal, proposal.Forbidden)

	// A division code with a byte that Postgres cannot hold, which the rules do not look at.
	a := w.Action(proposal.ProposeAssignment, proposal.BureauHead, &proposal.RoutingOpinion{Lead: "jiceng", CoHandling: []proposal.DivisionID{"a\x00"}})
	o, err = w.send(ctx, id, a)
	check(t, err)
	refused(t, o.Refusal, proposal.InvalidInput)

	// An id that a claim has used names no action.
	second := w.person(t, "second", proposal.Person{Roles: []proposal.Role{proposal.Liaison}})
	a = w.Next(t, w.Store, id)
	a.By = second
	check(t, w.ClaimTask(ctx, second, id, a.ID, proposal.TaskKey{}))
	check(t, w.SaveAction(ctx, id, a))
	if fields := refused(t, record(id, a.ID), proposal.InvalidInput).Fields; len(fields) != 1 || fields[0].Field != "action_id" {
		t.Errorf("fields %v", fields)
	}
}

// What an action names reaches the rules, and nothing else does.
func TestFacts(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Drafting)
	saved, err := w.SaveDraft(t.Context(), id, w.ID(proposal.Handler), newID(), 0, proposal.Draft{Body: "一稿"})
	check(t, err)
	facts := func(a proposal.Action) (f proposal.Facts) {
		t.Helper()
		check(t, w.SaveAction(t.Context(), id, a))
		check(t, w.WithCase(t.Context(), id, a.ID, func(l ledger.LockedCase) (err error) {
			f, err = l.Facts(t.Context())
			return err
		}))
		return f
	}
	f := facts(w.Action(proposal.ProposeAssignment, proposal.LeaderInCharge, &proposal.RoutingOpinion{Lead: "jiceng", CoHandling: []proposal.DivisionID{"yanglao", "none"}}))
	if !cmp.Equal(f.Divisions, []proposal.DivisionID{"jiceng", "yanglao"}) || f.Points != 2 {
		t.Errorf("divisions %v, points %d", f.Divisions, f.Points)
	}
	if want := w.Bureau[proposal.LeaderInCharge].Person; !cmp.Equal(f.Actor, want) {
		t.Errorf("actor %+v, want %+v", f.Actor, want)
	}
	f = facts(w.Action(proposal.Accept, proposal.DivisionHead, &proposal.Acceptance{Handler: w.ID(proposal.Handler)}))
	if want := w.Bureau[proposal.Handler].Person; f.Named.ID != want.ID || !cmp.Equal(f.Named.Roles, want.Roles) || f.Named.Division != want.Division {
		t.Errorf("named %+v, want %+v", f.Named, want)
	}
	if f = facts(w.Action(proposal.Accept, proposal.DivisionHead, &proposal.Acceptance{Handler: "nonsense"})); f.Named.ID != "" {
		t.Errorf("named %+v", f.Named)
	}
	f = facts(w.Action(proposal.Submit, proposal.Handler, &proposal.Submission{Version: 1}))
	if f.Draft.Version != 1 || f.Draft.SHA256() != saved.SHA256 {
		t.Errorf("draft %+v", f.Draft)
	}
	if f = facts(w.Action(proposal.Submit, proposal.Handler, &proposal.Submission{Version: 2})); f.Draft.Version != 0 {
		t.Errorf("draft %+v", f.Draft)
	}
	if f = facts(w.Action(proposal.AssignNumber, proposal.Liaison, &proposal.NumberAssignment{Serial: 1})); f.NextSerial != 1 || f.SerialUsed {
		t.Errorf("next serial %d, used %v", f.NextSerial, f.SerialUsed)
	}
}

// Nothing is written when the rules refuse, or when the caller fails after Save.
func TestNothingIsWrittenWithoutCommit(t *testing.T) {
	w := newWorld(t)
	id := w.register(t)
	a := w.Next(t, w.Store, id)
	check(t, w.SaveAction(t.Context(), id, a))
	broken := errors.New("broken")
	err := w.WithCase(t.Context(), id, a.ID, func(l ledger.LockedCase) error {
		f, err := l.Facts(t.Context())
		check(t, err)
		f.Now, f.Calendar, f.Pack = w.now, calendar.National(), rulepack.BuiltIn()["shenyang-1"]
		next, err := proposal.Apply(l.State(), a, f)
		check(t, err)
		check(t, l.Save(t.Context(), next, f, ledger.Outcome{}))
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if state, err := w.State(t.Context(), id); err != nil || state.Seq != 1 {
		t.Errorf("state %+v, %v", state, err)
	}
	w.do(t, id, a) // the lock is free again
}

// A clock that ran out marks the case, and leaves its task to whoever has it.
func TestRing(t *testing.T) {
	w := newWorld(t)
	w.now = calendar.NewDate(2026, 3, 3).Start().Add(10 * time.Hour) // before the first bell
	id := w.register(t)
	reader := w.person(t, "second", proposal.Person{Roles: []proposal.Role{proposal.Liaison}})
	check(t, w.ClaimTask(t.Context(), reader, id, newID(), proposal.TaskKey{}))
	state, err := w.State(t.Context(), id)
	check(t, err)
	rings := 0
	rang := map[proposal.ClockKind]time.Time{}
	for end := calendar.NewDate(2026, 3, 31).Start().Add(time.Hour); state.NextRing().RingsAt().Before(end); {
		ring := state.NextRing()
		w.now = ring.RingsAt().Add(time.Minute)
		rang[ring.Kind] = w.now
		cmd := activities.RingCommand{CaseID: id, Clock: ring.Kind, Ref: ring.Ref, At: ring.RingsAt()}
		rings++
		for range 2 { // an activity may run twice
			o, err := w.cases.Ring(t.Context(), cmd)
			check(t, err)
			if o.Refusal != nil || o.Position.Seq != 1+rings {
				t.Fatalf("got %+v", o)
			}
		}
		state, err = w.State(t.Context(), id)
		check(t, err)
	}
	c, err := w.Case(t.Context(), id)
	check(t, err)
	if !c.Rung.Equal(rang[proposal.FirstContactClock]) || rang[proposal.ReturnClock].IsZero() || c.Task.ClaimedBy != reader || c.LastAt.Equal(w.now) {
		t.Errorf("rung %v of %v, claimed by %q, last act %v", c.Rung, rang, c.Task.ClaimedBy, c.LastAt)
	}
	if last := c.Events[len(c.Events)-1]; last.Kind != string(proposal.Ring) || last.By != "" {
		t.Errorf("event %+v", last)
	}
}

// A case that was sent back reads as such, and its new task is nobody's yet.
func TestSendBack(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.OfficeReview)
	check(t, w.ClaimTask(t.Context(), w.ID(proposal.OfficeReviewer), id, newID(), proposal.TaskKey{}))
	w.do(t, id, w.Action(proposal.SendBack, proposal.OfficeReviewer, &proposal.SendingBack{To: proposal.DivisionReview, Reason: "会签意见未附。"}))
	c, err := w.Case(t.Context(), id)
	check(t, err)
	if c.ReturnedFrom != proposal.OfficeReview || c.Task.Ask != proposal.AskOf(proposal.DivisionReview) || c.Task.ClaimedBy != "" {
		t.Errorf("returned from %q, task %+v", c.ReturnedFrom, c.Task)
	}
	if n := w.count(t, `select count(*) from tasks where case_id = $1 and closed_at is not null and claimed_by is not null`, id); n != 1 {
		t.Errorf("%d closed tasks keep their claim, want 1", n)
	}
}

// The last words sent under an id count until it is applied; nobody can send another's action, or change an applied one.
// listening hears under which id an action would be saved.
type listening struct {
	ledger.Ledger
	heard string
}

func (l *listening) SaveAction(_ context.Context, _ string, a proposal.Action) error {
	l.heard = a.ID
	return errors.New("only listening")
}

// Whoever sees a case can compute the id of its next bell. They cannot take it.
func TestNobodyTakesTheIDOfABell(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.register(t)
	state, err := w.State(ctx, id)
	check(t, err)
	bell := state.NextRing()
	cmd := activities.RingCommand{CaseID: id, Clock: bell.Kind, Ref: bell.Ref, At: bell.RingsAt()}
	ear := &listening{Ledger: w.Store}
	_, _ = (&activities.Cases{Ledger: ear}).Ring(ctx, cmd)

	taken := w.Action(proposal.Sign, proposal.LeaderInCharge, &proposal.Signature{SHA256: "00"})
	taken.ID = ear.heard
	refused(t, w.SaveAction(ctx, id, taken), proposal.InvalidInput)
	refused(t, w.ClaimTask(ctx, w.ID(proposal.Liaison), id, ear.heard, proposal.TaskKey{}), proposal.InvalidInput)

	w.now = bell.RingsAt().Add(time.Minute)
	if o, err := w.cases.Ring(ctx, cmd); err != nil || o.Refusal != nil {
		t.Errorf("the bell answers %v, %v", o.Refusal, err)
	}
}

func TestSaveActionAgain(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id, other := w.register(t), w.register(t)
	a := w.Next(t, w.Store, id)
	check(t, w.SaveAction(ctx, id, a))
	a.Input = &proposal.RoutingOpinion{Lead: "jiceng", Opinion: "改过的意见"}
	check(t, w.SaveAction(ctx, id, a))

	refused(t, w.SaveAction(ctx, other, a), proposal.InvalidInput)
	stolen := a
	stolen.By = w.ID(proposal.Handler)
	refused(t, w.SaveAction(ctx, id, stolen), proposal.InvalidInput)

	if o, err := w.send(ctx, id, a); err != nil || o.Refusal != nil {
		t.Fatal(err, o.Refusal)
	}
	a.Input = &proposal.RoutingOpinion{Lead: "yanglao"}
	refused(t, w.SaveAction(ctx, id, a), proposal.SentOtherwise)
	if n := w.count(t, `select count(*) from actions where body->'input'->>'opinion' = '改过的意见'`); n != 1 {
		t.Errorf("%d actions hold the words that were applied", n)
	}
}
