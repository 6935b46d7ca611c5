package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Supposition is what is tried out on the open cases: that people are away, that there is somebody more, that days are other days. None of it
// is recorded.
type Supposition struct {
	Away     []proposal.PersonID
	From, To calendar.Date     // on which they are away, both days included; zero if nobody is
	More     []proposal.Person // who would be there besides
	Days     *calendar.Calendar
	Of       func(proposal.State) bool // the cases that are looked at
}

// Supposed is what would be different.
type Supposed struct {
	Open  int            // unfinished cases that were looked at
	Cases []SupposedCase // those that would be touched, the first to fall due first
	Loads map[proposal.PersonID]*SupposedLoad
}

// SupposedCase is a case for which something would be different.
type SupposedCase struct {
	OpenState
	Nobody []SupposedTask  // what it asks for and nobody could do
	Later  []proposal.Role // for a step that is still to come nobody would be left
	Helped []proposal.Task // what nobody can do today, and somebody could
	Moved  []proposal.MovedClock
}

// SupposedTask is a task that nobody could do from a day on: whose it is by name or by claim, if it is somebody's who is away.
type SupposedTask struct {
	proposal.Task
	From calendar.Date
	Of   proposal.PersonID
}

// SupposedLoad is what somebody holds.
type SupposedLoad struct {
	Held  int                       // open cases in which a task is theirs today, by name or by claim, as the overview counts them
	From  map[proposal.PersonID]int // cases that would come to them besides, by whom of those away they cover for
	Alone int                       // open cases in which nobody else would be left to take a task that is nobody's yet
}

// stretch are days on which the same people cover for the same others.
type stretch struct {
	from          calendar.Date
	before, staff proposal.Staff // as it is, and as it is supposed
}

// Suppose goes through the open cases and tells what would be different.
func (s *Store) Suppose(ctx context.Context, of Supposition) (Supposed, error) {
	now := Supposed{Loads: map[proposal.PersonID]*SupposedLoad{}}
	bureau, err := s.Bureau(ctx, calendar.Date{})
	if err != nil {
		return now, err
	}
	days, err := s.Calendar(ctx)
	if err != nil {
		return now, err
	}
	stretches, err := s.stretches(ctx, of)
	if err != nil {
		return now, err
	}
	held, err := s.assigned(ctx)
	if err != nil {
		return now, err
	}
	_, err = s.eachOpen(ctx, bureau, func(o OpenState, pack *proposal.Pack) {
		if !of.Of(o.State) {
			return
		}
		now.Open++
		c := SupposedCase{OpenState: o}
		for _, st := range stretches {
			c.staffed(st, pack, held[o.CaseID], of.Away)
		}
		if len(of.More) > 0 {
			can := stretches[0].staff.Unmanned(o.State, pack)
			c.Helped = slices.DeleteFunc(stretches[0].before.Unmanned(o.State, pack), func(t proposal.Task) bool { return slices.Contains(can, t) })
		}
		if of.Days != nil {
			c.Moved = proposal.MovedBy(o.State, pack, s.Now(), days, of.Days)
		}
		if !o.State.Stage.Ended() {
			now.load(c, stretches, pack, held[o.CaseID], of.Away)
		}
		if len(c.Nobody)+len(c.Later)+len(c.Helped)+len(c.Moved) > 0 {
			now.Cases = append(now.Cases, c)
		}
	})
	slices.SortStableFunc(now.Cases, func(a, b SupposedCase) int {
		return cmp.Or(dueNow(a.State).Compare(dueNow(b.State)), cmp.Compare(a.Number, b.Number))
	})
	return now, err
}

// dueNow sorts a case without a date last.
func dueNow(s proposal.State) calendar.Date {
	if due := s.DueNow(); due != nil {
		return due.Due()
	}
	return calendar.NewDate(9999, 12, 31)
}

