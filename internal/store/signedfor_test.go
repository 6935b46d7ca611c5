package store_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// withReceipt are the packs of a place that wants what it assigns to be signed for within two working days.
type withReceipt struct{ builtIn }

func (w withReceipt) ByID(id string) (*proposal.Pack, bool) {
	pack, ok := w.builtIn.ByID(id)
	if !ok {
		return nil, false
	}
	changed := *pack
	changed.Limits = maps.Clone(pack.Limits)
	changed.Limits[proposal.LimitReceipt] = proposal.Limit{Name: "自交办之日起2个工作日内签收", LimitCount: proposal.LimitCount{Workdays: 2}}
	return &changed, true
}

func (w withReceipt) For(string, calendar.Date) (*proposal.Pack, bool) { return w.ByID("shenyang-1") }

// What was assigned is on the liaison's list until it is signed for, and its clock rings there; the main way goes on meanwhile.
func TestAssignedIsSignedFor(t *testing.T) {
	w := newWorld(t)
	w.cases.Packs = withReceipt{}
	w.now = calendar.NewDate(2026, 3, 2).Start().Add(10 * time.Hour)
	id, other := w.register(t), w.register(t)
	asked := func(caseID string) bool {
		return w.count(t, `select count(*) from tasks where case_id = $1 and ask = $2 and closed_at is null`, caseID, proposal.AskToSignFor) == 1
	}
	w.advance(t, id, proposal.Accepting)
	state, err := w.State(t.Context(), id)
	check(t, err)
	clock := state.Clock(proposal.ReceiptClock)
	if due := calendar.NewDate(2026, 3, 4); clock == nil || clock.Due() != due || !asked(id) {
		t.Fatalf("the clock is %+v, want it due on %s; asked %v", clock, due, asked(id))
	}
	w.now = clock.RingsAt().Add(time.Minute)
	outcome, err := w.cases.Ring(t.Context(), activities.RingCommand{CaseID: id, Clock: proposal.ReceiptClock, Ref: clock.Ref, At: clock.RingsAt()})
	check(t, err)
	if outcome.Refusal != nil {
		t.Errorf("its bell: %v", outcome.Refusal)
	}
	notices, err := w.Notices(t.Context(), w.ID(proposal.Liaison), store.NoticeFilter{})
	check(t, err)
	if !slices.ContainsFunc(notices.Items, func(n store.Notice) bool { return n.CaseID == id && n.Clock == proposal.ReceiptClock }) {
		t.Errorf("the liaison was not reminded: %+v", notices.Items)
	}

	// Whoever assigned it waits for the signature, and sees of the case what the assembly sees of any.
	assembly, err := w.Person(t.Context(), w.ID(proposal.Assembly))
	check(t, err)
	waits := func() (ids []string) {
		page, err := w.Tasks(t.Context(), assembly.ID, store.TaskFilter{Box: store.Bureau, Only: store.OnlyNotReceived})
		check(t, err)
		for _, c := range page.Items {
			ids = append(ids, c.CaseID)
			if whole, err := w.Case(t.Context(), c.CaseID); err != nil || !whole.ShowTo(assembly.Person) || whole.Text != "" {
				t.Errorf("the assembly opens it and reads %q, %v", whole.Text, err)
			}
		}
		return ids
	}
	if ids := waits(); len(ids) != 2 {
		t.Errorf("the assembly waits for %v", ids)
	}
	w.do(t, id, w.Action(proposal.SignFor, proposal.Liaison, &proposal.SigningFor{
		StrandTarget: proposal.StrandTarget{Ref: clock.Ref}, SignedOn: calendar.NewDate(2026, 3, 3), Text: "纸质件一并收到",
	}))
	if asked(id) || !asked(other) {
		t.Errorf("asked for this one: %v, for the other: %v", asked(id), asked(other))
	}
	if ids := waits(); !slices.Equal(ids, []string{other}) {
		t.Errorf("the assembly waits for %v, not for the other alone", ids)
	}
	if page, err := w.SearchCases(t.Context(), assembly.Person, store.CaseFilter{}); err != nil || len(page.Items) != 1 {
		t.Errorf("what is signed for stays in the assembly's list: %d cases, %v", len(page.Items), err)
	}
}
