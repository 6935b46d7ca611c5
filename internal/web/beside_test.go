package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
)

// sideStep is one press of a button beside the main way: empty fields are refused first, if something must be filled in.
type sideStep struct {
	who  proposal.Role
	do   proposal.Kind
	fill url.Values
	then func(s proposal.State) bool
}

func strandIs(kind proposal.StrandKind, status proposal.StrandStatus) func(proposal.State) bool {
	return func(s proposal.State) bool {
		all := s.StrandsOf(kind)
		return len(all) > 0 && all[len(all)-1].Status == status
	}
}

func stageIs(stage proposal.Stage) func(proposal.State) bool {
	return func(s proposal.State) bool { return s.Stage == stage }
}

// story carries a case so far, and then what is done beside the main way.
type story struct {
	name  string
	to    proposal.Stage
	days  int // since it was assigned
	steps []sideStep
}

func stories(s *site) []story {
	words := func(name string) url.Values { return url.Values{name: {"说明白的一句话。"}} }
	return []story{
		{"a return refused", proposal.Registered, 1, []sideStep{
			{proposal.Liaison, proposal.RequestReturn, url.Values{"reason": {"不归我局。"}, "legal_duty": {"条例第三条"}, "suggested": {"市人社局"}}, stageIs(proposal.ReturnReview)},
			{proposal.LeaderInCharge, proposal.EndorseReturn, words("text"), stageIs(proposal.ReturnDecision)},
			{proposal.Assembly, proposal.DecideReturn, words("text"), stageIs(proposal.Registered)},
		}},
		{"hands", proposal.Consulting, 1, []sideStep{
			{proposal.Supervisor, proposal.Urge, words("text"), strandIs(proposal.UrgeStrand, proposal.StrandAsked)},
			{proposal.Handler, proposal.AnswerUrge, words("text"), strandIs(proposal.UrgeStrand, proposal.StrandAnswered)},
			{proposal.Supervisor, proposal.Tighten, url.Values{"money": {"1"}, "reason": {"要动用资金。"}}, func(st proposal.State) bool { return st.Money }},
			{proposal.Liaison, proposal.AskSecrecy, words("reason"), func(st proposal.State) bool { return st.Secrecy }},
			{proposal.LeaderInCharge, proposal.Reroute, url.Values{"lead": {string(fixture.Other)}, "reason": {"应由养老处办。"}}, stageIs(proposal.Accepting)},
			{proposal.Liaison, proposal.Withdraw, url.Values{"letter": {"来函一份"}, "agreed": {"倪琛善", "王桂兰"}}, stageIs(proposal.Withdrawn)},
		}},
		{"a co-opinion", proposal.Drafting, 1, []sideStep{
			{proposal.Handler, proposal.AskOpinion, url.Values{"division": {string(fixture.Other)}, "points": {"1"}, "question": {"请说明减负进展。"}}, strandIs(proposal.OpinionStrand, proposal.StrandAsked)},
			{fixture.OtherHandler, proposal.WriteOpinion, words("text"), strandIs(proposal.OpinionStrand, proposal.StrandWritten)},
			{fixture.OtherHead, proposal.SendBackOpinion, words("reason"), strandIs(proposal.OpinionStrand, proposal.StrandAsked)},
			{fixture.OtherHandler, proposal.WriteOpinion, words("text"), strandIs(proposal.OpinionStrand, proposal.StrandWritten)},
			{fixture.OtherHead, proposal.ApproveOpinion, nil, strandIs(proposal.OpinionStrand, proposal.StrandGiven)},
			{proposal.Handler, proposal.RedoOpinion, words("reason"), strandIs(proposal.OpinionStrand, proposal.StrandAsked)},
			{proposal.Handler, proposal.CancelOpinion, words("reason"), strandIs(proposal.OpinionStrand, proposal.StrandCancelled)},
			{proposal.Handler, proposal.AskOpinion, url.Values{"unit": {"市人社局"}, "question": {"请说明薪酬标准。"}}, strandIs(proposal.OpinionStrand, proposal.StrandAsked)},
			{proposal.Liaison, proposal.WriteOpinion, words("text"), strandIs(proposal.OpinionStrand, proposal.StrandGiven)},
		}},
		{"more time", proposal.Drafting, 1, []sideStep{
			{proposal.Handler, proposal.AskExtension, url.Values{"until": {s.day(120)}, "reason": {"要实地调研。"}}, strandIs(proposal.ExtensionStrand, proposal.StrandAsked)},
			{proposal.LeaderInCharge, proposal.DeclineExtension, words("reason"), strandIs(proposal.ExtensionStrand, proposal.StrandDeclined)},
			{proposal.Handler, proposal.AskExtension, url.Values{"until": {s.day(120)}, "reason": {"要实地调研。"}}, strandIs(proposal.ExtensionStrand, proposal.StrandAsked)},
			{proposal.LeaderInCharge, proposal.EndorseExtension, nil, strandIs(proposal.ExtensionStrand, proposal.StrandEndorsed)},
			{proposal.Assembly, proposal.DecideExtension, url.Values{"granted": {"1"}, "until": {s.day(110)}, "text": {"同意。"}}, strandIs(proposal.ExtensionStrand, proposal.StrandGranted)},
			{proposal.Handler, proposal.TellExtension, url.Values{"mode": {"phone"}}, strandIs(proposal.ExtensionStrand, proposal.StrandTold)},
		}},
		{"an added review", proposal.OfficeReview, 1, []sideStep{
			{proposal.OfficeReviewer, proposal.AddReviewer, url.Values{"person": {string(s.bureau.ID(proposal.Supervisor))}, "reason": {"请再看一遍。"}}, strandIs(proposal.AddedReviewStrand, proposal.StrandAsked)},
			{proposal.Supervisor, proposal.PassAddedReview, nil, strandIs(proposal.AddedReviewStrand, proposal.StrandPassed)},
			{proposal.DivisionHead, proposal.Recall, nil, stageIs(proposal.OfficeReview)},
		}},
		{"after the answer", proposal.Answered, 1, []sideStep{
			{proposal.Liaison, proposal.RecordReceipt, url.Values{"recipient": {"倪琛善"}, "receipt": {"EMS1234"}}, stageIs(proposal.Answered)},
			{proposal.Publisher, proposal.Publish, nil, strandIs(proposal.PublicationStrand, proposal.StrandPublished)},
			{proposal.Publisher, proposal.CorrectPublication, url.Values{"redactions": {"社区"}, "note": {"更正一处。"}}, strandIs(proposal.PublicationStrand, proposal.StrandPublished)},
			{proposal.Publisher, proposal.TakeDown, words("reason"), strandIs(proposal.PublicationStrand, proposal.StrandTakenDown)},
			{proposal.Assembly, proposal.RecordFeedback, url.Values{"attitude": {"satisfied"}, "result": {"dissatisfied"}, "words": {"还要再办。"}}, func(st proposal.State) bool {
				return st.Stage == proposal.Assigning && st.Round == 2
			}},
		}},
	}
}