// staffed adds what nobody could do on the days of the stretch, and somebody could if all were there.
func (c *SupposedCase) staffed(st stretch, pack *proposal.Pack, held map[proposal.TaskKey]proposal.PersonID, away []proposal.PersonID) {
	if nobody := st.staff.Unmanned(c.State, pack); len(nobody) > 0 {
		before := st.before.Unmanned(c.State, pack)
		for _, t := range nobody {
			told := slices.ContainsFunc(c.Nobody, func(n SupposedTask) bool { return n.Task == t })
			if told || slices.Contains(before, t) {
				continue
			}
			lost := SupposedTask{Task: t, From: st.from}
			if slices.Contains(away, held[t.Key()]) {
				lost.Of = held[t.Key()]
			}
			c.Nobody = append(c.Nobody, lost)
		}
	}
	if missing := st.staff.Missing(c.State, pack); len(missing) > 0 {
		before := st.before.Missing(c.State, pack)
		for _, role := range missing {
			told := slices.ContainsFunc(c.Nobody, func(n SupposedTask) bool { return n.Role == role }) || slices.Contains(c.Later, role)
			if !told && !slices.Contains(before, role) {
				c.Later = append(c.Later, role)
			}
		}
	}
}

// load adds what the case is to whom.
func (now *Supposed) load(
	c SupposedCase, stretches []stretch, pack *proposal.Pack, held map[proposal.TaskKey]proposal.PersonID, away []proposal.PersonID,
) {
	of := func(p proposal.PersonID) *SupposedLoad {
		if now.Loads[p] == nil {
			now.Loads[p] = &SupposedLoad{From: map[proposal.PersonID]int{}}
		}
		return now.Loads[p]
	}
	holders := map[proposal.PersonID]bool{}
	for _, p := range held {
		if !holders[p] {
			holders[p] = true
			of(p).Held++
		}
	}
	come, alone := map[[2]proposal.PersonID]bool{}, map[proposal.PersonID]bool{}
	for _, t := range proposal.TasksOf(c.State, pack) {
		holder := held[t.Key()]
		for _, st := range stretches {
			if slices.Contains(away, holder) {
				for _, taker := range st.staff.TakesFor(holder, t, c.State, pack) {
					if pair := [2]proposal.PersonID{taker, holder}; !holders[taker] && !come[pair] {
						come[pair] = true
						of(taker).From[holder]++
					}
				}
			} else if left, lost := takers(st, t, away); holder == "" && lost && len(left) == 1 && !alone[left[0]] {
				alone[left[0]] = true
				of(left[0]).Alone++
			}
		}
	}
}

// takers are who could take a task that is nobody's yet, and whether somebody of those away could. Who may do what after which other part in
// the case is not looked at.
func takers(st stretch, t proposal.Task, away []proposal.PersonID) (left []proposal.PersonID, lost bool) {
	for _, p := range st.before {
		lost = lost || slices.Contains(away, p.ID) && p.MayTake(t)
	}
	for _, p := range st.staff {
		if p.MayTake(t) {
			left = append(left, p.ID)
		}
	}
	return left, lost
}

// stretches divides the days of the absence by who covers for whom; without one there is today alone.
func (s *Store) stretches(ctx context.Context, of Supposition) (all []stretch, err error) {
	first := []calendar.Date{calendar.DateOf(s.Now())}
	if len(of.Away) > 0 {
		rows, err := s.pool.Query(ctx, `
			select $1::date union
			select d from proxies x cross join lateral (values (x.from_date), (x.to_date + 1)) v (d)
			where x.confirmed_at is not null and x.revoked_at is null and x.case_id is null and d between $1::date and $2::date order by 1`, of.From, of.To)
		if err != nil {
			return nil, edge(err)
		}
		if first, err = pgx.CollectRows(rows, pgx.RowTo[calendar.Date]); err != nil {
			return nil, edge(err)
		}
	}
	for _, day := range first {
		staff, err := s.staffOn(ctx, day)
		if err != nil {
			return nil, err
		}
		all = append(all, stretch{from: day, before: staff, staff: append(staff.Without(of.Away), of.More...)})
	}
	return all, nil
}

