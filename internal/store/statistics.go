package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
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

// What the same table counts of the co-signers (附议代表答复): of the cases that lead and have any.
const (
	CoSignersRate         Rate = "co_signers"          // cases that have any
	CoSignersAnsweredRate Rate = "co_signers_answered" // answered, each by a reply of their own or through the lead
	CoSignersEachRate     Rate = "co_signers_each"     // by a reply of their own, as the rule pack of the case wants it
	CoSignersReachedRate  Rate = "co_signers_reached"  // one of them was reached
	CoSignersRatedRate    Rate = "co_signers_rated"    // one of them rated a reply
)

// What is looked back at (回头看): of the cases that were assigned in the period and lead, and are answered, the class of the first reply and of the last, and
// what became of their promises up to today. A case with several promises is kept if all are, and overdue if one is.
const (
	RepliedRate         Rate = "replied"
	FirstSolvedRate     Rate = "first_solved"  // A类: a class that solves
	FirstPlannedRate    Rate = "first_planned" // B类: a class that promises
	NowSolvedRate       Rate = "now_solved"
	NowPlannedRate      Rate = "now_planned"
	WithPromiseRate     Rate = "with_promise"
	PromisesDueRate     Rate = "promises_due"
	PromisesKeptRate    Rate = "promises_kept"
	PromisesOverdueRate Rate = "promises_overdue"
	PromisesAheadRate   Rate = "promises_ahead" // not kept yet, and none is due before today
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
	CoSignersRate, CoSignersAnsweredRate, CoSignersEachRate, CoSignersReachedRate, CoSignersRatedRate,
	RepliedRate, FirstSolvedRate, FirstPlannedRate, NowSolvedRate, NowPlannedRate,
	WithPromiseRate, PromisesDueRate, PromisesKeptRate, PromisesOverdueRate, PromisesAheadRate,
}

// EveryRate is what the statistics, the tables and the summary count, each once; the tables count the classes of reply of the bureau's rules besides.
var EveryRate = append(slices.Clone(Rates), slices.DeleteFunc(slices.Clone(TableRates), func(r Rate) bool { return slices.Contains(Rates, r) })...)

// reckoning is what a rate counts: of the facts f with a day in the period for which of holds, those for which counted holds too. The figures
// and the lists that they open are both made of this, and of nothing else.
type reckoning struct {
	by          dayIn
	of, counted string
}

// dayIn is by which of its days a case belongs to a period, with the facts that the rates by that day ask for, besides those that tell
// cases apart.
type dayIn struct{ in, facts string }

// The bounds of a period; a case with several promises belongs to several.
var (
	byOwed = dayIn{
		`f.owed_by between @from::date and @to::date`,
		`f.handling_type, f.pack, f.body, f.answered, f.in_time, f.rehandled, f.publication, f.mode, f.met_by, f.met, f.first_result, f.attitude, f.result, f.class, f.co_signed, f.co_reached, f.co_rated`,
	}
	byAssigned = dayIn{
		`f.assigned_on between @from::date and @to::date`,
		`f.returned, f.handling_type, f.pack, f.answered, f.first_class, f.class, f.promised_for, f.unkept_for`,
	}
	byPromised = dayIn{
		`f.case_id in (select m.case_id from commitments m where m.due_on between @from::date and @to::date)`,
		`f.promised_for, f.unkept_for`,
	}
	daysIn = []dayIn{byOwed, byAssigned, byPromised}
)

// The parts of what a figure counts. Cases that lead are due in the period if their first reply was.
const (
	led       = `f.handling_type in ('alone', 'lead', 'split')`
	replied   = led + ` and f.answered`
	rated     = replied + ` and f.result is not null`
	coHandled = `f.handling_type = 'co_handle'`
	solves    = `(f.pack, f.class) in (` + solving + `)`
	solving   = `select * from unnest(@packs::text[], @classes::text[])`
	planning  = `select * from unnest(@planning_packs::text[], @planning_classes::text[])`
	toEach    = `(f.pack, f.body) in (select * from unnest(@each_packs::text[], @each_bodies::text[]))`
	coSigned  = led + ` and f.co_signed`
	vowed     = replied + ` and f.promised_for <> '{}'`
	overdue   = `exists (select from unnest(f.unkept_for) d where d < @today::date)`
	promised  = `exists (select from unnest(f.promised_for) d where d between @from::date and @to::date)`
	unkept    = `exists (select from unnest(f.unkept_for) d where d between @from::date and @to::date)`
)

