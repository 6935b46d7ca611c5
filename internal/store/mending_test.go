package store_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// mends corrects a fact as the liaison.
func (w *world) mends(t *testing.T, id string, fact proposal.Fact, value string) {
	t.Helper()
	w.do(t, id, w.Action(proposal.Amend, proposal.Liaison, &proposal.Amendment{Fact: fact, Value: value, Reason: "录入有误", Source: "原件"}))
}

// R20: a name corrected after the reply went out stands in the register, in the record beside what it was, and on the public page.
func TestAmendedNameIsFollowed(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Closed)
	was := w.read(t, id)
	w.mends(t, id, proposal.FactLeadDeputy, "倪琛善善")
	if c := w.read(t, id); c.LeadDeputy != "倪琛善善" || c.State.Stage != proposal.Closed {
		t.Errorf("%s in %s", c.LeadDeputy, c.State.Stage)
	}
	if n := w.count(t, `select count(*) from amendments where case_id = $1 and was = $2 and value = '倪琛善善'`, id, was.LeadDeputy); n != 1 {
		t.Errorf("%d amendments kept", n)
	}
	if n := w.count(t, `select count(*) from publications where case_id = $1 and edition = 2 and lead_deputy = '倪琛善善' and body = (
		select body from publications where case_id = $1 and edition = 1)`, id); n != 1 {
		t.Errorf("%d editions with the name as it is", n)
	}
	report, err := w.VerifyChain(t.Context(), nil)
	if err != nil || len(report.Breaks) > 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

// A corrected number leaves the old one free, and a number that is taken is refused with the case that bears it.
func TestAmendedNumber(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id, other := w.at(t, proposal.Registered), w.at(t, proposal.Registered)
	key := w.read(t, id).Key
	taken := w.Action(proposal.Amend, proposal.Liaison, &proposal.Amendment{
		Fact: proposal.FactNumber, Value: w.read(t, other).Key.Number, Reason: "录入有误", Source: "原件",
	})
	o, err := w.send(ctx, id, taken)
	check(t, err)
	if o.Refusal == nil || o.Refusal.Code != proposal.AlreadyRegistered || o.Refusal.Case != other {
		t.Errorf("%+v", o.Refusal)
	}
	w.cases.Indexed = true // the engine's list follows at once
	p := w.do(t, id, w.Action(proposal.Amend, proposal.Liaison, &proposal.Amendment{
		Fact: proposal.FactNumber, Value: "台9987号", Reason: "录入有误", Source: "原件",
	}))
	if p.Index == nil || p.Index.Number != "台9987" {
		t.Errorf("the engine is told %+v", p.Index)
	}
	if got := w.read(t, id).Key.Number; got != "台9987" {
		t.Errorf("number %s", got)
	}
	free, err := w.CaseIDFor(ctx, key, func(n int) string { return []string{id, "0b7f7c55-5d3d-5a0e-8f6e-9f6a4a1f2d99"}[n] })
	check(t, err)
	if free == id {
		t.Error("the old number is still that case's")
	}
}

// Two requests that register the same proposal at the same moment speak of the same case: also if the one is done while the other looks for it.
func TestCaseIDWhileItIsRegistered(t *testing.T) {
	w := newWorld(t)
	id, r := w.registration()
	got, err := w.CaseIDFor(t.Context(), r.RegisterKey, func(n int) string {
		if n > 0 {
			return newID()
		}
		w.do(t, id, w.Register(r))
		return id
	})
	check(t, err)
	if got != id {
		t.Errorf("%s for the case %s", got, id)
	}
}

// A number whose reply was never sent is void; the series goes on behind the last that somebody else has.
func TestVoidedNumbers(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Dispatching)
	was := w.read(t, id).State.Number
	w.do(t, id, w.Action(proposal.VoidNumber, proposal.Liaison, &proposal.Voiding{To: proposal.Numbering, Reason: "正文有误"}))
	w.do(t, id, w.Action(proposal.AssignNumber, proposal.Liaison, &proposal.NumberAssignment{}))
	if is := w.read(t, id).State.Number; is.Serial != was.Serial+1 {
		t.Errorf("%s after %s was voided", is, was)
	}
	if n := w.count(t, `select count(*) from voided_numbers where case_id = $1 and serial = $2`, id, was.Serial); n != 1 {
		t.Errorf("%d voided", n)
	}
}

