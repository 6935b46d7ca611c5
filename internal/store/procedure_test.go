package store_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// coHandled is a case that the other division co-handles, standing in the stage.
func (w *world) coHandled(t testing.TB, stage proposal.Stage) string {
	t.Helper()
	id := w.register(t)
	w.do(t, id, w.Action(proposal.ProposeAssignment, proposal.Liaison, &proposal.RoutingOpinion{
		Lead: fixture.Leading, CoHandling: []proposal.DivisionID{fixture.Other},
	}))
	w.advance(t, id, stage)
	return id
}

func (w *world) read(t testing.TB, id string) *store.Case {
	t.Helper()
	c, err := w.Case(t.Context(), id)
	check(t, err)
	return c
}

func asks(tasks []store.Task) (asks []proposal.Ask) {
	for _, t := range tasks {
		asks = append(asks, t.Ask)
	}
	return asks
}

// A case asks for several things at a time: each has its row, its claim and its place in the lists of those whom it is for.
func TestSeveralTasks(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.coHandled(t, proposal.Drafting)
	w.do(t, id, w.Next(t, w.Store, id)) // the opinion is asked
	c := w.read(t, id)
	if got := asks(c.Tasks); !slices.Equal(got, []proposal.Ask{proposal.AskOf(proposal.Drafting), proposal.AskForOpinion}) || c.Task.Ask != got[0] {
		t.Fatalf("asks %v, mainly %v", got, c.Task)
	}
	if c.Tasks[1].Due.IsZero() || c.Tasks[1].Ref != string(fixture.Other) {
		t.Errorf("opinion task %+v", c.Tasks[1])
	}
	handler := w.ID(fixture.OtherHandler)
	page, err := w.Tasks(ctx, handler, store.TaskFilter{Box: store.Todo})
	check(t, err)
	if len(page.Items) != 1 || page.Items[0].Task.Ask != proposal.AskForOpinion {
		t.Fatalf("the co-handler's list: %+v", page.Items)
	}
	// The zero key means the only one that the person may take.
	check(t, w.ClaimTask(ctx, handler, id, newID(), proposal.TaskKey{}))
	c = w.read(t, id)
	if c.Tasks[1].ClaimedBy != handler || c.Tasks[0].ClaimedBy != "" {
		t.Errorf("claims %+v", c.Tasks)
	}
	other := w.person(t, "colleague", proposal.Person{Roles: []proposal.Role{proposal.Handler}, Division: fixture.Other})
	refused(t, w.ClaimTask(ctx, other, id, newID(), c.Tasks[1].Rules().Key()), proposal.ClaimedByOther)
	refused(t, w.ClaimTask(ctx, other, id, newID(), proposal.TaskKey{Ask: proposal.AskToPublish, Ref: "1"}), proposal.NotInStage)
	// A claimed opinion is nobody else's to write.
	o, err := w.send(ctx, id, by(other, w.Next(t, w.Store, id)))
	check(t, err)
	refused(t, o.Refusal, proposal.ClaimedByOther)
	// What happens on the main way leaves the claim alone.
	w.do(t, id, w.Action(proposal.AskExtension, proposal.Handler, &proposal.ExtensionRequest{Until: calendar.NewDate(2026, 7, 1), Reason: "需与财政部门会商。"}))
	if c = w.read(t, id); len(c.Tasks) != 3 || c.Tasks[1].ClaimedBy != handler {
		t.Errorf("tasks %+v", c.Tasks)
	}
	// One person may be asked for two things by one case.
	head := w.person(t, "both", proposal.Person{Roles: []proposal.Role{proposal.Handler, proposal.LeaderInCharge}, Division: fixture.Other, Field: []proposal.DivisionID{fixture.Leading}})
	check(t, w.ReleaseTask(ctx, handler, id, newID(), proposal.TaskKey{}))
	if got := w.all(t, head, store.Todo); !slices.Equal(got, []string{id, id}) {
		t.Errorf("todo %v, want the case twice", got)
	}
}