var rates = map[Rate]reckoning{
	AnsweredRate:       {byOwed, led, `f.answered`},
	InTimeRate:         {byOwed, led, `f.in_time`},
	ContactedRate:      {byOwed, led, `f.mode is not null`},
	MetRate:            {byOwed, led, `f.met`},
	RatedRate:          {byOwed, replied, `f.result is not null`},
	SatisfiedRate:      {byOwed, rated, `f.result in ('satisfied', 'basically')`},
	FullySatisfiedRate: {byOwed, rated, `f.result = 'satisfied'`},
	AttitudeRate:       {byOwed, rated, `f.attitude in ('satisfied', 'basically')`},
	FirstRoundRate:     {byOwed, replied + ` and f.first_result is not null`, `f.first_result in ('satisfied', 'basically')`},
	SolvedRate:         {byOwed, replied, solves},
	PublishedRate:      {byOwed, replied + ` and f.publication is not null`, `f.publication = 'published'`},
	KeptRate:           {byPromised, promised, `not ` + unkept},
	RehandledRate:      {byOwed, replied, `f.rehandled`},
	ReturnedRate:       {byAssigned, `true`, `f.returned`},
	CoInTimeRate:       {byOwed, coHandled, `f.in_time`},

	HandledRate:         {byOwed, `f.handling_type in ('alone', 'lead', 'split', 'co_handle')`, `f.answered`},
	CoAnsweredRate:      {byOwed, coHandled, `f.answered`},
	BureauHeadMetRate:   {byOwed, led, `f.met_by = 'bureau_head'`},
	LeaderMetRate:       {byOwed, led, `f.met_by = 'leader'`},
	DivisionHeadMetRate: {byOwed, led, `f.met_by = 'division_head'`},
	OfficerMetRate:      {byOwed, led, `f.met_by = 'officer'`},
	ForumRate:           {byOwed, led, `f.mode = 'forum'`},
	VisitRate:           {byOwed, led, `f.mode in ('visit', 'meeting')`},
	DistanceRate:        {byOwed, led, `f.mode in ('phone', 'video', 'letter')`},

	CoSignersRate:         {byOwed, led, `f.co_signed`},
	CoSignersAnsweredRate: {byOwed, coSigned, `f.answered`},
	CoSignersEachRate:     {byOwed, coSigned, `f.answered and ` + toEach},
	CoSignersReachedRate:  {byOwed, coSigned, `f.co_reached`},
	CoSignersRatedRate:    {byOwed, coSigned, `f.co_rated`},

	RepliedRate:         {byAssigned, led, `f.answered`},
	FirstSolvedRate:     {byAssigned, replied, `(f.pack, f.first_class) in (` + solving + `)`},
	FirstPlannedRate:    {byAssigned, replied, `(f.pack, f.first_class) in (` + planning + `)`},
	NowSolvedRate:       {byAssigned, replied, solves},
	NowPlannedRate:      {byAssigned, replied, `(f.pack, f.class) in (` + planning + `)`},
	WithPromiseRate:     {byAssigned, replied, `f.promised_for <> '{}'`},
	PromisesDueRate:     {byAssigned, vowed, `exists (select from unnest(f.promised_for) d where d <= @today::date)`},
	PromisesKeptRate:    {byAssigned, vowed, `f.unkept_for = '{}'`},
	PromisesOverdueRate: {byAssigned, vowed, overdue},
	PromisesAheadRate:   {byAssigned, vowed, `f.unkept_for <> '{}' and not ` + overdue},

	AttitudeFullRate:         {byOwed, rated, `f.attitude = 'satisfied'`},
	AttitudeBasicallyRate:    {byOwed, rated, `f.attitude = 'basically'`},
	AttitudeDissatisfiedRate: {byOwed, rated, `f.attitude = 'dissatisfied'`},
	BasicallySatisfiedRate:   {byOwed, rated, `f.result = 'basically'`},
	DissatisfiedRate:         {byOwed, rated, `f.result = 'dissatisfied'`},
}

// Part chooses among the cases of a figure.
type Part string