// The number of a finished case that was typed wrongly is free for the case whose it is; the case itself has the right one.
func TestMistypedNumberIsFree(t *testing.T) {
	w := newWorld(t)
	enter := func(number string) string {
		id, r := w.registration()
		r.Late, r.AssignedOn = true, calendar.NewDate(2019, 2, 20)
		r.Archive = proposal.Archive{Finished: true, ReplyNumber: number}
		w.do(t, id, w.Register(r))
		return id
	}
	id := enter("沈民函〔2019〕87号")
	w.mends(t, id, proposal.FactReplyNumber, "沈民函〔2019〕88号")
	other := enter("沈民函〔2019〕87号")
	for id, serial := range map[string]int{id: 88, other: 87} {
		c := w.read(t, id)
		if c.State.Number.Serial != serial || c.Number != c.State.Number.String() {
			t.Errorf("%s, in the list %s; want %d", c.State.Number, c.Number, serial)
		}
	}
	taken := w.Action(proposal.Amend, proposal.Liaison, &proposal.Amendment{Fact: proposal.FactReplyNumber, Value: "沈民函〔2019〕88号", Reason: "x", Source: "x"})
	o, err := w.send(t.Context(), other, taken)
	check(t, err)
	if o.Refusal == nil || len(o.Refusal.Fields) == 0 || o.Refusal.Fields[0].Code != proposal.SerialTaken {
		t.Errorf("%+v", o.Refusal)
	}
	out, err := w.OutgoingOf(t.Context(), w.Bureau[proposal.Liaison].Person, 2019)
	check(t, err)
	said := map[string]bool{}
	for _, o := range out {
		said[fmt.Sprint(o.CaseID == id, o.Under.Serial, o.Voided)] = true
	}
	if len(out) != 3 || !said["true 87 true"] || !said["false 87 false"] || !said["true 88 false"] {
		t.Errorf("the register of outgoing documents says %v", said)
	}
	w.mends(t, id, proposal.FactReplyNumber, "")
	enter("沈民函〔2019〕88号")
}

// Whatever sent a case back, its row says who did and why; not what was said when it was sent back before.
func TestReasonOfWhatWasSentBackLast(t *testing.T) {
	w := newWorld(t)
	for _, back := range []struct {
		at  proposal.Stage
		act proposal.Action
		why string
	}{
		{proposal.OfficeReview, w.Action(proposal.SendBack, proposal.OfficeReviewer, &proposal.SendingBack{To: proposal.DivisionReview, Reason: "数字没有出处"}), "数字没有出处"},
		{proposal.Accepting, w.Action(proposal.Refuse, proposal.DivisionHead, &proposal.DivisionRefusal{Reason: "不属本处", Suggested: fixture.Other}), "不属本处"},
		{proposal.Dispatching, w.Action(proposal.VoidNumber, proposal.Liaison, &proposal.Voiding{To: proposal.SignOff, Reason: "文号用错"}), "文号用错"},
		{proposal.Numbering, w.Action(proposal.Amend, proposal.Liaison, &proposal.Amendment{Fact: proposal.FactLeadDeputy, Value: "倪琛缮", Reason: "名字录错", Source: "原件"}), "名字录错"},
	} {
		id := w.at(t, back.at)
		w.do(t, id, back.act)
		page, err := w.SearchCases(t.Context(), w.Bureau[proposal.Liaison].Person, store.CaseFilter{})
		check(t, err)
		reasons, err := w.TaskReasons(t.Context(), page.Items)
		check(t, err)
		if r := reasons[id]; r == nil || r.BackWords != back.why || r.Back.Name.ZH == "" {
			t.Errorf("%s: %+v", back.act.Kind, r)
		}
	}
}

// R23: what ended by mistake stands as it stood.
func TestReopenedAsItStood(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Drafting)
	before := w.read(t, id).State
	w.do(t, id, w.Action(proposal.Withdraw, proposal.Liaison, &proposal.Withdrawal{Letter: "撤回", Agreed: []string{"倪琛善", "王桂兰"}}))
	w.do(t, id, w.Action(proposal.Reopen, proposal.Liaison, &proposal.Reopening{Reason: "代表未撤", Source: "来电"}))
	if s := w.read(t, id).State; s.Stage != proposal.Drafting || s.Handler != before.Handler || s.ReplyDue().Due() != before.ReplyDue().Due() {
		t.Errorf("%s, due %s", s.Stage, s.ReplyDue().Due())
	}
	if n := w.count(t, `select count(*) from tasks where case_id = $1 and closed_at is null and person = $2`, id, before.Handler); n != 1 {
		t.Errorf("%d tasks of the handler", n)
	}
	if n := w.count(t, `select count(*) from cases where id = $1 and open and not finished and closed_on is null`, id); n != 1 {
		t.Error("the case is not open")
	}
}

