package proposal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
)

// Pack is a rule pack: what varies by place, as data. A case keeps the pack that it was registered under.
type Pack struct {
	ID          string                       `yaml:"id"`      // e.g. "national-1"; pinned to a case
	Profile     string                       `yaml:"profile"` // whose rules these are: packs of one profile follow one another
	Extends     string                       `yaml:"extends"` // id of the pack that says whatever this one does not
	ValidFrom   calendar.Date                `yaml:"valid_from"`
	Name        string                       `yaml:"name"`   // 全国通用办理规则
	Agency      string                       `yaml:"agency"` // 机关全称, the signature of a reply; "": the bureau's
	Series      []NumberSeries               `yaml:"series"` // 机关代字; the first that fits; none: the bureau's
	Limits      map[string]Limit             `yaml:"limits"`
	Stages      map[Stage]int                `yaml:"stage_limits"` // working days for a stage (环节期限)
	Ladders     map[string]Ladder            `yaml:"reminders"`    // by ClockKind, or "default"
	Urge        UrgeRules                    `yaml:"urge"`
	Watch       WatchRules                   `yaml:"watch"`
	Contact     ContactRules                 `yaml:"contact"`
	CoHandling  CoHandlingRules              `yaml:"co_handling"`
	Review      []ReviewStep                 `yaml:"review"` // the chain between drafting and sign-off, in order
	Signer      SignerRules                  `yaml:"signer"`
	Extension   ExtensionRules               `yaml:"extension"`
	Suspension  SuspensionRules              `yaml:"suspension"`
	Rehandling  RehandlingRules              `yaml:"rehandling"`
	Cover       CoverRules                   `yaml:"cover"`
	Corrections map[string]CorrectionRule    `yaml:"corrections"` // by Fact, or "default"
	Reply       map[assembly.Body]ReplyRules `yaml:"reply"`
	Papers      map[PaperKind]PaperForm      `yaml:"papers"` // those that the place does not word it has not
	Forms       map[FormKind]TableForm       `yaml:"forms"`  // nor those that it does not draw
	Classes     []ResultClass                `yaml:"classes"`
	Grounds     []Ground                     `yaml:"grounds"`
	Scoring     []ScoringItem                `yaml:"scoring"` // none: the divisions are not scored
}

// Limits that every pack has, by key of Pack.Limits. Those that are a ClockKind too are that clock's.
const (
	LimitReply        = "reply"
	LimitInternal     = "internal"
	LimitReturn       = "return"
	LimitFirstContact = "first_contact"
	LimitOpinion      = "co_opinion"
	LimitRedo         = "redo"
	LimitPublication  = "publication"
	LimitReexamine    = "reexamine"
	LimitFeedback     = "feedback"
	LimitRehandling   = "rehandling"
)

// LimitReceipt is a limit that a pack may do without: then nobody signs for what was assigned (签收).
const LimitReceipt = "receipt"

// LimitKeys lists the limits that every pack has.
var LimitKeys = []string{
	LimitReply, LimitInternal, LimitReturn, LimitFirstContact, LimitOpinion, LimitRedo, LimitPublication, LimitReexamine, LimitFeedback,
	LimitRehandling,
}

// Limit is one time limit: a count, a fixed calendar day, or both, of which the earlier counts.
type Limit struct {
	Name       string `yaml:"name"` // the rule in words: 自交办之日起三个月内答复
	LimitCount `yaml:",inline"`
	Variants   []LimitVariant `yaml:"variants"` // the first that fits the case counts instead
	Sources    []LawClaim     `yaml:"sources"`  // newest first
}

// LimitCount is how long a limit is. At most one of the first four is set.
type LimitCount struct {
	Months         int    `yaml:"months"`
	Days           int    `yaml:"days"` // calendar days
	Workdays       int    `yaml:"workdays"`
	WorkdaysBefore int    `yaml:"workdays_before"` // so many working days before the reply limit
	FixedDay       string `yaml:"fixed_day"`       // MM-DD: the next such day after the start, if it comes earlier
}

