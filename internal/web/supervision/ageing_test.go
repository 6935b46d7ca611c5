package supervision

import (
	"fmt"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/locale"
)

// Every case has a mark or is counted by one, marks with numbers do not touch, and a case bears the colour of the line that it is beyond.
func TestAgeingMarks(t *testing.T) {
	locales, err := locale.Load(time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	today := calendar.NewDate(2026, 6, 15)
	since := func(d calendar.Date) int { return today.Sub(d) }
	st := station{step: proposal.StepDrafting}
	for days := 60; days >= 0; days-- {
		for i := range 1 + (60-days)/10 {
			st.cases = append(st.cases, store.AgedCase{CaseID: fmt.Sprint(days, "-", i), Step: st.step, Arrived: today.AddDays(-days)})
		}
	}
	for days := range 20 {
		st.past.add(days, 1)
	}
	if st.past.within(50) != 9 || st.past.within(85) != 16 || st.past.within(95) != 18 {
		t.Fatalf("half took %d days, 85 of 100 %d, 95 of 100 %d", st.past.within(50), st.past.within(85), st.past.within(95))
	}
	chart := ageingChart(locales["zh"], []station{st}, since, store.TaskFilter{Box: store.Bureau})
	shown, above := map[string]int{}, -100
	for _, m := range chart.Marks {
		shown[m.Class] += m.N
		if m.N > 1 && m.Y-above < ageingSpace || m.Y > chart.Height {
			t.Errorf("a mark of %d cases stands at %d, another with a number at %d", m.N, m.Y, above)
		}
		if m.N > 1 {
			above = m.Y
		}
	}
	want := map[string]int{}
	for _, c := range st.cases {
		switch days := since(c.Arrived); {
		case days > 18:
			want["p95"]++
		case days > 16:
			want["p85"]++
		default:
			want[""]++
		}
	}
	if fmt.Sprint(shown) != fmt.Sprint(want) {
		t.Errorf("shown by colour %v, want %v", shown, want)
	}
	st.past[0] = 0
	if st.past.within(95) >= 0 {
		t.Error("nineteen are enough to compare with")
	}
}
