package web

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/workflows"
)

// caseAct takes the one form of a case page and does what it says. The engine decides; this only reads the form and
// draws the answer.
func (s *Server) caseAct(w http.ResponseWriter, r *http.Request) error {
	who := officerOf(r)
	kind := proposal.Kind(r.PathValue("kind"))
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	row := kinds.Of(kind)
	if !row.OnCase() {
		return errNotFound
	}
	edits := r.PostForm.Has("body") && row.TakesEdits()
	action, err := readAction(row, r.PostForm, f, who)
	if err == nil && row.Form == kinds.DraftForm {
		err = s.saveBeforeSubmit(r.Context(), &action, r.PostForm, f, who)
	}
	if err == nil {
		_, err = s.Cases.Act(r.Context(), f.CaseID, action)
	}
	if err != nil && edits && !isConflict(err) {
		return s.refuseEdit(w, r, f, err)
	}
	if err != nil {
		return s.refuseForm(w, r, f, kind, err)
	}
	s.forgetTyped(r, f.CaseID, string(kind), r.PostForm.Get(fieldRef))
	words := s.words(r)
	done, back := words.T("flash.done", "What", words.T("event."+string(kind))), "/cases/"+f.CaseID
	seen, err := s.Store.BulkCases(r.Context(), who.Person, []string{f.CaseID}) // only how it stands: what was done is done
	if now, sees := seen[f.CaseID]; sees {
		done += f.sentOn(words, now.Tasks, who)
	} else if err == nil {
		back = "/" // by what was done the case left this officer's eyes
	}
	s.flash(r, done)
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

// readAction makes the action of a form. The error is a refusal that names the fields it could not read.
func readAction(row kinds.Row, form url.Values, f *caseFile, who *store.Person) (proposal.Action, error) {
	var wrong []proposal.FieldError
	input := proposal.NewInput(row.Kind)
	switch row.Form {
	case kinds.CallForm:
		wrong = readCall(form, f.pointTexts(), input.(*proposal.Consultation))
	case kinds.DraftForm: // it is read when it is saved
	default:
		wrong = decodeForm(plainForm(row, form, f), input)
		if row.TakesEdits() && form.Has("body") && f.Draft != nil {
			withEdits(input, form, f)
		}
	}
	action, more := actionOf(row.Kind, input, form, who)
	if wrong = append(wrong, more...); len(wrong) > 0 {
		return action, everythingWrong(wrong, action)
	}
	return action, nil
}

// plainForm is the form as the input takes it: without words for the reply, and with ids for the numbers of cases.
func plainForm(row kinds.Row, form url.Values, f *caseFile) url.Values {
	plain := maps.Clone(form)
	if row.TakesEdits() {
		delete(plain, "body")
	}
	for _, field := range row.Fields {
		if field.Control == kinds.CaseNo && form.Has(field.Name) {
			plain[field.Name] = []string{caseOfNumber(f.Key, strings.TrimSpace(form.Get(field.Name)))}
		}
	}
	return plain
}

// caseOfNumber is the id of the case with the number, in the same sitting: officers know numbers, not ids.
func caseOfNumber(sitting proposal.RegisterKey, number string) string {
	if number == "" || uuid.Validate(number) == nil {
		return number
	}
	sitting.Number = number
	return workflows.CaseID(sitting)
}

// everythingWrong refuses what could not be read, together with what the rules say of the rest: all of it is shown at once.
func everythingWrong(unread []proposal.FieldError, action proposal.Action) error {
	refusal := &proposal.Refusal{Code: proposal.InvalidInput, Fields: unread}
	var more *proposal.Refusal
	if errors.As(action.Check(), &more) {
		for _, f := range more.Fields {
			if !slices.ContainsFunc(unread, func(u proposal.FieldError) bool { return u.Field == f.Field }) {
				refusal.Fields = append(refusal.Fields, f)
			}
		}
	}
	return refusal
}

// actionOf reads what every form of an action carries.
func actionOf(kind proposal.Kind, input proposal.Input, form url.Values, who *store.Person) (proposal.Action, []proposal.FieldError) {
	action := proposal.Action{ID: form.Get(fieldActionID), Kind: kind, By: who.ID, For: proposal.PersonID(form.Get(fieldFor)), Input: input}
	var wrong []proposal.FieldError
	if uuid.Validate(action.ID) != nil {
		wrong = append(wrong, proposal.FieldError{Field: fieldActionID, Code: proposal.FieldMalformed})
	}
	var err error
	if base := form.Get(fieldBaseSeq); base != "" {
		if action.BaseSeq, err = strconv.Atoi(base); err != nil {
			wrong = append(wrong, proposal.FieldError{Field: fieldBaseSeq, Code: proposal.FieldMalformed})
		}
	}
	if on := form.Get(fieldOn); on != "" {
		if action.On, err = calendar.ParseDate(on); err != nil {
			wrong = append(wrong, proposal.FieldError{Field: fieldOn, Code: proposal.FieldMalformed})
		}
	}
	return action, wrong
}

// saveBeforeSubmit keeps what is on the form as a version of the draft, and submits exactly that version.
func (s *Server) saveBeforeSubmit(ctx context.Context, action *proposal.Action, form url.Values, f *caseFile, who *store.Person) error {
	saved, err := s.saveDraftForm(ctx, form, f, who)
	if err != nil {
		return err
	}
	action.Input = &proposal.Submission{Version: saved.Version, SHA256: saved.SHA256, Acks: acksOf(form)}
	// Saving took the form's own id; the submission's follows from it, so that a second press is still the same action.
	action.ID = uuid.NewSHA1(uuid.MustParse(action.ID), []byte(proposal.Submit)).String()
	return nil
}

// conflicts are the refusals that mean somebody acted since the form was drawn.
var conflicts = []proposal.RefusalCode{
	proposal.StaleForm, proposal.NotInStage, proposal.TextChanged, proposal.ClaimedByOther, proposal.NotUnderWay, proposal.AlreadyUnderWay,
}

func isConflict(err error) bool {
	var refusal *proposal.Refusal
	return errors.As(err, &refusal) && slices.Contains(conflicts, refusal.Code)
}

// refuseForm draws the answer to a form that was not accepted: the conflict page if somebody acted first, else the same
// page with everything typed and what is wrong beside it.
func (s *Server) refuseForm(w http.ResponseWriter, r *http.Request, f *caseFile, kind proposal.Kind, err error) error {
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) || refusal.Code == proposal.EngineUnavailable || refusal.Code == proposal.NotFound {
		return err
	}
	who := officerOf(r)
	f, err = s.openCase(r.Context(), f.CaseID, who) // as it is now
	if err != nil {
		return err
	}
	if kind == proposal.Submit && refusal.Code == proposal.StaleForm {
		if p, ok, err := s.refusedDraft(r, f, who); ok || err != nil {
			if err != nil {
				return err
			}
			return s.render(w, r, http.StatusConflict, p)
		}
	}
	if slices.Contains(conflicts, refusal.Code) {
		return s.showConflict(w, r, f, kind, s.words(r).T("action."+string(kind)), refusal)
	}
	p, ok := s.typedPage(r, f, kind, r.PostForm)
	if !ok {
		return refusal
	}
	p.Form.errors = fieldWords(s.words(r), refusal.Fields)
	if refusal.Code != proposal.InvalidInput && refusal.Code != proposal.DraftIncomplete {
		p.Form.errors = append(p.Form.errors, fieldMessage{"act", s.refusalText(r, f, refusal)})
	}
	return s.render(w, r, statusOf[refusal.Code], p)
}