// LimitVariant is another length of a limit for some cases.
type LimitVariant struct {
	Body         assembly.Body         `yaml:"body"`         // "": either
	Level        assembly.Level        `yaml:"level"`        // "": any
	Proposer     assembly.ProposerKind `yaml:"proposer"`     // "": any
	Intersession *bool                 `yaml:"intersession"` // unset: either
	LimitCount   `yaml:",inline"`
}

// fits reports whether the variant is made for the case.
func (v LimitVariant) fits(s State) bool {
	return (v.Body == "" || v.Body == s.Body) && (v.Level == "" || v.Level == s.Level) && (v.Proposer == "" || v.Proposer == s.Proposer) &&
		(v.Intersession == nil || *v.Intersession == s.Intersession)
}

// NumberSeries is a 机关代字 and the cases whose replies bear it.
type NumberSeries struct {
	Body     assembly.Body `yaml:"body" json:"body,omitempty"`         // "": either
	Handling HandlingType  `yaml:"handling" json:"handling,omitempty"` // "": any
	Code     string        `yaml:"code" json:"code"`                   // "" with WithoutNumber only
	Given    NumberGiver   `yaml:"given" json:"given,omitempty"`       // "": OurNumber
}

// String is the series as a comparison of packs tells it.
func (s NumberSeries) String() string {
	if s.Given == "" || s.Given == OurNumber {
		return s.Code
	}
	return strings.TrimSpace(s.Code + " (" + string(s.Given) + ")")
}

// NumberGiver is who gives a reply its document number.
type NumberGiver string

const (
	OurNumber     NumberGiver = "ours"    // the program, from a series that is ours alone and has no gaps
	OutsideNumber NumberGiver = "outside" // another office or system, from a series that it shares among many: typed in, gaps are normal
	WithoutNumber NumberGiver = "none"    // nobody: replies bear no number
)

// NumberGivers lists every value.
var NumberGivers = []NumberGiver{OurNumber, OutsideNumber, WithoutNumber}

// Ladder says when a clock reminds and whom it escalates to (R9).
type Ladder struct {
	Before   []int        `yaml:"before"` // calendar days before the due day, falling
	Escalate []Escalation `yaml:"escalate"`
	Repeat   BellRepeat   `yaml:"repeat"` // of the last escalation, until the clock is met
}

// Escalation tells a role after so many working days.
type Escalation struct {
	After int  `yaml:"after"`
	To    Role `yaml:"to"`
}

// BellRepeat says how often the last escalation is said again.
type BellRepeat struct {
	Every int `yaml:"every"` // working days
	Times int `yaml:"times"`
}

// UrgeRules throttle urging (催办).
type UrgeRules struct {
	DaysBetween int `yaml:"days_between"` // calendar days between two urges of one case
}

// WatchRules say what calls for the eye of those who supervise, what is warned about early, and how often those are written to. Days and digests that
// are left out are as in UsualWatch.
type WatchRules struct {
	Still   int `yaml:"still"`   // working days after which a case that nobody has touched is asked about
	Promise int `yaml:"promise"` // calendar days ahead in which a promise that falls due is watched

	Draft int  `yaml:"draft"` // of the time to the reply limit, in per cent, after which a case is warned about that has no draft in review; 0: none is
	Plan  bool `yaml:"plan"`  // a case is warned about whose coming stages have no room for their limits any more

	Brief Briefing `yaml:"brief"` // of who has chosen nothing
}

// Briefing says which digests somebody who supervises is sent: how the cases stand that they answer for (督办日报、督办周报).
type Briefing string

// Briefings. Either comes on a working day; on the first of a week who gets both gets the weekly one, which has in it what the daily one has.
const (
	BriefBoth   Briefing = "both"
	BriefDaily  Briefing = "daily"
	BriefWeekly Briefing = "weekly"
	BriefOff    Briefing = "off"
)

// Briefings lists every value.
var Briefings = []Briefing{BriefBoth, BriefDaily, BriefWeekly, BriefOff}

// UsualWatch holds where a pack says nothing.
var UsualWatch = WatchRules{Still: 10, Promise: 30, Brief: BriefBoth}

