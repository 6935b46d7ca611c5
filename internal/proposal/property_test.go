package proposal

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/replytext"
	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// walk is one case on a random way through the process, with the record that stands beside it.
type walk struct {
	*rapid.T
	people   []Person // the bureau today, and those outside it
	s        State
	now      time.Time
	cal      *calendar.Calendar
	pack     *Pack
	wrong    bool // it was assigned to the wrong bureau: a return is asked for at once
	points   int
	drafts   []Draft
	names    []string // of the proposers
	register RegisterRow
	talks    []Talk           // as they are on record
	ended    State            // before the case ended
	rated    map[string]State // before the rating of a round
	vacant   bool             // somebody who had the case has gone
	signed   string           // hash of the text under the signature; "" while there is none
}

const (
	outsideUnit = "市财政局"
	goodScan    = "5ca9"
)

func chance(t *rapid.T, percent int, label string) bool {
	return rapid.IntRange(0, 99).Draw(t, label) >= 100-percent
}

// pick draws one of the values, which must not be empty.
func pick[T any](t *rapid.T, label string, values ...T) T {
	return values[rapid.IntRange(0, len(values)-1).Draw(t, label)]
}

// years is the national calendar of the years up to last, as it was before the next notice came out.
func years(t testing.TB, last int) *calendar.Calendar {
	t.Helper()
	var published []calendar.Year
	for year := 2019; year <= last; year++ {
		y, ok := calendar.National().Year(year)
		if !ok {
			t.Fatalf("no calendar of %d", year)
		}
		published = append(published, y)
	}
	cal, err := calendar.New(published...)
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

// person is who bears the id today; nobody if no one does.
func (w *walk) person(id PersonID) Person {
	i := slices.IndexFunc(w.people, func(p Person) bool { return p.ID == id })
	if i < 0 || id == "" {
		return Person{}
	}
	return w.people[i]
}

// facts is what the record would load for the action.
func (w *walk) facts(by Person, a Action) Facts {
	m := a.Mentions()
	f := Facts{
		Now: w.now, Calendar: w.cal, Pack: w.pack, Actor: by, Points: w.points, NextSerial: 12, SerialUsed: m.Serial > 0 && m.Serial < 12,
		Named: w.person(m.Person), Staff: w.people, Proposers: w.names, Case: "this", HasScan: m.Scan == goodScan, Units: map[string]string{},
	}
	for _, d := range m.Divisions {
		if d == office || d == leading || d == other {
			f.Divisions = append(f.Divisions, d)
		}
	}
	if m.InReview {
		m.Draft = w.s.Draft
	}
	if 0 < m.Draft && m.Draft <= len(w.drafts) {
		f.Draft = w.drafts[m.Draft-1]
	}
	if m.Register {
		f.Register = w.register
	}
	if m.Talks {
		f.Talks = w.talks
	}
	switch {
	case m.Before.End:
		f.Before = w.ended
	case m.Before.Rating && m.Before.Ref != "":
		f.Before = w.rated[m.Before.Ref]
	}
	if m.Case == "this" || m.Case == "leader" {
		f.OtherCase = m.Case
	}
	for _, r := range w.s.Strands {
		if r.Outside {
			f.Units[r.Ref] = outsideUnit
		}
	}
	return f
}

// fitting makes an input of the kind that nothing is wrong with, about the strand. to are the stages that it may choose from.
func (w *walk) fitting(kind Kind, ref string, to []Stage) Input {
	in := w.fittingOn(kind, to)
	if _, names := in.(aimed); names {
		reflect.ValueOf(in).Elem().FieldByName("StrandTarget").Set(reflect.ValueOf(StrandTarget{ref}))
	}
	return in
}

func (w *walk) fittingOn(kind Kind, to []Stage) Input {
	t, today, hash := w.T, calendar.DateOf(w.now), cmp.Or(w.s.DraftSHA256, goodDraft().SHA256())
	days := func(label string, from, to int) calendar.Date {
		return today.AddDays(rapid.IntRange(from, to).Draw(t, label))
	}
	another := leading
	if w.s.Lead == leading {
		another = other
	}
	switch kind {
	case Register:
		return w.registration()
	case ProposeAssignment:
		in := &RoutingOpinion{Lead: pick(t, "lead", leading, leading, leading, other)}
		if chance(t, 50, "co") {
			in.CoHandling = []DivisionID{office}
		}
		return in
	case CirculateReading:
		return &ReadingNote{Divisions: []DivisionID{leading}}
	case RequestReturn:
		return &ReturnRequest{Reason: "不属职责", LegalDuty: "第七条", Suggested: "市人社局"}
	case DecideReturn:
		return &ReturnVerdict{Granted: chance(t, 50, "granted"), Text: "复函"}
	case Accept, Reassign:
		lead := cmp.Or(w.s.Lead, leading)
		hands := slices.DeleteFunc(slices.Clone(w.people), func(p Person) bool { return !p.Has(Handler) || p.Has(DivisionHead) || p.Division != lead })
		if len(hands) == 0 {
			hands = []Person{handler}
		}
		if who := pick(t, "handler", hands...).ID; kind == Accept {
			return &Acceptance{Handler: who}
		} else {
			return &Reassignment{Handler: who, Reason: "休假"}
		}
	case Refuse:
		return &DivisionRefusal{Reason: "不属职责", Suggested: another}
	case Reroute:
		return &Rerouting{Lead: another, Reason: "职责调整"}
	case Contact:
		if chance(t, 50, "nobody answers") {
			return &Consultation{Mode: pick(t, "mode", ContactModes...), Outcome: ContactNoAnswer}
		}
		return &Consultation{Mode: pick(t, "mode", ContactModes...), Outcome: ContactReached, Points: []string{"减负", "待遇"}[:rapid.IntRange(1, 2).Draw(t, "points")]}
	case Waive:
		return &ConsultationWaiver{Reason: "多次联系未果"}
	case Submit:
		d := w.draft()
		w.drafts = append(w.drafts, d)
		return &Submission{Version: d.Version, SHA256: d.SHA256()}
	case ConsultOnDraft:
		if len(w.drafts) == 0 {
			w.drafts = append(w.drafts, w.draft())
		}
		return &DraftConsultation{Version: len(w.drafts), Mode: PhoneContact, Reaction: pick(t, "reaction", Reactions...), Words: "再改"}
	case DecideOpenness:
		switch {
		case w.s.Secrecy || chance(t, 20, "closed"):
			return &OpennessDecision{Openness: ClosedReply, Ground: "third_party", Reason: "涉及第三方"}
		case chance(t, 20, "partly"):
			return &OpennessDecision{Openness: PartlyOpenReply, Ground: "third_party", Reason: "涉及第三方", Redactions: []string{"22项"}}
		}
		return &OpennessDecision{Openness: OpenReply}
	case SendBack:
		if len(to) == 0 {
			to = []Stage{Drafting}
		}
		return &SendingBack{To: pick(t, "to", to...), Reason: "再办"}
	case Sign:
		return &Signature{SHA256: hash}
	case Dispatch:
		return &DispatchNote{Mode: DispatchByPost}
	case ReportUp:
		return &UpwardReport{To: "市人大", Text: "报告"}
	case AskOpinion:
		if chance(t, 50, "outside") {
			return &OpinionRequest{Unit: outsideUnit, Question: "资金来源"}
		}
		return &OpinionRequest{Division: pick(t, "asked", office, other), Question: "资金来源"}
	case WriteOpinion:
		return &WrittenOpinion{Text: "同意"}
	case SendBackOpinion:
		return &OpinionReturn{Reason: "不具体"}
	case RedoOpinion:
		return &OpinionRedo{Reason: "空泛"}
	case WaiveOpinion:
		return &OpinionWaiver{Reason: "逾期"}
	case CancelOpinion:
		return &OpinionCancellation{Reason: "不再需要"}
	case ObjectToDraft:
		return &CountersignObjection{Reason: "数字有误"}
	case AddReviewer:
		return &AddedReviewer{Person: pick(t, "added", reviewer, legal, otherHead, otherHand, peer, supervisor).ID, Reason: "涉及法规"}
	case WithdrawReviewer:
		return &ReviewerWithdrawal{Reason: "不必再审"}
	case ObjectAsAdded:
		return &AddedObjection{Reason: "不妥"}
	case Tighten:
		return &Tightening{Key: chance(t, 50, "key"), Money: true, Reason: "领导批示"}
	case AskExtension:
		return &ExtensionRequest{Until: w.dueIn(10, 60), Reason: "需要调研"}
	case DeclineExtension:
		return &ExtensionRefusal{Reason: "抓紧办理"}
	case DecideExtension:
		return &ExtensionVerdict{Granted: chance(t, 70, "granted"), Until: w.dueIn(5, 40), Text: "复函"}
	case TellExtension:
		return &ExtensionNotice{Mode: PhoneContact}
	case Suspend:
		return &SuspensionOrder{Reason: "等上级文件"}
	case Resume:
		return &Resumption{Reason: "文件已到"}
	case Publish:
		return &PublicationOrder{SHA256: hash}
	case CorrectPublication:
		return &Correction{Redactions: []string{"22项"}, Note: "更正"}
	case TakeDown:
		return &Takedown{Reason: "代表要求"}
	case Reexamine:
		if w.s.Secrecy || chance(t, 50, "still closed") {
			return &Reexamination{Openness: ClosedReply, Ground: "third_party", Reason: "仍涉及第三方"}
		}
		return &Reexamination{Openness: OpenReply, Reason: "理由消失"}
	case RecordReceipt:
		return &Receipt{Recipient: w.names[0], Receipt: "挂号"}
	case RecordFeedback:
		result := pick(t, "result", Satisfied, BasicallySatisfied, NotSatisfied, NotSatisfied)
		return &Feedback{Source: FeedbackFromDeputy, Attitude: Satisfied, Result: result, Scan: goodScan}
	case RateAsCoSigner:
		return &CoSignerRating{
			CoSigner: w.names[len(w.names)-1], Source: FeedbackFromDeputy, Attitude: Satisfied, Result: pick(t, "result", Satisfied, NotSatisfied), Scan: goodScan,
		}
	case ReportMilestone:
		return &Milestone{Text: "已立项"}
	case ChangeCommitment:
		return &CommitmentChange{DueOn: days("new day", 1, 400), Explanation: "规划调整"}
	case FulfilCommitment:
		return &Fulfilment{Result: "已建成"}
	case ReplyAgain:
		return &SecondReply{Mode: DispatchByPost, Text: "已兑现"}
	case Urge:
		return &UrgeNote{Text: "请抓紧"}
	case SignFor:
		return &SigningFor{SignedOn: today}
	case AnswerUrge:
		return &UrgeAnswer{Text: "下周送审"}
	case Merge:
		return &Merging{With: "leader", Reason: "同一事项"}
	case Unmerge:
		return &Unmerging{Reason: "事项不同"}
	case AskSecrecy:
		return &SecrecyRequest{Reason: "代表要求", Cleared: []PersonID{peer.ID}}
	case Withdraw:
		return &Withdrawal{Letter: "撤回申请", Agreed: w.names}
	case Amend:
		fact := pick(t, "fact", RegisterFacts...)
		return &Amendment{Fact: fact, Value: pick(t, "corrected to", valuesFor(fact)...), Reason: "录入有误", Source: "交办单原件"}
	case Reopen:
		in := &Reopening{Reason: "误操作", Source: "代表来电"}
		if w.s.Stage == Returned && chance(t, 50, "assigned again") {
			in.AssignedOn = today
		}
		return in
	case VoidNumber:
		return &Voiding{To: pick(t, "void to", Numbering, SignOff, Drafting), Reason: "正文有误"}
	case CorrectReply:
		return &ReplyCorrection{Reason: "数字有误"}
	case CorrectContact:
		in := &ContactCorrection{
			Talk: rapid.IntRange(1, max(1, len(w.talks))).Draw(t, "talk"), Mode: pick(t, "mode", ContactModes...), At: w.now.Add(-time.Minute),
			Outcome: pick(t, "outcome", append(slices.Clone(ContactOutcomes), NoContact)...), Reason: "记错了",
		}
		if in.Outcome == ContactCallBack {
			in.CallBackAt = w.now.Add(time.Hour)
		}
		return in
	case CorrectRating:
		result := pick(t, "result", Satisfied, NotSatisfied)
		return &RatingCorrection{Feedback{Source: FeedbackFromDeputy, Attitude: Satisfied, Result: result, Scan: goodScan}, "录错"}
	}
	return NewInput(kind) // these may be empty
}

// valuesFor are what a fact may be corrected to: at least two, so that one of them is another. Of what no rule asks about, any words.
func valuesFor(fact Fact) []string {
	if values, ok := otherValues[fact]; ok {
		return values
	}
	return []string{"甲", "乙"}
}

var otherValues = map[Fact][]string{
	FactNumber: {"0393", "闭会期间第134号", "0392"}, FactBody: {"npc", "cppcc"}, FactLevel: {"city", "province"}, FactTerm: {"16", "17"},
	FactSession: {"3", "4"}, FactTitle: {"关于社工减负的建议", "关于缓解社工压力的建议"}, FactCategory: {"民政", ""}, FactLeadDeputy: {"倪琛善", "倪琛缮"},
	FactProposer: {"member", "party"}, FactCoSigners: {"赵一\n钱二", ""}, FactDelegation: {"和平代表团", ""}, FactContact: {"13900000000", ""},
	FactSecondContact: {"13800000000", ""}, FactContactTime: {"上午", ""}, FactText: {"全文", "社工任务重、待遇低。"}, FactPoints: {"减负\n待遇", "减负\n提高待遇"},
	FactAssignedOn: {"2020-02-03", "2020-02-04", "2020-02-10", "1026-02-03"}, FactDueOn: {"2020-08-31", "2020-09-30", ""},
	FactDispatchedOn: {"2020-02-10", "2020-02-11", "2020-03-16", "2020-05-09"}, FactInternalDue: {"2020-04-20", "2020-04-21"}, FactHandling: {"alone", "lead", "reading", "co_handle"}, FactLeadUnit: {outsideUnit, "市教育局"},
	FactOurs: {"1", "2", ""}, FactLead: {string(other), string(leading), ""}, FactRepliedOn: {"2019-05-09", "2019-05-10", ""}, FactClosedOn: {"2019-06-04", "2019-06-03", ""},
	FactReplyNumber: {"沈民函〔2019〕88号", "沈民函〔2019〕87号", "旧字第87号", ""}, "rating": {"satisfied", "basically", ""},
	FactKey: {yes, no}, FactMoney: {yes, no}, FactSecrecy: {yes, no}, FactWish: {"agrees", ""}, FactMotionNo: {"12", ""}, FactSourceID: {"x1", ""},
}

func (w *walk) registration() *Registration {
	t, r := w.T, registration()
	r.AssignedOn = calendar.DateOf(w.now).AddDays(-pick(t, "assigned days ago", 0, 1, 2, 30, 120))
	r.Late, r.KeySupervised, r.Money = chance(t, 15, "late"), chance(t, 20, "key"), chance(t, 20, "money")
	r.Secrecy = chance(t, 15, "secrecy")
	r.HandlingType = pick(t, "handling", SoleHandling, SoleHandling, SoleHandling, LeadHandling, LeadHandling, CoHandling, SplitHandling, ReadingOnly)
	if w.wrong {
		r.AssignedOn, r.HandlingType, r.Late = calendar.DateOf(w.now), SoleHandling, false
	}
	if r.HandlingType == SplitHandling {
		r.Ours = []int{1}
	}
	if r.HandlingType == CoHandling {
		r.LeadUnit = outsideUnit
	}
	if chance(t, 20, "named day") {
		r.DueOn = r.AssignedOn.AddDays(rapid.IntRange(60, 200).Draw(t, "named in days"))
	}
	return r
}

func (w *walk) draft() Draft {
	d := goodDraft()
	d.Version = len(w.drafts) + 1
	d.Body += "\n" + outsideUnit + "会办。"
	d.ContactPhone = pick(w.T, "phone", "23468813", "23468801")
	if chance(w.T, 50, "promises") {
		d.Class = "B"
		d.Commitments = []replytext.Promise{{Text: "建成", DueOn: calendar.DateOf(w.now).AddDays(rapid.IntRange(20, 200).Draw(w.T, "promised in"))}, {Text: "宣传"}}
	}
	return d
}

// dueIn is a day after the due date of the case.
func (w *walk) dueIn(from, to int) calendar.Date {
	due := calendar.DateOf(w.now)
	if c := w.s.ReplyDue(); c != nil {
		due = c.Due()
	}
	return due.AddDays(rapid.IntRange(from, to).Draw(w.T, "due in"))
}

// wild makes an input of the kind that may be right, wrong or nonsense.
func (w *walk) wild(kind Kind) Input {
	t := w.T
	word := func(label string) string { return pick(t, label, "", " ", "再办", "\xff", "x\x00") }
	version := rapid.IntRange(-1, len(w.drafts)+1).Draw(t, "version")
	hash := pick(t, "hash", "", w.s.DraftSHA256, w.signed, goodDraft().SHA256())
	division := pick(t, "division", "", office, leading, other, "tax")
	date := calendar.DateOf(w.now).AddDays(rapid.IntRange(-200, 200).Draw(t, "date"))
	aim := StrandTarget{pick(t, "ref", "", "1", "2", "1.1", "u1", string(office), "nobody")}
	switch kind {
	case Register:
		r := registration()
		r.AssignedOn, r.Late = date, chance(t, 50, "late")
		r.DueOn = pick(t, "named", calendar.Date{}, date.AddDays(-1), date.AddDays(100))
		r.Title = pick(t, "title", r.Title, word("title word"))
		return r
	case ProposeAssignment:
		return &RoutingOpinion{Lead: division, CoHandling: pick(t, "co", nil, []DivisionID{other}, []DivisionID{leading, "tax"}), InternalDue: date}
	case Accept:
		return &Acceptance{Handler: pick(t, "handler", w.people...).ID}
	case Reassign:
		return &Reassignment{Handler: pick(t, "handler", w.people...).ID, Reason: word("reason")}
	case AddReviewer:
		return &AddedReviewer{Person: pick(t, "added", w.people...).ID, Reason: word("reason")}
	case Refuse:
		return &DivisionRefusal{Reason: word("reason"), Suggested: division}
	case Reroute:
		return &Rerouting{Lead: division, Reason: word("reason")}
	case Contact:
		v := &Consultation{Mode: pick(t, "mode", append(ContactModes, "telex")...), Outcome: pick(t, "outcome", append(ContactOutcomes, "bored")...)}
		v.Points = pick(t, "points", nil, []string{"减负"}, []string{""})
		v.At = pick(t, "at", time.Time{}, date.Start())
		return v
	case Submit:
		return &Submission{Version: version, SHA256: hash}
	case ConsultOnDraft:
		return &DraftConsultation{Version: version, Mode: PhoneContact, Reaction: pick(t, "reaction", append(Reactions, "")...), Words: word("words")}
	case DecideOpenness:
		return &OpennessDecision{
			Openness: pick(t, "openness", append(Opennesses, "")...), Ground: pick(t, "ground", "", "security", "whim"), Reason: word("reason"),
			Redactions: pick(t, "redactions", nil, []string{"22项"}, []string{"没有的话"}),
		}
	case SendBack:
		return &SendingBack{To: pick(t, "to", append(Stages, "", "nowhere")...), Reason: word("reason")}
	case Sign:
		return &Signature{SHA256: hash, Opinion: word("opinion")}
	case AssignNumber:
		return &NumberAssignment{Serial: rapid.IntRange(-1, 20).Draw(t, "serial")}
	case Dispatch:
		return &DispatchNote{Mode: pick(t, "mode", append(DispatchModes, "pigeon")...), Recipients: pick(t, "to", nil, []string{"旁人"}, w.names)}
	case AskOpinion:
		return &OpinionRequest{Division: division, Unit: pick(t, "unit", "", outsideUnit), Question: word("question"), DueOn: date}
	case AskExtension:
		return &ExtensionRequest{Until: date, Reason: word("reason")}
	case DecideExtension:
		return &ExtensionVerdict{StrandTarget: aim, Granted: chance(t, 50, "granted"), Until: date, Text: word("text")}
	case Publish:
		return &PublicationOrder{StrandTarget: aim, SHA256: hash}
	case Reexamine:
		return &Reexamination{StrandTarget: aim, Openness: pick(t, "openness", Opennesses...), Ground: word("ground"), Reason: word("reason")}
	case RecordFeedback:
		return &Feedback{
			StrandTarget: aim, Source: pick(t, "source", FeedbackSources...), Attitude: pick(t, "attitude", Ratings...),
			Result: pick(t, "result", append(Ratings, "fine")...), Scan: pick(t, "scan", "", goodScan, "nowhere"),
		}
	case ChangeCommitment:
		return &CommitmentChange{StrandTarget: aim, DueOn: date, Explanation: word("explanation")}
	case Merge:
		return &Merging{With: pick(t, "with", "", "this", "leader", "nowhere"), Reason: word("reason")}
	case Withdraw:
		return &Withdrawal{Letter: word("letter"), Agreed: pick(t, "agreed", nil, w.names[:1], w.names)}
	case Vacate:
		return &Vacancy{Person: pick(t, "gone", w.people...).ID}
	case HandOver:
		return &Handover{
			From: pick(t, "from", w.people...).ID, To: pick(t, "to", w.people...).ID, By: "admin",
			Task: TaskKey{pick(t, "ask", AskForHandler, AskToKeepPromise, AskOf(w.s.Stage)), aim.Ref},
		}
	case Regroup:
		return &Regrouping{From: pick(t, "from", office, leading, other), To: pick(t, "to", office, leading, other), Back: chance(t, 10, "back")}
	case Ring:
		return &RungClock{Clock: pick(t, "clock", append(ClockKinds, "lunch")...), Ref: aim.Ref}
	}
	return w.fitting(kind, aim.Ref, nil)
}

// step tries one action: more often than not one that the page would offer.
func (w *walk) step() {
	t := w.T
	if !w.wrong || w.s.Stage != Registered {
		w.now = w.now.Add(time.Duration(rapid.IntRange(0, 24*4).Draw(t, "hours")) * time.Hour)
	}
	var by Person
	var a Action
	switch what := rapid.IntRange(0, 99).Draw(t, "what"); {
	case what < 75:
		by, a = w.offered()
	case what < 85:
		a = w.bell()
	case what < 87 && !w.cal.Published(2021):
		w.cal = calendar.National()
		a = Action{Kind: Recount, Input: &Recounting{}}
	default:
		by, a.Kind = pick(t, "who", w.people...), pick(t, "kind", Kinds()...)
		a.Input = w.wild(a.Kind)
		a.BaseSeq = pick(t, "base", 0, 0, w.s.Seq, w.s.Last.Seq-1)
		a.On = pick(t, "on", calendar.Date{}, calendar.Date{}, calendar.DateOf(w.now), calendar.DateOf(w.now).AddDays(-30))
		if len(by.Covers) > 0 {
			a.For = pick(t, "for", "", head.ID, leaderInCharge.ID)
		}
	}
	if a.Input == nil {
		return
	}
	a.ID, a.By = "a", by.ID
	f := w.facts(by, a)
	if claimant := pick(t, "claim", "", "", "", by.ID, colleague.ID); claimant != "" {
		f.Claims = map[TaskKey]PersonID{{Ask: AskOf(w.s.Stage)}: claimant}
	}
	w.apply(a, f)
}

// offered draws one of the actions that somebody may do now: mostly on the main way, now and then back or beside it.
func (w *walk) offered() (Person, Action) {
	type offer struct {
		by Person
		Offer
	}
	var offers []offer
	what := rapid.IntRange(0, 99).Draw(w.T, "which way")
	for _, p := range w.people {
		for _, o := range Offers(w.s, p, w.pack) {
			back := o.Kind == SendBack || o.Kind == Refuse || o.Kind == RequestReturn
			if w.wrong && (w.s.Stage == Registered || onReturn(w.s.Stage)) {
				back = o.Kind == SendBack
			}
			wanted := map[bool]bool{what < 55: !o.Side && !back, 55 <= what && what < 60: back, what >= 60: o.Side}[true]
			if wanted && (o.Kind != Withdraw || what == 99) && (o.Kind != Recall || what > 92) {
				offers = append(offers, offer{p, o})
			}
		}
	}
	if len(offers) == 0 {
		return Person{}, Action{}
	}
	kinds := []Kind{} // each kind alike, however many may do it; what seldom comes up gets more of a chance
	for _, o := range offers {
		if !slices.Contains(kinds, o.Kind) {
			kinds = append(kinds, o.Kind)
			if o.Status != "" && o.Kind != AnswerUrge || o.Kind == EndorseReturn || o.Kind == DecideReturn {
				kinds = append(kinds, o.Kind, o.Kind, o.Kind)
			}
			if o.Kind == CountersignDraft || o.Kind == PassAddedReview {
				kinds = append(kinds, o.Kind, o.Kind, o.Kind, o.Kind, o.Kind, o.Kind)
			}
		}
	}
	kind := pick(w.T, "offered kind", kinds...)
	for _, asking := range []Kind{RequestReturn, EndorseReturn, DecideReturn} {
		if w.wrong && slices.Contains(kinds, asking) {
			kind = asking
		}
	}
	offers = slices.DeleteFunc(offers, func(o offer) bool { return o.Kind != kind })
	o := pick(w.T, "offer", offers...)
	a := Action{Kind: o.Kind, For: o.For, Input: w.fitting(o.Kind, o.Ref, o.To)}
	if in, ok := a.Input.(*Feedback); ok && o.by.Has(Assembly) {
		in.Source = FeedbackFromAssembly
	}
	if in, ok := a.Input.(*RatingCorrection); ok && o.by.Has(Assembly) {
		in.Source = FeedbackFromAssembly
	}
	return o.by, a
}

// bell waits for the next bell of any clock.
func (w *walk) bell() Action {
	next := w.s.nextRing(func(Clock) bool { return true })
	if next == nil {
		return Action{}
	}
	if at := next.RingsAt(); at.After(w.now) {
		w.now = at
	}
	return Action{Kind: Ring, Input: &RungClock{Clock: next.Kind, Ref: next.Ref}}
}

func encoded(s State) string {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// apply holds what is true of every action, accepted or refused.
func (w *walk) apply(a Action, f Facts) {
	before, was := w.s, encoded(w.s)
	next, err := Apply(w.s, a, f)
	if encoded(before) != was {
		w.Fatalf("%s changed the state that it was given", a.Kind)
	}
	if err != nil {
		if refusal := (*Refusal)(nil); !errors.As(err, &refusal) || !slices.Contains(RefusalCodes, refusal.Code) {
			w.Fatalf("%s failed with %v, not with a refusal", a.Kind, err)
		}
		if !reflect.DeepEqual(next, before) {
			w.Fatalf("%s was refused and changed the state:\n%s", a.Kind, gocmp.Diff(before, next))
		}
		return
	}
	if again, err := Apply(before, a, f); err != nil || !reflect.DeepEqual(again, next) {
		w.Fatalf("%s gives another answer the second time: %v\n%s", a.Kind, err, gocmp.Diff(next, again))
	} else {
		// Neither the earlier state, nor this one, nor the input may share memory with another that is written over.
		is := encoded(next)
		scribble(&again)
		scribbleInput(a.Input)
		if encoded(before) != was || encoded(next) != is {
			w.Fatalf("%s leaves states that share memory with each other or with the input", a.Kind)
		}
	}
	_ = Notices(before, next, a, f)
	w.entitled(f.Actor, a)
	w.accepted(a, f, before, next)
	w.s = next
}

// scribble writes over every slice of a state.
func scribble(s *State) {
	for _, c := range s.Clocks {
		clear(c.Shifts)
	}
	clear(s.CoHandling)
	clear(s.Cleared)
	clear(s.Ours)
	clear(s.Passed)
	clear(s.Writers)
	clear(s.Clocks)
	clear(s.Strands)
	if s.Prior != nil {
		scribble(s.Prior)
		*s.Prior = State{}
	}
}

// scribbleInput writes over the slices of an input that a state might keep.
func scribbleInput(in Input) {
	switch in := in.(type) {
	case *RoutingOpinion:
		clear(in.CoHandling)
	case *ReadingNote:
		clear(in.Divisions)
	case *Registration:
		clear(in.Ours)
		clear(in.Cleared)
	case *Consultation:
		clear(in.Ours)
	case *SecrecyRequest:
		clear(in.Cleared)
	}
}

// offersAgree holds the page and the record together: what is offered is not refused for who or where, what is not offered
// always is.
func (w *walk) offersAgree() {
	p := pick(w.T, "asks", w.people...)
	offers := Offers(w.s, p, w.pack)
	for _, o := range offers {
		if o.For == "" && !p.Has(Deputy) && w.s.Stage != Unregistered && !p.Sees(w.s) {
			w.Fatalf("%s is offered to %s in %q, who may not open the case", o.Kind, p.ID, w.s.Stage)
		}
	}
	for _, kind := range Kinds() {
		if kind.BySystem() {
			continue
		}
		refs, to := []string{""}, []Stage(nil)
		if row, ok := transition(kind, w.s.Stage); ok {
			to = row.To
		}
		if row, ok := sideStep(kind); ok && row.From != nil {
			if refs = nil; len(w.s.StrandsOf(row.Strand)) == 0 {
				refs = []string{"none"}
			}
			for _, r := range w.s.StrandsOf(row.Strand) {
				refs = append(refs, r.Ref)
			}
		}
		for _, ref := range refs {
			w.offerAgrees(p, offers, kind, ref, to)
		}
	}
}

func (w *walk) offerAgrees(p Person, offers []Offer, kind Kind, ref string, to []Stage) {
	drafts := w.drafts
	a := Action{ID: "a", Kind: kind, By: p.ID, Input: w.fitting(kind, ref, to)}
	i := slices.IndexFunc(offers, func(o Offer) bool { return o.Kind == kind && o.Ref == ref })
	if i >= 0 {
		a.For = offers[i].For
	}
	_, err := Apply(w.s, a, w.facts(p, a))
	w.drafts = drafts
	refusal := (*Refusal)(nil)
	errors.As(err, &refusal)
	there := kind == AskOpinion || kind == AddReviewer // whether this very one is asked already, only the input tells
	switch {
	case i >= 0 && refusal != nil && slices.Contains(whoOrWhere, refusal.Code) && !(there && refusal.Code == AlreadyUnderWay):
		w.Fatalf("%s %s is offered to %s in %q and refused: %v", kind, ref, p.ID, w.s.Stage, refusal)
	case i < 0 && (refusal == nil || !slices.Contains(whoOrWhere, refusal.Code)):
		w.Fatalf("%s %s is not offered to %s in %q and answered with %v", kind, ref, p.ID, w.s.Stage, err)
	}
}

var whoOrWhere = []RefusalCode{
	NotFound, Forbidden, NotInStage, AlreadyRegistered, OwnDraft, OwnReview, OwnSignature, WrongSigner, OutsideField, StepNotYours, NotACover,
	NotForThisKind, NotInPack, AlreadyUnderWay, NotUnderWay, ReturnDecided,
}

func TestRandomWaysStayInTheDiagram(t *testing.T) {
	t.Parallel()
	stages, statuses, kinds := map[Stage]int{}, map[StrandKind]map[StrandStatus]int{}, map[Kind]int{}
	early, unpublished := calendar.National(), years(t, 2020)
	walks := func(rt *rapid.T) {
		w := &walk{T: rt, people: crowd, now: day("2020-02-10").Start().Add(9 * time.Hour), cal: early, pack: rules(), names: []string{"倪琛善"}, points: 2}
		if chance(rt, 50, "the next year is not published") {
			w.cal = unpublished
		}
		w.wrong = chance(rt, 20, "wrong")
		if chance(rt, 30, "joint") {
			w.names = append(w.names, "赵一")
		}
		w.pack.Rehandling.Rounds = pick(rt, "rounds", 1, 2, 3)
		w.pack.CoHandling.Countersign = chance(rt, 70, "countersign")
		if chance(rt, 50, "receipt") {
			w.pack.Limits = maps.Clone(w.pack.Limits)
			w.pack.Limits[LimitReceipt] = Limit{Name: "2个工作日内签收", LimitCount: LimitCount{Workdays: 2}}
		}
		for range rapid.IntRange(100, 180).Draw(rt, "steps") {
			seq := w.s.Seq
			w.step()
			stages[w.s.Stage]++
			if w.s.Seq > seq && w.s.Last.Seq == w.s.Seq {
				kinds[w.s.Last.Kind]++
			}
			for _, r := range w.s.Strands {
				if statuses[r.Kind] == nil {
					statuses[r.Kind] = map[StrandStatus]int{}
				}
				statuses[r.Kind][r.Status]++
			}
			if w.s.Stage == Closed && chance(rt, 3, "enough") {
				break
			}
			if w.s.Finished() && len(Offers(w.s, congress, w.pack)) == 0 && w.s.Stage != Closed {
				break
			}
			if chance(rt, 20, "ask the page") {
				w.offersAgree()
			}
		}
	}
	// The walks are random, and some corners are rare: more of them are made until each was seen.
	rapid.Check(t, walks)
	for more := 0; more < 9 && len(unseen(stages, statuses)) > 0; more++ {
		rapid.Check(t, walks)
	}
	t.Log(stages, statuses, kinds)
	for _, what := range unseen(stages, statuses) {
		t.Errorf("no random way came to %s: the test proves nothing about it", what)
	}
}

// unseen names the stages and strand statuses that no walk has come to.
func unseen(stages map[Stage]int, statuses map[StrandKind]map[StrandStatus]int) (missing []string) {
	for _, stage := range Stages {
		if stages[stage] == 0 {
			missing = append(missing, string(stage))
		}
	}
	want := func(kind StrandKind, status StrandStatus) {
		if what := string(kind) + " " + string(status); statuses[kind][status] == 0 && !slices.Contains(missing, what) {
			missing = append(missing, what)
		}
	}
	for kind, wanted := range begun {
		for _, status := range wanted {
			want(kind, status)
		}
	}
	for _, row := range SideTable {
		for _, status := range row.To {
			if gone := status == StrandCancelled && len(row.Moves) > 0; !gone { // it leaves with the text that it was about
				want(row.Strand, status)
			}
		}
	}
	return missing
}
