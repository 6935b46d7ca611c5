package caseroom

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/reply"
)

// CaseAct takes the one form of a case page and does what it says. The engine decides; this only reads the form and
// draws the answer.
func (s *Room) CaseAct(w http.ResponseWriter, r *http.Request) error {
	who := kit.OfficerOf(r)
	kind := proposal.Kind(r.PathValue("kind"))
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	row := kinds.Of(kind)
	if !row.OnCase() {
		return kit.ErrNotFound
	}
	var from *store.SavedDraft // what the form brings other words for
	edits := r.PostForm.Has("body") && row.TakesEdits() && f.Draft != nil
	if edits {
		if from, err = s.editedFrom(r, f); err != nil {
			return err
		}
	}
	form, err := s.withCases(r.Context(), row, r.PostForm, f)
	if err != nil {
		return err
	}
	action, err := readAction(row, form, f, from, who)
	if err == nil && row.Form == kinds.DraftForm {
		err = s.saveBeforeSubmit(r.Context(), &action, r.PostForm, f, who)
	}
	if err == nil {
		_, err = s.cases.Act(r.Context(), f.CaseID, action)
	}
	if err != nil && edits && !isConflict(err) {
		return s.refuseEdit(w, r, f, err)
	}
	if err != nil {
		return s.refuseForm(w, r, f, kind, err)
	}
	s.ForgetTyped(r, f.CaseID, string(kind), r.PostForm.Get(kit.FieldRef))
	words := s.Words(r)
	done, back := words.T("flash.done", "What", words.T("event."+string(kind))), "/cases/"+f.CaseID
	seen, err := s.store.BulkCases(r.Context(), who.Person, []string{f.CaseID}) // only how it stands: what was done is done
	if now, sees := seen[f.CaseID]; sees {
		done += sentOn(f, words, now.Tasks, who)
	} else if err == nil {
		back = "/" // by what was done the case left this officer's eyes
	}
	s.Flash(r, done)
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

// readAction makes the action of a form, which may bring other words for a version of the reply; from is nil if it brings none. The error is a
// refusal that names the fields it could not read.
func readAction(row kinds.Row, form url.Values, f *casefile.File, from *store.SavedDraft, who *store.Person) (proposal.Action, error) {
	var wrong []proposal.FieldError
	input := proposal.NewInput(row.Kind)
	switch row.Form {
	case kinds.CallForm:
		wrong = readCall(form, f.PointTexts(), input.(*proposal.Consultation))
	case kinds.DraftForm: // it is read when it is saved
	default:
		wrong = kit.DecodeForm(plainForm(row, form), input)
		if from != nil {
			withEdits(input, form, *from)
		}
	}
	if end, _ := row.Field("sha256"); end.Control == kinds.AtEnd && form.Get("sha256") == "" {
		wrong = append(wrong, proposal.FieldError{Field: "sha256", Code: proposal.FieldRequired})
	}
	action, more := casefile.ActionOf(row.Kind, input, form, who)
	if wrong = append(wrong, more...); len(wrong) > 0 {
		return action, casefile.EverythingWrong(wrong, action)
	}
	return action, nil
}

// plainForm is the form as the input takes it: without words for the reply.
func plainForm(row kinds.Row, form url.Values) url.Values {
	plain := maps.Clone(form)
	if row.TakesEdits() {
		delete(plain, "body")
	}
	return plain
}

// withCases is the form with ids for the numbers of cases in the same sitting: officers know numbers, not ids. A number that no case
// bears, or bears no more, stays, and the rules refuse it.
func (s *Room) withCases(ctx context.Context, row kinds.Row, form url.Values, f *casefile.File) (url.Values, error) {
	with := maps.Clone(form)
	for _, field := range row.Fields {
		number := strings.TrimSpace(form.Get(field.Name))
		if field.Control != kinds.CaseNo || number == "" || uuid.Validate(number) == nil {
			continue
		}
		key := f.Key
		key.Number = number
		id, err := s.store.CaseByKey(ctx, key)
		switch refusal := (*proposal.Refusal)(nil); {
		case err == nil:
			with.Set(field.Name, id)
		case !errors.As(err, &refusal) || refusal.Code != proposal.NotFound:
			return nil, err
		}
	}
	return with, nil
}

// saveBeforeSubmit keeps what is on the form as a version of the draft, and submits exactly that version.
func (s *Room) saveBeforeSubmit(ctx context.Context, action *proposal.Action, form url.Values, f *casefile.File, who *store.Person) error {
	saved, err := s.saveDraftForm(ctx, form, f, who)
	if err != nil {
		return err
	}
	action.Input = &proposal.Submission{Version: saved.Version, SHA256: saved.SHA256, Acks: reply.AcksOf(form)}
	// Saving took the form's own id; the submission's follows from it, so that a second press is still the same action.
	action.ID = uuid.NewSHA1(uuid.MustParse(action.ID), []byte(proposal.Submit)).String()
	return nil
}

// conflicts are the refusals that mean somebody acted since the form was drawn, be it this officer in another window.
var conflicts = []proposal.RefusalCode{
	proposal.StaleForm, proposal.SentOtherwise, proposal.NotInStage, proposal.TextChanged, proposal.ClaimedByOther, proposal.NotUnderWay, proposal.AlreadyUnderWay,
}

func isConflict(err error) bool {
	var refusal *proposal.Refusal
	return errors.As(err, &refusal) && slices.Contains(conflicts, refusal.Code)
}

// refuseForm draws the answer to a form that was not accepted: the conflict page if somebody acted first, else the same
// page with everything typed and what is wrong beside it.
func (s *Room) refuseForm(w http.ResponseWriter, r *http.Request, f *casefile.File, kind proposal.Kind, err error) error {
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) || refusal.Code == proposal.EngineUnavailable || refusal.Code == proposal.NotFound {
		return err
	}
	who := kit.OfficerOf(r)
	f, err = s.OpenCase(r.Context(), f.CaseID, who) // as it is now
	if err != nil {
		return err
	}
	if kind == proposal.Submit && refusal.Code == proposal.StaleForm {
		if p, ok, err := s.refusedDraft(r, f, who); ok || err != nil {
			if err != nil {
				return err
			}
			return s.Render(w, r, http.StatusConflict, p)
		}
	}
	if slices.Contains(conflicts, refusal.Code) {
		return s.showConflict(w, r, f, kind, s.Words(r).T("action."+string(kind)), refusal)
	}
	p, ok := s.typedPage(r, f, kind, r.PostForm)
	if !ok {
		return refusal
	}
	p.Form.Wrong = kit.FieldWords(s.Words(r), refusal.Fields)
	if refusal.Code != proposal.InvalidInput && refusal.Code != proposal.DraftIncomplete {
		p.Form.Wrong = append(p.Form.Wrong, kit.FieldMessage{Field: "act", Text: s.RefusalText(r, f, refusal)})
	}
	return s.Render(w, r, kit.StatusOf[refusal.Code], p)
}

