package api

import (
	"net/http"
	"strings"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// Error is a refusal or failure in JSON: the code is for programs, title and message for people, in their language.
type Error struct {
	Code     string                `json:"code"`
	Cause    proposal.Cause        `json:"cause,omitempty"` // it takes an administrator
	Title    string                `json:"title"`
	Message  string                `json:"message"`
	Number   string                `json:"number,omitempty"` // to quote when asking for help
	Fields   []FieldError          `json:"fields,omitempty"`
	Findings []Finding             `json:"findings,omitempty"`
	By       *Person               `json:"by,omitempty"`    // who acted first
	At       time.Time             `json:"at,omitzero"`     // when
	Did      proposal.Kind         `json:"did,omitempty"`   // what
	Stage    proposal.Stage        `json:"stage,omitempty"` // where the case is now
	Case     string                `json:"case,omitempty"`  // the case that already bears the number
	Role     proposal.Role         `json:"role,omitempty"`  // whose right it would be
	Have     int                   `json:"have,omitempty"`
	Need     int                   `json:"need,omitempty"`
	Due      calendar.Date         `json:"due,omitzero"`     // the date that decides
	Refs     []string              `json:"refs,omitempty"`   // the strands that are in the way
	Status   proposal.StrandStatus `json:"status,omitempty"` // where the strand stands
}

// FieldError is one wrong field; nested fields are named with dots.
type FieldError struct {
	Field   string             `json:"field"`
	Code    proposal.FieldCode `json:"code"`
	Message string             `json:"message"`
	Max     int                `json:"max,omitempty"`
	Date    calendar.Date      `json:"date,omitzero"`
}

// Finding is something to mend before a draft may be reviewed.
type Finding struct {
	Code    proposal.FindingCode `json:"code"`
	Point   int                  `json:"point,omitempty"`
	Class   string               `json:"class,omitempty"`
	Unit    string               `json:"unit,omitempty"`
	Mark    *replytext.Mark      `json:"mark,omitempty"` // the place in the text
	Key     string               `json:"key,omitempty"`  // of a reminder: acks of the submission name it, with the reason
	Message string               `json:"message"`
}

// AnswerFailure answers a request that failed with an Error.
func (s *Room) AnswerFailure(w http.ResponseWriter, r *http.Request, f kit.Failure) error {
	words := s.words(r)
	e := Error{
		Code: f.Key[strings.LastIndex(f.Key, ".")+1:], Number: f.Number,
		Title: words.T(f.Key + ".title"), Message: words.T(f.Key + ".text"),
	}
	if f.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="banli"`)
	}
	if f.Refusal != nil {
		s.explainRefusal(r, words, &e, f.Refusal)
	}
	return kit.WriteJSON(w, f.Status, e)
}

func (s *Room) explainRefusal(r *http.Request, w *locale.Words, e *Error, refusal *proposal.Refusal) {
	for i, m := range kit.FieldWords(w, refusal.Fields) {
		f := refusal.Fields[i]
		e.Fields = append(e.Fields, FieldError{Field: f.Field, Code: f.Code, Message: m.Text, Max: f.Max, Date: f.Date})
	}
	e.Findings = findings(w, refusal.Findings)
	if refusal.By != "" {
		e.By = &Person{ID: refusal.By}
		if p, err := s.store.Person(r.Context(), refusal.By); err == nil {
			e.By.Name = w.Name(p.Name)
		}
	}
	e.Code, e.Cause = string(refusal.Code), refusal.Cause
	e.At, e.Did, e.Stage, e.Case, e.Role = refusal.At, refusal.Did, refusal.Stage, refusal.Case, refusal.Role
	e.Have, e.Need, e.Due, e.Refs, e.Status = refusal.Have, refusal.Need, refusal.Due, refusal.Refs, refusal.Status
	e.Message += w.RefusalDetail(refusal)
}

func findings(w *locale.Words, found []proposal.Finding) []Finding {
	var list []Finding
	for _, f := range found {
		found := Finding{Code: f.Code, Point: f.Point, Class: f.Class, Unit: f.Unit, Mark: f.Mark, Message: casefile.FindingText(w, f, f.Unit)}
		if f.Mark != nil && f.Mark.Level == replytext.ReminderMark {
			found.Key = f.Mark.Key()
		}
		list = append(list, found)
	}
	return list
}
