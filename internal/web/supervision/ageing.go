package supervision

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/sheet"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// Ageing is how long every open case has been at its station, in working days, beside how long cases were there last year.
type Ageing struct {
	Says, Usual string // what is to be seen, and what it is compared with
	Rows        []AgeingRow
	Chart       AgeingChart
}

// AgeingRow is a station. Past days are "" where last year tells too little.
type AgeingRow struct {
	Name                     string
	Open                     ListCount
	Past                     int // how often a case left it last year
	Half, Most, Nearly       string
	Slow, Slowest            ListCount // longer there than 85 and 95 of 100 were last year; the second are among the first
	Longest                  string
	LongestCase, LongestPath string
}

// AgeingChart is the picture: stations from left to right, days from below.
type AgeingChart struct {
	Width, Height, Left int
	Ticks               []AgeingTick
	Lines               []AgeingLine
	Marks               []AgeingMark // by station, the longest there first
	Column              int          // width
}

// AgeingTick is a number of days on the scale.
type AgeingTick struct{ Y, Days int }

// AgeingLine is what half, 85 or 95 of 100 of last year's took at a station.
type AgeingLine struct {
	Class, Days string
	X1, X2, Y   int
}

// AgeingMark is a case, or as many as N says that stand too near to one another to be told apart.
type AgeingMark struct {
	Class, Path, Says, Label string
	X, Y, N                  int
	First                    bool // Tab comes to this one
}

const (
	ageingHeight = 300
	ageingLeft   = 36
	ageingColumn = 90
	ageingSpace  = 16 // between two marks
	ageingBeside = 4  // marks that stand side by side; more are one with their number
	ageingRoom   = 16 // above
	usualEnough  = 20 // that must have left a station last year before anything is compared with them
)

// took counts how often something took so many working days, from none on.
type took []int

func (t *took) add(days, n int) {
	if more := days + 1 - len(*t); more > 0 {
		*t = append(*t, make([]int, more)...)
	}
	(*t)[days] += n
}

// within are the days within which so many of 100 were done; -1 where too few were.
func (t took) within(share int) int {
	all := sum(t)
	if all < usualEnough {
		return -1
	}
	days, done := 0, t[0]
	for done < (all*share+99)/100 {
		days++
		done += t[days]
	}
	return days
}

// pastStays are how long cases of each division were at each station last year, in working days.
type pastStays map[proposal.DivisionID]map[proposal.Step]took

// lastYear reads them.
func (s *Room) lastYear(days *calendar.Calendar, today calendar.Date) func(context.Context) (pastStays, bool, error) {
	return func(ctx context.Context) (pastStays, bool, error) {
		year := today.Year - 1
		stays, err := s.store.Stays(ctx, store.Period{From: calendar.NewDate(year, 1, 1), To: calendar.NewDate(year, 12, 31)})
		past := pastStays{}
		for _, y := range stays {
			steps := past[y.Division]
			if steps == nil {
				steps = map[proposal.Step]took{}
				past[y.Division] = steps
			}
			t := steps[y.Step]
			t.add(max(0, days.WorkdaysBetween(y.Arrived, y.Moved)), y.N)
			steps[y.Step] = t
		}
		return past, len(past) > 0, err
	}
}

// station is one column: the open cases there, the longest there first, and what it took last year.
type station struct {
	step  proposal.Step
	cases []store.AgedCase
	past  took
}

// stations reads them for the cases that the viewer looks after, and waits so long for last year; read is false if it has not come.
func (s *Room) stations(ctx context.Context, who *store.Person, all store.TaskFilter, patience time.Duration) (list []station, read bool, err error) {
	cases, err := s.store.Ages(ctx, who.ID, all)
	if err != nil {
		return nil, false, err
	}
	today := calendar.DateOf(s.Now())
	stays, read, err := s.past.read(ctx, today, patience, s.lastYear(s.Days(ctx), today))
	if err != nil {
		return nil, false, err
	}
	for _, step := range overviewSteps {
		st := station{step: step}
		for _, c := range cases {
			if c.Step == step {
				st.cases = append(st.cases, c)
			}
		}
		for division, steps := range stays {
			if seesWhole(who) || slices.Contains(who.AnswersFor(), division) {
				for days, n := range steps[step] {
					st.past.add(days, n)
				}
			}
		}
		list = append(list, st)
	}
	return list, read, nil
}

