package api

import (
	"reflect"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/web/kit"
)

// NewDraft saves a version of the reply on top of another.
type NewDraft struct {
	ID          string  `json:"id"`                     // a UUID that the caller makes; the same id is done once, for ever
	BaseVersion int     `json:"base_version,omitempty"` // the version it was written on; 0: none
	Draft       NewText `json:"draft"`
}

// NewText is proposal.Draft as a caller writes it: unfinished work is kept, so nothing is required.
type NewText struct {
	Body         string                 `json:"body,omitempty"`
	ContactName  string                 `json:"contact_name,omitempty"`
	ContactPhone string                 `json:"contact_phone,omitempty"`
	Answers      []proposal.PointAnswer `json:"answers,omitempty"`
	Class        string                 `json:"class,omitempty"`
	Commitments  []replytext.Promise    `json:"commitments,omitempty"`
	Openness     proposal.Openness      `json:"openness,omitempty"`
	Ground       string                 `json:"ground,omitempty"`
	Reason       string                 `json:"reason,omitempty"`
}

// SavedDraft is a saved version and what keeps it from being reviewed.
type SavedDraft struct {
	Version
	Findings []Finding `json:"findings"`
}

func (s *Room) draftSave(call *Call, in NewDraft) (SavedDraft, error) {
	f, err := s.OpenCase(call.Context(), call.PathValue("id"), call.who)
	if err != nil {
		return SavedDraft{}, err
	}
	if uuid.Validate(in.ID) != nil {
		return SavedDraft{}, kit.InvalidFields([]proposal.FieldError{{Field: "id", Code: proposal.FieldMalformed}})
	}
	d := in.Draft
	saved, err := s.store.SaveDraft(call.Context(), f.CaseID, call.who.ID, in.ID, in.BaseVersion, proposal.Draft{
		Body: d.Body, ContactName: d.ContactName, ContactPhone: d.ContactPhone, Answers: d.Answers, Class: d.Class,
		Commitments: d.Commitments, Openness: d.Openness, Ground: d.Ground, Reason: d.Reason,
	})
	if err != nil {
		return SavedDraft{}, named(err, "draft", reflect.TypeFor[NewText]())
	}
	saved.Draft.Version = saved.Version
	found := f.Examine(saved.Draft)
	by := Person{call.who.ID, call.words.Name(call.who.Name)}
	return SavedDraft{
		Version{saved.Version, saved.SHA256, by, saved.SavedAt}, append([]Finding{}, findings(call.words, found)...),
	}, nil
}
