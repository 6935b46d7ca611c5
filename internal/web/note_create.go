package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// noteCreate writes a note about a case and tells those whom it mentions.
func (s *Server) noteCreate(w http.ResponseWriter, r *http.Request) error {
	who, words := officerOf(r), s.words(r)
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	text, chosen := r.PostForm.Get("text"), proposal.PersonID(r.PostForm.Get("mention"))
	active := slices.DeleteFunc(slices.Clone(f.people), func(p store.Person) bool { return !p.Active || !ofBureau(p) })
	mentions, ambiguous := mentionsIn(text, active)
	if chosen != "" && !slices.Contains(mentions, chosen) {
		mentions = append(mentions, chosen)
	}
	var wrong []fieldMessage
	if ambiguous != "" && chosen == "" {
		wrong = append(wrong, fieldMessage{"mention", words.T("note.ambiguous", "Name", ambiguous)})
	}
	no := 0
	if len(wrong) == 0 {
		no, err = s.Store.AddNote(r.Context(), who.ID, f.CaseID, r.PostForm.Get(fieldActionID), text, mentions)
		var refusal *proposal.Refusal
		if errors.As(err, &refusal) && refusal.Code == proposal.InvalidInput {
			wrong, err = noteErrors(words, f, refusal.Fields, mentions), nil
		}
		if err != nil {
			return err
		}
	}
	if len(wrong) > 0 {
		p, err := s.readPage(r, f)
		if err != nil {
			return err
		}
		p.Notes.Form.Keep.Sent = true
		p.Notes.Form.Text, p.Notes.Form.Mention, p.Notes.Form.errors = text, string(chosen), wrong
		return s.render(w, r, http.StatusUnprocessableEntity, p)
	}
	s.forgetTyped(r, f.CaseID, formNote, "")
	s.flash(r, words.T("note.saved"))
	http.Redirect(w, r, "/cases/"+f.CaseID+"#e"+strconv.Itoa(no), http.StatusSeeOther)
	return nil
}

// noteErrors puts what is wrong with a note beside its field: of people who may not see the case their names are told.
func noteErrors(w *words, f *caseFile, fields []proposal.FieldError, mentions []proposal.PersonID) []fieldMessage {
	var wrong []fieldMessage
	var blind []proposal.PersonID
	for _, e := range fields {
		i, err := strconv.Atoi(strings.TrimPrefix(e.Field, "mentions."))
		if err == nil && i < len(mentions) {
			blind = append(blind, mentions[i])
			continue
		}
		wrong = append(wrong, fieldWords(w, []proposal.FieldError{e})...)
	}
	if len(blind) > 0 {
		wrong = append(wrong, fieldMessage{"text", w.T("note.cannot_see", "Names", f.names(w, blind))})
	}
	return wrong
}
