package workflows_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// branch is one way through the procedure.
type branch struct {
	name  string
	ends  proposal.Stage
	of    func(r *proposal.Registration) // what is special about its registration
	moves []move                         // after the registration
}

// branches are all ways that the issue of the procedure names. A year of a bureau takes each many times.
var branches = []branch{
	{name: "straight", moves: []move{until(proposal.Closed)}},
	{name: "sent back twice", moves: []move{
		until(proposal.DivisionReview),
		does(proposal.SendBack, proposal.DivisionHead, &proposal.SendingBack{To: proposal.Drafting, Reason: "数字要有出处。"}),
		until(proposal.SignOff),
		does(proposal.SendBack, proposal.LeaderInCharge, &proposal.SendingBack{To: proposal.Consulting, Reason: "再听听代表的意见。"}),
		until(proposal.Closed),
	}},
	{name: "refused by the division", moves: []move{
		until(proposal.Accepting),
		does(proposal.Refuse, proposal.DivisionHead, &proposal.DivisionRefusal{Reason: "不属本处职责。", Suggested: fixture.Other}),
		until(proposal.Closed),
	}},
	{name: "rerouted and back", moves: []move{
		until(proposal.Consulting),
		does(proposal.Reroute, proposal.LeaderInCharge, &proposal.Rerouting{Lead: fixture.Other, Reason: "转由养老处主办。"}),
		does(proposal.Refuse, fixture.OtherHead, &proposal.DivisionRefusal{Reason: "还是基层处合适。", Suggested: fixture.Leading}),
		until(proposal.Closed),
	}},
	{name: "returned", ends: proposal.Returned, moves: []move{
		asksReturn(), until(proposal.ReturnDecision),
		does(proposal.DecideReturn, proposal.Assembly, &proposal.ReturnVerdict{Granted: true, Text: "同意退回。"}),
	}},
	{name: "return refused", moves: []move{asksReturn(), until(proposal.Closed)}},
	{name: "return asked too late", moves: []move{
		waits(20 * day),
		refused(proposal.WindowClosed, proposal.RequestReturn, proposal.Liaison, &proposal.ReturnRequest{Reason: "不属我局。", LegalDuty: "《物权法》", Suggested: "市住建局"}),
		until(proposal.Closed),
	}},
	{name: "unreachable", moves: []move{
		until(proposal.Consulting), noAnswer(), noAnswer(),
		refused(proposal.TooFewAttempts, proposal.Waive, proposal.DivisionHead, &proposal.ConsultationWaiver{Reason: "多次联系未果。"}),
		noAnswer(),
		does(proposal.Waive, proposal.DivisionHead, &proposal.ConsultationWaiver{Reason: "多次联系未果。"}),
		until(proposal.Closed),
	}},
	{name: "co-handled", moves: []move{until(proposal.Drafting), asksOther(), until(proposal.Closed)}},
	{name: "co-handled weakly", moves: []move{
		until(proposal.Drafting), asksOther(), writesOpinion(), approvesOpinion(),
		does(proposal.RedoOpinion, proposal.Handler, &proposal.OpinionRedo{StrandTarget: other, Reason: "没有数据。"}),
		until(proposal.Closed),
	}},
	{name: "co-opinion overdue and waived", moves: []move{
		until(proposal.Drafting), asksOther(), waits(45 * day),
		does(proposal.WaiveOpinion, proposal.DivisionHead, &proposal.OpinionWaiver{StrandTarget: other, Reason: "逾期未复，不再等候。"}),
		until(proposal.Closed),
	}},
	{name: "an outside unit asked", moves: []move{
		until(proposal.Drafting),
		does(proposal.AskOpinion, proposal.Handler, &proposal.OpinionRequest{Unit: "市人社局", Question: "请提供薪酬口径。"}),
		does(proposal.WriteOpinion, proposal.Liaison, &proposal.WrittenOpinion{StrandTarget: proposal.StrandTarget{Ref: "u1"}, Text: "按现行口径执行。"}),
		saves(func(d *proposal.Draft) { d.Body += "\n以上薪酬口径经商市人社局。" }),
		until(proposal.Closed),
	}},
	{name: "the deputy does not agree to the draft", moves: []move{
		until(proposal.Drafting),
		savesOnly(),
		does(proposal.ConsultOnDraft, proposal.Handler, &proposal.DraftConsultation{Version: 1, Mode: proposal.PhoneContact, Reaction: proposal.DisagreesWithDraft, Words: "第二点没有答。"}),
		saves(func(d *proposal.Draft) { d.Body += "\n第二点补充如下：待遇按年调整。" }),
		until(proposal.Closed),
	}},
	{name: "another handler, another reviewer", moves: []move{
		until(proposal.DivisionReview),
		doesNow(proposal.AddReviewer, proposal.DivisionHead, func(o *office, _ proposal.State) proposal.Input {
			return &proposal.AddedReviewer{Person: o.bureau.ID(proposal.Supervisor), Reason: "涉及督查事项。"}
		}),
		doesNow(proposal.PassAddedReview, proposal.Supervisor, func(o *office, _ proposal.State) proposal.Input {
			return &proposal.AddedPass{StrandTarget: proposal.StrandTarget{Ref: string(o.bureau.ID(proposal.Supervisor))}}
		}),
		until(proposal.Closed),
	}},
	{name: "recalled", moves: []move{
		until(proposal.Drafting), savesOnly(), until(proposal.DivisionReview),
		does(proposal.Recall, proposal.Handler, &proposal.Recalling{Reason: "有一处数字要改。"}),
		saves(func(d *proposal.Draft) { d.Body += "\n数字已更正。" }),
		until(proposal.Closed),
	}},
	{name: "made stricter", moves: []move{
		until(proposal.SignOff),
		does(proposal.Tighten, proposal.Supervisor, &proposal.Tightening{Key: true, Money: true, Reason: "列为重点督办，涉及资金。"}),
		until(proposal.Closed),
	}},
	{name: "extended", moves: []move{
		until(proposal.Drafting),
		doesNow(proposal.AskExtension, proposal.Handler, func(_ *office, s proposal.State) proposal.Input {
			return &proposal.ExtensionRequest{Until: s.ReplyDue().Due().AddDays(30), Reason: "需专家论证。"}
		}),
		does(proposal.EndorseExtension, proposal.LeaderInCharge, &proposal.ExtensionEndorsement{}),
		doesNow(proposal.DecideExtension, proposal.Assembly, func(_ *office, s proposal.State) proposal.Input {
			return &proposal.ExtensionVerdict{Granted: true, Until: s.ReplyDue().Due().AddDays(14), Text: "同意延期两周。"}
		}),
		does(proposal.TellExtension, proposal.Handler, &proposal.ExtensionNotice{Mode: proposal.PhoneContact}),
		until(proposal.Closed),
	}},
	{name: "withdrawn", ends: proposal.Withdrawn, moves: []move{
		until(proposal.Drafting), asksOther(),
		refused(proposal.NotAllAgree, proposal.Withdraw, proposal.Liaison, &proposal.Withdrawal{Letter: "撤回。", Agreed: []string{"倪琛善"}}),
		does(proposal.Withdraw, proposal.Liaison, &proposal.Withdrawal{Letter: "撤回。", Agreed: []string{"倪琛善", "王桂兰"}}),
	}},
	{name: "dissatisfied, then satisfied", moves: []move{
		until(proposal.Answered), publishes(), rates(proposal.NotSatisfied), until(proposal.Closed),
	}},
	{name: "dissatisfied twice", moves: []move{
		until(proposal.Answered), publishes(), rates(proposal.NotSatisfied), until(proposal.Answered), publishes(),
		rates(proposal.NotSatisfied), until(proposal.Closed),
	}},
	{name: "silent", moves: []move{
		until(proposal.Answered), publishes(),
		refused(proposal.NotOverdue, proposal.NoteSilence, proposal.Liaison, &proposal.SilenceNote{}),
		waits(30 * day),
		does(proposal.NoteSilence, proposal.Liaison, &proposal.SilenceNote{}),
		until(proposal.Closed),
	}},
	{name: "withheld, opened a year later", moves: []move{
		until(proposal.OpennessReview), withholds(proposal.ClosedReply), until(proposal.Closed), waits(370 * day),
		does(proposal.Reexamine, proposal.OpennessReviewer, &proposal.Reexamination{Openness: proposal.OpenReply, Reason: "情况已变。"}),
		publishes(),
	}},
	{name: "partly open, corrected, taken down", moves: []move{
		until(proposal.OpennessReview), withholds(proposal.PartlyOpenReply), until(proposal.Closed),
		does(proposal.CorrectPublication, proposal.Publisher, &proposal.Correction{Redactions: []string{"22项"}, Note: "更正一处数字。"}),
		does(proposal.TakeDown, proposal.Publisher, &proposal.Takedown{Reason: "页面有误。"}),
	}},
	{name: "a promise due two years on", moves: []move{
		until(proposal.Drafting),
		func(o *office) (time.Duration, bool) {
			return saves(func(d *proposal.Draft) {
				d.Class, d.Answers[0].Status = "B", proposal.PointUnderWay
				d.Commitments = []replytext.Promise{{Text: "建成服务中心", DueOn: calendar.DateOf(o.env.Now()).AddDays(730)}}
			})(o)
		},
		until(proposal.Closed), waits(300 * day),
		does(proposal.ReportMilestone, proposal.Handler, &proposal.Milestone{Text: "主体完工。"}),
		waits(300 * day),
		doesNow(proposal.ChangeCommitment, proposal.DivisionHead, func(o *office, _ proposal.State) proposal.Input {
			return &proposal.CommitmentChange{DueOn: calendar.DateOf(o.env.Now()).AddDays(200), Explanation: "汛期停工，已书面说明。"}
		}),
		waits(190 * day),
		does(proposal.FulfilCommitment, proposal.Handler, &proposal.Fulfilment{Result: "已建成。"}),
		does(proposal.ReplyAgain, proposal.Handler, &proposal.SecondReply{Mode: proposal.DispatchByPost, Text: "服务中心已建成。"}),
	}},
	{name: "a name kept secret", moves: []move{
		until(proposal.Drafting),
		does(proposal.AskSecrecy, proposal.Handler, &proposal.SecrecyRequest{Reason: "代表要求保密。"}),
		until(proposal.OpennessReview), withholds(proposal.ClosedReply), until(proposal.Closed), waits(370 * day),
		does(proposal.Reexamine, proposal.OpennessReviewer, &proposal.Reexamination{Openness: proposal.ClosedReply, Ground: "third_party", Reason: "仍须保密。"}),
		stops(),
	}},
	{name: "urged", moves: []move{
		until(proposal.Drafting),
		does(proposal.Urge, proposal.Supervisor, &proposal.UrgeNote{Text: "请抓紧。"}),
		refused(proposal.UrgedRecently, proposal.Urge, proposal.Supervisor, &proposal.UrgeNote{Text: "再催。"}),
		does(proposal.AnswerUrge, proposal.Handler, &proposal.UrgeAnswer{Text: "本周送审。"}),
		until(proposal.Closed),
	}},
	{name: "split", of: func(r *proposal.Registration) { r.HandlingType, r.Ours = proposal.SplitHandling, []int{1} }, moves: []move{until(proposal.Closed)}},
	{name: "ours is the co-handling bureau", of: func(r *proposal.Registration) {
		r.HandlingType, r.LeadUnit = proposal.CoHandling, "市人社局"
	}, moves: []move{until(proposal.Closed)}},
	{name: "for reading", of: func(r *proposal.Registration) { r.HandlingType = proposal.ReadingOnly }, moves: []move{until(proposal.Closed)}},
	{name: "of the CPPCC", of: func(r *proposal.Registration) {
		r.Body, r.LeadDeputy, r.CoSigners, r.Proposer = assembly.CPPCC, "民进沈阳市委", nil, assembly.PartyProposer
		r.Title = "关于缓解社工压力提高社工待遇的提案"
	}, moves: []move{until(proposal.Drafting), saves(func(d *proposal.Draft) {
		d.Body = "贵单位提出的关于缓解社工压力提高社工待遇的提案收悉，现答复如下：\n一、减轻负担\n台账减至22项。\n二、提高待遇\n人均5450元/月。"
	}), until(proposal.Closed)}},
	{name: "nobody acts until all clocks have run out", moves: []move{waits(150 * day), until(proposal.Closed)}},
}

