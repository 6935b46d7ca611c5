package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// asItWas compares a case read at the time with the same asked for later. Names of people whom it came to mention since are known
// then too; what a case is merged with, and who covers for whom, is of today.
var asItWas = cmp.Options{
	cmpopts.IgnoreUnexported(store.Case{}, store.CaseRow{}, store.CaseLink{}),
	cmpopts.IgnoreFields(store.Case{}, "People", "Group", "Covers"),
	cmpopts.IgnoreFields(store.CaseRow{}, "ReplyDue", "Due", "DueClock", "Rung"), // read from the state, like every page of a case
	cmpopts.IgnoreFields(store.CaseLink{}, "EndedAt"),
	cmpopts.EquateEmpty(),
}

// walker does to a case, beside its straight way, whatever may be done at any time.
type walker struct {
	*world
	dice *rand.Rand
	id   string
}

func (w *walker) beside(t *testing.T, n int) {
	t.Helper()
	ctx, liaison := t.Context(), w.ID(proposal.Liaison)
	switch w.dice.IntN(9) {
	case 0:
		_, err := w.AddNote(ctx, liaison, w.id, newID(), fmt.Sprintf("第%d条备注", n), []proposal.PersonID{w.ID(proposal.Supervisor)})
		check(t, err)
	case 1:
		info := store.AttachmentInfo{Kind: store.OtherFile, Name: fmt.Sprintf("%d.txt", n), MediaType: "text/plain"}
		_, err := w.SaveAttachment(ctx, liaison, w.id, newID(), info, []byte(fmt.Sprint(n)))
		check(t, err)
	case 2:
		_, err := w.ViewContact(ctx, w.id, liaison)
		check(t, err)
	case 3: // whoever may take something takes it, or puts it back
		for _, role := range []proposal.Role{proposal.Liaison, proposal.DivisionHead, proposal.OfficeReviewer, proposal.LeaderInCharge, proposal.Publisher} {
			_ = w.ClaimTask(ctx, w.ID(role), w.id, newID(), proposal.TaskKey{})
		}
	case 4:
		check(t, w.ReleaseTask(ctx, liaison, w.id, newID(), proposal.TaskKey{}))
	case 5:
		other := w.register(t)
		check(t, w.LinkCases(ctx, liaison, w.id, newID(), other, store.Similar))
		if n%2 == 0 {
			w.now = w.now.Add(time.Minute)
			check(t, w.UnlinkCases(ctx, liaison, other, newID(), w.id))
		}
	case 6: // asked, written and approved by the way itself
		_, _ = w.send(ctx, w.id, w.Action(proposal.AskOpinion, proposal.Handler, &proposal.OpinionRequest{Unit: "市财政局", Question: fmt.Sprintf("第%d问", n)}))
	case 7:
		w.answer(t, "u1", n)
	case 8:
		_, _ = w.send(ctx, w.id, w.Action(proposal.Urge, proposal.Supervisor, &proposal.UrgeNote{Text: "请抓紧。"}))
	}
}

// answer enters what an outside unit wrote, if it was asked.
func (w *walker) answer(t *testing.T, ref string, n int) {
	_, _ = w.send(t.Context(), w.id, w.Action(proposal.WriteOpinion, proposal.Liaison, &proposal.WrittenOpinion{
		StrandTarget: proposal.StrandTarget{Ref: ref}, Text: fmt.Sprintf("第%d答", n), Figures: fmt.Sprint(n),
	}))
}