const (
	PartOf      Part = "of"      // all that it is reckoned over
	PartCounted Part = "counted" // those for which it holds
	PartMissed  Part = "missed"  // the others
)

// Period is the days from the first to the last, both with it.
type Period struct{ From, To calendar.Date }

// YearTo is the period from the first day of the year of a day to that day.
func YearTo(day calendar.Date) Period { return Period{calendar.NewDate(day.Year, 1, 1), day} }

// yearBefore is the same days a year earlier.
func (p Period) yearBefore() Period {
	return Period{From: calendar.NewDate(p.From.Year-1, p.From.Month, p.From.Day), To: calendar.NewDate(p.To.Year-1, p.To.Month, p.To.Day)}
}

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
	k := q.rate(r)
	condition := k.by.in + ` and ` + k.of
	switch part {
	case PartCounted:
		condition += ` and coalesce(` + k.counted + `, false)`
	case PartMissed:
		condition += ` and not coalesce(` + k.counted + `, false)`
	}
	q.where = append(q.where, `c.id in (select f.case_id from case_facts f where `+condition+`)`)
}

// rate is what a figure counts.
func (q *caseQuery) rate(r Rate) reckoning {
	if class, ok := r.Class(); ok {
		return reckoning{byOwed, replied, `f.class = ` + q.arg(class) + `::text`}
	}
	return rates[r]
}

// period names what the conditions of the rates speak of.
func (s *Store) period(q *caseQuery, p Period) {
	var solving, planning, each struct{ packs, of []string }
	for pack := range s.Rules.all() {
		for _, class := range pack.Classes {
			switch {
			case class.Solves():
				solving.packs, solving.of = append(solving.packs, pack.ID), append(solving.of, class.Code)
			case class.Promises():
				planning.packs, planning.of = append(planning.packs, pack.ID), append(planning.of, class.Code)
			}
		}
		for body, reply := range pack.Reply {
			if reply.CoSigners == proposal.ReplyToEach {
				each.packs, each.of = append(each.packs, pack.ID), append(each.of, string(body))
			}
		}
	}
	for name, value := range map[string]any{
		"from": p.From, "to": p.To, "today": calendar.DateOf(s.Now()), "packs": notNil(solving.packs), "classes": notNil(solving.of),
		"planning_packs": notNil(planning.packs), "planning_classes": notNil(planning.of), "each_packs": notNil(each.packs), "each_bodies": notNil(each.of),
	} {
		q.args[name] = value
	}
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

// cuts are the key of the facts f of a case in each cut, and what a key is sorted by.
var cuts = map[Cut]struct{ key, order string }{
	ByDivision:   {orNoKey(`f.division`), `coalesce((select v.sort from divisions v where v.code = key), 0)`},
	ByTopic:      {orNoKey(`f.topic`), `0`},
	ByBody:       {`f.body`, `case key when 'npc' then 0 else 1 end`},
	ByLevel:      {`f.level`, `case key when 'national' then 0 when 'province' then 1 when 'city' then 2 else 3 end`},
	ByTerm:       {`f.body || '.' || f.level || '.' || f.term`, `- split_part(key, '.', 3)::int`},
	ByDelegation: {orNoKey(`f.delegation`), `0`},
	ByClass:      {orNoKey(`f.class`), `0`},
	ByMode:       {orNoKey(`f.mode`), `0`},
	ByMet:        {orNoKey(`f.met_by`), `0`},
}

func orNoKey(fact string) string { return `coalesce(nullif(` + fact + `, ''), '` + NoKey + `')` }

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
	q.where = append(q.where, `exists (select from case_facts f where f.case_id = c.id and `+cuts[by].key+` = `+q.arg(key)+`::text)`)
}

// RateCount is a figure: how many cases it is reckoned over, and for how many of them it holds.
type RateCount struct{ Counted, Of int }

// RateRow is the figures of one key of a cut, in the order asked for; the key "" is the sum of all.
type RateRow struct {
	Key    string
	Counts []RateCount
	Before []RateCount // of the same days a year earlier, if StatisticsOfTwoYears was asked
}

