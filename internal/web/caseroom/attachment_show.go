package caseroom

import (
	"net/http"

	"github.com/banli/banli/internal/web/kit"
)

// AttachmentShow gives a file back as it was uploaded, to those who may see the case fully.
func (s *Room) AttachmentShow(w http.ResponseWriter, r *http.Request) error {
	who := kit.OfficerOf(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	a, data, err := s.store.Attachment(r.Context(), f.CaseID, r.PathValue("att"), f.As(who.Person))
	if err != nil {
		return err
	}
	return kit.SendFile(w, a, data)
}