// An opinion keeps everything that was asked and written, though the case shows the latest.
func TestOpinions(t *testing.T) {
	w := newWorld(t)
	id := w.coHandled(t, proposal.Drafting)
	for range 3 { // asked, written, approved
		w.do(t, id, w.Next(t, w.Store, id))
	}
	target := proposal.StrandTarget{Ref: string(fixture.Other)}
	w.do(t, id, w.Action(proposal.RedoOpinion, proposal.Handler, &proposal.OpinionRedo{StrandTarget: target, Reason: "没有数字。"}))
	w.do(t, id, w.Action(proposal.WriteOpinion, fixture.OtherHead, &proposal.WrittenOpinion{StrandTarget: target, Text: "新建12处。", Figures: "12"}))
	w.do(t, id, w.Action(proposal.AskOpinion, proposal.Handler, &proposal.OpinionRequest{Unit: "市财政局", Question: "经费如何安排？", Points: []int{2}}))
	c := w.read(t, id)
	if len(c.Opinions) != 2 || len(c.Opinions[0].Steps) != 5 || c.Opinions[0].Text != "新建12处。" || c.Opinions[0].Question != "请提出会办意见。" ||
		c.Opinions[0].Steps[1].Text == "新建12处。" || c.Opinions[0].Steps[3].Reason != "没有数字。" {
		t.Errorf("opinions %+v", c.Opinions)
	}
	if u := c.Opinions[1]; u.Ref != "u1" || u.Unit != "市财政局" || !slices.Equal(u.Points, []int{2}) {
		t.Errorf("outside opinion %+v", u)
	}
	f, err := w.DraftFacts(t.Context(), id)
	check(t, err)
	w.register(t)
	f, err = w.DraftFacts(t.Context(), id)
	check(t, err)
	if f.Units["u1"] != "市财政局" || !slices.Equal(f.Entry.Deputies, []string{"倪琛善", "王桂兰"}) || len(f.Entry.Others) != 0 ||
		!slices.Equal(f.Entry.OtherNumbers, []string{"0002"}) || f.Points != 2 || f.Entry.Phone != "13900000392" {
		t.Errorf("facts %+v", f)
	}
}

// A name that is kept is not told by what a draft is held against: whoever writes it into a draft of their own learns nothing (R16).
func TestADraftDoesNotTellWhoseNameIsKept(t *testing.T) {
	w := newWorld(t)
	id := w.register(t)
	shown, r := w.registration()
	r.LeadDeputy, r.CoSigners = "聂晶晶", nil
	w.do(t, shown, w.Register(r))
	kept, r := w.registration()
	r.LeadDeputy, r.CoSigners, r.Secrecy = "谷雨", nil, true
	w.do(t, kept, w.Register(r))
	f, err := w.DraftFacts(t.Context(), id)
	check(t, err)
	if !slices.Equal(f.Entry.Others, []string{"聂晶晶"}) {
		t.Errorf("a draft is held against %q", f.Entry.Others)
	}
}

// A second round has a reply of its own, with its own number, rating and edition; the first stays on record.
func TestSecondRound(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.Answered)
	w.do(t, id, w.Next(t, w.Store, id)) // published
	w.do(t, id, w.Rate(proposal.NotSatisfied))
	c := w.read(t, id)
	if c.Round != 2 || c.Stage != proposal.Assigning || len(c.Feedback) != 1 || c.Feedback[0].Result != proposal.NotSatisfied || !c.Published {
		t.Fatalf("round %d, stage %s, feedback %+v", c.Round, c.Stage, c.Feedback)
	}
	w.advance(t, id, proposal.Closed)
	c = w.read(t, id)
	if len(c.Feedback) != 2 || len(c.Publications) != 2 || c.Publications[0].Edition != 2 || c.Publications[0].Round != 2 {
		t.Errorf("feedback %+v, publications %+v", c.Feedback, c.Publications)
	}
	if n := w.count(t, `select count(*) from document_numbers where case_id = $1`, id); n != 2 {
		t.Errorf("%d numbers", n)
	}
	p, err := w.PublicReply(ctx, id)
	check(t, err)
	if p.Edition != 2 || p.DocumentNumber != "沈民函〔2026〕2号" {
		t.Errorf("public: %+v", p)
	}
	if report, err := w.VerifyChain(ctx, nil); err != nil || len(report.Breaks) > 0 {
		t.Errorf("chain: %+v, %v", report, err)
	}
}