// CoHandlingRules say how co-handling ends.
type CoHandlingRules struct {
	Countersign bool `yaml:"countersign"` // co-handling divisions sign the draft too (会签)
}

// ReviewStep is one stage of the review chain and the cases that it is for.
type ReviewStep struct {
	Stage Stage       `yaml:"stage"`
	When  []Condition `yaml:"when"` // any of these; none: every case
}

// Condition is what makes a case one of a kind that a pack treats apart.
type Condition string

const (
	WhenKey         Condition = "key"          // 重点督办
	WhenMoney       Condition = "money"        // 涉及资金
	WhenSecondRound Condition = "second_round" // 重办
	WhenCPPCC       Condition = "cppcc"
)

// Conditions lists every condition.
var Conditions = []Condition{WhenKey, WhenMoney, WhenSecondRound, WhenCPPCC}

// met returns the first of the conditions that the case meets.
func (s State) met(conditions []Condition) (Condition, bool) {
	is := map[Condition]bool{WhenKey: s.KeySupervised, WhenMoney: s.Money, WhenSecondRound: s.Round > 1, WhenCPPCC: s.Body == assembly.CPPCC}
	i := slices.IndexFunc(conditions, func(c Condition) bool { return is[c] })
	if i < 0 {
		return "", false
	}
	return conditions[i], true
}

// ExtensionRules bound an extension.
type ExtensionRules struct {
	MaxMonths int `yaml:"max_months"` // from assignment to the latest due date that may be granted (代表法: six)
}

// SuspensionRules say whether the clocks may be stopped (中止).
type SuspensionRules struct {
	Allowed bool `yaml:"allowed"`
}

// RehandlingRules bound the rounds (R13).
type RehandlingRules struct {
	Rounds int `yaml:"rounds"` // including the first; a deputy who is dissatisfied with the last goes up to the congress
}

// CoverRules bound how long one covers for another (代理).
type CoverRules struct {
	MaxDays int `yaml:"max_days"` // calendar days, both ends counted; 0: no bound
}

// CorrectionRule says who may correct a fact of the register, and until when (R20).
type CorrectionRule struct {
	By    []Role `yaml:"by"`    // any of these, of those who have the case
	Until Stage  `yaml:"until"` // the last stage in which it may; "": always
}

// correction is the rule for a fact, or else that for all others.
func (p *Pack) correction(f Fact) CorrectionRule {
	if rule, ok := p.Corrections[string(f)]; ok {
		return rule
	}
	if rule, ok := p.Corrections["default"]; ok {
		return rule
	}
	return CorrectionRule{By: []Role{Liaison}}
}

// ReplyRules say to whom a reply goes and how it is headed.
type ReplyRules struct {
	CoSigners ReplyReach `yaml:"co_signers"`
	Copies    []string   `yaml:"copies"`        // 抄送, as a form opens with
	Title     string     `yaml:"title"`         // the form of the reply's title, of TitleParts; "": CommonTitle
	Form      ReplyForm  `yaml:"form"`          // "": LetterForm
	Signer    bool       `yaml:"signer"`        // 签发人 stands at the upper right, of the plain form
	Opinion   string     `yaml:"opinion_title"` // that of an opinion to the unit that leads (会办意见); "": CommonOpinionTitle
}

// ReplyForm is how a reply is laid out (GB/T 9704-2012).
type ReplyForm string

const (
	LetterForm ReplyForm = "letter" // 信函格式
	PlainForm  ReplyForm = "plain"  // 普通格式
)

// CommonTitle is how most places head a reply: 市人大十六届三次会议关于…的建议（第0392号）的答复.
const CommonTitle = "{body}{term}{sitting}{title}（{number}）的答复"

// CommonOpinionTitle is how most places head an opinion to the unit that leads.
const CommonOpinionTitle = "关于{body}{term}{sitting}{number}{noun}的会办意见"

// TitleParts are what a place may build the title of its replies of; in other words and another order it reads
// 对十四届全国人大一次会议第7947号建议的答复, or 关于答复县政协第28号提案的函.
var TitleParts = []string{"{body}", "{term}", "{sitting}", "{title}", "{number}", "{noun}"}

