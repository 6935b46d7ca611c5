package caseroom

import (
	"net/http"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
)

// AttachmentUpload adds a file to a case. What is wrong with it is said beside the field, on the case page.
func (s *Room) AttachmentUpload(w http.ResponseWriter, r *http.Request) error {
	who := kit.OfficerOf(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	if !casefile.MayAttach(f, who) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler}
	}
	u, err := kit.ReadUpload(w, r)
	if err == nil {
		_, err = s.Attach(r.Context(), f, who, u.Fields.Get(kit.FieldActionID), u)
	}
	if err != nil {
		return s.refuseUpload(w, r, f, u, err)
	}
	s.Flash(r, s.Words(r).T("flash.attached", "Name", u.Name))
	http.Redirect(w, r, "/cases/"+f.CaseID+"#attachments", http.StatusSeeOther)
	return nil
}

func (s *Room) refuseUpload(w http.ResponseWriter, r *http.Request, f *casefile.File, u kit.Upload, err error) error {
	words, who := s.Words(r), kit.OfficerOf(r)
	messages, ok := kit.UploadWords(words, err)
	status := http.StatusUnprocessableEntity
	if why := s.NotStored(r, err); why != "" {
		messages, status = []kit.FieldMessage{{Field: "file", Text: why}}, http.StatusServiceUnavailable
	} else if !ok {
		return err
	}
	p := s.newCasePage(words, f, who)
	s.offerForm(words, p, f, who, wanted{})
	if err := s.addReply(r, p, f); err != nil {
		return err
	}
	p.Attachments.Form.errors, p.Attachments.Form.Kind = messages, u.Fields.Get("kind")
	return s.Render(w, r, status, p)
}
