package demo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

// step is one thing that somebody does to a case.
type step struct {
	at    proposal.Stage // where the case waits for it
	by    string         // login
	kind  proposal.Kind  // or one of the kinds of event that do not move the case
	input proposal.Input
	on    calendar.Date   // official date, of a late registration
	draft *proposal.Draft // what a save_draft saves
}

// plan is a case's way as a list of steps, made before the first is taken.
type plan struct {
	*days
	bureau
	steps  []step
	calls  int // attempts to reach the deputy
	rounds int // that did not satisfy the deputy
}

// plan lists the steps that bring the case where its script wants it.
func (c *script) plan(b bureau, d *days) []step {
	p := &plan{days: d, bureau: b}
	p.register()
	switch {
	case c.Return != nil:
		p.giveBack()
	case c.Handling == proposal.ReadingOnly:
		p.circulate()
	default:
		p.handle()
	}
	return append(p.until(c.Stage), p.beside()...)
}

// handle takes the case from its assignment to its closure.
func (p *plan) handle() {
	p.assign()
	if p.Handler == "" {
		return
	}
	p.consult()
	p.askOpinions()
	if p.Withdrawn != "" {
		p.add(proposal.Drafting, p.liaison(), proposal.Withdraw, &proposal.Withdrawal{
			Letter: p.Withdrawn, Agreed: append([]string{p.Deputy}, p.With...),
		})
		return
	}
	p.write("")
	if p.Back != nil {
		p.review(p.Back.From)
		p.sendBack()
		p.write(p.Back.Adds)
	}
	p.review("")
	p.send()
	for _, words := range p.Unsatisfied {
		p.rehandle(words)
	}
	p.close()
}

// until cuts the way off where the case comes to the stage for the last time.
func (p *plan) until(stage proposal.Stage) []step {
	if stage.Ended() {
		return p.steps
	}
	last := 0
	for i, s := range p.steps {
		if s.at == stage && (p.Before == "" || s.kind == p.Before) {
			last = i
		}
	}
	steps, next := p.steps[:last:last], p.steps[last]
	if save := steps[last-1]; save.draft != nil && !p.Draft {
		steps = steps[: last-1 : last-1]
	}
	if p.Claimed {
		steps = append(steps, step{at: stage, by: next.by, kind: proposal.EventClaim})
	}
	return steps
}

func (p *plan) add(at proposal.Stage, by string, kind proposal.Kind, input proposal.Input) {
	p.steps = append(p.steps, step{at: at, by: by, kind: kind, input: input, on: p.official[kind]})
}

// liaison is one of the two, always the same for a case.
func (p *plan) liaison() string { return p.pick("hanxue", "hanxue", "dongjie") }

func (p *plan) register() {
	var asks strings.Builder
	for i, ask := range p.asks() {
		fmt.Fprintf(&asks, "\n%d.%s；", i+1, ask)
	}
	p.add(proposal.Unregistered, p.liaison(), proposal.Register, &proposal.Registration{
		RegisterKey: p.key(), Title: p.title(),
		LeadDeputy: p.Deputy, CoSigners: p.With,
		DeputyContact: p.phone(),
		Text:          p.Why + "\n为此建议：" + strings.TrimSuffix(asks.String(), "；") + "。",
		Points:        p.asks(), AssignedOn: p.assigned, DueOn: p.due,
		HandlingType: p.Handling, Ours: p.Ours, KeySupervised: p.Key, Money: p.Money, Secrecy: p.Secrecy, Wish: p.Wish, Late: p.Late != nil,
		Described: proposal.Described{Particulars: proposal.Particulars{
			Category: p.Category, Proposer: p.proposer(), Delegation: p.Delegation, LeadUnit: p.LeadUnit,
		}},
	})
}

func (p *plan) assign() {
	if p.First != nil {
		p.route(p.First.Division, nil)
		p.approve(p.First.Division)
		p.add(proposal.Accepting, p.head(p.First.Division).Login, proposal.Refuse, &proposal.DivisionRefusal{
			Reason: p.First.Reason, Suggested: p.Division,
		})
	}
	if p.Returned != "" {
		p.route(p.Division, nil)
		p.add(proposal.Assigning, p.leaderInCharge(p.Division).Login, proposal.SendBack, &proposal.SendingBack{
			To: proposal.Registered, Reason: p.Returned,
		})
	}
	p.route(p.Division, p.Co)
	p.approve(p.Division)
	p.add(proposal.Accepting, p.head(p.Division).Login, proposal.Accept, &proposal.Acceptance{Handler: proposal.PersonID(p.Handler)})
}