// StatisticsOfTwoYears are the Statistics of a period, each figure with that of the same days a year earlier.
func (s *Store) StatisticsOfTwoYears(ctx context.Context, viewer proposal.Person, p Period, cut Cut, of []Rate) ([]RateRow, error) {
	var now, before []RateRow
	years, ctx := errgroup.WithContext(ctx)
	years.Go(func() (err error) {
		now, err = s.Statistics(ctx, viewer, p, cut, of)
		return err
	})
	years.Go(func() (err error) {
		before, err = s.Statistics(ctx, viewer, p.yearBefore(), cut, of)
		return err
	})
	if err := years.Wait(); err != nil {
		return nil, err
	}
	for i := range now {
		now[i].Before = make([]RateCount, len(of))
		if at := slices.IndexFunc(before, func(b RateRow) bool { return b.Key == now[i].Key }); at >= 0 {
			now[i].Before = before[at].Counts
		}
	}
	return now, nil
}

// Statistics counts figures of a period over the cases that the viewer may see, the sum last. A key for which there is nothing to
// reckon over has no row.
func (s *Store) Statistics(ctx context.Context, viewer proposal.Person, p Period, cut Cut, of []Rate) ([]RateRow, error) {
	q := &caseQuery{args: pgx.NamedArgs{}}
	q.visibleTo(viewer)
	s.period(q, p)
	asked := make([]reckoning, len(of))
	sums := make([]string, 2*len(of))
	for i, r := range of {
		asked[i] = q.rate(r)
		sums[2*i], sums[2*i+1] = fmt.Sprintf(`coalesce(sum(of%d), 0)::bigint`, i), fmt.Sprintf(`coalesce(sum(counted%d), 0)::bigint`, i)
	}
	var parts []string
	for _, by := range daysIn {
		if slices.ContainsFunc(asked, func(k reckoning) bool { return k.by == by }) {
			parts = append(parts, q.counted(cut, by, asked))
		}
	}
	rows, err := s.pool.Query(ctx, `
		select case when grouping(key) = 1 then '' else key end, array[`+strings.Join(sums, ", ")+`]
		from (select *, `+cuts[cut].order+` as place from (`+strings.Join(parts, ` union all `)+`) n) n
		group by grouping sets ((place, key), ()) order by grouping(key), place, key collate zh`, q.args)
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
	q := &caseQuery{args: pgx.NamedArgs{}}
	q.visibleTo(viewer)
	s.period(q, p)
	var among, holds []string
	for _, by := range daysIn {
		among = append(among, `select f.case_id from case_facts f where `+by.in)
	}
	for _, r := range Rates {
		k := q.rate(r)
		holds = append(holds, `case when `+k.by.in+` and `+k.of+` then coalesce(`+k.counted+`, false) end`)
	}
	q.where = append(q.where, `c.id in (`+strings.Join(among, ` union `)+`)`, `coalesce(`+strings.Join(holds, ", ")+`) is not null`)
	rows, err := s.pool.Query(ctx, `
		select `+caseRow+`, array[`+strings.Join(holds, ", ")+`] from cases c join case_facts f on f.case_id = c.id `+caseNames+`
		where `+q.all()+` order by c.body desc, c.level, c.term, c.session, c.intersession, c.number collate zh`, q.args)
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

// counted counts, by the key of a cut, the rates that go by one of the days; the others count nothing here. Cases that are alike in
// everything that the rates ask are counted first, and each kind of them is looked at once.
func (q *caseQuery) counted(cut Cut, by dayIn, asked []reckoning) string {
	var sums []string
	for i, k := range asked {
		of, counted := `0`, `0`
		if k.by == by {
			of, counted = `sum(n) filter (where `+k.of+`)`, `sum(n) filter (where `+k.of+` and `+k.counted+`)`
		}
		sums = append(sums, fmt.Sprintf(`coalesce(%s, 0) as of%d, coalesce(%s, 0) as counted%d`, of, i, counted, i))
	}
	from, where := q.amongFacts(by.in)
	return `
		select key, ` + strings.Join(sums, ", ") + `
		from (select ` + cuts[cut].key + ` as key, ` + by.facts + `, count(*) as n from ` + from + ` where ` + where + ` group by key, ` + by.facts + `) f
		group by key`
}

// amongFacts are the facts f for which a condition holds, of the cases that the query is of. Where it is of all, no case is looked at.
func (q *caseQuery) amongFacts(condition string) (from, where string) {
	if len(q.where) == 0 {
		return `case_facts f`, condition
	}
	return `case_facts f join cases c on c.id = f.case_id`, condition + ` and ` + q.all()
}
