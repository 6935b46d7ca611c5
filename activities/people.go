package activities

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
)

// People passes on what somebody had who is no longer there. It looks at how things stand, not at what changed: a change that
// happens meanwhile is met the next time.
type People struct {
	Record   ledger.PeopleRecord
	Calendar func() *calendar.Calendar
	Packs    RulePacks
	// Act applies an action of the system to a case, through its workflow.
	Act func(ctx context.Context, caseID string, a proposal.Action) error
	Now func() time.Time
}

// vacateNamespace makes the action id a function of the case, the person and where the case stands: however many look, it is done
// once.
var vacateNamespace = uuid.MustParse("5b7c1c0e-91a4-5f0c-8d51-0a4f5be26c0d")

// PassOn asks the rules first: no action is spent on what stays as it is.
func (p *People) PassOn(ctx context.Context) error {
	all, err := p.Record.Gone(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, g := range all {
		pack, ok := p.Packs.ByID(g.State.Pack)
		if !ok {
			failed = errors.Join(failed, fmt.Errorf("rule pack %q is not loaded", g.State.Pack))
			continue
		}
		name := fmt.Sprintf("%s/%s/%d", g.CaseID, g.Person, g.State.Seq)
		a := proposal.Action{
			ID: uuid.NewSHA1(vacateNamespace, []byte(name)).String(), Kind: proposal.Vacate, Input: &proposal.Vacancy{Person: g.Person},
		}
		facts := proposal.Facts{Now: p.Now(), Calendar: p.Calendar(), Pack: pack, Named: g.Today, Claims: g.Claims}
		if _, err := proposal.Apply(g.State, a, facts); err == nil {
			failed = errors.Join(failed, ignoreNotDue(p.Act(ctx, g.CaseID, a)))
		}
	}
	return failed
}