func asksReturn() move {
	return does(proposal.RequestReturn, proposal.Liaison, &proposal.ReturnRequest{
		Reason: "不属我局职责。", LegalDuty: "《价格法》第五条", Suggested: "市市场监管局",
	})
}

func noAnswer() move {
	return does(proposal.Contact, proposal.Handler, &proposal.Consultation{Mode: proposal.PhoneContact, Outcome: proposal.ContactNoAnswer})
}

func writesOpinion() move {
	return does(proposal.WriteOpinion, fixture.OtherHandler, &proposal.WrittenOpinion{StrandTarget: other, Text: "没有意见。"})
}

func approvesOpinion() move {
	return does(proposal.ApproveOpinion, fixture.OtherHead, &proposal.OpinionApproval{StrandTarget: other})
}

func publishes() move {
	return doesNow(proposal.Publish, proposal.Publisher, func(_ *office, s proposal.State) proposal.Input {
		return &proposal.PublicationOrder{SHA256: s.DraftSHA256}
	})
}

func rates(result proposal.Rating) move {
	return does(proposal.RecordFeedback, proposal.Assembly, &proposal.Feedback{
		Source: proposal.FeedbackFromAssembly, Attitude: proposal.Satisfied, Result: result, Words: "请继续努力。",
	})
}

