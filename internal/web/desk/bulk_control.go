package desk

import (
	"net/http"
	"slices"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/kit"
)

// BulkControl pauses, resumes, cancels or takes back a bulk. Ordering twice is ordering once.
func (s *Room) BulkControl(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	order := proposal.BulkOrder(r.PathValue("order"))
	if !slices.Contains(proposal.BulkOrders, order) {
		return kit.ErrNotFound
	}
	v, err := s.store.Bulk(r.Context(), who.ID, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.cases.OrderBulk(r.Context(), who.ID, v.ID, order, words.T("bulk.undo_reason")); err != nil {
		return err
	}
	http.Redirect(w, r, "/bulk/"+v.ID, http.StatusSeeOther)
	return nil
}
