package store

import (
	"slices"
	"strings"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

// TaskFilter chooses rows of a box and their order. Empty fields do not filter; those that do hold together.
type TaskFilter struct {
	Box        Box                 `json:"box"`
	Query      string              `json:"query,omitempty"` // words that must all be found: see Tasks
	Step       proposal.Step       `json:"step,omitempty"`  // where the case stands, or what the row asks for
	Division   proposal.DivisionID `json:"division,omitempty"`
	Body       assembly.Body       `json:"body,omitempty"`
	Level      assembly.Level      `json:"level,omitempty"`
	Year       int                 `json:"year,omitempty"` // in which the case was assigned to the bureau
	Supervised bool                `json:"supervised,omitempty"`
	Holder     proposal.PersonID   `json:"holder,omitempty"`   // whose open task the case has, by name or by claim
	Topic      string              `json:"topic,omitempty"`    // 类别, as it was written
	Owes       proposal.DivisionID `json:"owes,omitempty"`     // whose opinion is still owed
	Untouched  calendar.Date       `json:"untouched,omitzero"` // no person has acted on the case since that day
	Since      time.Time           `json:"since,omitzero"`     // from when on the Only happened that says what happened; zero: ever
	Until      time.Time           `json:"until,omitzero"`     // before when it happened; zero: up to now
	Within     Within              `json:"within,omitempty"`
	DueBy      calendar.Date       `json:"due_by,omitzero"` // it falls due from today to that day
	Only       Only                `json:"only,omitempty"`
	Rate       RateCases           `json:"rate,omitempty"`       // the cases of a figure of the statistics
	AnsweredBy calendar.Date       `json:"answered_by,omitzero"` // its first reply was sent on that day or before
	HereSince  calendar.Date       `json:"here_since,omitzero"`  // it is open and came to its station on that day or later
	HereBy     calendar.Date       `json:"here_by,omitzero"`     // it is open and came to its station on that day or before
	Gate       GateCases           `json:"gate,omitempty"`
	Cut        CutCases            `json:"cut,omitempty"`
	Sort       Sort                `json:"sort,omitempty"` // "": the order of the box
	After      string              `json:"-"`              // Page.Next of the page before; "" for the first
	Limit      int                 `json:"-"`              // at most 500; 0: 100
}

// OwnDivisions stands in a filter for the divisions that its reader answers for: the own one, and those of the field. Codes are
// words, so it is nobody's.
const OwnDivisions proposal.DivisionID = "*"

// Within is by when a row falls due.
type Within string

const (
	Overdue  Within = "overdue"
	Today    Within = "today"
	ThisWeek Within = "week" // from today to Sunday
)

// Withins lists every value.
var Withins = []Within{Overdue, Today, ThisWeek}

// NearDays is from how many working days on a date calls for attention.
const NearDays = 3

// Only is a condition that no field of the register says.
type Only string

const (
	OnlyFree      Only = "free"      // 待认领: nobody has it
	OnlyReturned  Only = "returned"  // 退回: it waits for what was sent back
	OnlyUnreached Only = "unreached" // 电话没打通: the deputy was called, and not reached yet
	OnlyAwaiting  Only = "awaiting"  // 等会办意见: a co-opinion is still owed
	OnlyPromised  Only = "promised"  // 今年的承诺: a commitment or its second reply, due this year or before
	OnlyClosed    Only = "closed"    // 今年办结

	OnlyToPublish    Only = "to_publish"   // 待公开: a reply is to be published
	OnlyPublished    Only = "published"    // 已公开
	OnlyWithheld     Only = "withheld"     // 不公开: a reply is not published, with a ground
	OnlyTakenDown    Only = "taken_down"   // 已撤下
	OnlyToRate       Only = "to_rate"      // 等反馈: the deputy has not yet said what they think of a reply
	OnlyDissatisfied Only = "dissatisfied" // 不满意 with a reply, of whatever round
	OnlyNotReceived  Only = "not_received" // 交办未签收: what was assigned is not signed for yet, where the rule pack asks for it

	// What somebody who supervises decides on today.
	OnlyUnsigned   Only = "unsigned"     // 没签收: the division has not accepted it, and its time is up today or was
	OnlyReturnable Only = "returnable"   // 退件期快到: nobody has accepted it, and the window for a return closes in NearDays working days
	OnlyUncalled   Only = "uncalled"     // 没联系代表: the deputy was not reached, and the limit is near or past
	OnlyAwaitLate  Only = "opinion_late" // 会办意见迟: a co-opinion is owed and late
	OnlyExtension  Only = "extension"    // 申请延期: an extension waits for a decision
	OnlyBackAgain  Only = "back_again"   // 来回退改: this reply was sent back twice or more, and is not sent yet
	OnlyStill      Only = "still"        // 没人动: somebody could act, and nobody did for as long as the rule pack watches
	OnlyUndrafted  Only = "undrafted"    // 过半没送审: the share of the time is gone that the rule pack watches, and no draft is in review
	OnlyBehind     Only = "behind"       // 倒排赶不上: the coming stages have no room for their limits any more
	OnlyStuck      Only = "stuck"        // 没有人能办: the case has no way on today (R21)
	OnlyRehandled  Only = "rehandled"    // 不满意，重办: a dissatisfied deputy has no new reply yet
	OnlyPromiseDue Only = "promise_due"  // 承诺快到期: due as soon as the rule pack watches, or past

	// What happened, with Since and Until.
	OnlyCame     Only = "came"      // 新收: registered
	OnlyFellLate Only = "fell_late" // 新逾期: its day passed, and it is still late
	OnlySentBack Only = "sent_back" // 退回修改
	OnlyReplied  Only = "replied"   // 答复: a reply was sent
	OnlyRated    Only = "rated"     // 评价: a deputy said what they think of a reply
	OnlyRatedBad Only = "rated_bad" // 评不满意: a deputy said of a reply's result that they are dissatisfied
)

// Onlys lists every value.
var Onlys = []Only{
	OnlyFree, OnlyReturned, OnlyUnreached, OnlyAwaiting, OnlyPromised, OnlyClosed,
	OnlyToPublish, OnlyPublished, OnlyWithheld, OnlyTakenDown, OnlyToRate, OnlyDissatisfied, OnlyNotReceived,
	OnlyUnsigned, OnlyReturnable, OnlyUncalled, OnlyAwaitLate, OnlyExtension, OnlyBackAgain, OnlyStill, OnlyUndrafted, OnlyBehind, OnlyStuck, OnlyRehandled, OnlyPromiseDue,
	OnlyCame, OnlyFellLate, OnlySentBack, OnlyReplied, OnlyRated, OnlyRatedBad,
}

// Sort is the order of a list.
type Sort string

const (
	ByDue      Sort = "due"      // 先到期在前; what has no due date comes last
	ByTouched  Sort = "touched"  // 最近动过: by anybody
	ByNumber   Sort = "number"   // 编号
	ByAssigned Sort = "assigned" // 交办日期, newest first
	ByMine     Sort = "mine"     // when I acted last, or began to watch, newest first; the order of Active, Done and Watched
)

// Sorts lists every order that may be asked for in any box.
var Sorts = []Sort{ByDue, ByTouched, ByNumber, ByAssigned}

// opinionAsks and promiseAsks are what Only and the station 会办 look for among a case's tasks.
var (
	opinionAsks = []proposal.Ask{proposal.AskForOpinion, proposal.AskForOutsideOpinion, proposal.AskToApproveOpinion}
	promiseAsks = []proposal.Ask{proposal.AskToKeepPromise, proposal.AskToReplyAgain}
	acceptAsks  = []proposal.Ask{proposal.AskOf(proposal.Accepting)}
	extendAsks  = []proposal.Ask{proposal.AskToEndorseExtension, proposal.AskForExtension}
	followAsks  = append([]proposal.Ask{proposal.AskToPublish, proposal.AskToReexamine, proposal.AskToNoteSilence}, promiseAsks...)
)

// strandOnlys are those that say how a strand of the case stands.
var strandOnlys = map[Only]proposal.Strand{
	OnlyToPublish:    {Kind: proposal.PublicationStrand, Status: proposal.StrandUnpublished},
	OnlyPublished:    {Kind: proposal.PublicationStrand, Status: proposal.StrandPublished},
	OnlyWithheld:     {Kind: proposal.PublicationStrand, Status: proposal.StrandWithheld},
	OnlyTakenDown:    {Kind: proposal.PublicationStrand, Status: proposal.StrandTakenDown},
	OnlyToRate:       {Kind: proposal.FeedbackStrand, Status: proposal.StrandAsked},
	OnlyDissatisfied: {Kind: proposal.FeedbackStrand, Status: proposal.StrandDissatisfied},
	OnlyNotReceived:  {Kind: proposal.ReceiptStrand, Status: proposal.StrandAsked},
}

// check refuses values that mean nothing.
func (f TaskFilter) check() error {
	var wrong []proposal.FieldError
	unknown := func(field string, known bool) {
		if !known {
			wrong = append(wrong, proposal.FieldError{Field: field, Code: proposal.UnknownValue})
		}
	}
	unknown("box", slices.Contains(Boxes, f.Box) || slices.Contains(bureaus, f.Box))
	unknown("step", f.Step == "" || slices.Contains(proposal.Steps, f.Step))
	unknown("body", f.Body == "" || slices.Contains(assembly.Bodies, f.Body))
	unknown("level", f.Level == "" || slices.Contains(assembly.Levels, f.Level))
	unknown("year", f.Year == 0 || f.Year > 1900 && f.Year < 10000)
	unknown("within", f.Within == "" || slices.Contains(Withins, f.Within))
	unknown("only", f.Only == "" || slices.Contains(Onlys, f.Only))
	_, _, _, rate := f.Rate.Parts()
	unknown("rate", f.Rate == "" || rate && f.Box != Todo)
	_, _, gate := f.Gate.Parts()
	unknown("gate", f.Gate == "" || gate)
	_, _, cut := f.Cut.Parts()
	unknown("cut", f.Cut == "" || cut)
	unknown("sort", f.Sort == "" || f.Sort == ByMine && f.Box != Todo && !slices.Contains(bureaus, f.Box) || slices.Contains(Sorts, f.Sort))
	if wrong != nil {
		return &proposal.Refusal{Code: proposal.InvalidInput, Fields: wrong}
	}
	return nil
}

// order is the sort that holds.
func (f TaskFilter) order() Sort {
	switch {
	case f.Sort != "":
		return f.Sort
	case f.Box == Todo || f.Box == Bureau || f.Box == Whole:
		return ByDue
	case f.Box == Every:
		return ByAssigned
	}
	return ByMine
}

// narrow adds the conditions of the filter. The rows are those of the box, with their cases c.
func (q *caseQuery) narrow(f TaskFilter, viewer proposal.Person, today calendar.Date) {
	q.text(f.Query, viewer)
	if f.Step != "" {
		q.atStep(f)
	}
	if f.Division == OwnDivisions {
		q.where = append(q.where, `c.lead_division = any (`+q.arg(notNil(viewer.AnswersFor()))+`::text[])`)
	} else {
		q.leadBy(f.Division)
	}
	if f.Holder != "" {
		q.heldBy(f.Holder)
	}
	switch f.Topic {
	case "":
	case NoKey:
		q.where = append(q.where, `coalesce(c.described ->> 'category', '') = ''`)
	default:
		q.and(`c.described ->> 'category' = @topic`, "topic", f.Topic)
	}
	if f.Body != "" {
		q.and(`c.body = @body`, "body", f.Body)
	}
	if f.Level != "" {
		q.and(`c.level = @level`, "level", f.Level)
	}
	if f.Year != 0 {
		q.and(`c.assigned_on between @year_from::date and @year_to::date`, "year_from", calendar.NewDate(f.Year, 1, 1))
		q.args["year_to"] = calendar.NewDate(f.Year, 12, 31)
	}
	if f.Owes != "" {
		q.where = append(q.where, q.asks(Bureau, opinionAsks, ` and o.division = `+q.arg(f.Owes)+`::text`))
	}
	if f.Supervised {
		q.where = append(q.where, `c.key_supervised`)
	}
	if !f.Untouched.IsZero() {
		q.and(`c.last_at < @untouched`, "untouched", f.Untouched.Start())
	}
	switch f.Within {
	case Overdue:
		q.where = append(q.where, q.box.due+` < @today::date`)
	case Today:
		q.where = append(q.where, q.box.due+` = @today::date`)
	case ThisWeek:
		q.and(q.box.due+` between @today::date and @sunday::date`, "sunday", sundayOf(today))
	}
	if !f.DueBy.IsZero() {
		q.and(q.box.due+` between @today::date and @due_by::date`, "due_by", f.DueBy)
	}
	if !f.AnsweredBy.IsZero() {
		q.and(`c.answered_on <= @answered_by::date`, "answered_by", f.AnsweredBy)
	}
	if !f.HereSince.IsZero() {
		q.where = append(q.where, arrived+` >= `+q.arg(f.HereSince)+`::date`)
	}
	if !f.HereBy.IsZero() {
		q.where = append(q.where, arrived+` <= `+q.arg(f.HereBy)+`::date`)
	}
	if f.Gate != "" {
		q.atGate(f.Gate)
	}
	if f.Cut != "" {
		q.ofCut(f.Cut)
	}
	if f.Only != "" {
		q.only(f, today)
	}
}

// sundayOf is the last day of the week.
func sundayOf(today calendar.Date) calendar.Date {
	return today.AddDays((7 - int(today.Weekday())) % 7)
}

// atStep: what runs beside the main way stands where its work is, whatever stage the case is in; but in the lists of the bureau's
// cases, as in the figures that open them, every case stands where its main way is, and nowhere twice.
func (q *caseQuery) atStep(f TaskFilter) {
	var stages []proposal.Stage
	for _, stage := range proposal.Stages {
		if stage.Step() == f.Step {
			stages = append(stages, stage)
		}
	}
	condition := `c.stage = any (` + q.arg(notNil(stages)) + `::text[])`
	if f.Box == Todo {
		condition = `t.ref = '' and ` + condition
	}
	switch {
	case f.Box == Bureau || f.Box == Every:
	case f.Step == proposal.StepCoHandling:
		condition = q.asks(f.Box, opinionAsks, "")
	case f.Step == proposal.StepFollowUp:
		condition = `(` + condition + ` or ` + q.asks(f.Box, followAsks, "") + `)`
	}
	q.where = append(q.where, condition)
}

// asks says that the row is about one of the asks or, in the boxes of cases, that the case asks for one.
func (q *caseQuery) asks(box Box, asks []proposal.Ask, more string) string {
	list := ` = any (` + q.arg(asks) + `::text[])`
	if box == Todo {
		return `t.ask` + list + strings.ReplaceAll(more, "o.", "t.")
	}
	return `exists (select from tasks o where o.case_id = c.id and o.closed_at is null and o.ask` + list + more + `)`
}

func (q *caseQuery) only(f TaskFilter, today calendar.Date) {
	if strand, ok := strandOnlys[f.Only]; ok {
		q.withStrand(strand)
		return
	}
	switch f.Only {
	case OnlyFree:
		if f.Box == Todo {
			q.where = append(q.where, `t.assignee is null`)
			return
		}
		q.where = append(q.where, `exists (select from tasks o where o.case_id = c.id and o.closed_at is null and o.assignee is null)`)
	case OnlyReturned:
		q.where = append(q.where, `coalesce(c.returned_from, '') <> ''`)
		if f.Box == Todo {
			q.where = append(q.where, `t.ref = ''`)
		}
	case OnlyUnreached:
		q.where = append(q.where, `c.stage = 'consultation' and (
			select k.outcome from talks k where k.case_id = c.id order by k.event_no desc limit 1) <> 'reached'`)
		if f.Box == Todo {
			q.where = append(q.where, `t.ref = ''`)
		}
	case OnlyAwaiting:
		q.where = append(q.where, `exists (select from tasks o where o.case_id = c.id and o.closed_at is null and o.ask = any (`+q.arg(opinionAsks)+`::text[]))`)
	case OnlyClosed:
		q.where = append(q.where, `c.stage = 'closed' and c.closed_on >= `+q.arg(calendar.NewDate(today.Year, 1, 1))+`::date`)
	case OnlyPromised:
		q.where = append(q.where, q.asks(f.Box, promiseAsks, ` and o.due <= `+q.arg(calendar.NewDate(today.Year, 12, 31))+`::date`))
	default:
		q.decided(f)
		q.happened(f)
	}
}

// withStrand finds the cases that have such a strand.
func (q *caseQuery) withStrand(like proposal.Strand) {
	q.where = append(q.where, `c.strands @> array[`+q.arg(string(like.Kind)+"."+string(like.Status))+`::text]`)
}