// A dissatisfied deputy opens a closed case again: it leaves 已办 and stands under 在办.
func TestReopened(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Answered)
	w.do(t, id, w.Next(t, w.Store, id))
	w.now = w.now.AddDate(0, 2, 0)
	w.do(t, id, w.Action(proposal.NoteSilence, proposal.Liaison, &proposal.SilenceNote{}))
	w.do(t, id, w.Next(t, w.Store, id))
	handler := w.ID(proposal.Handler)
	if got := w.all(t, handler, store.Done); !slices.Equal(got, []string{id}) {
		t.Fatalf("done %v", got)
	}
	w.do(t, id, w.Rate(proposal.NotSatisfied))
	if got := w.all(t, handler, store.Active); !slices.Equal(got, []string{id}) || len(w.all(t, handler, store.Done)) != 0 {
		t.Errorf("active %v", got)
	}
}

// What is blacked out is not in the public text; a correction adds to it; what was taken down shows no older edition.
func TestEditions(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.OpennessReview)
	w.do(t, id, w.Action(proposal.DecideOpenness, proposal.OpennessReviewer, &proposal.OpennessDecision{
		Openness: proposal.PartlyOpenReply, Ground: "third_party", Reason: "涉及个人。", Redactions: []string{"5450元", "人均待遇达到5450元/月"},
	}))
	w.advance(t, id, proposal.Answered)
	seen := w.read(t, id)
	if !seen.ShowTo(w.Bureau[proposal.Publisher].Person) || strings.Contains(seen.Draft.Draft.Body, "5450") || len(seen.Decisions) > 0 {
		t.Errorf("the publisher reads what is blacked out: %+v", seen.Draft)
	}
	w.do(t, id, w.Next(t, w.Store, id))
	p, err := w.PublicReply(ctx, id)
	check(t, err)
	if p.Body != seen.Draft.Draft.Body || strings.Contains(p.Body, "5450") || strings.Contains(p.Body, "人均待遇") || !strings.Contains(p.Body, "＊＊＊") || p.Edition != 1 {
		t.Errorf("public text %q", p.Body)
	}
	w.do(t, id, w.Action(proposal.CorrectPublication, proposal.Publisher, &proposal.Correction{Redactions: []string{"274项"}, Note: "更正数据。"}))
	p, err = w.PublicReply(ctx, id)
	check(t, err)
	if strings.Contains(p.Body, "274") || strings.Contains(p.Body, "5450") || p.Edition != 2 || p.Note != "更正数据。" {
		t.Errorf("edition %d: %q", p.Edition, p.Body)
	}
	w.do(t, id, w.Action(proposal.TakeDown, proposal.Publisher, &proposal.Takedown{Reason: "仍有个人信息。"}))
	_, err = w.PublicReply(ctx, id)
	refused(t, err, proposal.NotFound)
	page, err := w.PublicList(ctx, store.PublicFilter{})
	check(t, err)
	years, err := w.PublicYears(ctx)
	check(t, err)
	c := w.read(t, id)
	if len(page.Items) != 0 || len(years) != 0 || c.Published || c.Publications[0].TakenDownAt.IsZero() || c.Publications[0].Reason == "" {
		t.Errorf("list %v, years %v, publications %+v", page.Items, years, c.Publications)
	}
	w.do(t, id, w.Action(proposal.CorrectPublication, proposal.Publisher, &proposal.Correction{Redactions: []string{"22项"}, Note: "重新公开。"}))
	if p, err = w.PublicReply(ctx, id); err != nil || p.Edition != 3 || strings.Contains(p.Body, "274") {
		t.Errorf("%+v, %v", p, err)
	}
	if d := c.Decisions; len(d) != 1 || d[0].Openness != proposal.PartlyOpenReply || len(d[0].Redactions) != 2 {
		t.Errorf("decisions %+v", d)
	}
}

// promised is a closed case whose reply promises something.
func (w *world) promised(t testing.TB) (id string, d proposal.Draft) {
	t.Helper()
	id, d = w.at(t, proposal.Drafting), fixture.Draft(2)
	d.Class, d.Answers[1].Status = "B", proposal.PointPlanned
	d.Commitments = []replytext.Promise{{Text: "2027年底前建成社工服务站12处", DueOn: calendar.NewDate(2027, 12, 31)}}
	saved, err := w.SaveDraft(t.Context(), id, w.ID(proposal.Handler), newID(), 0, d)
	check(t, err)
	w.do(t, id, w.Action(proposal.Submit, proposal.Handler, &proposal.Submission{Version: saved.Version, SHA256: saved.SHA256}))
	w.advance(t, id, proposal.Closed)
	return id, d
}