// ReplyTitle is the title of the reply, or of the opinion if that is all we owe (domain §5). The title of the case is quoted as it was
// assigned.
func (p *Pack) ReplyTitle(k assembly.RegisterKey, handling HandlingType, title string) string {
	form := cmp.Or(p.Reply[k.Body].Title, CommonTitle)
	if handling == CoHandling {
		form = cmp.Or(p.Reply[k.Body].Opinion, CommonOpinionTitle)
	}
	return strings.NewReplacer(titleParts(k, title)...).Replace(form)
}

// titleParts are TitleParts, each with what stands for it.
func titleParts(k assembly.RegisterKey, title string) []string {
	return []string{"{body}", k.BodyName(), "{term}", k.TermName(), "{sitting}", k.SittingName(), "{title}", title, "{number}", k.NumberName(), "{noun}", k.Noun()}
}

// ReplyReach says whether a reply goes to every proposer.
type ReplyReach string

const (
	ReplyToEach      ReplyReach = "each" // a reply to each of them
	ReplyThroughLead ReplyReach = "lead" // the lead deputy passes it on
)

// LawClaim is where a limit comes from, from a day on.
type LawClaim struct {
	From calendar.Date `yaml:"from"`
	Text string        `yaml:"text"` // 《代表法》（2015年修正）第四十二条
}

// ContactRules say when a deputy counts as consulted (R2).
type ContactRules struct {
	CountingModes       []ContactMode `yaml:"counting_modes"`
	AttemptsBeforeWaive int           `yaml:"attempts_before_waive"`
}

// reaches reports whether the deputy was consulted by an attempt that ended so.
func (r ContactRules) reaches(outcome ContactOutcome, mode ContactMode) bool {
	return outcome == ContactReached && slices.Contains(r.CountingModes, mode)
}

func (r ContactRules) reached(t Talk) bool { return r.reaches(t.Outcome, t.Mode) }

// SignerRules say who signs (R7).
type SignerRules struct {
	Ordinary Role        `yaml:"ordinary"`
	Strict   Role        `yaml:"strict"` // where a condition is met
	When     []Condition `yaml:"when"`
}

// ResultClass is one of the result classes and what it demands (R4).
type ResultClass struct {
	Code     string        `yaml:"code"`
	Name     string        `yaml:"name"`
	Statuses []PointStatus `yaml:"statuses"` // every point's status must be one of these
	Needs    ClassNeed     `yaml:"needs"`
}

// Solves reports whether a reply of the class says that everything asked for is solved: what the share of solved cases counts (解决率).
func (c ResultClass) Solves() bool { return slices.Equal(c.Statuses, []PointStatus{PointSolved}) }

// Promises reports whether a reply of the class promises what is to be done, by a day.
func (c ResultClass) Promises() bool { return c.Needs == NeedsCommitment }

// ClassNeed is what a result class demands besides the statuses.
type ClassNeed string

const (
	NeedsNothing    ClassNeed = ""
	NeedsCommitment ClassNeed = "commitment" // at least one dated commitment
	NeedsReason     ClassNeed = "reason"     // a reason for every point not solved
)

// Ground is a legal ground for not publishing (条例 14–16).
type Ground struct {
	Code string `yaml:"code"`
	Name string `yaml:"name"`
}

// Class returns the result class with the code.
func (p *Pack) Class(code string) (ResultClass, bool) {
	i := slices.IndexFunc(p.Classes, func(c ResultClass) bool { return c.Code == code })
	if i < 0 {
		return ResultClass{}, false
	}
	return p.Classes[i], true
}

// Ground returns the ground with the code.
func (p *Pack) Ground(code string) (Ground, bool) {
	i := slices.IndexFunc(p.Grounds, func(g Ground) bool { return g.Code == code })
	if i < 0 {
		return Ground{}, false
	}
	return p.Grounds[i], true
}

// SignerRole is who signs a reply in this state (R7).
func (p *Pack) SignerRole(s State) Role {
	if _, strict := s.met(p.Signer.When); strict {
		return p.Signer.Strict
	}
	return p.Signer.Ordinary
}

