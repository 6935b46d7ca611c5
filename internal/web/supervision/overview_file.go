package supervision

import (
	"net/http"
	"strconv"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/sheet"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// OverviewFile sends the figures of the overview as an .xlsx file: a table for each picture, and each open case with its days.
func (s *Room) OverviewFile(w http.ResponseWriter, r *http.Request) error {
	who, words, ctx := kit.OfficerOf(r), s.Words(r), r.Context()
	if !kit.MayOverview(who) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Supervisor}
	}
	all := openFor(who)
	divisions, err := s.store.Divisions(ctx)
	if err != nil {
		return err
	}
	standing, err := s.standing(ctx, words, who, divisions)
	if err != nil {
		return err
	}
	runway, err := s.runway(ctx, words, who, all)
	if err != nil {
		return err
	}
	gates, err := s.gates(ctx, words, runway, who, all)
	if err != nil {
		return err
	}
	ages, err := s.ageingTables(ctx, words, who, all, divisions)
	if err != nil {
		return err
	}
	tables := append([]sheet.Table{heatTable(words, standing), runwayTable(words, runway), gatesTable(words, gates), heldTable(words, standing)}, ages...)
	data, err := sheet.Write(tables...)
	if err != nil {
		return err
	}
	name := words.T("overview.file", "Date", calendar.DateOf(s.Now()).String())
	return kit.SendFile(w, store.AttachmentInfo{Name: name + ".xlsx", MediaType: sheet.MediaType}, data)
}

// heatTable has four lines for a division: what is open, overdue, soon due and untouched, by station.
func heatTable(w *locale.Words, p Standing) sheet.Table {
	head := []string{w.T("overview.division"), w.T("overview.measure")}
	for _, step := range overviewSteps {
		head = append(head, w.T("step."+string(step)))
	}
	t := sheet.Table{Name: w.T("overview.heat"), Rows: [][]string{append(head, w.T("overview.all"), w.T("overview.owed"), w.T("overview.owes"))}}
	for _, row := range append(p.Rows, p.Sum) {
		for _, measure := range []struct {
			name string
			of   func(HeatCell) ListCount
		}{
			{w.T("board.open"), func(c HeatCell) ListCount { return c.Open }},
			{w.T("board.late"), func(c HeatCell) ListCount { return c.Overdue }},
			{w.T("brief.near", "N", store.NearDays), func(c HeatCell) ListCount { return c.Near }},
			{w.T("board.still", "N", p.Still), func(c HeatCell) ListCount { return c.Still }},
		} {
			line := []string{row.Name, measure.name}
			for _, cell := range append(row.Cells, row.Sum, row.Owed, row.Owes) {
				line = append(line, strconv.Itoa(measure.of(cell).N))
			}
			t.Rows = append(t.Rows, line)
		}
	}
	return t
}

func runwayTable(w *locale.Words, r *Runway) sheet.Table {
	t := sheet.Table{Name: w.T("runway.none_title"), Rows: [][]string{{w.T("runway.by"), w.T("runway.owed"), w.T("runway.sent")}}}
	if r == nil {
		return t
	}
	for _, week := range r.Weeks {
		line := []string{week.Date, strconv.Itoa(week.Owed.N), ""}
		if !week.ToCome {
			line[2] = strconv.Itoa(week.Sent.N)
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}

func gatesTable(w *locale.Words, g GateTable) sheet.Table {
	t := sheet.Table{Name: w.T("gates.title"), Rows: [][]string{{w.T("gates.gate"), w.T("gates.waits"), w.T("gates.through"), w.T("gates.pace"), w.T("gates.days")}}}
	for _, gate := range g.Gates {
		line := []string{gate.Name, strconv.Itoa(gate.Waits.N), strconv.Itoa(gate.Through.N), gate.Pace, ""}
		switch {
		case gate.Days > 0:
			line[4] = w.T("gates.workdays", "N", gate.Days)
		case gate.Waits.N > 0:
			line[4] = w.T("gates.unknown")
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}

// heldTable says who holds how much.
func heldTable(w *locale.Words, p Standing) sheet.Table {
	t := sheet.Table{Name: w.T("overview.load"), Rows: [][]string{{w.T("overview.person"), w.T("overview.division"), w.T("board.open"), w.T("overview.urgent")}}}
	for _, l := range p.Load {
		t.Rows = append(t.Rows, []string{l.Name, l.Division, strconv.Itoa(l.Open), strconv.Itoa(l.Urgent)})
	}
	if !p.Whole {
		t.Rows[0] = []string{w.T("overview.person"), w.T("overview.division"), w.T("board.open"), w.T("board.late"), w.T("board.still", "N", p.Still), w.T("board.away")}
	}
	for _, l := range p.Board {
		t.Rows = append(t.Rows, []string{l.Name, l.Division, strconv.Itoa(l.Open.N), strconv.Itoa(l.Late.N), strconv.Itoa(l.Still.N), l.Covered})
	}
	return t
}