// A commitment outlives closure: the case is closed, its task stays with the handler, its workflow goes on.
func TestCommitmentOutlivesClosure(t *testing.T) {
	w := newWorld(t)
	ctx, handler := t.Context(), w.ID(proposal.Handler)
	id, d := w.promised(t)
	c := w.read(t, id)
	if len(c.Commitments) != 1 || c.Commitments[0].Ref != "1.1" || c.Commitments[0].Text != d.Commitments[0].Text || c.Task == nil || c.Task.Ask != proposal.AskToKeepPromise {
		t.Fatalf("commitments %+v, task %+v", c.Commitments, c.Task)
	}
	if got := w.all(t, handler, store.Todo); !slices.Equal(got, []string{id}) || len(w.all(t, handler, store.Done)) != 0 {
		t.Errorf("todo %v", got)
	}
	if open, err := w.OpenPositions(ctx, "", 10); err != nil || len(open) != 1 {
		t.Errorf("%d cases have a workflow, %v", len(open), err)
	}
	target := proposal.StrandTarget{Ref: "1.1"}
	w.do(t, id, w.Action(proposal.FulfilCommitment, proposal.Handler, &proposal.Fulfilment{StrandTarget: target, Result: "建成12处。"}))
	w.do(t, id, w.Action(proposal.ReplyAgain, proposal.Handler, &proposal.SecondReply{StrandTarget: target, Mode: proposal.DispatchByPost, Text: "已兑现。"}))
	if got := w.all(t, handler, store.Done); !slices.Equal(got, []string{id}) {
		t.Errorf("done %v", got)
	}
	if open, err := w.OpenPositions(ctx, "", 10); err != nil || len(open) != 0 {
		t.Errorf("%d cases have a workflow, %v", len(open), err)
	}
}

// R16: a name that somebody may not know is in nothing that they are shown, nor do they find the case by it.
func TestMaskedNames(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id, r := w.registration()
	r.Secrecy, r.Cleared = true, []proposal.PersonID{w.ID(proposal.LegalReviewer)}
	r.Text = "倪琛善代表建议：" + r.Text
	w.do(t, id, w.Register(r))
	w.advance(t, id, proposal.OfficeReview)
	for _, role := range []proposal.Role{proposal.Liaison, proposal.BureauHead, proposal.LeaderInCharge, proposal.DivisionHead, proposal.Handler, proposal.LegalReviewer, proposal.OfficeReviewer, proposal.OpennessReviewer, proposal.Supervisor} {
		p := w.Bureau[role].Person
		state, err := w.State(ctx, id)
		check(t, err)
		sees := p.SeesName(state)
		if want := role != proposal.OfficeReviewer && role != proposal.OpennessReviewer && role != proposal.Supervisor; sees != want {
			t.Fatalf("%s sees the name: %v", role, sees)
		}
		c := w.read(t, id)
		if !c.ShowTo(p) {
			t.Fatalf("%s does not see the case", role)
		}
		page, err := w.SearchCases(ctx, p, store.CaseFilter{})
		check(t, err)
		found, err := w.SearchCases(ctx, p, store.CaseFilter{Query: "倪琛善"})
		check(t, err)
		shown, err := json.Marshal([]any{c, page.Items})
		check(t, err)
		named := bytes.Contains(shown, []byte("倪琛善")) || bytes.Contains(shown, []byte("王桂兰"))
		if named != sees || c.Masked == sees || page.Items[0].Masked == sees || (len(found.Items) == 1) != sees {
			t.Errorf("%s: named %v, masked %v, found %d; want %v", role, named, c.Masked, len(found.Items), sees)
		}
		_, err = w.ViewContact(ctx, id, p.ID)
		if sees != (err == nil) {
			t.Errorf("%s looks at the contact data: %v", role, err)
		}
		todo, err := w.Tasks(ctx, p.ID, store.TaskFilter{Box: store.Todo})
		check(t, err)
		for _, row := range todo.Items {
			if row.Masked == sees {
				t.Errorf("%s reads %q in the list of tasks", role, row.LeadDeputy)
			}
		}
	}
}

