package supervision

import (
	"context"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// GateLine is a gate: what waits there, what went through, and for how many days of work that is enough.
type GateLine struct {
	Name           string
	Waits, Through ListCount
	Pace           string // a working day
	Days           int    // of work, at that pace; 0 where nothing waits or too little went through
	Narrow         bool   // more than are left
	Bar            int    // out of gateWidth
}

const gateWidth = 160

// GateTable is the gates together.
type GateTable struct {
	Gates  []GateLine
	Narrow string // at which of them most days wait, in words
	Left   int    // where on their scale the last day of the runway stands
}

// gates are drawn to the scale of the longest, or of the days that are left until the day on which most falls due. The one at which most
// days wait is said in words.
func (s *Figures) gates(ctx context.Context, w *locale.Words, r *Runway, who *store.Person, all store.TaskFilter) (g GateTable, err error) {
	left := 0
	if r != nil {
		left = r.Left
	}
	from := paceFrom(s.Days(ctx), calendar.DateOf(s.Now()))
	var filters []store.TaskFilter
	for _, at := range store.Gates {
		waits, through := all, all
		waits.Gate, through.Gate, through.Box = store.CasesAt(at), store.CasesThrough(at, from), store.Every
		if at == store.PublicationGate { // some are published after they are closed
			waits.Box = store.Every
		}
		filters = append(filters, waits, through)
	}
	counts, err := s.Store.CountTasks(ctx, who.ID, filters)
	if err != nil {
		return g, err
	}
	longest := max(1, left)
	var narrowest *GateLine
	for i, at := range store.Gates {
		line := GateLine{
			Name:    w.T("gate." + string(at)),
			Waits:   ListCount{counts[2*i], casefile.ListPath(filters[2*i])},
			Through: ListCount{counts[2*i+1], casefile.ListPath(filters[2*i+1])},
		}
		line.Pace = aDay(line.Through.N)
		if line.Through.N >= enough {
			line.Days = (line.Waits.N*paceDays + line.Through.N - 1) / line.Through.N
		}
		line.Narrow = left > 0 && line.Days > left && at != store.PublicationGate
		longest = max(longest, line.Days)
		g.Gates = append(g.Gates, line)
	}
	for i := range g.Gates {
		line := &g.Gates[i]
		line.Bar = line.Days * gateWidth / longest
		if line.Days > 0 && (narrowest == nil || line.Days > narrowest.Days) {
			narrowest = line
		}
	}
	g.Left = left * gateWidth / longest
	switch {
	case narrowest == nil:
		g.Narrow = w.T("gates.none")
	case left == 0:
		g.Narrow = w.T("gates.narrowest", "Gate", narrowest.Name, "N", narrowest.Days)
	default:
		g.Narrow = w.T("gates.narrowest_until", "Gate", narrowest.Name, "N", narrowest.Days, "Date", r.Date, "Left", left)
	}
	return g, nil
}
