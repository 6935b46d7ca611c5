package web

import (
	"net/http"
	"slices"

	"github.com/banli/banli/internal/proposal"
)

// bulkControl pauses, resumes, cancels or takes back a bulk. Ordering twice is ordering once.
func (s *Server) bulkControl(w http.ResponseWriter, r *http.Request) error {
	who, words := officerOf(r), s.words(r)
	order := proposal.BulkOrder(r.PathValue("order"))
	if !slices.Contains(proposal.BulkOrders, order) {
		return errNotFound
	}
	v, err := s.Store.Bulk(r.Context(), who.ID, r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.Cases.OrderBulk(r.Context(), who.ID, v.ID, order, words.T("bulk.undo_reason")); err != nil {
		return err
	}
	http.Redirect(w, r, "/bulk/"+v.ID, http.StatusSeeOther)
	return nil
}