// 代理: who covers for somebody has their rights, their tasks and their notices for those days, and not a day longer.
func TestProxies(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.DivisionReview)
	head, liaison := w.ID(proposal.DivisionHead), w.Bureau[proposal.Liaison].Person
	stand := w.person(t, "stand_in", proposal.Person{Roles: []proposal.Role{proposal.Handler}, Division: fixture.Other})
	act := func() *proposal.Refusal {
		t.Helper()
		a := w.Next(t, w.Store, id)
		a.By, a.For = stand, head
		o, err := w.send(ctx, id, a)
		check(t, err)
		return o.Refusal
	}
	refused(t, act(), proposal.NotACover)
	today := calendar.DateOf(w.now)
	cover := store.Proxy{Principal: head, Proxy: stand, From: today, To: today.AddDays(3), Reason: "出差"}
	_, err := w.SaveProxy(ctx, proposal.Person{ID: stand}, cover)
	refused(t, err, proposal.Forbidden)
	bad := cover
	bad.Proxy = head
	_, err = w.SaveProxy(ctx, liaison, bad)
	refused(t, err, proposal.InvalidInput)
	bad = cover
	bad.Proxy = store.DeputyAccount
	_, err = w.SaveProxy(ctx, liaison, bad)
	refused(t, err, proposal.InvalidInput)
	bad = cover
	bad.To = today.AddDays(-1)
	_, err = w.SaveProxy(ctx, liaison, bad)
	refused(t, err, proposal.InvalidInput)
	bad.To = today.AddDays(90) // longer than the pack allows
	_, err = w.SaveProxy(ctx, liaison, bad)
	refused(t, err, proposal.InvalidInput)
	bad = cover
	bad.Principal = w.ID(proposal.LeaderInCharge) // a signer, by who is no leader
	_, err = w.SaveProxy(ctx, liaison, bad)
	refused(t, err, proposal.InvalidInput)
	bad.Principal, bad.Proxy = head, w.ID(proposal.Assembly)
	_, err = w.SaveProxy(ctx, liaison, bad)
	refused(t, err, proposal.InvalidInput)

	proxy, err := w.SaveProxy(ctx, liaison, cover)
	check(t, err)
	cover.ID = proxy
	again, err := w.SaveProxy(ctx, liaison, cover) // a double click
	check(t, err)
	list, err := w.Proxies(ctx, stand)
	check(t, err)
	if again != proxy || len(list) != 1 || list[0].PrincipalName.ZH == "" || !list[0].RevokedAt.IsZero() {
		t.Errorf("proxies %+v", list)
	}
	refused(t, act(), proposal.NotACover) // nobody but the liaison has said so
	refused(t, w.ConfirmProxy(ctx, liaison, proxy), proposal.SecondPerson)
	refused(t, w.ConfirmProxy(ctx, proposal.Person{ID: stand, Roles: []proposal.Role{proposal.Handler}}, proxy), proposal.Forbidden)
	check(t, w.ConfirmProxy(ctx, w.Bureau[proposal.DivisionHead].Person, proxy))
	check(t, w.ConfirmProxy(ctx, w.Bureau[proposal.DivisionHead].Person, proxy))
	p, err := w.Person(ctx, stand)
	check(t, err)
	if len(p.Covers) != 1 || p.Covers[0].ID != head {
		t.Errorf("covers %+v", p.Covers)
	}
	if got := w.all(t, stand, store.Todo); !slices.Equal(got, []string{id}) {
		t.Errorf("todo of the cover: %v", got)
	}
	page, err := w.SearchCases(ctx, p.Person, store.CaseFilter{})
	check(t, err)
	if len(page.Items) != 1 {
		t.Errorf("the cover sees %d cases", len(page.Items))
	}
	w.now = w.now.AddDate(0, 0, 4)
	refused(t, act(), proposal.NotACover)
	w.now = w.now.AddDate(0, 0, -4)
	check(t, w.RevokeProxy(ctx, liaison, proxy))
	check(t, w.RevokeProxy(ctx, liaison, proxy))
	refused(t, act(), proposal.NotACover)

	// One for this case alone counts here only.
	cover.ID, cover.CaseID = "", id
	_, err = w.SaveProxy(ctx, w.Bureau[proposal.DivisionHead].Person, cover)
	check(t, err)
	p, err = w.Person(ctx, stand)
	check(t, err)
	c := w.read(t, id)
	if len(p.Covers) != 0 || len(c.As(p.Person).Covers) != 1 || !c.ShowTo(p.Person) {
		t.Errorf("covers %+v, in the case %+v", p.Covers, c.Covers)
	}
	counts, err := w.TaskCounts(ctx, stand)
	check(t, err)
	if got := w.all(t, stand, store.Todo); !slices.Equal(got, []string{id}) || counts[store.Todo] != 1 {
		t.Errorf("todo of the cover in one case: %v, count %d", got, counts[store.Todo])
	}
	w.at(t, proposal.DivisionReview) // another case of the head's is none of theirs
	if got := w.all(t, stand, store.Todo); len(got) != 1 {
		t.Errorf("todo of the cover in one case: %v", got)
	}
	if refusal := act(); refusal != nil {
		t.Error(refusal)
	}
	if last := w.read(t, id).Events; last[len(last)-1].By != stand {
		t.Errorf("by %s", last[len(last)-1].By)
	}
}

