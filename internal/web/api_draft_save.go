package web

import (
	"reflect"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/proposal"
)

// apiNewDraft saves a version of the reply on top of another.
type apiNewDraft struct {
	ID          string     `json:"id"`                     // a UUID that the caller makes; the same id is done once, for ever
	BaseVersion int        `json:"base_version,omitempty"` // the version it was written on; 0: none
	Draft       apiNewText `json:"draft"`
}

// apiNewText is proposal.Draft as a caller writes it: unfinished work is kept, so nothing is required.
type apiNewText struct {
	Body         string                 `json:"body,omitempty"`
	ContactName  string                 `json:"contact_name,omitempty"`
	ContactPhone string                 `json:"contact_phone,omitempty"`
	Answers      []proposal.PointAnswer `json:"answers,omitempty"`
	Class        string                 `json:"class,omitempty"`
	Commitments  []proposal.Promise     `json:"commitments,omitempty"`
	Openness     proposal.Openness      `json:"openness,omitempty"`
	Ground       string                 `json:"ground,omitempty"`
	Reason       string                 `json:"reason,omitempty"`
}

// apiSavedDraft is a saved version and what keeps it from being reviewed.
type apiSavedDraft struct {
	apiVersion
	Findings []apiFinding `json:"findings"`
}

func (s *Server) apiDraftSave(call *apiCall, in apiNewDraft) (apiSavedDraft, error) {
	f, err := s.openCase(call.Context(), call.PathValue("id"), call.who)
	if err != nil {
		return apiSavedDraft{}, err
	}
	if uuid.Validate(in.ID) != nil {
		return apiSavedDraft{}, invalidFields([]proposal.FieldError{{Field: "id", Code: proposal.FieldMalformed}})
	}
	d := in.Draft
	saved, err := s.Store.SaveDraft(call.Context(), f.CaseID, call.who.ID, in.ID, in.BaseVersion, proposal.Draft{
		Body: d.Body, ContactName: d.ContactName, ContactPhone: d.ContactPhone, Answers: d.Answers, Class: d.Class,
		Commitments: d.Commitments, Openness: d.Openness, Ground: d.Ground, Reason: d.Reason,
	})
	if err != nil {
		return apiSavedDraft{}, named(err, "draft", reflect.TypeFor[apiNewText]())
	}
	saved.Draft.Version = saved.Version
	found := f.examine(saved.Draft)
	by := apiPerson{call.who.ID, call.words.Name(call.who.Name)}
	return apiSavedDraft{
		apiVersion{saved.Version, saved.SHA256, by, saved.SavedAt}, append([]apiFinding{}, apiFindings(call.words, found)...),
	}, nil
}
