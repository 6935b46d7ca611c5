package record

import (
	"fmt"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
	"github.com/google/uuid"
)

// wholeProcedure are the shapes that came with what runs beside a case. The histories of its strands are kept too.
var wholeProcedure = []shape{
	{"co_handled", func(w *walk) {
		w.register()
		w.to(proposal.Drafting)
		w.askOther()
		w.do(proposal.AskOpinion, proposal.Handler, &proposal.OpinionRequest{Unit: "市人社局", Question: "请提供薪酬口径。"})
		w.do(proposal.WriteOpinion, fixture.OtherHandler, &proposal.WrittenOpinion{StrandTarget: other, Text: "没有意见。"})
		w.do(proposal.ApproveOpinion, fixture.OtherHead, &proposal.OpinionApproval{StrandTarget: other})
		w.do(proposal.RedoOpinion, proposal.Handler, &proposal.OpinionRedo{StrandTarget: other, Reason: "没有数据。"})
		w.do(proposal.WriteOpinion, proposal.Liaison, &proposal.WrittenOpinion{StrandTarget: proposal.StrandTarget{Ref: "u1"}, Text: "按现行口径执行。"})
		w.do(proposal.WriteOpinion, fixture.OtherHandler, &proposal.WrittenOpinion{
			StrandTarget: other, Text: "养老服务站已纳入计划。", Figures: "新建12处（年度计划）", Contact: "李敏 23468822", Publish: true,
		})
		w.do(proposal.ApproveOpinion, fixture.OtherHead, &proposal.OpinionApproval{StrandTarget: other})
		w.submit(func(d *proposal.Draft) { d.Body += "\n以上薪酬口径经商市人社局。" })
		w.to(proposal.Closed)
	}},
	{"returned_granted", func(w *walk) {
		w.register()
		w.askReturn()
		w.to(proposal.ReturnDecision)
		w.do(proposal.DecideReturn, proposal.Assembly, &proposal.ReturnVerdict{Granted: true, Text: "同意退回。"})
	}},
	{"returned_refused", func(w *walk) {
		w.register()
		w.askReturn()
		w.to(proposal.Closed)
	}},
	{"extended", func(w *walk) {
		w.register()
		w.to(proposal.Drafting)
		reply := w.state()
		due := reply.ReplyDue().Due()
		w.do(proposal.AskExtension, proposal.Handler, &proposal.ExtensionRequest{Until: due.AddDays(30), Reason: "需专家论证。"})
		w.do(proposal.EndorseExtension, proposal.LeaderInCharge, &proposal.ExtensionEndorsement{})
		w.do(proposal.DecideExtension, proposal.Assembly, &proposal.ExtensionVerdict{Granted: true, Until: due.AddDays(14), Text: "同意延期两周。"})
		w.do(proposal.TellExtension, proposal.Handler, &proposal.ExtensionNotice{Mode: proposal.PhoneContact})
		w.to(proposal.Closed)
	}},
	{"withdrawn_with_co_handling", func(w *walk) {
		w.register()
		w.to(proposal.Drafting)
		w.askOther()
		w.do(proposal.Withdraw, proposal.Liaison, &proposal.Withdrawal{Letter: "来函撤回。", Agreed: []string{"倪琛善", "王桂兰"}})
	}},
	{"rerouted", func(w *walk) {
		w.register()
		w.to(proposal.Consulting)
		w.do(proposal.Reroute, proposal.LeaderInCharge, &proposal.Rerouting{Lead: fixture.Other, Reason: "转由养老处主办。"})
		w.do(proposal.Refuse, fixture.OtherHead, &proposal.DivisionRefusal{Reason: "还是基层处合适。", Suggested: fixture.Leading})
		w.to(proposal.Closed)
	}},
	{"recalled", func(w *walk) {
		w.register()
		w.to(proposal.DivisionReview)
		w.do(proposal.Recall, proposal.Handler, &proposal.Recalling{Reason: "有一处数字要改。"})
		w.submit(func(d *proposal.Draft) { d.Body += "\n数字已更正。" })
		w.to(proposal.Closed)
	}},
	{"added_review", func(w *walk) {
		w.register()
		w.to(proposal.DivisionReview)
		reviewer := w.ID(proposal.Supervisor)
		w.do(proposal.AddReviewer, proposal.DivisionHead, &proposal.AddedReviewer{Person: reviewer, Reason: "涉及督查事项。"})
		w.do(proposal.PassAddedReview, proposal.Supervisor, &proposal.AddedPass{StrandTarget: proposal.StrandTarget{Ref: string(reviewer)}})
		w.to(proposal.Closed)
	}},
	{"tightened", func(w *walk) {
		w.register()
		w.to(proposal.SignOff)
		w.do(proposal.Tighten, proposal.Supervisor, &proposal.Tightening{Key: true, Money: true, Reason: "列为重点督办，涉及资金。"})
		w.to(proposal.Closed)
	}},
	{"dissatisfied_second_round", func(w *walk) {
		w.register()
		w.dissatisfied()
		w.to(proposal.Closed)
	}},
	{"dissatisfied_twice", func(w *walk) {
		w.register()
		w.dissatisfied()
		w.dissatisfied()
		w.to(proposal.Closed)
	}},
	{"not_open_reexamined", func(w *walk) { // still withheld: its publication is examined again in a year
		w.register()
		w.to(proposal.OpennessReview)
		w.do(proposal.DecideOpenness, proposal.OpennessReviewer, &proposal.OpennessDecision{
			Openness: proposal.ClosedReply, Ground: "third_party", Reason: "涉及个人隐私。",
		})
		w.to(proposal.Closed)
		w.do(proposal.Reexamine, proposal.OpennessReviewer, &proposal.Reexamination{Openness: proposal.OpenReply, Reason: "情况已变。"})
		w.publish()
	}},
	{"corrected_and_taken_down", func(w *walk) {
		w.register()
		w.to(proposal.Closed)
		w.do(proposal.CorrectPublication, proposal.Publisher, &proposal.Correction{Redactions: []string{"22项"}, Note: "更正一处数字。"})
		w.do(proposal.TakeDown, proposal.Publisher, &proposal.Takedown{Reason: "页面有误。"})
	}},
	{"committed", func(w *walk) { // the promise is kept and the second reply goes out after the case was closed
		w.register()
		w.to(proposal.Drafting)
		w.promise()
		w.to(proposal.Closed)
		w.do(proposal.ReportMilestone, proposal.Handler, &proposal.Milestone{Text: "主体完工。"})
		w.do(proposal.FulfilCommitment, proposal.Handler, &proposal.Fulfilment{Result: "已建成。"})
		w.do(proposal.ReplyAgain, proposal.Handler, &proposal.SecondReply{Mode: proposal.DispatchByPost, Text: "服务中心已建成。"})
	}},
	{"committed_open", func(w *walk) {
		w.register()
		w.to(proposal.Drafting)
		w.promise()
		w.to(proposal.Closed)
	}},
	{"reading", func(w *walk) {
		w.registration.HandlingType = proposal.ReadingOnly
		w.register()
		w.to(proposal.Closed)
	}},
	{"co_handle_type", func(w *walk) {
		w.registration.HandlingType, w.registration.LeadUnit = proposal.CoHandling, "市人社局"
		w.register()
		w.to(proposal.Closed)
	}},
	{"secrecy", func(w *walk) {
		w.register()
		w.to(proposal.Drafting)
		w.do(proposal.AskSecrecy, proposal.Handler, &proposal.SecrecyRequest{Reason: "代表要求保密。"})
		w.to(proposal.OpennessReview)
		w.do(proposal.DecideOpenness, proposal.OpennessReviewer, &proposal.OpennessDecision{
			Openness: proposal.ClosedReply, Ground: "third_party", Reason: "代表要求保密。",
		})
		w.to(proposal.Closed)
	}},
	{"vacated", func(w *walk) { // whoever had the case leaves in the middle of it
		w.register()
		w.to(proposal.Drafting)
		leaver := store.Person{
			Person: proposal.Person{Roles: []proposal.Role{proposal.Handler}, Division: fixture.Leading},
			Login:  "leaver", Name: store.Name{ZH: "孙宁"}, Active: true,
		}
		w.person(&leaver)
		w.do(proposal.Reassign, proposal.DivisionHead, &proposal.Reassignment{Handler: leaver.ID, Reason: "请孙宁接手。"})
		leaver.Active = false
		w.person(&leaver)
		w.act(proposal.Action{ID: uuid.NewString(), Kind: proposal.Vacate, Input: &proposal.Vacancy{Person: leaver.ID}})
		w.do(proposal.Reassign, proposal.DivisionHead, &proposal.Reassignment{Handler: w.ID(proposal.Handler), Reason: "孙宁已调走。"})
		w.to(proposal.Closed)
	}},
	{"reopened", func(w *walk) { // closed by mistake
		w.register()
		w.to(proposal.Closed)
		w.settle()
		w.do(proposal.Reopen, proposal.Liaison, &proposal.Reopening{Reason: "误归档。", Source: "代表来电"})
		w.to(proposal.Closed)
	}},
	{"signed_for", func(w *walk) { // a place whose rules ask for it
		w.rules("signed-for")
		w.register()
		w.do(proposal.SignFor, proposal.Liaison, &proposal.SigningFor{SignedOn: w.registration.AssignedOn, Text: "纸质件一并收到。"})
		w.to(proposal.Drafting)
		w.rules(fixture.Body.Profile)
	}},
	{"rated_by_co_signer", func(w *walk) { // before the lead rates, and after
		w.register()
		w.to(proposal.Answered)
		w.do(proposal.RateAsCoSigner, proposal.Assembly, &proposal.CoSignerRating{
			CoSigner: "王桂兰", Source: proposal.FeedbackFromAssembly, Attitude: proposal.Satisfied, Result: proposal.NotSatisfied, Words: "希望再快一些。",
		})
		w.publish()
		w.act(w.Rate(proposal.Satisfied))
		w.do(proposal.RateAsCoSigner, proposal.Assembly, &proposal.CoSignerRating{
			CoSigner: "王桂兰", Source: proposal.FeedbackFromAssembly, Attitude: proposal.Satisfied, Result: proposal.Satisfied, Reason: "来电更正。",
		})
		w.to(proposal.Closed)
	}},
	{"child_lost", func(w *walk) { // the workflow of an opinion was terminated; reconciliation starts it again
		w.register()
		w.to(proposal.Drafting)
		w.askOther()
		w.loseStrands()
		w.adopt()
		w.to(proposal.Closed)
	}},
}