// assigned are the open tasks of open cases that are somebody's, by case.
func (s *Store) assigned(ctx context.Context) (map[string]map[proposal.TaskKey]proposal.PersonID, error) {
	rows, err := s.pool.Query(ctx, `
		select t.case_id::text, t.ask, t.ref, t.assignee::text from tasks t join cases c on c.id = t.case_id and not c.finished
		where t.closed_at is null and t.assignee is not null`)
	if err != nil {
		return nil, edge(err)
	}
	held := map[string]map[proposal.TaskKey]proposal.PersonID{}
	var id string
	var key proposal.TaskKey
	var person proposal.PersonID
	_, err = pgx.ForEachRow(rows, []any{&id, &key.Ask, &key.Ref, &person}, func() error {
		if held[id] == nil {
			held[id] = map[proposal.TaskKey]proposal.PersonID{}
		}
		held[id][key] = person
		return nil
	})
	return held, edge(err)
}

// Hands count, of the cases of a list, how many each person let through each gate from a day on, and how many drafts they sent to review
// ([DraftingGate]). A case that two let through counts for both.
func (s *Store) Hands(ctx context.Context, person proposal.PersonID, f TaskFilter, from calendar.Date) (map[Gate]map[proposal.PersonID]int, error) {
	q, err := s.list(ctx, person, f)
	if err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, `
		select case e.kind when 'publish' then 'publication' when 'submit' then 'drafting' else e.from_stage end, e.by::text, count(distinct e.case_id)
		from (`+q.sql+`) l join events e on e.case_id = l.case_id
		where e.at >= `+q.arg(from.Start())+`::timestamptz and (e.on_date is null or e.on_date >= `+q.arg(from)+`::date)
			and (e.kind in ('publish', 'submit') or e.kind = any (`+q.arg(gateKinds)+`::text[])) and e.by is not null
		group by 1, 2`, q.args)
	if err != nil {
		return nil, edge(err)
	}
	hands := map[Gate]map[proposal.PersonID]int{}
	var at Gate
	var by proposal.PersonID
	var n int
	_, err = pgx.ForEachRow(rows, []any{&at, &by, &n}, func() error {
		if hands[at] == nil {
			hands[at] = map[proposal.PersonID]int{}
		}
		hands[at][by] = n
		return nil
	})
	return hands, edge(err)
}

// DraftingGate stands in Hands for the drafts that were sent to review; the gates proper follow it.
const DraftingGate Gate = "drafting"

// AnswersThrough counts the cases of a list that were answered from a day on and in whose answer one of the people had a part: wrote it, let it
// through a gate, or answers for the case. By the day of the answer.
func (s *Store) AnswersThrough(ctx context.Context, person proposal.PersonID, f TaskFilter, people []proposal.PersonID, from calendar.Date) ([]AnswerDays, error) {
	q, err := s.list(ctx, person, f)
	if err != nil {
		return nil, err
	}
	whose := q.arg(people)
	rows, err := s.pool.Query(ctx, `
		select c.answered_on, count(*) from (`+q.sql+`) l join cases c on c.id = l.case_id
		where c.answered_on >= `+q.arg(from)+`::date and (c.handler = any (`+whose+`::uuid[]) or exists (
			select from events e where e.case_id = c.id and e.by = any (`+whose+`::uuid[]) and (e.kind = 'submit' or e.kind = any (`+q.arg(gateKinds)+`::text[]))))
		group by 1 order by 1`, q.args)
	if err != nil {
		return nil, edge(err)
	}
	days, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d AnswerDays, err error) {
		return d, row.Scan(&d.On, &d.N)
	})
	return days, edge(err)
}
