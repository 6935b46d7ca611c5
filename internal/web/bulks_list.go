package web

import (
	"context"
	"net/http"
	"time"

	"github.com/banli/banli/internal/store"
)

// bulksPage lists what an officer has done to many cases at once, newest first.
type bulksPage struct {
	Frame
	Bulks []BulkProgress
}

func (*bulksPage) template() string { return "bulk_list.html" }

// bulksList draws the list.
func (s *Server) bulksList(w http.ResponseWriter, r *http.Request) error {
	words := s.words(r)
	all, err := s.Store.BulksOf(r.Context(), officerOf(r).ID, 0)
	if err != nil {
		return err
	}
	p := &bulksPage{Frame: Frame{Title: words.T("bulk.list"), Section: "tasks"}}
	for _, v := range all {
		p.Bulks = append(p.Bulks, s.bulkProgress(words, v))
	}
	return s.render(w, r, http.StatusOK, p)
}

// bulkNews is how long the rail of the desk tells of a bulk that has ended.
const bulkNews = 8 * time.Hour

// bulkLines are the bulks of which the rail of the desk tells: those under way, and those that ended today.
func (s *Server) bulkLines(ctx context.Context, w *words, who *store.Person) ([]BulkProgress, error) {
	all, err := s.Store.BulksOf(ctx, who.ID, 3)
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