// ageing puts it into words and draws it.
func (s *Room) ageing(ctx context.Context, w *locale.Words, who *store.Person, all store.TaskFilter) (*Ageing, error) {
	stations, read, err := s.stations(ctx, who, all, pagePatience)
	if err != nil {
		return nil, err
	}
	since := s.daysSince(ctx)
	a := &Ageing{}
	past, slowest := 0, []string{}
	var longest, longestAt string
	most := 0
	for _, st := range stations {
		row := ageingRow(w, st, since, all)
		past += row.Past
		if row.Slowest.N > 0 {
			slowest = append(slowest, w.T("ageing.slowest_at", "Step", row.Name, "N", row.Slowest.N))
		}
		if len(st.cases) > 0 {
			if n := since(st.cases[0].Arrived); n > most {
				most, longest, longestAt = n, row.LongestCase, row.Name
			}
		}
		a.Rows = append(a.Rows, row)
	}
	year := strconv.Itoa(calendar.DateOf(s.Now()).Year - 1)
	a.Usual = w.T("ageing.usual", "Year", year, "Enough", usualEnough)
	switch {
	case !read:
		a.Usual = w.T("ageing.being_read", "Year", year)
	case past == 0:
		a.Usual = w.T("ageing.no_past", "Year", year)
	case len(slowest) > 0:
		a.Says = w.T("ageing.slowest", "Where", w.List(slowest))
	default:
		a.Says = w.T("ageing.none_slow")
	}
	if most > 0 {
		a.Says += w.T("ageing.longest", "Number", longest, "Step", longestAt, "N", most)
	}
	a.Chart = ageingChart(w, stations, since, all)
	return a, nil
}

// daysSince counts the working days since a day.
func (s *Room) daysSince(ctx context.Context) func(calendar.Date) int {
	days, today, known := s.Days(ctx), calendar.DateOf(s.Now()), map[calendar.Date]int{}
	return func(day calendar.Date) int {
		n, ok := known[day]
		if !ok {
			n = max(0, days.WorkdaysBetween(day, today))
			known[day] = n
		}
		return n
	}
}

func ageingRow(w *locale.Words, st station, since func(calendar.Date) int, all store.TaskFilter) AgeingRow {
	all.Step = st.step
	row := AgeingRow{Name: w.T("step." + string(st.step)), Past: sum(st.past), Open: ListCount{len(st.cases), casefile.ListPath(all)}}
	over := func(share int) (c ListCount) {
		limit := st.past.within(share)
		for _, one := range st.cases {
			if limit >= 0 && since(one.Arrived) > limit {
				c.N, all.HereBy = c.N+1, one.Arrived
			}
		}
		c.Path = casefile.ListPath(all)
		return c
	}
	row.Slow, row.Slowest = over(85), over(95)
	for share, said := range map[int]*string{50: &row.Half, 85: &row.Most, 95: &row.Nearly} {
		if limit := st.past.within(share); limit >= 0 {
			*said = strconv.Itoa(limit)
		}
	}
	if len(st.cases) > 0 {
		first := st.cases[0]
		row.Longest, row.LongestCase, row.LongestPath = strconv.Itoa(since(first.Arrived)), w.Number(first.Key), "/cases/"+first.CaseID
	}
	return row
}

// ageingChart draws the days on a scale of roots, so that the many short ones have room.
func ageingChart(w *locale.Words, stations []station, since func(calendar.Date) int, all store.TaskFilter) AgeingChart {
	c := AgeingChart{Width: ageingLeft + ageingColumn*len(stations), Height: ageingRoom + ageingHeight + 2*ageingSpace, Left: ageingLeft, Column: ageingColumn}
	top := 10
	for _, st := range stations {
		top = max(top, st.past.within(95))
		if len(st.cases) > 0 {
			top = max(top, since(st.cases[0].Arrived))
		}
	}
	y := func(days int) int {
		return ageingRoom + ageingHeight - int(math.Round(ageingHeight*math.Sqrt(float64(days)/float64(top))))
	}
	for _, days := range []int{0, 1, 3, 5, 10, 15, 20, 30, 45, 60, 80, 100, 150, 200, 300, 500, 750, 1000} {
		if days <= top && (len(c.Ticks) == 0 || c.Ticks[len(c.Ticks)-1].Y-y(days) >= ageingSpace) {
			c.Ticks = append(c.Ticks, AgeingTick{y(days), days})
		}
	}
	for i, st := range stations {
		left := ageingLeft + i*ageingColumn
		for _, share := range []int{50, 85, 95} {
			if days := st.past.within(share); days >= 0 {
				c.Lines = append(c.Lines, AgeingLine{fmt.Sprintf("p%d", share), strconv.Itoa(days), left + 4, left + ageingColumn - 4, y(days)})
			}
		}
		c.Marks = append(c.Marks, ageingMarks(w, st, left+ageingColumn/2, y, since, all)...)
	}
	if len(c.Marks) > 0 {
		c.Marks[0].First = true
	}
	return c
}