var other = proposal.StrandTarget{Ref: string(fixture.Other)}

func (w *walk) askOther() {
	w.t.Helper()
	w.do(proposal.AskOpinion, proposal.Handler, &proposal.OpinionRequest{Division: fixture.Other, Question: "请提出会办意见。"})
}

// rules has the cases that are registered from now on follow the rules of another place.
func (w *walk) rules(profile string) {
	w.t.Helper()
	bureau := fixture.Body
	bureau.Profile = profile
	if err := w.store.SaveBureau(w.t.Context(), "", bureau); err != nil {
		w.t.Fatal(err)
	}
}

func (w *walk) askReturn() {
	w.t.Helper()
	w.do(proposal.RequestReturn, proposal.Liaison, &proposal.ReturnRequest{
		Reason: "不属我局职责。", LegalDuty: "《价格法》第五条", Suggested: "市市场监管局",
	})
}

func (w *walk) publish() {
	w.t.Helper()
	w.do(proposal.Publish, proposal.Publisher, &proposal.PublicationOrder{SHA256: w.state().DraftSHA256})
}

func (w *walk) dissatisfied() {
	w.t.Helper()
	w.to(proposal.Answered)
	w.publish()
	w.act(w.Rate(proposal.NotSatisfied))
}

func (w *walk) promise() {
	w.t.Helper()
	w.submit(func(d *proposal.Draft) {
		d.Class, d.Answers[0].Status = "B", proposal.PointUnderWay
		d.Commitments = []replytext.Promise{{Text: "建成服务中心", DueOn: calendar.DateOf(time.Now()).AddDays(730)}}
	})
}

// submit saves a draft that differs from the fixture's and submits it.
func (w *walk) submit(change func(d *proposal.Draft)) {
	w.t.Helper()
	d := fixture.Draft(2)
	change(&d)
	saved, err := w.store.SaveDraft(w.t.Context(), w.id, w.ID(proposal.Handler), uuid.NewString(), 0, d)
	if err != nil {
		w.t.Fatal(err)
	}
	w.do(proposal.Submit, proposal.Handler, &proposal.Submission{Version: saved.Version, SHA256: saved.SHA256})
}

// loseStrands terminates the workflows of all open strands, once they run.
func (w *walk) loseStrands() {
	w.t.Helper()
	for _, at := range w.position().Strands {
		id := workflows.StrandWorkflowID(w.id, at)
		w.eventually(fmt.Sprintf("%s does not run", id), func() bool {
			_, running, err := w.cases.StrandPosition(w.t.Context(), w.id, at)
			return err == nil && running
		})
		if err := w.cases.Temporal.TerminateWorkflow(w.t.Context(), id, "", "lost"); err != nil {
			w.t.Fatal(err)
		}
	}
}
