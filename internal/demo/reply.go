package demo

import (
	"fmt"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/chinese"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
)

// compose writes the reply and what goes with it. adds is what a later version says besides.
func (p *plan) compose(adds string) proposal.Draft {
	handler := p.person(p.Handler)
	reply := p.Reply
	if reply == nil {
		reply = p.reply(adds)
	}
	d := proposal.Draft{
		ContactName: handler.Name, ContactPhone: handler.Phone, Class: p.Class, Openness: proposal.OpenReply,
	}
	for i, point := range p.Points {
		d.Answers = append(d.Answers, proposal.PointAnswer{Point: i + 1, Status: point.Status, Sections: []int{}, Reason: point.Reason})
	}
	var lines []string
	for i, paragraph := range reply {
		lines = append(lines, paragraph.Text)
		for _, point := range paragraph.For {
			answer := &d.Answers[point-1]
			answer.Sections = append(answer.Sections, i)
		}
	}
	d.Body = strings.Join(lines, "\n")
	if p.Promise != nil {
		d.Commitments = []replytext.Promise{{Text: p.Promise.Text, DueOn: p.promised()}}
	}
	if p.ClosedText != nil {
		d.Openness, d.Ground, d.Reason = proposal.ClosedReply, p.ClosedText.Ground, p.ClosedText.Reason
	}
	return d
}

// reply is the reply in its usual structure: receipt, what was agreed with the deputy, point by point, commitment, thanks.
func (p *plan) reply(adds string) []paragraph {
	reply := []paragraph{{Text: p.opening()}, {Text: p.talk()}}
	if p.Handling == proposal.CoHandling { // to the unit that leads, which talks to the deputy
		reply = []paragraph{{Text: replytext.OpinionOutline(p.key(), p.title(), nil).Opening}}
	}
	for i, point := range p.Points {
		say := point.Say
		if i == len(p.Points)-1 {
			say += adds
		}
		reply = append(reply,
			paragraph{Text: chinese.Numeral(i+1) + "、" + point.Head, For: []int{i + 1}},
			paragraph{Text: say, For: []int{i + 1}})
	}
	if p.Promise != nil {
		reply = append(reply, paragraph{Text: fmt.Sprintf(p.pick(
			"对尚未办结的事项，我局承诺：%[1]s前，%[2]s。办理结果届时再次书面答复。",
			"我局将把上述未完成事项列入台账，于%[1]s前%[2]s，并及时将结果告知%[3]s。",
			"以上事项的时限是：%[1]s前，%[2]s。我局将按月调度，完成后向%[3]s反馈。",
		), p.promised().Chinese(), p.Promise.Text, p.you())})
	}
	if p.Handling == proposal.CoHandling {
		return append(reply, paragraph{Text: "以上意见，请统筹研究。"})
	}
	return append(reply, paragraph{Text: p.thanks()})
}

// you is how the reply speaks to whoever it answers.
func (p *plan) you() string {
	switch {
	case p.byGroup():
		return "贵单位"
	case len(p.With) > 0 && p.Body == assembly.NPC:
		return "各位代表"
	case len(p.With) > 0:
		return "各位委员"
	}
	return "您"
}

func (p *plan) opening() string {
	noun, title := p.key().Noun(), p.title()
	with := ""
	for i, d := range p.Co {
		with += map[bool]string{true: "会同", false: "、"}[i == 0] + p.divisionName(d)
	}
	switch p.seed() / 5 % 4 {
	case 0:
		return fmt.Sprintf("%s提出的%s收悉。我局由%s%s承办，逐点作了研究，现答复如下：", p.you(), title, p.divisionName(p.Division), with)
	case 1:
		return fmt.Sprintf("%s收悉。%s反映的问题很具体，对改进%s工作很有帮助。经研究，现答复如下：", title, p.you(), p.Category)
	case 2:
		return fmt.Sprintf("%s提出的%s，我局已认真办理，现将有关情况答复如下：", p.you(), title)
	default:
		return fmt.Sprintf("收到%s%s后，我局%s%s到基层了解了情况，听取了意见，现就%s所提各点答复如下：",
			p.you(), title, p.divisionName(p.Division), with, noun)
	}
}

var meetings = map[proposal.ContactMode]string{
	proposal.PhoneContact: "与%s通了电话", proposal.VisitContact: "上门听取了%s的意见", proposal.MeetingContact: "与%s当面作了商议", proposal.ForumContact: "邀请%s参加了座谈",
}

// mode is how the deputy was reached; whom nobody reached at first was called again.
func (p *plan) mode() proposal.ContactMode {
	if p.Missed > 0 || p.CallBack || p.Late != nil {
		return proposal.PhoneContact
	}
	return []proposal.ContactMode{proposal.PhoneContact, proposal.VisitContact, proposal.PhoneContact, proposal.MeetingContact, proposal.PhoneContact, proposal.ForumContact}[p.seed()%6]
}

// talk says what was agreed with the deputy and restates the points.
func (p *plan) talk() string {
	if p.Waived != "" {
		return fmt.Sprintf("办理中，我局先后%d次与%s联系，均未能接通，现按原文逐点答复，并将另约时间当面听取意见。", p.Missed, p.you())
	}
	var asks []string
	for i, ask := range p.asks() {
		asks = append(asks, fmt.Sprintf("%d.%s", i+1, ask))
	}
	day := p.calledOn(p.calls - 1)
	return fmt.Sprintf("%d月%d日，我局"+meetings[p.mode()]+"，共同确认了%d点意见：%s。",
		day.Month, day.Day, p.you(), len(asks), strings.Join(asks, "；"))
}

func (p *plan) thanks() string {
	return fmt.Sprintf(p.pick(
		"感谢%[1]s对%[2]s工作的关心，欢迎继续提出宝贵意见。",
		"感谢%[1]s长期以来对民政工作的支持。办理中如有新的想法，请随时与我局联系。",
		"衷心感谢%[1]s的建言，也请继续监督我们把答复的事办到底。",
		"以上答复如有不当之处，请%[1]s指正。感谢%[1]s对%[2]s工作的关注。",
	), p.you(), p.Category)
}