func (p *plan) route(lead proposal.DivisionID, co []proposal.DivisionID) {
	opinion := "建议由" + p.divisionName(lead) + "主办"
	for _, d := range co {
		opinion += "，" + p.divisionName(d) + "会办"
	}
	p.add(proposal.Registered, p.liaison(), proposal.ProposeAssignment, &proposal.RoutingOpinion{
		Lead: lead, CoHandling: co, Opinion: opinion + "，请批示。",
	})
}

func (p *plan) approve(lead proposal.DivisionID) {
	text := p.pick("同意。请按期答复。", "同意拟办意见。", "同意。请先与代表沟通，再动笔。", "同意。数字要核实，答复要具体。")
	if p.Key {
		text = "重点督办件。同意拟办意见，请处室负责人牵头办理，送签前报我看一遍。"
	}
	if p.Body == assembly.CPPCC {
		text = strings.ReplaceAll(text, "与代表", "与提案人")
	}
	p.add(proposal.Assigning, p.leaderInCharge(lead).Login, proposal.ApproveAssignment, &proposal.Instruction{Text: text})
}

func (p *plan) consult() {
	if p.Handling == proposal.CoHandling { // the lead unit talks to the deputy
		return
	}
	for range p.Missed {
		p.call(proposal.Consultation{Mode: proposal.PhoneContact, Outcome: proposal.ContactNoAnswer})
	}
	if p.CallBack {
		p.call(proposal.Consultation{
			Mode: proposal.PhoneContact, Outcome: proposal.ContactCallBack, CallBackAt: p.callBack(), SpokeWith: p.Deputy,
			At: p.workday(-1).Start().Add(p.officeHour(p.calls)), Words: "正在开会，另约时间通话。",
		})
	}
	if p.Waived != "" {
		p.add(proposal.Consulting, p.head(p.Division).Login, proposal.Waive, &proposal.ConsultationWaiver{Reason: p.Waived})
		return
	}
	p.reach()
}

func (p *plan) call(v proposal.Consultation) {
	if v.At.IsZero() {
		v.At = p.called(p.calls)
	}
	p.calls++
	p.add(proposal.Consulting, p.Handler, proposal.Contact, &v)
}

func (p *plan) reach() {
	spokeWith := p.Deputy
	if p.byGroup() {
		spokeWith += "联系人"
	}
	p.call(proposal.Consultation{
		Mode: p.mode(), Outcome: proposal.ContactReached, SpokeWith: spokeWith, Words: p.Words, Points: p.asks(), Wish: p.Wish, Ours: p.Ours, MetBy: proposal.OfficerRank,
	})
}

// write saves a version of the reply and submits it.
func (p *plan) write(adds string) {
	draft := p.compose(adds)
	p.steps = append(p.steps, step{at: proposal.Drafting, by: p.Handler, kind: proposal.EventSaveDraft, draft: &draft})
	p.add(proposal.Drafting, p.Handler, proposal.Submit, &proposal.Submission{})
}

// askOpinions asks the co-handling divisions, whose people write and whose heads approve.
func (p *plan) askOpinions() {
	for _, d := range p.Co {
		p.add(proposal.Drafting, p.Handler, proposal.AskOpinion, &proposal.OpinionRequest{
			Division: d, Question: "请就涉及贵处职责的内容提供办理情况和数据，并注明出处。",
		})
	}
	if p.CoWaits {
		return
	}
	for _, d := range p.Co {
		target := proposal.StrandTarget{Ref: string(d)}
		p.add(proposal.Drafting, p.handlerIn(d).Login, proposal.WriteOpinion, &proposal.WrittenOpinion{
			StrandTarget: target, Text: p.pick(
				"所提事项我处已列入今年工作安排，有关数据已核对，同意按现有口径答复。",
				"涉及我处的内容属实，建议答复时写明实施范围和完成时间。",
				"我处已会同区县核实，情况见附后说明，请主办处室统筹答复。",
			), Contact: p.handlerIn(d).Name + " " + p.handlerIn(d).Phone, Publish: true,
		})
		p.add(proposal.Drafting, p.head(d).Login, proposal.ApproveOpinion, &proposal.OpinionApproval{StrandTarget: target, Comment: "同意。"})
	}
}

