package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// watchDays are the days by which what is watched is counted today.
type watchDays struct {
	near    calendar.Date // the last day that is near
	still   calendar.Date // the first day on which nothing may have happened to a case that counts as still
	promise calendar.Date // the last day on which a promise may fall due that is watched
}

// watch counts the days by the pack that the bureau follows today: it says how the bureau looks after its cases now, whatever rules
// bind each of them.
func (s *Store) watch(ctx context.Context, today calendar.Date) (d watchDays, err error) {
	days, err := s.Calendar(ctx)
	if err != nil {
		return d, err
	}
	rules, err := s.WatchRules(ctx)
	if err != nil {
		return d, err
	}
	d = watchDays{near: days.AddWorkdays(today, NearDays).End, still: today, promise: today.AddDays(rules.Promise)}
	for days.WorkdaysBetween(d.still, today) < rules.Still {
		d.still = d.still.AddDays(-1)
	}
	d.still = d.still.AddDays(1)
	return d, nil
}

// RulesNow is the pack that the bureau follows today, for what belongs to no case; an empty one before the set-up.
func (s *Store) RulesNow(ctx context.Context) (*proposal.Pack, error) {
	bureau, err := s.Bureau(ctx, calendar.Date{})
	pack, ok := s.PackFor(bureau.Profile, calendar.DateOf(s.Now()))
	if !ok {
		pack = &proposal.Pack{}
	}
	return pack, err
}

// WatchRules say what calls for somebody's eye in this bureau today.
func (s *Store) WatchRules(ctx context.Context) (proposal.WatchRules, error) {
	pack, err := s.RulesNow(ctx)
	rules := pack.Watch
	usual := proposal.UsualWatch
	return proposal.WatchRules{
		Still: cmp.Or(rules.Still, usual.Still), Promise: cmp.Or(rules.Promise, usual.Promise), Brief: cmp.Or(rules.Brief, usual.Brief),
	}, err
}

// byWatch are the filters that count by these days.
func (f TaskFilter) byWatch() bool {
	return slices.Contains([]Only{OnlyReturnable, OnlyUncalled, OnlyStill, OnlyPromiseDue}, f.Only)
}

func (d watchDays) into(args pgx.NamedArgs) {
	args["near"], args["still"], args["promise"] = d.near, d.still.Start(), d.promise
}

// isStill says that somebody could act on case c, and nobody has for as long as is watched.
const isStill = `(c.last_at < @still::timestamptz and exists (select from tasks o where o.case_id = c.id and o.closed_at is null))`

// isBackAgain says that the reply of case c was sent back twice or more and is not sent. What was sent back before an earlier reply went
// out does not count.
const isBackAgain = `(` + backs + ` > 1)`

const backs = `(
	select count(*) from events e where e.case_id = c.id and e.kind = 'send_back' and e.no > (
		select coalesce(max(d.no), 0) from events d where d.case_id = c.id and d.kind = 'dispatch'))`

// decided adds what somebody who supervises decides on.
func (q *caseQuery) decided(f TaskFilter) {
	add := func(condition string) { q.where = append(q.where, condition) }
	switch f.Only {
	case OnlyUnsigned:
		add(q.asks(f.Box, acceptAsks, ` and o.due <= @today::date`))
	case OnlyReturnable:
		add(q.stageIn(beforeAcceptance) + ` and c.return_until between @today::date and @near::date`)
	case OnlyUncalled:
		add(`c.open and c.contact_until <= @near::date`)
	case OnlyAwaitLate:
		if f.Owes != "" { // that division's
			add(q.asks(Bureau, opinionAsks, ` and o.due < @today::date and o.division = `+q.arg(f.Owes)+`::text`))
			return
		}
		add(q.asks(f.Box, opinionAsks, ` and o.due < @today::date`))
	case OnlyExtension:
		add(q.asks(f.Box, extendAsks, ""))
	case OnlyBackAgain:
		add(q.stageIn(unsent) + ` and ` + isBackAgain)
	case OnlyStill:
		add(isStill)
	case OnlyUndrafted:
		add(`c.open and c.draft_until < @today::date`)
	case OnlyBehind:
		add(`c.open and c.plan_until < @today::date`)
	case OnlyStuck:
		add(`c.id = any (@stuck::uuid[])`)
	case OnlyRehandled:
		add(`(c.round > 1 and ` + q.stageIn(unsent) + ` or c.stage = 'report_up')`)
	case OnlyPromiseDue:
		add(q.asks(f.Box, promiseAsks, ` and o.due <= @promise::date`))
	}
}

var (
	beforeAcceptance = []proposal.Stage{proposal.Registered, proposal.Assigning, proposal.Accepting}
	unsent           = proposal.Stages[:slices.Index(proposal.Stages, proposal.Answered)]
)

func (q *caseQuery) stageIn(stages []proposal.Stage) string {
	return `c.stage = any (` + q.arg(stages) + `::text[])`
}

// happened adds what happened since a moment, and before another.
func (q *caseQuery) happened(f TaskFilter) {
	then := func(at string) string {
		when := at + ` >= ` + q.arg(f.Since.UTC()) + `::timestamptz`
		if !f.Until.IsZero() {
			when += ` and ` + at + ` < ` + q.arg(f.Until.UTC()) + `::timestamptz`
		}
		return when
	}
	add := func(condition string) { q.where = append(q.where, condition) }
	event := func(kind proposal.Kind) string {
		return `c.id in (select e.case_id from events e where e.kind = ` + q.arg(kind) + `::text and ` + then(`e.at`) + `)`
	}
	switch f.Only {
	case OnlyCame:
		add(then(`c.registered_at`))
	case OnlyFellLate: // late from the end of the due day on
		add(`c.open and ` + q.box.due + ` < @today::date and ` + q.box.due + ` >= ` + q.arg(calendar.DateOf(f.Since)) + `::date`)
		if !f.Until.IsZero() {
			add(q.box.due + ` < ` + q.arg(calendar.DateOf(f.Until)) + `::date`)
		}
	case OnlySentBack:
		add(event(proposal.SendBack))
	case OnlyReplied:
		add(event(proposal.Dispatch))
	case OnlyRated:
		add(`c.id in (select k.case_id from feedback k where ` + then(`k.at`) + `)`)
	case OnlyRatedBad:
		add(`c.id in (select k.case_id from feedback k where k.result = 'dissatisfied' and ` + then(`k.at`) + `)`)
	}
}