// A cover for the handler writes the draft too.
func TestCoverDrafts(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.Drafting)
	stand := w.person(t, "stand_in", proposal.Person{Roles: []proposal.Role{proposal.Handler}, Division: fixture.Other})
	_, err := w.SaveDraft(ctx, id, stand, newID(), 0, fixture.Draft(2))
	refused(t, err, proposal.Forbidden)
	today := calendar.DateOf(w.now)
	_, err = w.SaveProxy(ctx, w.Bureau[proposal.Handler].Person, store.Proxy{Principal: w.ID(proposal.Handler), Proxy: stand, From: today, To: today, Reason: "病假"})
	check(t, err)
	saved, err := w.SaveDraft(ctx, id, stand, newID(), 0, fixture.Draft(2))
	check(t, err)
	a := by(stand, w.Action(proposal.Submit, proposal.Handler, &proposal.Submission{Version: saved.Version, SHA256: saved.SHA256}))
	a.For = w.ID(proposal.Handler)
	w.do(t, id, a)
}

// R1: the assembly reads what it is asked to decide, and no more.
func TestAssemblyReadsTheRequest(t *testing.T) {
	w := newWorld(t)
	c := w.read(t, w.at(t, proposal.ReturnDecision))
	if !c.ShowTo(w.Bureau[proposal.Assembly].Person) || c.Text != "" {
		t.Fatalf("the assembly sees %+v", c)
	}
	for _, e := range c.Events {
		if asked := e.Kind == string(proposal.RequestReturn) || e.Kind == string(proposal.EndorseReturn); (e.Input != nil) != asked {
			t.Errorf("%s: %s", e.Kind, e.Input)
		}
	}
}