// Whatever was on the page of a case after each of its events is on the page of that moment later, whichever way the case went.
func TestCaseAsItWas(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := &walker{newWorld(t), rand.New(rand.NewPCG(seed, 392)), ""}
			w.id = w.register(t)
			if seed%2 == 1 {
				w.id = w.coHandled(t, proposal.Accepting)
			}
			seen := []*store.Case{w.read(t, w.id)}
			times := []time.Time{w.now}
			for n := 1; n < 50; n++ {
				w.now = w.now.Add(time.Hour)
				state, err := w.State(t.Context(), w.id)
				check(t, err)
				waits := slices.IndexFunc(state.Strands, func(r proposal.Strand) bool { return r.Outside && r.Status == proposal.StrandAsked })
				switch {
				case w.dice.IntN(2) == 0:
					w.beside(t, n)
				case state.Stage.Ended():
				case state.Stage == proposal.SignOff && waits >= 0: // nobody signs while an opinion is open
					w.answer(t, state.Strands[waits].Ref, n)
				default:
					w.do(t, w.id, w.Next(t, w.Store, w.id))
				}
				seen, times = append(seen, w.read(t, w.id)), append(times, w.now)
			}
			liaison, err := w.Person(t.Context(), w.ID(proposal.Liaison))
			check(t, err)
			for i, was := range seen {
				if !was.ShowTo(liaison.Person) {
					t.Fatal("the liaison does not see the case")
				}
				was.State.Prior = nil
				for j := range was.Tasks {
					was.Tasks[j].Due = proposal.TaskDue(was.Tasks[j].Rules(), was.State)
				}
				was.Task = nil
				last := was.Events[len(was.Events)-1].No
				for _, moment := range []store.Moment{{At: times[i].Add(time.Second)}, {Event: last}} {
					got, err := w.CaseAt(t.Context(), w.id, liaison.Person, moment)
					check(t, err)
					got.Task = nil
					if got.No != last || !got.Known {
						t.Errorf("event %d, want %d; known %v", got.No, last, got.Known)
					}
					if diff := cmp.Diff(was, got.Case, asItWas); diff != "" {
						t.Fatalf("after event %d (%s), asked for as %+v (-then +asked):\n%s", last, was.Events[len(was.Events)-1].Kind, moment, diff)
					}
				}
			}
			states, bytes := w.count(t, `select count(*) from case_states`), w.count(t, `select sum(pg_column_size(s.*)) from case_states s`)
			t.Logf("%d events of the case; a kept state takes %d bytes on average", len(seen[len(seen)-1].Events), bytes/states)
		})
	}
}

// What was before registration is refused, what was before the record began to be kept is said, and nobody reads in the past what they
// may not read today.
func TestWhoSeesThePast(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.Drafting)
	w.do(t, id, w.Next(t, w.Store, id))
	person := func(role proposal.Role) proposal.Person {
		p, err := w.Person(ctx, w.ID(role))
		check(t, err)
		return p.Person
	}
	_, err := w.CaseAt(ctx, id, person(proposal.Liaison), store.Moment{At: w.now.Add(-time.Hour)})
	if r := refused(t, err, proposal.InvalidInput); r.Fields[0].Code != proposal.DayBeforeStart {
		t.Errorf("before registration: %v", r)
	}
	for _, event := range []int{-1, 999} {
		_, err := w.CaseAt(ctx, id, person(proposal.Liaison), store.Moment{Event: event})
		refused(t, err, proposal.NotFound)
	}
	_, err = w.CaseAt(ctx, id, person(proposal.Publisher), store.Moment{Event: 1})
	refused(t, err, proposal.NotFound)

	// Secrecy asked for today masks the past as well.
	w.do(t, id, w.Action(proposal.AskSecrecy, proposal.Liaison, &proposal.SecrecyRequest{Reason: "来函"}))
	past, err := w.CaseAt(ctx, id, person(proposal.Supervisor), store.Moment{Event: 2})
	check(t, err)
	if !past.Masked || past.LeadDeputy != "" || past.Secrecy {
		t.Errorf("masked %v, deputy %q, secrecy then %v", past.Masked, past.LeadDeputy, past.Secrecy)
	}
	for _, e := range past.Events {
		if strings.Contains(string(e.Input), "倪琛善") {
			t.Errorf("event %d tells the name: %s", e.No, e.Input)
		}
	}

	// A case from before its states were kept: the events alone tell.
	_, err = w.sql.Exec(ctx, `alter table case_states disable trigger all; delete from case_states where event_no <= 3`)
	check(t, err)
	past, err = w.CaseAt(ctx, id, person(proposal.Liaison), store.Moment{Event: 3})
	check(t, err)
	if past.Known || past.Since.IsZero() || past.State.Stage != past.Events[2].To || len(past.Points) != 2 {
		t.Errorf("known %v since %v, %s, %d points", past.Known, past.Since, past.State.Stage, len(past.Points))
	}
	// The assembly and the publisher are shown no version that nobody decided on for the public.
	other := w.at(t, proposal.Answered)
	c := w.read(t, other)
	draft := slices.IndexFunc(c.Events, func(e store.Event) bool { return e.Kind == proposal.EventSaveDraft })
	past, err = w.CaseAt(ctx, other, person(proposal.Publisher), store.Moment{Event: c.Events[draft].No})
	check(t, err)
	if past.Draft != nil && past.Draft.Version != past.Now.Draft || past.Text != "" || past.Notes != nil {
		t.Errorf("the publisher reads %+v", past.Draft)
	}
}
