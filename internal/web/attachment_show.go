package web

import (
	"mime"
	"net/http"
	"strconv"

	"github.com/banli/banli/internal/store"
)

// attachmentShow gives a file back as it was uploaded, to those who may see the case fully.
func (s *Server) attachmentShow(w http.ResponseWriter, r *http.Request) error {
	who := officerOf(r)
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	a, data, err := s.Store.Attachment(r.Context(), f.CaseID, r.PathValue("att"), f.As(who.Person))
	if err != nil {
		return err
	}
	return sendFile(w, a, data)
}

// sendFile sends a file so that a browser saves it and never opens it as part of the site: somebody else made it.
func sendFile(w http.ResponseWriter, a store.AttachmentInfo, data []byte) error {
	patient(w)
	h := w.Header()
	h.Set("Content-Type", a.MediaType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": a.Name}))
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-store")
	_, err := w.Write(data)
	return err
}
