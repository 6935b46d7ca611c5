package office

import (
	"cmp"
	"errors"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/workflows"
)

// RegistrationCreate registers a proposal and opens its case. A number that is on the register already shows the case
// that bears it.
func (s *Room) RegistrationCreate(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	if !who.Has(proposal.Liaison) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Liaison}
	}
	original, fileErr := readOriginal(w, r)
	then := r.PostForm.Get(fieldThen)
	r.PostForm.Del(fieldThen)
	r.PostForm.Del("file") // its name, where a browser sends no files
	in := &proposal.Registration{}
	wrong := kit.DecodeForm(r.PostForm, in)
	action, more := casefile.ActionOf(proposal.Register, in, r.PostForm, who)
	id, err := s.store.CaseIDFor(r.Context(), in.RegisterKey, workflows.CaseIDs(in.RegisterKey))
	if err != nil {
		return err
	}
	switch wrong = append(wrong, more...); {
	case len(wrong) > 0:
		err = casefile.EverythingWrong(wrong, action)
	case fileErr != nil: // before anything is registered
		err = cmp.Or(action.Check(), fileErr)
	default:
		_, err = s.cases.Act(r.Context(), id, action)
	}
	lost := ""
	if err == nil && original.Name != "" {
		attach := uuid.NewSHA1(uuid.MustParse(action.ID), []byte(proposal.EventAttach)).String() // a second press adds no second file
		_, err = s.store.SaveAttachment(r.Context(), who.ID, id, attach,
			store.AttachmentInfo{Kind: store.OriginalFile, Name: original.Name, MediaType: original.Media}, original.Data)
		if lost = s.NotStored(r, err); lost != "" {
			err = nil // the case is registered all the same
		}
	}
	var refusal *proposal.Refusal
	switch {
	case err == nil:
		s.ForgetTyped(r, "", kit.FormRegister, "")
		s.RememberSitting(r, r.PostForm)
		registered := words.T("flash.registered", "Number", words.Number(in.RegisterKey))
		if lost != "" {
			registered = words.T("flash.registered_only", "Registered", registered, "Lost", lost)
		}
		s.Flash(r, registered)
		next := "/cases/" + id
		if then == thenNext && lost == "" {
			next = "/cases/new?" + fieldThen + "=" + thenNext
		}
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	case !errors.As(err, &refusal) || refusal.Code != proposal.InvalidInput && refusal.Code != proposal.AlreadyRegistered:
		return err
	}
	cause := err
	p, err := s.newRegistrationPage(r, r.PostForm)
	if err != nil {
		return err
	}
	p.Again = then == thenNext
	p.Form.Wrong = kit.FieldWords(words, refusal.Fields)
	if messages, ok := kit.UploadWords(words, fileErr); ok {
		if errors.Is(cause, fileErr) {
			p.Form.Wrong = nil // all that is wrong is the file
		}
		p.Form.Wrong = append(p.Form.Wrong, messages...)
	}
	if refusal.Code == proposal.AlreadyRegistered {
		p.Existing = s.existingCase(r, id, who)
		p.Form.Wrong = append(p.Form.Wrong, kit.FieldMessage{Field: "number", Text: words.T("refusal.already_registered.title")})
	}
	return s.Render(w, r, kit.StatusOf[refusal.Code], p)
}

// readOriginal reads the form with the original that came with it, if one did.
func readOriginal(w http.ResponseWriter, r *http.Request) (kit.Upload, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return kit.Upload{}, nil
	}
	u, err := kit.ReadUpload(w, r)
	r.PostForm = u.Fields
	if u.Name == "" && kit.Refused(err, proposal.InvalidInput) { // no file was chosen
		return kit.Upload{}, nil
	}
	return u, err
}
