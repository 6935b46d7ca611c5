package store

import (
	"context"
	"slices"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Rate is a figure of the yearly statistics (domain §6): of some cases, those for which something holds.
type Rate string

const (
	AnsweredRate       Rate = "answered"        // 办结率
	InTimeRate         Rate = "in_time"         // 按期率
	ContactedRate      Rate = "contacted"       // 沟通率
	MetRate            Rate = "met"             // 面商率
	RatedRate          Rate = "rated"           // 反馈率
	SatisfiedRate      Rate = "satisfied"       // 满意率: 满意 and 基本满意 with the result, as rated last
	FullySatisfiedRate Rate = "fully_satisfied" // 满意 alone
	AttitudeRate       Rate = "attitude"        // 办理工作满意率
	FirstRoundRate     Rate = "first_round"     // 首次满意率
	SolvedRate         Rate = "solved"          // 解决率
	PublishedRate      Rate = "published"       // 公开率
	KeptRate           Rate = "kept"            // 承诺兑现率
	RehandledRate      Rate = "rehandled"       // 重办率
	ReturnedRate       Rate = "returned"        // 退件率
	CoInTimeRate       Rate = "co_in_time"      // 会办按期率
)

// Rates lists every figure, in the order in which they are shown.
var Rates = []Rate{
	AnsweredRate, InTimeRate, ContactedRate, MetRate, RatedRate, SatisfiedRate, FullySatisfiedRate, AttitudeRate, FirstRoundRate, SolvedRate,
	PublishedRate, KeptRate, RehandledRate, ReturnedRate, CoInTimeRate,
}

// What the table of a year (办理情况统计表) counts besides: not shares, but how many.
const (
	HandledRate              Rate = "handled"               // 办理总数: led and co-handled, and 办复总数 of them
	CoAnsweredRate           Rate = "co_answered"           // 协办办复
	AttitudeFullRate         Rate = "attitude_full"         // 办理工作: 满意
	AttitudeBasicallyRate    Rate = "attitude_basically"    // 基本满意
	AttitudeDissatisfiedRate Rate = "attitude_dissatisfied" // 不满意
	BasicallySatisfiedRate   Rate = "basically_satisfied"   // 办理结果: 基本满意
	DissatisfiedRate         Rate = "dissatisfied"          // 不满意
)

// What the table by which the assembly evaluates an office (承办单位评估表) counts besides, of the cases that lead: who of the bureau talked to
// the deputy last, and how.
const (
	BureauHeadMetRate   Rate = "met_bureau_head"
	LeaderMetRate       Rate = "met_leader"
	DivisionHeadMetRate Rate = "met_division_head"
	OfficerMetRate      Rate = "met_officer"
	ForumRate           Rate = "by_forum"    // 座谈
	VisitRate           Rate = "by_visit"    // 走访, 面商
	DistanceRate        Rate = "by_distance" // 电话, 视频, 信函
)

// ClassRate counts the replies, as sent last, of one class of the rule packs.
func ClassRate(code string) Rate { return Rate(classRate + code) }

// Class is the class whose replies the rate counts; false if it counts something else.
func (r Rate) Class() (code string, ok bool) { return strings.CutPrefix(string(r), classRate) }

const classRate = "class-"

// TableRates are the rates that the tables and the summary of a period count besides, of which some are among Rates.
var TableRates = []Rate{
	AnsweredRate, CoAnsweredRate, HandledRate, RatedRate, AttitudeFullRate, AttitudeBasicallyRate, AttitudeDissatisfiedRate,
	FullySatisfiedRate, BasicallySatisfiedRate, DissatisfiedRate,
	ContactedRate, BureauHeadMetRate, LeaderMetRate, DivisionHeadMetRate, OfficerMetRate, ForumRate, VisitRate, DistanceRate,
}

// The parts of what a figure counts. Cases that lead are due in the period if their first reply was; what was returned or withdrawn
// owes none.
const (
	dueThen   = `c.answer_due between @from::date and @to::date and c.stage not in ('returned', 'withdrawn')`
	led       = `c.handling_type in ('alone', 'lead', 'split') and ` + dueThen
	replied   = led + ` and c.answered_on is not null`
	coHandled = `c.handling_type = 'co_handle' and ` + dueThen

	lastRating  = `(select r.%s from feedback r where r.case_id = c.id order by r.round desc, r.event_no desc limit 1)`
	firstRating = `(select r.result from feedback r where r.case_id = c.id and r.round = 1 order by r.event_no desc limit 1)`

	promised = `exists (select from commitments m, jsonb_array_elements(c.state -> 'strands') r
		where m.case_id = c.id and m.due_on between @from::date and @to::date
			and r ->> 'kind' = 'commitment' and r ->> 'ref' = m.ref and r ->> 'status' %s)`

	// The class of the last reply that was sent: while another is written, the case names none or that one. Null if none was.
	sentClass = `(
		select d.class from drafts d where d.case_id = c.id
			and d.version = case when c.stage in ('answered', 'report_up', 'closure', 'closed') then (c.state ->> 'draft')::int else (
				select (k.state ->> 'draft')::int from events e join case_states k on k.case_id = e.case_id and k.event_no = e.no
				where e.case_id = c.id and e.kind = 'dispatch' order by e.no desc limit 1) end)`

	solves = `(c.state ->> 'pack', ` + sentClass + `) in (select * from unnest(@packs::text[], @classes::text[]))`

	// How the deputy was reached last, and by whom. Null if they were not.
	lastTalk = `(select k.%s from talks k where k.case_id = c.id and k.outcome = 'reached' order by k.event_no desc limit 1)`
)

var (
	lastMode = strings.Replace(lastTalk, "%s", "mode", 1)
	lastMet  = strings.Replace(lastTalk, "%s", "met_by", 1)
)

var rated = replied + ` and ` + rating("result") + ` is not null`

// rates say what each figure counts: of the cases c for which of holds, those for which counted holds too. The figures and the lists
// that they open are both made of this, and of nothing else.
var rates = map[Rate]struct{ of, counted string }{
	AnsweredRate:       {led, `c.answered_on is not null`},
	InTimeRate:         {led, `c.answered_on <= c.answer_due`},
	ContactedRate:      {led, `exists (select from talks k where k.case_id = c.id and k.outcome = 'reached')`},
	MetRate:            {led, `exists (select from talks k where k.case_id = c.id and k.outcome = 'reached' and k.mode in ('visit', 'meeting', 'forum'))`},
	RatedRate:          {replied, rating("result") + ` is not null`},
	SatisfiedRate:      {rated, rating("result") + ` in ('satisfied', 'basically')`},
	FullySatisfiedRate: {rated, rating("result") + ` = 'satisfied'`},
	AttitudeRate:       {rated, rating("attitude") + ` in ('satisfied', 'basically')`},
	FirstRoundRate:     {replied + ` and ` + firstRating + ` is not null`, firstRating + ` in ('satisfied', 'basically')`},
	SolvedRate:         {replied, solves},
	PublishedRate:      {replied + ` and c.strands && '{publication.unpublished,publication.published}'`, `not c.strands @> '{publication.unpublished}'`},
	KeptRate:           {promise("<> 'cancelled'"), `not ` + promise("= 'promised'")},
	RehandledRate:      {replied, `c.round > 1`},
	ReturnedRate:       {`c.assigned_on between @from::date and @to::date`, `c.stage = 'returned'`},
	CoInTimeRate:       {coHandled, `c.answered_on <= c.answer_due`},

	HandledRate:         {`c.handling_type in ('alone', 'lead', 'split', 'co_handle') and ` + dueThen, `c.answered_on is not null`},
	CoAnsweredRate:      {coHandled, `c.answered_on is not null`},
	BureauHeadMetRate:   {led, lastMet + ` = 'bureau_head'`},
	LeaderMetRate:       {led, lastMet + ` = 'leader'`},
	DivisionHeadMetRate: {led, lastMet + ` = 'division_head'`},
	OfficerMetRate:      {led, lastMet + ` = 'officer'`},
	ForumRate:           {led, lastMode + ` = 'forum'`},
	VisitRate:           {led, lastMode + ` in ('visit', 'meeting')`},
	DistanceRate:        {led, lastMode + ` in ('phone', 'video', 'letter')`},

	AttitudeFullRate:         {rated, rating("attitude") + ` = 'satisfied'`},
	AttitudeBasicallyRate:    {rated, rating("attitude") + ` = 'basically'`},
	AttitudeDissatisfiedRate: {rated, rating("attitude") + ` = 'dissatisfied'`},
	BasicallySatisfiedRate:   {rated, rating("result") + ` = 'basically'`},
	DissatisfiedRate:         {rated, rating("result") + ` = 'dissatisfied'`},
}

func rating(of string) string      { return strings.Replace(lastRating, "%s", of, 1) }
func promise(status string) string { return strings.Replace(promised, "%s", status, 1) }

// Part chooses among the cases of a figure.
type Part string

const (
	PartOf      Part = "of"      // all that it is reckoned over
	PartCounted Part = "counted" // those for which it holds
	PartMissed  Part = "missed"  // the others
)

// Period is the days from the first to the last, both with it.
type Period struct{ From, To calendar.Date }

// RateCases names the cases of a figure, so that a list can be of exactly these: the rate, the part and the two days, with dots between.
type RateCases string

// CasesOf names a part of the cases of a rate.
func CasesOf(r Rate, part Part, p Period) RateCases {
	return RateCases(strings.Join([]string{string(r), string(part), p.From.String(), p.To.String()}, "."))
}

// Parts reads the name; false if it names no figure.
func (f RateCases) Parts() (r Rate, part Part, p Period, ok bool) {
	words := strings.Split(string(f), ".")
	n := len(words) - 3 // a class may have a dot in its code
	if n < 1 {
		return "", "", Period{}, false
	}
	r, part = Rate(strings.Join(words[:n], ".")), Part(words[n])
	_, known := rates[r]
	_, class := r.Class()
	ok = (known || class) && slices.Contains([]Part{PartOf, PartCounted, PartMissed}, part) &&
		p.From.UnmarshalText([]byte(words[n+1])) == nil && p.To.UnmarshalText([]byte(words[n+2])) == nil
	return r, part, p, ok
}

// rateCases narrows a list to the cases of a figure.
func (s *Store) rateCases(q *caseQuery, f RateCases) {
	r, part, p, _ := f.Parts()
	s.period(q, p)
	condition, counted := q.rate(r)
	switch part {
	case PartCounted:
		condition += ` and coalesce(` + counted + `, false)`
	case PartMissed:
		condition += ` and not coalesce(` + counted + `, false)`
	}
	q.where = append(q.where, condition)
}

// rate is what a figure counts, as two conditions of case c.
func (q *caseQuery) rate(r Rate) (of, counted string) {
	if class, ok := r.Class(); ok {
		return replied, sentClass + ` = ` + q.arg(class) + `::text`
	}
	return rates[r].of, rates[r].counted
}

// period names what the conditions of the rates speak of.
func (s *Store) period(q *caseQuery, p Period) {
	var packs, classes []string
	for pack := range s.Rules.all() {
		for _, class := range pack.Classes {
			if class.Solves() {
				packs, classes = append(packs, pack.ID), append(classes, class.Code)
			}
		}
	}
	q.args["from"], q.args["to"], q.args["packs"], q.args["classes"] = p.From, p.To, notNil(packs), notNil(classes)
}

// Cut is by what figures are told apart.
type Cut string

const (
	ByDivision   Cut = "division" // that leads, in the order of the office
	ByTopic      Cut = "topic"
	ByBody       Cut = "body"
	ByLevel      Cut = "level"
	ByTerm       Cut = "term"       // 届, of each body and level
	ByDelegation Cut = "delegation" // 代表团 or 界别
	ByClass      Cut = "class"      // of the reply that was sent last
	ByMode       Cut = "mode"       // in which the deputy was reached last
	ByMet        Cut = "met"        // who of the bureau talked to them then
)

// Cuts lists every cut.
var Cuts = []Cut{ByDivision, ByTopic, ByBody, ByLevel, ByTerm, ByDelegation, ByClass, ByMode, ByMet}

// NoKey is the key of the cases that have nothing by which a cut could tell them apart.
const NoKey = "-"

// cuts are the key of a case in each cut, and what the keys are sorted by.
var cuts = map[Cut]struct{ key, order string }{
	ByDivision:   {orNoKey(`c.lead_division`), `coalesce((select v.sort from divisions v where v.code = c.lead_division), 0)`},
	ByTopic:      {orNoKey(`c.described ->> 'category'`), `0`},
	ByBody:       {`c.body`, `case c.body when 'npc' then 0 else 1 end`},
	ByLevel:      {`c.level`, levelOrder},
	ByTerm:       {`c.body || '.' || c.level || '.' || c.term`, `- c.term`},
	ByDelegation: {orNoKey(`c.described ->> 'delegation'`), `0`},
	ByClass:      {orNoKey(sentClass), `0`},
	ByMode:       {orNoKey(lastMode), `0`},
	ByMet:        {orNoKey(lastMet), `0`},
}

const levelOrder = `case c.level when 'national' then 0 when 'province' then 1 when 'city' then 2 else 3 end`

func orNoKey(key string) string { return `coalesce(nullif(` + key + `, ''), '` + NoKey + `')` }

// Filter is a filter of the bureau's list that chooses the cases with the key; "" is the sum of all.
func (c Cut) Filter(key string) TaskFilter {
	f := TaskFilter{Box: Every}
	switch {
	case key == "":
	case c == ByDivision:
		f.Division = proposal.DivisionID(key)
	case c == ByTopic:
		f.Topic = key
	case c == ByBody:
		f.Body = assembly.Body(key)
	case c == ByLevel:
		f.Level = assembly.Level(key)
	default:
		f.Cut = CutCases(string(c) + "." + key)
	}
	return f
}

// CutCases names the cases of one key of a cut, so that a list can be of exactly these: the cut and the key, with a dot between.
type CutCases string

// Parts reads the name; false if it names no cut.
func (f CutCases) Parts() (by Cut, key string, ok bool) {
	name, key, ok := strings.Cut(string(f), ".")
	return Cut(name), key, ok && slices.Contains(Cuts, Cut(name))
}

// ofCut narrows a list to these cases.
func (q *caseQuery) ofCut(f CutCases) {
	by, key, _ := f.Parts()
	q.where = append(q.where, cuts[by].key+` = `+q.arg(key)+`::text`)
}

// RateCount is a figure: how many cases it is reckoned over, and for how many of them it holds.
type RateCount struct{ Counted, Of int }

// RateRow is the figures of one key of a cut, in the order asked for; the key "" is the sum of all.
type RateRow struct {
	Key    string
	Counts []RateCount
}

// Statistics counts figures of a period over the cases that the viewer may see, the sum last. A key for which there is nothing to
// reckon over has no row.
func (s *Store) Statistics(ctx context.Context, viewer proposal.Person, p Period, by Cut, of []Rate) ([]RateRow, error) {
	q := s.reckoned(viewer, p)
	var sums []string
	for _, r := range of {
		sums = append(sums, `count(*) filter (where `+r.column()+` is not null)`, `count(*) filter (where `+r.column()+`)`)
	}
	rows, err := s.pool.Query(ctx, `
		with f as materialized (select `+cuts[by].key+` as key, `+cuts[by].order+` as place, `+q.asked(of)+` from cases c where `+q.all()+`)
		select case when grouping(key) = 1 then '' else key end, array[`+strings.Join(sums, ", ")+`]
		from f group by grouping sets ((place, key), ()) order by grouping(key), place, key collate zh`, q.args)
	if err != nil {
		return nil, edge(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f RateRow, err error) {
		var counts []int
		if err := row.Scan(&f.Key, &counts); err != nil {
			return f, err
		}
		for i := range of {
			f.Counts = append(f.Counts, RateCount{Of: counts[2*i], Counted: counts[2*i+1]})
		}
		return f, nil
	})
	return slices.DeleteFunc(all, func(f RateRow) bool { return f.Key != "" && f.empty() }), edge(err)
}

func (f RateRow) empty() bool {
	return !slices.ContainsFunc(f.Counts, func(c RateCount) bool { return c.Of > 0 })
}

// RateCase is what each of the Rates makes of one case: nil where the case is not one that it is reckoned over.
type RateCase struct {
	CaseRow
	Holds []*bool
}

// StatisticsCases are the cases behind the figures of a period, as the viewer may see them, by number.
func (s *Store) StatisticsCases(ctx context.Context, viewer proposal.Person, p Period) ([]RateCase, error) {
	q := s.reckoned(viewer, p)
	var holds []string
	for _, r := range Rates {
		holds = append(holds, r.column())
	}
	rows, err := s.pool.Query(ctx, `
		with f as materialized (select c.*, `+q.asked(Rates)+` from cases c where `+q.all()+`)
		select `+caseRow+`, array[`+strings.Join(holds, ", ")+`] from f c `+caseNames+`
		where coalesce(`+strings.Join(holds, ", ")+`) is not null
		order by c.body desc, c.level, c.term, c.session, c.intersession, c.number collate zh`, q.args)
	if err != nil {
		return nil, edge(err)
	}
	cases, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c RateCase, err error) {
		c.CaseRow, err = scanCaseRowAnd(row, &c.Holds)
		c.showTo(viewer)
		return c, err
	})
	return cases, edge(err)
}

// touched holds for every case that any of the rates is reckoned over, and is cheap to ask.
const touched = `(c.answer_due between @from::date and @to::date or c.assigned_on between @from::date and @to::date
	or exists (select from commitments m where m.case_id = c.id and m.due_on between @from::date and @to::date))`

// reckoned are the cases of the period that the viewer may see.
func (s *Store) reckoned(viewer proposal.Person, p Period) *caseQuery {
	q := &caseQuery{args: pgx.NamedArgs{}, where: []string{touched}}
	q.visibleTo(viewer)
	s.period(q, p)
	return q
}

// asked are the columns that say of each case c, by rate, whether it holds: null where the case is not one that it is reckoned over.
func (q *caseQuery) asked(of []Rate) string {
	var columns []string
	for _, r := range of {
		among, counted := q.rate(r)
		columns = append(columns, `case when `+among+` then coalesce(`+counted+`, false) end as `+r.column())
	}
	return strings.Join(columns, ", ")
}

func (r Rate) column() string { return pgx.Identifier{string(r)}.Sanitize() }
