package casefile

import (
	"errors"
	"net/url"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// EverythingWrong refuses what could not be read, together with what the rules say of the rest: all of it is shown at once.
func EverythingWrong(unread []proposal.FieldError, action proposal.Action) error {
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

// ActionOf reads what every form of an action carries.
func ActionOf(kind proposal.Kind, input proposal.Input, form url.Values, who *store.Person) (proposal.Action, []proposal.FieldError) {
	action := proposal.Action{ID: form.Get(kit.FieldActionID), Kind: kind, By: who.ID, For: proposal.PersonID(form.Get(kit.FieldFor)), Input: input, Proof: who.Proof}
	var wrong []proposal.FieldError
	if uuid.Validate(action.ID) != nil {
		wrong = append(wrong, proposal.FieldError{Field: kit.FieldActionID, Code: proposal.FieldMalformed})
	}
	var err error
	if base := form.Get(kit.FieldBaseSeq); base != "" {
		if action.BaseSeq, err = strconv.Atoi(base); err != nil {
			wrong = append(wrong, proposal.FieldError{Field: kit.FieldBaseSeq, Code: proposal.FieldMalformed})
		}
	}
	if on := form.Get(kit.FieldOn); on != "" {
		if action.On, err = calendar.ParseDate(on); err != nil {
			wrong = append(wrong, proposal.FieldError{Field: kit.FieldOn, Code: proposal.FieldMalformed})
		}
	}
	return action, wrong
}
