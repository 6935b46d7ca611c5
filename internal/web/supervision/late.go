package supervision

import (
	"context"

	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// CaseLine is a case in a list of the bureau's cases.
type CaseLine struct {
	casefile.TaskRow
	Holder string
}

func (s *Room) caseLine(ctx context.Context, w *locale.Words, c store.CaseRow, who *store.Person) CaseLine {
	line := CaseLine{TaskRow: s.TaskRow(ctx, w, c, who, casefile.RowDetail{})}
	switch t := c.Task; {
	case t == nil:
	case t.ClaimedBy != "":
		line.Holder = w.Name(t.ClaimedName)
	case t.Person != "" && t.Person == c.Handler:
		line.Holder = w.Name(c.HandlerName)
	default:
		line.Holder = casefile.RoleSaid(w, t.Role)
	}
	return line
}