// typedPage is the case page with a form filled in as it was sent; ok is false if the officer may not do that now.
func (s *Server) typedPage(r *http.Request, f *caseFile, kind proposal.Kind, typed url.Values) (p *casePage, ok bool) {
	words, who := s.words(r), officerOf(r)
	p = s.newCasePage(words, f, who)
	want := wantedOf(kind, typed)
	s.offerForm(words, p, f, who, want)
	if p.Form == nil || p.Form.Kind != kind || want.ref != "" && p.Form.Ref != want.ref {
		return p, false
	}
	for _, o := range f.offers(who) {
		if o.Kind == kind && o.Ref == p.Form.Ref && o.For == p.Form.For {
			p.Form = s.newCaseForm(words, f, o, who, typed)
		}
	}
	walk, err := s.walk(r, f)
	p.Walk = walk
	return p, err == nil && s.addReply(r, p, f) == nil && s.addCall(r, p, f) == nil
}

// caseForm draws the case page with words typed earlier put into today's form: the way on from a conflict.
func (s *Server) caseForm(w http.ResponseWriter, r *http.Request) error {
	f, err := s.openCase(r.Context(), r.PathValue("id"), officerOf(r))
	if err != nil {
		return err
	}
	p, ok := s.typedPage(r, f, proposal.Kind(r.PathValue("kind")), withoutOwn(r.PostForm))
	if !ok {
		return &proposal.Refusal{Code: proposal.NotInStage, Stage: f.State.Stage}
	}
	return s.render(w, r, http.StatusOK, p)
}

// withoutOwn is what was typed, without what the form carried for itself: it goes into a form that is drawn anew.
func withoutOwn(form url.Values) url.Values {
	typed := url.Values{}
	for name, values := range form {
		if name != fieldActionID && name != fieldBaseSeq {
			typed[name] = values
		}
	}
	return typed
}