// review passes the draft on, up to the stage that does not. The co-handling divisions countersign while the office reads.
func (p *plan) review(until proposal.Stage) {
	openness := &proposal.OpennessDecision{Openness: proposal.OpenReply}
	if p.ClosedText != nil {
		openness = &proposal.OpennessDecision{Openness: proposal.ClosedReply, Ground: p.ClosedText.Ground, Reason: p.ClosedText.Reason}
	}
	for _, stage := range append(p.pack.Chain(p.ruled()), proposal.SignOff) {
		s := step{at: stage, kind: proposal.PassReview, by: p.judge(stage)}
		switch stage {
		case until:
			return
		case proposal.DivisionReview:
			s.input = &proposal.ReviewPass{Comment: p.pick("要点都答到了，同意送核稿。", "数字已核对，同意。", "同意。承诺的时限我处能够做到。")}
		case proposal.OfficeReview:
			p.countersign()
			s.input = &proposal.ReviewPass{Comment: p.pick("称谓、案由、编号无误。", "格式和文号引用已核对。", "")}
		case proposal.LegalReview:
			s.input = &proposal.ReviewPass{Comment: "引用的文件现行有效，承诺事项不超出法定职责。"}
		case proposal.OpennessReview:
			s.kind, s.input = proposal.DecideOpenness, openness
		case proposal.SignOff:
			s.kind, s.input = proposal.Sign, &proposal.Signature{Opinion: p.pick("同意发出。", "同意。", "")}
		}
		p.add(s.at, s.by, s.kind, s.input)
	}
}

func (p *plan) countersign() {
	if !p.pack.CoHandling.Countersign {
		return
	}
	for _, d := range p.Co {
		p.add(proposal.OfficeReview, p.head(d).Login, proposal.CountersignDraft, &proposal.Countersignature{
			StrandTarget: proposal.StrandTarget{Ref: string(d)}, Comment: "会签同意。",
		})
	}
}

// ruled is as much of the case's state as decides its chain and its signer.
func (p *plan) ruled() proposal.State {
	return proposal.State{Round: p.round(), Body: p.Body, Handling: p.Handling, KeySupervised: p.Key, Money: p.Money}
}

// judge is who decides about the draft in the stage.
func (p *plan) judge(at proposal.Stage) string {
	switch {
	case at == proposal.DivisionReview:
		return p.head(p.Division).Login
	case at == proposal.OfficeReview:
		return p.holding(proposal.OfficeReviewer).Login
	case at == proposal.LegalReview:
		return p.holding(proposal.LegalReviewer).Login
	case at == proposal.OpennessReview:
		return p.holding(proposal.OpennessReviewer).Login
	case p.pack.SignerRole(p.ruled()) == proposal.BureauHead:
		return p.holding(proposal.BureauHead).Login
	default:
		return p.leaderInCharge(p.Division).Login
	}
}

func (p *plan) sendBack() {
	p.add(p.Back.From, p.judge(p.Back.From), proposal.SendBack, &proposal.SendingBack{To: p.Back.To, Reason: p.Back.Reason})
	if p.Back.To == proposal.Consulting {
		p.reach()
	}
}

// send numbers the signed reply, sends it, and publishes it unless that was refused.
func (p *plan) send() {
	number := &proposal.NumberAssignment{Seal: "用印3份：送达1份，报送1份，存档1份"}
	if p.Late != nil {
		number.Serial = p.Late.Serial
	}
	p.add(proposal.Numbering, p.liaison(), proposal.AssignNumber, number)
	modes := []proposal.DispatchMode{proposal.DispatchByUpload, proposal.DispatchByPost, proposal.DispatchInPerson}
	p.add(proposal.Dispatching, p.liaison(), proposal.Dispatch, &proposal.DispatchNote{
		Mode: modes[p.seed()%len(modes)], Copies: p.pack.Reply[p.Body].Copies, Form: true,
	})
	if p.ClosedText == nil && p.Handling != proposal.CoHandling {
		p.add(proposal.Answered, p.holding(proposal.Publisher).Login, proposal.Publish, &proposal.PublicationOrder{})
	}
}

// rate is the deputy's feedback, as the assembly's staff pass it on.
func (p *plan) rate(result proposal.Rating, words string) {
	p.add(proposal.Answered, p.holding(proposal.Assembly).Login, proposal.RecordFeedback, &proposal.Feedback{
		Source: proposal.FeedbackFromAssembly, Attitude: proposal.Satisfied, Result: result, Words: words,
	})
}

// rehandle is the next round, or, after the last, the report to the congress.
func (p *plan) rehandle(words string) {
	p.rate(proposal.NotSatisfied, words)
	if p.rounds++; p.rounds >= p.pack.Rehandling.Rounds {
		p.add(proposal.ReportingUp, p.liaison(), proposal.ReportUp, &proposal.UpwardReport{
			To: p.key().BodyName() + "常委会", Text: "两次答复后代表仍不满意，现将办理情况和分歧报告如下，请指导办理。",
		})
		return
	}
	p.approve(p.Division)
	p.add(proposal.Accepting, p.head(p.Division).Login, proposal.Accept, &proposal.Acceptance{Handler: proposal.PersonID(p.Handler)})
	p.calls++
	p.add(proposal.Consulting, p.Handler, proposal.Contact, &proposal.Consultation{
		Mode: proposal.MeetingContact, Outcome: proposal.ContactReached, SpokeWith: p.Deputy, Words: words, Points: p.asks(), Wish: p.Wish, Ours: p.Ours, MetBy: proposal.DivisionHeadRank,
	})
	p.write("针对" + p.you() + "对首次答复提出的意见，我局再次到现场核实，补充了以上具体措施。")
	p.review("")
	p.send()
}

