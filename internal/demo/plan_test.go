package demo

import (
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/rulepack"
)

// TestEveryDay applies the rules to every plan, for days over two years: whenever a stranger starts the program, each step
// is allowed, by the person who takes it, and the case ends where its script says.
func TestEveryDay(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 20, 0, 0, calendar.Shanghai)
	for hour := 0; hour < 2*365*24; hour += 101 {
		now := start.Add(time.Duration(hour) * time.Hour)
		for _, c := range scripts() {
			state, err := walk(c, now)
			if err != nil || state.Stage != c.Stage {
				t.Fatalf("at %s, %s comes to %q, wants %q: %v", now, c.key(), state.Stage, c.Stage, err)
			}
			for _, days := range []*int{c.Internal, c.Legal, c.Contact} {
				if days != nil && state.Overdue(calendar.DateOf(now)) != (*days < 0) {
					t.Errorf("at %s, %s has %d working days left and overdue is %v", now, c.key(), *days, *days >= 0)
				}
			}
		}
	}
}

// walk takes the steps by the rules alone. A person's id is the login.
func walk(c *script, now time.Time) (state proposal.State, err error) {
	var draft proposal.Draft
	proposers := append([]string{c.Deputy}, c.With...)
	for _, s := range c.plan(staff(), c.days(now)) {
		if s.draft != nil {
			version := draft.Version + 1
			draft = *s.draft
			draft.Version = version
		}
		if s.input == nil {
			continue
		}
		action := proposal.Action{ID: "a", Kind: s.kind, By: proposal.PersonID(s.by), On: s.on, Input: s.input}
		facts := proposal.Facts{
			Now: now, Calendar: calendar.National(), Pack: rulepack.BuiltIn()["shenyang-1"], Actor: ruled(s.by),
			Points: len(c.Points), Draft: draft, NextSerial: 1, Proposers: proposers,
			Entry: replytext.RegisterEntry{Key: c.key(), Title: c.title(), Deputies: proposers},
		}
		for _, d := range staff().Divisions {
			facts.Divisions = append(facts.Divisions, d.Code)
		}
		switch in := s.input.(type) {
		case *proposal.Acceptance:
			facts.Named = ruled(string(in.Handler))
		case *proposal.Submission:
			action.Input = &proposal.Submission{Version: draft.Version, SHA256: draft.SHA256()}
		case *proposal.Signature:
			action.Input = &proposal.Signature{SHA256: draft.SHA256()}
		case *proposal.PublicationOrder:
			action.Input = &proposal.PublicationOrder{SHA256: draft.SHA256()}
		}
		if state, err = proposal.Apply(state, action, facts); err != nil {
			return state, err
		}
	}
	return state, nil
}

func ruled(login string) proposal.Person {
	p := staff().person(login)
	return proposal.Person{ID: proposal.PersonID(login), Roles: p.Roles, Division: p.Division, Field: p.Field}
}
