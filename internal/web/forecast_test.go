package web_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/jackc/pgx/v5"
)

// How often last year's forecasts held stands on the page, reckoned from a record of three past years in which an office worked in ways of its own: at an
// even pace, with most replies on some days, and slower from month to month. Where the pace of a month tells that of the next, the band holds as often as it
// says; where it does not, the page says how often.
func TestForecastsOfPastYears(t *testing.T) {
	s := newSite(t)
	model := s.carry(t, fixture.Registration("0831", calendar.DateOf(time.Now()).AddDays(-90)), proposal.Answered, replyText)
	if p := s.as(t, proposal.Supervisor).get("/overview"); strings.Contains(p.body, "按同样的办法估过") {
		t.Error("forecasts are told of that nobody could make")
	}
	lot := rand.New(rand.NewPCG(7, 8))
	for years, office := range []struct {
		name   string
		steady bool
		pace   func(day calendar.Date) float64 // replies expected of a working day
	}{
		{"an even pace", true, func(calendar.Date) float64 { return 2.5 }},
		{"in bundles", true, func(day calendar.Date) float64 {
			if day.Weekday() == time.Friday {
				return 8
			}
			return 1
		}},
		{"slower from month to month", false, func(day calendar.Date) float64 { return 5 - float64(day.Month)*.4 }},
	} {
		year := 2023 + years
		s.past(t, model, lot, year, office.pace)
		later := s.later(t, calendar.NewDate(year+1, 6, 15).Start().Sub(time.Now()))
		b := later.browser(t)
		p := b.post("/login", url.Values{"account": {string(proposal.Supervisor)}, "password": {fixture.Password}})
		for begun := time.Now(); !strings.Contains(p.body, "按同样的办法估过") && time.Since(begun) < 10*time.Second; p = b.get("/overview") {
		}
		found := regexp.MustCompile(`估过(\d+)个工作日：“往坏里算”说准了(\d+)天，“多半”说准了(\d+)天`).FindStringSubmatch(p.body)
		if found == nil {
			t.Fatalf("%s: the page does not say how often the forecasts of %d held", office.name, year)
		}
		var n [4]int
		for i, digits := range found[1:] {
			n[i+1], _ = strconv.Atoi(digits)
		}
		t.Logf("%s: of %d forecasts what was 85 %% sure held on %d, what was likely on %d", office.name, n[1], n[2], n[3])
		if n[1] < 40 || office.steady && (100*n[2] < 75*n[1] || 100*n[3] < 35*n[1]) {
			t.Errorf("%s: the band does not hold as it says", office.name)
		}
	}
}

// past records cases of a year, due at the end of June and of September, as copies of one that was carried: an office replies to them in their order, on a
// working day to about as many as its pace says.
func (s *site) past(t *testing.T, model string, lot *rand.Rand, year int, pace func(calendar.Date) float64) {
	t.Helper()
	days, err := s.Store.Calendar(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var assigned, due, on []calendar.Date
	for i := range 600 {
		from, to := calendar.NewDate(year, 1, 5).AddDays(i/10), calendar.NewDate(year, 6, 30)
		if i >= 300 {
			from, to = calendar.NewDate(year, 4, 20).AddDays((i-300)/10), calendar.NewDate(year, 9, 28)
		}
		assigned, due, on = append(assigned, from), append(due, to), append(on, calendar.Date{})
	}
	next := 0
	for day := calendar.NewDate(year, 1, 5); day.Year == year; day = day.AddDays(1) {
		for range 20 {
			if days.IsWorkday(day) && lot.Float64() < pace(day)/20 && next < len(on) && !assigned[next].After(day) {
				on[next] = day
				next++
			}
		}
	}
	// Something is still to fall due when the page is looked at.
	assigned, due, on = append(assigned, calendar.NewDate(year+1, 6, 1)), append(due, calendar.NewDate(year+1, 9, 1)), append(on, calendar.Date{})
	conn, err := pgx.Connect(t.Context(), s.config.Database.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	rows, err := conn.Query(t.Context(), `
		select column_name from information_schema.columns
		where table_schema = 'public' and table_name = 'cases' and is_generated = 'NEVER' and is_identity = 'NO'`)
	if err != nil {
		t.Fatal(err)
	}
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	values := make([]string, len(columns))
	for i, c := range columns {
		switch values[i] = "c." + c; c {
		case "id":
			values[i] = "gen_random_uuid()"
		case "number":
			values[i] = fmt.Sprintf("'%d-' || n", year)
		case "assigned_on":
			values[i] = "assigned"
		case "state":
			values[i] = `jsonb_set(c.state, '{clocks}', jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
				'kind', 'reply', 'span', jsonb_build_object('end', owed), 'met', replied))))`
		}
	}
	if _, err := conn.Exec(t.Context(), `
		with copies as (
			insert into cases (`+strings.Join(columns, ", ")+`) select `+strings.Join(values, ", ")+`
			from cases c cross join unnest($2::date[], $3::date[], $4::date[]) with ordinality past (assigned, owed, replied, n) where c.id = $1 returning id)
		select count(*) from copies`, model, assigned, due, on); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Store.RecountFacts(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
}
