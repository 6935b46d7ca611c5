package store_test

import (
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// A publisher sees the reply and what was done when, but nothing that was said and no contact data (domain §3).
func TestShowTo(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.Answered)
	show := func(role proposal.Role) (*store.Case, bool) {
		c, err := w.Case(ctx, id)
		check(t, err)
		return c, c.ShowTo(w.Bureau[role].Person)
	}
	if c, ok := show(proposal.Liaison); !ok || !c.HasContact || len(c.Consultations) == 0 || len(c.Points) == 0 || c.Text == "" {
		t.Errorf("the liaison sees %+v, %v; want everything", c, ok)
	}
	if _, ok := show(proposal.Auditor); ok {
		t.Error("an auditor sees a case that is not closed")
	}
	c, ok := show(proposal.Publisher)
	if !ok || c.Draft == nil || len(c.Events) == 0 {
		t.Fatalf("the publisher sees %+v, %v; want the reply and its way", c, ok)
	}
	if d := c.Draft.Draft; len(d.Answers) > 0 || d.Class != "" || d.Body == "" {
		t.Errorf("the publisher sees of the draft %+v, want the reply alone", d)
	}
	if c.HasContact || len(c.Consultations) > 0 || len(c.Points) > 0 || len(c.Drafts) > 0 || c.Text != "" {
		t.Errorf("the publisher sees %+v", c)
	}
	for _, e := range c.Events {
		if e.Input != nil {
			t.Errorf("the publisher reads what was said in event %d", e.No)
		}
	}
	_, err := w.ViewContact(ctx, id, w.ID(proposal.Publisher))
	refused(t, err, proposal.NotFound)
}