// R12: a scan proves what the deputy wrote. Files are kept once, and shown to those who see the case and its names.
func TestAttachments(t *testing.T) {
	w := newWorld(t)
	ctx, liaison := t.Context(), w.ID(proposal.Liaison)
	id := w.at(t, proposal.Answered)
	rate := func(scan string) *proposal.Refusal {
		o, err := w.send(ctx, id, w.Action(proposal.RecordFeedback, proposal.Liaison, &proposal.Feedback{
			Source: proposal.FeedbackFromDeputy, Attitude: proposal.Satisfied, Result: proposal.Satisfied, Scan: scan,
		}))
		check(t, err)
		return o.Refusal
	}
	refused(t, rate(""), proposal.BureauRates)
	refused(t, rate(strings.Repeat("a", 64)), proposal.InvalidInput)
	file := store.AttachmentInfo{Kind: store.ScanFile, Name: "征询意见表.pdf", MediaType: "application/pdf"}
	action, data := newID(), []byte("%PDF-1.7 scan")
	saved, err := w.SaveAttachment(ctx, liaison, id, action, file, data)
	check(t, err)
	again, err := w.SaveAttachment(ctx, liaison, id, action, file, data)
	check(t, err)
	if saved != again || saved.ID != action || saved.Bytes != len(data) || len(w.read(t, id).Attachments) != 1 {
		t.Errorf("saved %+v, again %+v", saved, again)
	}
	for reader, want := range map[proposal.Role]bool{proposal.Liaison: true, proposal.Handler: true, proposal.Publisher: false, fixture.OtherHead: false, proposal.Assembly: false} {
		_, read, err := w.Attachment(ctx, id, action, w.Bureau[reader].Person)
		if (err == nil) != want || want && !bytes.Equal(read, data) {
			t.Errorf("%s: %v", reader, err)
		}
	}
	_, _, err = w.Attachment(ctx, w.register(t), action, w.Bureau[proposal.Liaison].Person)
	refused(t, err, proposal.NotFound)
	if refusal := rate(saved.SHA256); refusal != nil {
		t.Error(refusal)
	}
	for _, bad := range []struct {
		info store.AttachmentInfo
		data []byte
	}{
		{file, nil},
		{file, make([]byte, store.MaxAttachment+1)},
		{store.AttachmentInfo{Kind: "secret", Name: "x", MediaType: "x"}, data},
		{store.AttachmentInfo{Kind: store.ScanFile, Name: " ", MediaType: "x"}, data},
	} {
		_, err := w.SaveAttachment(ctx, liaison, id, newID(), bad.info, bad.data)
		refused(t, err, proposal.InvalidInput)
	}
	_, err = w.SaveAttachment(ctx, w.ID(fixture.OtherHead), id, newID(), file, data)
	refused(t, err, proposal.NotFound)
	if _, err := w.SaveAttachment(ctx, liaison, id, newID(), file, make([]byte, store.MaxAttachment)); err != nil {
		t.Error(err)
	}
	if report, err := w.VerifyChain(ctx, nil); err != nil || len(report.Breaks) > 0 {
		t.Errorf("chain: %+v, %v", report, err)
	}
}

// The deputy rates by a link that only the liaison hands out, for one round, once.
func TestDeputyLink(t *testing.T) {
	w := newWorld(t)
	ctx, liaison := t.Context(), w.ID(proposal.Liaison)
	_, _, err := w.MakeDeputyLink(ctx, liaison, w.at(t, proposal.Dispatching), "", newID())
	refused(t, err, proposal.NotUnderWay)
	id := w.at(t, proposal.Answered)
	_, _, err = w.MakeDeputyLink(ctx, w.ID(proposal.Handler), id, "", newID())
	refused(t, err, proposal.Forbidden)
	action := newID()
	secret, made, err := w.MakeDeputyLink(ctx, liaison, id, "", action)
	check(t, err)
	_, _, err = w.MakeDeputyLink(ctx, liaison, id, "", action)
	refused(t, err, proposal.AlreadyUnderWay)
	link, _, err := w.OpenDeputyLink(ctx, secret, "192.0.2.1")
	check(t, err)
	if link != made || link.CaseID != id || link.Round != 1 || !link.UsedAt.IsZero() || len(secret) < 40 {
		t.Errorf("link %+v, made %+v", link, made)
	}
	_, _, err = w.OpenDeputyLink(ctx, secret+"x", "192.0.2.1")
	refused(t, err, proposal.NotFound)

	w.do(t, id, by(store.DeputyAccount, w.Action(proposal.RecordFeedback, proposal.Liaison, &proposal.Feedback{
		Source: proposal.FeedbackFromDeputy, Attitude: proposal.Satisfied, Result: proposal.Satisfied,
	})))
	if link, _, err = w.OpenDeputyLink(ctx, secret, "192.0.2.1"); err != nil || link.UsedAt.IsZero() {
		t.Errorf("used link %+v, %v", link, err)
	}
	c := w.read(t, id)
	if len(c.Feedback) != 1 || c.Feedback[0].By != store.DeputyAccount || c.People[store.DeputyAccount].ZH == "" {
		t.Errorf("feedback %+v", c.Feedback)
	}
	if got, err := w.Authenticate(ctx, "deputy", "", "", ""); err != nil || got.Person != nil {
		t.Errorf("somebody logged in as the deputy: %+v, %v", got, err)
	}
	_, _, err = w.CreateToken(ctx, store.DeputyAccount, "x", w.now.Add(time.Hour))
	refused(t, err, proposal.NotFound)
}