func withholds(openness proposal.Openness) move {
	d := &proposal.OpennessDecision{Openness: openness, Ground: "third_party", Reason: "涉及个人隐私。"}
	if openness == proposal.PartlyOpenReply {
		d.Redactions = []string{"5450元/月"}
	}
	return does(proposal.DecideOpenness, proposal.OpennessReviewer, d)
}

// savesOnly keeps a draft without submitting it.
func savesOnly() move {
	return func(o *office) (time.Duration, bool) {
		a := o.bureau.Action(proposal.Submit, proposal.Handler, nil)
		if _, err := o.store.SaveDraft(o.t.Context(), o.caseID, a.By, a.ID, 0, fixture.Draft(2)); err != nil {
			o.errs = append(o.errs, err)
		}
		return time.Hour, false
	}
}

// stops ends a script whose case goes on for ever: a reply that is withheld is examined again every year.
func stops() move {
	return func(o *office) (time.Duration, bool) { o.env.CancelWorkflow(); return time.Hour, false }
}

// TestYearInTheLifeOfABureau: four hundred cases arrive within a week and take every branch; promises fall due years later. In the
// end every case is accounted for.
func TestYearInTheLifeOfABureau(t *testing.T) {
	const cases = 400
	if testing.Short() {
		t.Skip("four hundred cases")
	}
	begun := time.Now()
	url, bureau := fixture.Database(t)
	record, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer record.Close()
	var mu sync.Mutex
	ended := map[proposal.Stage]int{}
	open := 0
	t.Run("cases", func(t *testing.T) {
		for i := range cases {
			b := branches[i%len(branches)]
			t.Run(fmt.Sprintf("%03d %s", i+1, b.name), func(t *testing.T) {
				t.Parallel()
				s := carryOne(t, url, bureau, i, b)
				mu.Lock()
				defer mu.Unlock()
				ended[s.Stage]++
				if !s.Finished() {
					open++
				}
			})
		}
	})
	if t.Failed() {
		return
	}
	account(t, record, ended, open)
	t.Logf("%d cases by %d ways in %s: %v, %d re-examined every year", cases, len(branches), time.Since(begun).Round(time.Second), ended, open)
}