// round is the round that the case is in.
func (p *plan) round() int { return p.rounds + 1 }

// close takes the deputy's rating and files the case; a commitment that was kept meanwhile is answered again.
func (p *plan) close() {
	switch {
	case p.Handling == proposal.CoHandling || p.rounds >= p.pack.Rehandling.Rounds:
	case p.Silent:
		p.add(proposal.Answered, p.liaison(), proposal.NoteSilence, &proposal.SilenceNote{Note: "期限已过，没有收到反馈。"})
	default:
		p.rate([]proposal.Rating{proposal.Satisfied, proposal.Satisfied, proposal.BasicallySatisfied}[p.seed()%3], "")
	}
	p.file()
	if p.Promise != nil && p.Promise.Kept != "" {
		p.add(proposal.Closed, p.Handler, proposal.FulfilCommitment, &proposal.Fulfilment{Result: p.Promise.Kept})
		p.add(proposal.Closed, p.Handler, proposal.ReplyAgain, &proposal.SecondReply{Mode: proposal.DispatchByPost, Text: p.Promise.Kept})
	}
}

func (p *plan) file() {
	p.add(proposal.Closing, p.liaison(), proposal.Close, &proposal.ClosureNote{Note: "原件、沟通记录、各稿和答复件齐全，归档。"})
}

// giveBack asks the assigning body to take the case back.
func (p *plan) giveBack() {
	p.add(proposal.Registered, p.liaison(), proposal.RequestReturn, &proposal.ReturnRequest{
		Reason: p.Return.Reason, LegalDuty: p.Return.Duty, Suggested: p.Return.Unit,
	})
	p.add(proposal.ReturnReview, p.leaderInCharge("office").Login, proposal.EndorseReturn, &proposal.Endorsement{Text: "情况属实，同意申请退件。"})
	p.add(proposal.ReturnDecision, p.liaison(), proposal.DecideReturn, &proposal.ReturnVerdict{
		Granted: p.Return.Granted, Text: p.Return.Verdict,
	})
	if !p.Return.Granted {
		p.handle()
	}
}

// circulate sends a suggestion for reading to those whom it may concern.
func (p *plan) circulate() {
	p.add(proposal.Registered, p.liaison(), proposal.CirculateReading, &proposal.ReadingNote{
		Divisions: append([]proposal.DivisionID{p.Division}, p.Co...), Note: "请相关处室在工作中研究参考。",
	})
	p.file()
}

// beside is what has begun beside the way where the case now waits.
func (p *plan) beside() []step {
	p.steps = nil
	if p.Urged != "" {
		p.add(p.Stage, p.holding(proposal.Supervisor).Login, proposal.Urge, &proposal.UrgeNote{Text: p.Urged})
	}
	if p.Extend == nil {
		return p.steps
	}
	until := p.cal.AddWorkdays(p.replyDue(), p.Extend.Workdays).End
	all := []step{
		{at: p.Stage, by: p.Handler, kind: proposal.AskExtension, input: &proposal.ExtensionRequest{Until: until, Reason: p.Extend.Reason}},
		{at: p.Stage, by: p.leaderInCharge(p.Division).Login, kind: proposal.EndorseExtension, input: &proposal.ExtensionEndorsement{Text: "同意。"}},
		{at: p.Stage, by: p.holding(proposal.Assembly).Login, kind: proposal.DecideExtension, input: &proposal.ExtensionVerdict{
			Granted: true, Until: until, Text: "同意延期，请抓紧办理。",
		}},
		{at: p.Stage, by: p.Handler, kind: proposal.TellExtension, input: &proposal.ExtensionNotice{Mode: proposal.PhoneContact, Words: "已说明原因，代表表示理解。"}},
	}
	for _, s := range all {
		p.steps = append(p.steps, s)
		if s.kind == p.Extend.Done {
			break
		}
	}
	return p.steps
}

// handlerIn is who writes for a division.
func (p *plan) handlerIn(d proposal.DivisionID) person {
	return p.who(func(q person) bool { return q.Division == d && slices.Contains(q.Roles, proposal.Handler) })
}
