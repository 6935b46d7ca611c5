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

// gates are drawn to the scale of the longest, or of the days that are left until the day on which most falls due. The one at which most
// days wait is said in words.
func (s *Room) gates(ctx context.Context, w *locale.Words, p *overviewPage, who *store.Person, all store.TaskFilter) error {
	left := 0
	if p.Runway != nil {
		left = p.Runway.Left
	}
	from := paceFrom(s.Days(ctx), calendar.DateOf(s.Now()))
	var filters []store.TaskFilter
	for _, g := range store.Gates {
		waits, through := all, all
		waits.Gate, through.Gate, through.Box = store.CasesAt(g), store.CasesThrough(g, from), store.Every
		if g == store.PublicationGate { // some are published after they are closed
			waits.Box = store.Every
		}
		filters = append(filters, waits, through)
	}
	counts, err := s.store.CountTasks(ctx, who.ID, filters)
	if err != nil {
		return err
	}
	longest := max(1, left)
	var narrowest *GateLine
	for i, g := range store.Gates {
		line := GateLine{
			Name:    w.T("gate." + string(g)),
			Waits:   ListCount{counts[2*i], casefile.ListPath(filters[2*i])},
			Through: ListCount{counts[2*i+1], casefile.ListPath(filters[2*i+1])},
		}
		line.Pace = aDay(line.Through.N)
		if line.Through.N >= enough {
			line.Days = (line.Waits.N*paceDays + line.Through.N - 1) / line.Through.N
		}
		line.Narrow = left > 0 && line.Days > left && g != store.PublicationGate
		longest = max(longest, line.Days)
		p.Gates = append(p.Gates, line)
	}
	for i := range p.Gates {
		line := &p.Gates[i]
		line.Bar = line.Days * gateWidth / longest
		if line.Days > 0 && (narrowest == nil || line.Days > narrowest.Days) {
			narrowest = line
		}
	}
	p.Left = left * gateWidth / longest
	switch {
	case narrowest == nil:
		p.Narrow = w.T("gates.none")
	case left == 0:
		p.Narrow = w.T("gates.narrowest", "Gate", narrowest.Name, "N", narrowest.Days)
	default:
		p.Narrow = w.T("gates.narrowest_until", "Gate", narrowest.Name, "N", narrowest.Days, "Date", p.Runway.Date, "Left", left)
	}
	return nil
}