// carryOne takes one case through its branch, in a time of its own on the common record.
func carryOne(t *testing.T, url string, bureau fixture.Bureau, i int, b branch) proposal.State {
	record, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer record.Close()
	o := &office{t: t, store: record, bureau: bureau}
	o.begin(monday.Add(time.Duration(i%5)*day + time.Duration(i)*time.Minute))
	r := fixture.Registration(fmt.Sprintf("%04d", i+1), calendar.DateOf(o.env.Now()))
	if b.of != nil {
		b.of(r)
	}
	o.play(r, b.moves...)
	o.execute()
	for _, err := range o.errs {
		t.Error(err)
	}
	s := o.state()
	want := b.ends
	if want == "" {
		want = proposal.Closed
	}
	if s.Stage != want {
		t.Errorf("it ended in %s, want %s", s.Stage, want)
	}
	return s
}

// account closes the books: nothing is open that nobody has, every event is chained, no number is missing.
func account(t *testing.T, record *store.Store, ended map[proposal.Stage]int, open int) {
	t.Helper()
	unfinished, err := record.OpenPositions(t.Context(), "", 500)
	if err != nil || len(unfinished) != open {
		t.Errorf("%d cases are not finished, error %v; want the %d that are withheld", len(unfinished), err, open)
	}
	for _, c := range unfinished {
		if c.Stuck {
			t.Errorf("case %s is not finished and has no way on", c.CaseID)
		}
	}
	report, err := record.VerifyChain(t.Context(), nil)
	if err != nil || len(report.Breaks) > 0 {
		t.Errorf("%d broken chains, error %v", len(report.Breaks), err)
	}
	sum := 0
	for _, n := range ended {
		sum += n
	}
	if sum != report.Cases {
		t.Errorf("%d cases have ended, %d are on the register", sum, report.Cases)
	}
}