// typedPage is the case page with a form filled in as it was sent; ok is false if the officer may not do that now.
func (s *Room) typedPage(r *http.Request, f *casefile.File, kind proposal.Kind, typed url.Values) (p *casePage, ok bool) {
	words, who := s.Words(r), kit.OfficerOf(r)
	p = s.newCasePage(words, f, who)
	want := wantedOf(kind, typed)
	s.offerForm(words, p, f, who, want)
	if p.Form == nil || p.Form.Kind != kind || want.ref != "" && p.Form.Ref != want.ref {
		return p, false
	}
	for _, o := range f.Offers(who) {
		if o.Kind == kind && o.Ref == p.Form.Ref && o.For == p.Form.For {
			p.Form = s.newCaseForm(words, f, o, who, typed)
		}
	}
	s.addTalk(r, p, f)
	walk, err := s.walk(r, f)
	p.Walk = walk
	return p, err == nil && s.addReply(r, p, f) == nil && s.addAmend(r, p, f) == nil && s.addCall(r, p, f) == nil
}

// CaseForm draws the case page with words typed earlier put into today's form: the way on from a conflict.
func (s *Room) CaseForm(w http.ResponseWriter, r *http.Request) error {
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), kit.OfficerOf(r))
	if err != nil {
		return err
	}
	p, ok := s.typedPage(r, f, proposal.Kind(r.PathValue("kind")), withoutOwn(r.PostForm))
	if !ok {
		return &proposal.Refusal{Code: proposal.NotInStage, Stage: f.State.Stage}
	}
	return s.Render(w, r, http.StatusOK, p)
}

// withoutOwn is what was typed, without what the form carried for itself: it goes into a form that is drawn anew.
func withoutOwn(form url.Values) url.Values {
	typed := url.Values{}
	for name, values := range form {
		if name != kit.FieldActionID && name != kit.FieldBaseSeq {
			typed[name] = values
		}
	}
	return typed
}