// A sent reply has a successor: another number, another edition of the public page, promises of its own.
func TestCorrectedReply(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Closed)
	sent := w.read(t, id).State.Number
	w.do(t, id, w.Action(proposal.CorrectReply, proposal.DivisionHead, &proposal.ReplyCorrection{Reason: "数字有误"}))
	publisher, err := w.Person(t.Context(), w.ID(proposal.Publisher))
	check(t, err)
	if page, err := w.SearchCases(t.Context(), publisher.Person, store.CaseFilter{}); err != nil || len(page.Items) != 1 {
		t.Errorf("of a published reply that is being corrected the publisher's list has %d cases, %v", len(page.Items), err)
	}
	w.do(t, id, w.Action(proposal.Reassign, proposal.DivisionHead, &proposal.Reassignment{Handler: w.ID(proposal.Handler), Reason: "续办"}))
	for w.read(t, id).State.Stage != proposal.Closing {
		w.do(t, id, w.Next(t, w.Store, id))
	}
	if s := w.read(t, id).State; s.Number == sent || s.Corrects != sent {
		t.Errorf("%s corrects %s, want %s", s.Number, s.Corrects, sent)
	}
	if n := w.count(t, `select count(*) from publications where case_id = $1`, id); n != 2 {
		t.Errorf("%d editions", n)
	}
}

// R21: what somebody had who has left goes back, once, and what they had claimed too.
func TestGoneHandler(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id, review := w.at(t, proposal.Drafting), w.at(t, proposal.OfficeReview)
	reviewer := w.ID(proposal.OfficeReviewer)
	check(t, w.ClaimTask(ctx, reviewer, review, newID(), proposal.TaskKey{}))
	if gone, err := w.Gone(ctx); err != nil || len(gone) != 0 {
		t.Fatalf("%+v, %v", gone, err)
	}
	for _, role := range []proposal.Role{proposal.Handler, proposal.OfficeReviewer} {
		p := w.Bureau[role]
		p.Active = false
		_, err := w.UpsertPerson(ctx, p, "")
		check(t, err)
	}
	gone, err := w.Gone(ctx)
	check(t, err)
	if len(gone) < 2 {
		t.Fatalf("%+v", gone)
	}
	people := activities.People{
		Record: w.Store, Calendar: calendar.National, Packs: builtIn{}, Now: w.Now,
		Act: func(ctx context.Context, caseID string, a proposal.Action) error {
			o, err := w.send(ctx, caseID, a)
			if err != nil || o.Refusal == nil {
				return err
			}
			return o.Refusal
		},
	}
	check(t, people.PassOn(ctx))
	if left, err := w.Gone(ctx); err != nil || len(left) != 0 {
		t.Errorf("still %+v, %v", left, err)
	}
	if n := w.count(t, `select count(*) from tasks where case_id = $1 and closed_at is null and ask = 'handler' and role = 'division_head'`, id); n != 1 {
		t.Errorf("%d tasks to name a handler", n)
	}
	if n := w.count(t, `select count(*) from tasks where case_id = $1 and closed_at is null and claimed_by is null`, review); n != 1 {
		t.Errorf("%d free reviews", n)
	}
	if n := w.count(t, `select count(*) from staff_events where about = 'person' and was ->> 'active' = 'true' and now ->> 'active' = 'false'`); n != 2 {
		t.Errorf("%d changes kept", n)
	}
	stuck, err := w.StuckCases(ctx)
	if err != nil || len(stuck) != 1 || stuck[0] != review { // its only reviewer has left
		t.Errorf("stuck %v, %v", stuck, err)
	}
}

// A cover can be made for somebody who has left, and holds.
func TestCoverForWhoHasLeft(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	head := w.Bureau[proposal.DivisionHead]
	head.Active = false
	_, err := w.UpsertPerson(ctx, head, "")
	check(t, err)
	stand := w.person(t, "stand_in", proposal.Person{Roles: []proposal.Role{proposal.Handler}, Division: fixture.Leading})
	second := w.person(t, "second_keeper", proposal.Person{Roles: []proposal.Role{proposal.Admin}})
	today := calendar.DateOf(w.now)
	id, err := w.SaveProxy(ctx, w.Bureau[proposal.Liaison].Person, store.Proxy{
		Principal: head.ID, Proxy: stand, From: today, To: today.AddDays(20), Reason: "处长空缺",
	})
	check(t, err)
	check(t, w.ConfirmProxy(ctx, proposal.Person{ID: second, Roles: []proposal.Role{proposal.Admin}}, id))
	p, err := w.Person(ctx, stand)
	check(t, err)
	if len(p.Covers) != 1 || p.Covers[0].ID != head.ID {
		t.Errorf("covers %+v", p.Covers)
	}
	if n := w.count(t, `select count(*) from notices where kind = 'cover' and person = $1 and over = ''`, stand); n != 1 {
		t.Errorf("told %d times", n)
	}
}