// ageingMarks are those of one station, from above. Those that would touch stand side by side; where they are many, one bears their number.
func ageingMarks(w *locale.Words, st station, x int, y func(int) int, since func(calendar.Date) int, all store.TaskFilter) (marks []AgeingMark) {
	most, nearly := st.past.within(85), st.past.within(95)
	class := func(c store.AgedCase) string {
		switch days := since(c.Arrived); {
		case nearly >= 0 && days > nearly:
			return "p95"
		case most >= 0 && days > most:
			return "p85"
		}
		return ""
	}
	name, below := w.T("step."+string(st.step)), 0
	for rest := st.cases; len(rest) > 0; {
		first, n := rest[0], 1
		at := max(y(since(first.Arrived)), below)
		below = at + ageingSpace
		for n < len(rest) && class(rest[n]) == class(first) && y(since(rest[n].Arrived)) < below {
			n++
		}
		group := rest[:n]
		rest = rest[n:]
		if n > ageingBeside {
			last := group[n-1]
			all.Step, all.HereSince, all.HereBy = st.step, first.Arrived, last.Arrived
			says := w.T("ageing.marks", "N", n, "Step", name, "From", since(last.Arrived), "To", since(first.Arrived))
			marks = append(marks, AgeingMark{Class: class(first), Path: casefile.ListPath(all), Says: says, X: x, Y: at, N: n})
			continue
		}
		for i, one := range group {
			mark := AgeingMark{
				Class: class(one), Path: "/cases/" + one.CaseID, X: x + ageingSpace*(2*i-n+1)/2, Y: max(at, y(since(one.Arrived))), N: 1,
				Says: w.T("ageing.mark", "Number", w.Number(one.Key), "Step", name, "N", since(one.Arrived)),
			}
			if n == 1 && mark.Class == "p95" {
				mark.Label = one.Key.Number
			}
			marks = append(marks, mark)
		}
	}
	return marks
}

// ageingTables are the same as tables: the stations, and each case.
func (s *Room) ageingTables(ctx context.Context, words *locale.Words, who *store.Person, all store.TaskFilter, divisions []store.Division) ([]sheet.Table, error) {
	stations, _, err := s.stations(ctx, who, all, filePatience)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, st := range stations {
		for _, c := range st.cases {
			ids = append(ids, c.CaseID)
		}
	}
	heads, err := s.store.CaseHeads(ctx, ids)
	if err != nil {
		return nil, err
	}
	since := s.daysSince(ctx)
	table := [][]string{{
		words.T("ageing.step"), words.T("ageing.open"), words.T("ageing.past"), words.T("ageing.half"), words.T("ageing.most"), words.T("ageing.nearly"),
		words.T("ageing.slow"), words.T("ageing.over"), words.T("ageing.most_days"),
	}}
	list := [][]string{{
		words.T("column.number"), words.T("column.subject"), words.T("column.division"), words.T("ageing.step"), words.T("ageing.arrived"), words.T("ageing.days"), words.T("ageing.most"), words.T("ageing.nearly"),
	}}
	for _, st := range stations {
		row := ageingRow(words, st, since, all)
		table = append(table, []string{
			row.Name, strconv.Itoa(row.Open.N), strconv.Itoa(row.Past), row.Half, row.Most, row.Nearly, strconv.Itoa(row.Slow.N), strconv.Itoa(row.Slowest.N), row.Longest,
		})
		for _, c := range st.cases {
			head := heads[c.CaseID]
			list = append(list, []string{
				words.Number(c.Key), head.Subject, divisionName(words, divisions, head.State.Lead), row.Name, c.Arrived.String(), strconv.Itoa(since(c.Arrived)), row.Most, row.Nearly,
			})
		}
	}
	return []sheet.Table{{Name: words.T("ageing.title"), Rows: table}, {Name: words.T("statistics.cases"), Rows: list}}, nil
}