// 并案: the group is seen from each of its cases, whichever leads.
func TestMergedGroup(t *testing.T) {
	w := newWorld(t)
	lead, second, third := w.register(t), w.register(t), w.register(t)
	merge := func(id, with string) *proposal.Refusal {
		o, err := w.send(t.Context(), id, w.Action(proposal.Merge, proposal.Liaison, &proposal.Merging{With: with, Reason: "同一问题"}))
		check(t, err)
		return o.Refusal
	}
	refused(t, merge(second, second), proposal.InvalidInput)
	refused(t, merge(second, newID()), proposal.InvalidInput)
	if r := merge(second, lead); r != nil {
		t.Fatal(r)
	}
	if r := merge(third, second); r != nil { // joins the group of the one that was named
		t.Fatal(r)
	}
	c := w.read(t, third)
	if c.State.Merged != lead || len(c.Group) != 2 || c.Group[0].CaseID != lead || !c.Group[0].Leads || c.Group[1].CaseID != second {
		t.Errorf("merged with %s, group %+v", c.State.Merged, c.Group)
	}
	if c = w.read(t, lead); len(c.Group) != 2 {
		t.Errorf("group of the leading case %+v", c.Group)
	}
	w.do(t, second, w.Action(proposal.Unmerge, proposal.Liaison, &proposal.Unmerging{Reason: "分开办理"}))
	if c = w.read(t, lead); len(c.Group) != 1 {
		t.Errorf("group %+v", c.Group)
	}
}

// A suggestion for reading only owes no reply.
func TestReading(t *testing.T) {
	w := newWorld(t)
	id, r := w.registration()
	r.HandlingType = proposal.ReadingOnly
	w.do(t, id, w.Register(r))
	w.advance(t, id, proposal.Closed)
	c := w.read(t, id)
	if !c.ReplyDue.IsZero() || c.HandlingType != proposal.ReadingOnly || c.Task != nil {
		t.Errorf("reply due %v, task %+v", c.ReplyDue, c.Task)
	}
}

// R8: when the calendar of a year arrives, what was counted without it is counted again, and what moved is written down.
func TestRecount(t *testing.T) {
	w := newWorld(t)
	w.now = time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	id, r := w.registration()
	r.AssignedOn = calendar.NewDate(2026, 11, 18) // three months on: 18 February 2027
	w.do(t, id, w.Register(r))
	before := w.read(t, id)
	recount := func() *proposal.Refusal {
		o, err := w.send(t.Context(), id, proposal.Action{ID: newID(), Kind: proposal.Recount, Input: &proposal.Recounting{}})
		check(t, err)
		return o.Refusal
	}
	refused(t, recount(), proposal.ClockNotDue)
	year, err := calendar.Parse([]byte(`{"year": 2027, "sources": [{"title": "试验", "number": "试1号"}],
		"holidays": [
			{"key": "new_year", "name": "元旦", "first": "2027-01-01", "last": "2027-01-03"},
			{"key": "spring_festival", "name": "春节", "first": "2027-02-05", "last": "2027-02-19"},
			{"key": "qingming", "name": "清明节", "first": "2027-04-03", "last": "2027-04-05"},
			{"key": "labour", "name": "劳动节", "first": "2027-05-01", "last": "2027-05-05"},
			{"key": "dragon_boat", "name": "端午节", "first": "2027-06-09", "last": "2027-06-09"},
			{"key": "mid_autumn", "name": "中秋节", "first": "2027-09-15", "last": "2027-09-15"},
			{"key": "national", "name": "国庆节", "first": "2027-10-01", "last": "2027-10-07"}]}`))
	check(t, err)
	with, err := calendar.National().With(year)
	check(t, err)
	w.cases.Calendar = func() *calendar.Calendar { return with }
	if refusal := recount(); refusal != nil {
		t.Fatal(refusal)
	}
	after := w.read(t, id)
	if before.ReplyDue != calendar.NewDate(2027, 2, 18) || after.ReplyDue != calendar.NewDate(2027, 2, 22) {
		t.Errorf("reply due %s, then %s", before.ReplyDue, after.ReplyDue)
	}
	if n := w.count(t, `select count(*) from calendar_moves where case_id = $1 and clock = 'reply' and year = 2027
		and from_due = '2027-02-18' and to_due = '2027-02-22'`, id); n != 1 {
		t.Errorf("%d moves written down", n)
	}
	if n := w.count(t, `select count(*) from notices where case_id = $1 and kind = 'moved'`, id); n == 0 {
		t.Error("nobody is told")
	}
}
