package caseroom

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// NoteCreate writes a note about a case and tells those whom it mentions.
func (s *Room) NoteCreate(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	text, chosen := r.PostForm.Get("text"), proposal.PersonID(r.PostForm.Get("mention"))
	active := slices.DeleteFunc(slices.Clone(f.Staff), func(p store.Person) bool { return !p.Active || !kit.OfBureau(p) })
	mentions, ambiguous := mentionsIn(text, active)
	if chosen != "" && !slices.Contains(mentions, chosen) {
		mentions = append(mentions, chosen)
	}
	var wrong []kit.FieldMessage
	if ambiguous != "" && chosen == "" {
		wrong = append(wrong, kit.FieldMessage{Field: "mention", Text: words.T("note.ambiguous", "Name", ambiguous)})
	}
	no := 0
	if len(wrong) == 0 {
		no, err = s.store.AddNote(r.Context(), who.ID, f.CaseID, r.PostForm.Get(kit.FieldActionID), text, mentions)
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
		keep := &p.Notes.Form.Keep
		*keep = kit.NewKeeping(kit.FormNote, f.CaseID, "", r.PostForm)
		keep.Find(words, f.Typed)
		p.Notes.Form.Text, p.Notes.Form.Mention, p.Notes.Form.errors = text, string(chosen), wrong
		return s.Render(w, r, http.StatusUnprocessableEntity, p)
	}
	s.ForgetTyped(r, f.CaseID, kit.FormNote, "")
	s.Flash(r, words.T("note.saved"))
	http.Redirect(w, r, "/cases/"+f.CaseID+"#e"+strconv.Itoa(no), http.StatusSeeOther)
	return nil
}

// noteErrors puts what is wrong with a note beside its field: of people who may not see the case their names are told.
func noteErrors(w *locale.Words, f *casefile.File, fields []proposal.FieldError, mentions []proposal.PersonID) []kit.FieldMessage {
	var wrong []kit.FieldMessage
	var blind []proposal.PersonID
	for _, e := range fields {
		i, err := strconv.Atoi(strings.TrimPrefix(e.Field, "mentions."))
		if err == nil && i < len(mentions) {
			blind = append(blind, mentions[i])
			continue
		}
		wrong = append(wrong, kit.FieldWords(w, []proposal.FieldError{e})...)
	}
	if len(blind) > 0 {
		wrong = append(wrong, kit.FieldMessage{Field: "text", Text: w.T("note.cannot_see", "Names", names(f, w, blind))})
	}
	return wrong
}
