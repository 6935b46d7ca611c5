package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

// apiError is a refusal or failure in JSON: the code is for programs, title and message for people, in their language.
type apiError struct {
	Code     string                `json:"code"`
	Title    string                `json:"title"`
	Message  string                `json:"message"`
	Number   string                `json:"number,omitempty"` // to quote when asking for help
	Fields   []apiFieldError       `json:"fields,omitempty"`
	Findings []apiFinding          `json:"findings,omitempty"`
	By       *apiPerson            `json:"by,omitempty"`    // who acted first
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

// apiFieldError is one wrong field; nested fields are named with dots.
type apiFieldError struct {
	Field   string             `json:"field"`
	Code    proposal.FieldCode `json:"code"`
	Message string             `json:"message"`
	Max     int                `json:"max,omitempty"`
	Date    calendar.Date      `json:"date,omitzero"`
}

// apiFinding is something to mend before a draft may be reviewed.
type apiFinding struct {
	Code    proposal.FindingCode `json:"code"`
	Point   int                  `json:"point,omitempty"`
	Class   string               `json:"class,omitempty"`
	Unit    string               `json:"unit,omitempty"`
	Mark    *proposal.Mark       `json:"mark,omitempty"` // the place in the text
	Key     string               `json:"key,omitempty"`  // of a reminder: acks of the submission name it, with the reason
	Message string               `json:"message"`
}

// answerFailure is renderError for the API.
func (s *Server) answerFailure(w http.ResponseWriter, r *http.Request, f failure) error {
	words := s.apiWords(r)
	e := apiError{
		Code: f.Key[strings.LastIndex(f.Key, ".")+1:], Number: f.Number,
		Title: words.T(f.Key + ".title"), Message: words.T(f.Key + ".text"),
	}
	if f.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="banli"`)
	}
	if f.Refusal != nil {
		s.explainRefusal(r, words, &e, f.Refusal)
	}
	return writeJSON(w, f.Status, e)
}

func (s *Server) explainRefusal(r *http.Request, w *words, e *apiError, refusal *proposal.Refusal) {
	for i, m := range fieldWords(w, refusal.Fields) {
		f := refusal.Fields[i]
		e.Fields = append(e.Fields, apiFieldError{Field: f.Field, Code: f.Code, Message: m.text, Max: f.Max, Date: f.Date})
	}
	e.Findings = apiFindings(w, refusal.Findings)
	if refusal.By != "" {
		e.By = &apiPerson{ID: refusal.By}
		if p, err := s.Store.Person(r.Context(), refusal.By); err == nil {
			e.By.Name = w.Name(p.Name)
		}
	}
	e.At, e.Did, e.Stage, e.Case, e.Role = refusal.At, refusal.Did, refusal.Stage, refusal.Case, refusal.Role
	e.Have, e.Need, e.Due, e.Refs, e.Status = refusal.Have, refusal.Need, refusal.Due, refusal.Refs, refusal.Status
	e.Message += w.refusalDetail(refusal)
}

func apiFindings(w *words, found []proposal.Finding) []apiFinding {
	var list []apiFinding
	for _, f := range found {
		found := apiFinding{Code: f.Code, Point: f.Point, Class: f.Class, Unit: f.Unit, Mark: f.Mark, Message: findingText(w, f, f.Unit)}
		if f.Mark != nil && f.Mark.Level == proposal.ReminderMark {
			found.Key = f.Mark.Key()
		}
		list = append(list, found)
	}
	return list
}
