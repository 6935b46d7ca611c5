package casefile

import (
	"slices"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// Offers are what the officer may do to the case, without what another has claimed. Where nobody signed besides the lead, which the rules
// learn from the action alone, nobody's rating is offered.
func (f *File) Offers(who *store.Person) []proposal.Offer {
	return slices.DeleteFunc(proposal.Offers(f.rights, f.As(who.Person), f.Pack), func(o proposal.Offer) bool {
		if o.Kind == proposal.RateAsCoSigner && len(f.CoSigners) == 0 {
			return true
		}
		t := f.taskOf(o)
		return t != nil && t.ClaimedBy != "" && t.ClaimedBy != who.ID && t.ClaimedBy != o.For
	})
}

// taskOf is the open task that an action does; nil if it does none.
func (f *File) taskOf(o proposal.Offer) *store.Task {
	i := slices.IndexFunc(f.Tasks, func(t store.Task) bool {
		if !o.Side {
			return t.Ref == "" && t.Ask == proposal.AskOf(f.State.Stage)
		}
		return t.Ref == o.Ref && slices.Contains(kinds.Of(o.Kind).Does, t.Ask)
	})
	if i < 0 {
		return nil
	}
	return &f.Tasks[i]
}
