package demo

import (
	"fmt"
	"strings"

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
	steps []step
	calls int // attempts to reach the deputy
}

// plan lists the steps that bring the case where its script wants it.
func (c *script) plan(b bureau, d *days) []step {
	p := &plan{days: d, bureau: b}
	p.register()
	p.assign()
	if c.Handler == "" {
		return p.until(c.Stage)
	}
	p.consult()
	p.write("")
	if c.Back != nil {
		p.review(c.Back.From)
		p.sendBack()
		p.write(c.Back.Adds)
	}
	p.review("")
	p.send()
	return p.until(c.Stage)
}

// until cuts the way off where the case comes to the stage for the last time.
func (p *plan) until(stage proposal.Stage) []step {
	if stage == proposal.Closed {
		return p.steps
	}
	last := 0
	for i, s := range p.steps {
		if s.at == stage {
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
		Key: p.key(), Title: p.key().OfficialTitle(p.Title), Category: p.Category,
		LeadDeputy: p.Deputy, CoSigners: p.With, Delegation: p.Delegation,
		DeputyContact: fmt.Sprintf("139 0000 %04d", p.seed()%10_000),
		Text:          p.Why + "\n为此建议：" + strings.TrimSuffix(asks.String(), "；") + "。",
		Points:        p.asks(), AssignedOn: p.assigned, DueOn: p.due,
		HandlingType: p.Handling, KeySupervised: p.Key, Secrecy: p.Secrecy, Wish: p.Wish, Late: p.Late != nil,
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
		p.add(proposal.Assigning, p.deputyHead(p.Division).Login, proposal.SendBack, &proposal.Return{
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
	if p.Body == proposal.CPPCC {
		text = strings.ReplaceAll(text, "与代表", "与提案人")
	}
	p.add(proposal.Assigning, p.deputyHead(lead).Login, proposal.ApproveAssignment, &proposal.Instruction{Text: text})
}

func (p *plan) consult() {
	for range p.Missed {
		p.call(proposal.Consultation{Mode: proposal.Phone, Outcome: proposal.NoAnswer})
	}
	if p.CallBack {
		p.call(proposal.Consultation{
			Mode: proposal.Phone, Outcome: proposal.CallBack, CallBackAt: p.callBack(), SpokeWith: p.Deputy,
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
		Mode: p.mode(), Outcome: proposal.Reached, SpokeWith: spokeWith, Words: p.Words, Points: p.asks(), Wish: p.Wish,
	})
}

// write saves a version of the reply and submits it.
func (p *plan) write(adds string) {
	draft := p.compose(adds)
	p.steps = append(p.steps, step{at: proposal.Drafting, by: p.Handler, kind: proposal.EventSaveDraft, draft: &draft})
	p.add(proposal.Drafting, p.Handler, proposal.Submit, &proposal.Submission{})
}

// review passes the draft on, up to the stage that does not.
func (p *plan) review(until proposal.Stage) {
	openness := &proposal.OpennessDecision{Openness: proposal.Open}
	if p.ClosedText != nil {
		openness = &proposal.OpennessDecision{Openness: proposal.ClosedText, Ground: p.ClosedText.Ground, Reason: p.ClosedText.Reason}
	}
	for _, s := range []step{
		{at: proposal.DivisionReview, kind: proposal.PassReview, input: &proposal.ReviewPass{
			Comment: p.pick("要点都答到了，同意送核稿。", "数字已核对，同意。", "同意。承诺的时限我处能够做到。"),
		}},
		{at: proposal.OfficeReview, kind: proposal.PassReview, input: &proposal.ReviewPass{
			Comment: p.pick("称谓、案由、编号无误。", "格式和文号引用已核对。", ""),
		}},
		{at: proposal.OpennessReview, kind: proposal.DecideOpenness, input: openness},
		{at: proposal.SignOff, kind: proposal.Sign, input: &proposal.Signature{Opinion: p.pick("同意发出。", "同意。", "")}},
	} {
		if s.at == until {
			return
		}
		p.add(s.at, p.judge(s.at), s.kind, s.input)
	}
}

// judge is who decides about the draft in the stage.
func (p *plan) judge(at proposal.Stage) string {
	switch {
	case at == proposal.DivisionReview:
		return p.head(p.Division).Login
	case at == proposal.OfficeReview:
		return p.holding(proposal.OfficeReviewer).Login
	case at == proposal.OpennessReview:
		return p.holding(proposal.OpennessReviewer).Login
	case p.Key:
		return p.holding(proposal.BureauHead).Login
	default:
		return p.deputyHead(p.Division).Login
	}
}

func (p *plan) sendBack() {
	p.add(p.Back.From, p.judge(p.Back.From), proposal.SendBack, &proposal.Return{To: p.Back.To, Reason: p.Back.Reason})
	if p.Back.To == proposal.Consulting {
		p.reach()
	}
}

// send numbers the signed letter, sends it, publishes it unless that was refused, and files the case.
func (p *plan) send() {
	number := &proposal.NumberAssignment{Seal: "用印3份：送达1份，报送1份，存档1份"}
	if p.Late != nil {
		number.Serial = p.Late.Serial
	}
	p.add(proposal.Numbering, p.liaison(), proposal.AssignNumber, number)
	modes := []proposal.DispatchMode{proposal.Upload, proposal.Mail, proposal.InPerson}
	copies := []string{"市人大常委会代表工作机构", "市政府办公室"}
	if p.Body == proposal.CPPCC {
		copies[0] = "市政协提案委员会"
	}
	p.add(proposal.Dispatching, p.liaison(), proposal.Dispatch, &proposal.DispatchNote{
		Mode: modes[p.seed()%len(modes)], Copies: copies,
	})
	if p.ClosedText == nil {
		p.add(proposal.Publishing, p.holding(proposal.Publisher).Login, proposal.Publish, &proposal.PublicationOrder{})
	}
	p.add(proposal.Closing, p.liaison(), proposal.Close, &proposal.ClosureNote{Note: "原件、沟通记录、各稿和答复件齐全，归档。"})
}