// Chain lists the reviews that a draft of this case passes between drafting and sign-off. An opinion that we owe another
// unit (会办) is not published, so nobody examines its openness.
func (p *Pack) Chain(s State) []Stage {
	var chain []Stage
	for _, step := range p.Review {
		if step.Stage == OpennessReview && s.Handling == CoHandling {
			continue
		}
		if _, met := s.met(step.When); met || len(step.When) == 0 {
			chain = append(chain, step.Stage)
		}
	}
	return chain
}

// Why is the condition for which a stage of this case is in its chain, or the stricter signer signs; "" if it is the
// ordinary way.
func (p *Pack) Why(stage Stage, s State) Condition {
	if stage == SignOff {
		why, _ := s.met(p.Signer.When)
		return why
	}
	for _, step := range p.Review {
		if step.Stage == stage {
			why, _ := s.met(step.When)
			return why
		}
	}
	return ""
}

// nextReview is the first stage of the chain that has not been passed, or sign-off.
func (p *Pack) nextReview(s State) Stage {
	for _, stage := range p.Chain(s) {
		if !slices.ContainsFunc(s.Passed, func(pass PassedReview) bool { return pass.Stage == stage }) {
			return stage
		}
	}
	return SignOff
}

// ladder is the ladder of a clock; the zero one, with no bell but the clock's end, if the pack has none for it.
func (p *Pack) ladder(kind ClockKind) Ladder {
	if ladder, ok := p.Ladders[string(kind)]; ok {
		return ladder
	}
	return p.Ladders["default"]
}

// SeriesOf is the series of the case's replies.
func (p *Pack) SeriesOf(body assembly.Body, handling HandlingType) NumberSeries {
	return seriesOf(p.Series, body, handling)
}

// Source is where the rule came from on that day; "" for a rule that is not a limit of the pack.
func (p *Pack) Source(rule string, on calendar.Date) string {
	for _, claim := range p.Limits[rule].Sources {
		if !on.Before(claim.From) {
			return claim.Text
		}
	}
	return ""
}

// count is how long the limit is for the case.
func (l Limit) count(s State) LimitCount {
	i := slices.IndexFunc(l.Variants, func(v LimitVariant) bool { return v.fits(s) })
	if i < 0 {
		return l.LimitCount
	}
	return l.Variants[i].LimitCount
}

// span counts a limit of the pack from its start.
func (p *Pack) span(rule string, s State, start calendar.Date, cal *calendar.Calendar) calendar.Span {
	count := p.Limits[rule].count(s)
	named := count.fixed(start)
	var span calendar.Span
	switch {
	case count.Months > 0:
		span = cal.AddMonths(start, count.Months)
	case count.Days > 0:
		span = cal.AddDays(start, count.Days)
	case count.Workdays > 0:
		span = cal.AddWorkdays(start, count.Workdays)
	}
	if span.End.IsZero() || !named.IsZero() && named.Before(span.End) {
		span = cal.On(named)
		span.Start = start
	}
	return span
}

// fixed is the first FixedDay after the start; no date if there is none.
func (c LimitCount) fixed(start calendar.Date) calendar.Date {
	if c.FixedDay == "" {
		return calendar.Date{}
	}
	day, err := calendar.ParseDate(fmt.Sprintf("%04d-%s", start.Year, c.FixedDay))
	if err != nil {
		return calendar.Date{} // checked when the pack was read
	}
	if !start.Before(day) {
		day.Year++
	}
	return day
}

// InternalDue is the internal due date that the pack gives for a reply due on that day.
func (p *Pack) InternalDue(s State, replyDue calendar.Date, cal *calendar.Calendar) calendar.Date {
	return cal.AddWorkdays(replyDue, -p.Limits[LimitInternal].count(s).WorkdaysBefore).End
}

// ExtensionCap is the latest due date that may be granted to a case assigned on the day.
func (p *Pack) ExtensionCap(assignedOn calendar.Date, cal *calendar.Calendar) calendar.Date {
	return cal.AddMonths(assignedOn, p.Extension.MaxMonths).End
}
