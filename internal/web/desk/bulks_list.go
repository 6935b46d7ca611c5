package desk

import (
	"context"
	"net/http"
	"time"

	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// bulksPage lists what an officer has done to many cases at once, newest first.
type bulksPage struct {
	kit.Frame
	Bulks []BulkProgress
}

func (*bulksPage) Template() string { return "bulk_list.html" }

// BulksList draws the list.
func (s *Room) BulksList(w http.ResponseWriter, r *http.Request) error {
	words := s.Words(r)
	all, err := s.store.BulksOf(r.Context(), kit.OfficerOf(r).ID, 0)
	if err != nil {
		return err
	}
	p := &bulksPage{Frame: kit.Frame{Title: words.T("bulk.list"), Section: "tasks"}}
	for _, v := range all {
		p.Bulks = append(p.Bulks, s.bulkProgress(words, v))
	}
	return s.Render(w, r, http.StatusOK, p)
}

// bulkNews is how long the rail of the desk tells of a bulk that has ended.
const bulkNews = 8 * time.Hour

// bulkLines are the bulks of which the rail of the desk tells: those under way, and those that ended today.
func (s *Room) bulkLines(ctx context.Context, w *locale.Words, who *store.Person) ([]BulkProgress, error) {
	all, err := s.store.BulksOf(ctx, who.ID, 3)
	if err != nil {
		return nil, err
	}
	var lines []BulkProgress
	for _, v := range all {
		if !v.Status.Ended() || s.Now().Sub(v.ChangedAt) < bulkNews {
			lines = append(lines, s.bulkProgress(w, v))
		}
	}
	return lines, nil
}