// day is so many days from today, as a form wants it.
func (s *site) day(days int) string { return calendar.DateOf(time.Now()).AddDays(days).String() }

// TestBesideTheMainWay walks what happens beside the main way through its forms: each is drawn, refused when it lacks what it
// needs with what was typed kept, and done.
func TestBesideTheMainWay(t *testing.T) {
	s := newSite(t)
	for i, story := range stories(s) {
		t.Run(story.name, func(t *testing.T) {
			id := s.carry(t, fixture.Registration("09"+string(rune('0'+i))+"1", calendar.DateOf(time.Now()).AddDays(-story.days)), story.to, replyText)
			for n, st := range story.steps {
				s.beside(t, id, n+1, st)
			}
			p := s.as(t, proposal.Liaison).get("/cases/" + id)
			p.says(t, http.StatusOK)
			if key := bareKey.FindString(p.text()); key != "" || strings.Contains(p.text(), "<no value>") {
				t.Errorf("the page shows the key %q, or a value that is missing:\n%.1500s", key, p.text())
			}
		})
	}
}

func (s *site) beside(t *testing.T, id string, n int, st sideStep) {
	t.Helper()
	b := s.as(t, st.who)
	if st.do == proposal.Recall { // nothing to recall for somebody whose step was followed by another
		b.post("/cases/"+id+"/act/recall", url.Values{"action_id": {uuid.NewString()}})
		return
	}
	p := b.get("/cases/" + id + "?do=" + string(st.do))
	p.says(t, http.StatusOK)
	to, form := p.form(t)
	if !strings.HasSuffix(to, "/"+string(st.do)) {
		t.Fatalf("step %d: %s is offered %s, not %s:\n%.1500s", n, st.who, to, st.do, p.text())
	}
	if len(st.fill) > 1 {
		kept := slices.Sorted(keysOf(st.fill))[0]
		some := with(clone(form), url.Values{kept: st.fill[kept]})
		refused := b.post(to, some)
		if refused.status != http.StatusUnprocessableEntity {
			t.Errorf("step %d: %s with only %s: %d", n, st.do, kept, refused.status)
		}
		_, again := refused.form(t)
		if again.Get("action_id") == form.Get("action_id") || again.Get(kept) != form.Get(kept) && again.Get(kept) != st.fill.Get(kept) {
			t.Errorf("step %d: %s does not keep %s, or its action id is the old one", n, st.do, kept)
		}
		form = again
	}
	done := b.post(to, with(form, st.fill))
	state, err := s.Store.State(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if done.status != http.StatusOK || !st.then(state) {
		t.Fatalf("step %d, %s by %s: %d, the case is in %s with %+v\n%.1500s", n, st.do, st.who, done.status, state.Stage, state.Strands, done.text())
	}
}

func keysOf(form url.Values) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for name := range form {
			if !yield(name) {
				return
			}
		}
	}
}
