package web

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// attachmentUpload adds a file to a case. What is wrong with it is said beside the field, on the case page.
func (s *Server) attachmentUpload(w http.ResponseWriter, r *http.Request) error {
	who := officerOf(r)
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	if !mayAttach(f, who) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler}
	}
	u, err := readUpload(w, r)
	if err == nil {
		_, err = s.attach(r.Context(), f, who, u.fields.Get(fieldActionID), u)
	}
	if err != nil {
		return s.refuseUpload(w, r, f, u, err)
	}
	s.flash(r, s.words(r).T("flash.attached", "Name", u.name))
	http.Redirect(w, r, "/cases/"+f.CaseID+"#attachments", http.StatusSeeOther)
	return nil
}

// attach puts a file that was read into the record.
func (s *Server) attach(ctx context.Context, f *caseFile, who *store.Person, actionID string, u upload) (store.AttachmentInfo, error) {
	if uuid.Validate(actionID) != nil {
		return store.AttachmentInfo{}, invalidFields([]proposal.FieldError{{Field: fieldActionID, Code: proposal.FieldMalformed}})
	}
	info := store.AttachmentInfo{Kind: store.AttachmentKind(u.fields.Get("kind")), Name: u.name, MediaType: u.media}
	return s.Store.SaveAttachment(ctx, who.ID, f.CaseID, actionID, info, u.data)
}

func (s *Server) refuseUpload(w http.ResponseWriter, r *http.Request, f *caseFile, u upload, err error) error {
	words, who := s.words(r), officerOf(r)
	messages, ok := attachmentWords(words, err)
	if !ok {
		return err
	}
	p := s.newCasePage(words, f, who)
	s.offerForm(words, p, f, who, wanted{})
	if err := s.addReply(r, p, f); err != nil {
		return err
	}
	p.Attachments.Form.errors, p.Attachments.Form.Kind = messages, u.fields.Get("kind")
	return s.render(w, r, http.StatusUnprocessableEntity, p)
}
