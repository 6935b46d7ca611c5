package record

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
)

// TestEndingIsAnswered presses the last action of many cases, twice at the same moment, as two officers or two pages do, and once more when
// the case has ended. Whoever pressed is told what the record holds, and a late press starts nothing.
func TestEndingIsAnswered(t *testing.T) {
	const cases, atATime = 150, 4
	b := newBureau(t)
	closing := make([]*walk, cases)
	for i := range closing {
		r := fixture.Registration(fmt.Sprintf("%04d", 3000+i), calendar.DateOf(time.Now()))
		w := &walk{bureau: b, t: t, registration: r, id: workflows.CaseID(r.RegisterKey)}
		w.commit(w.Register(r))
		for w.state().Stage != proposal.Closing {
			w.commit(w.Next(t, w.store, w.id))
		}
		w.adopt()
		closing[i] = w
	}
	var officers sync.WaitGroup
	cards := make(chan *walk)
	for range atATime {
		officers.Go(func() {
			for w := range cards {
				w.endTwice()
			}
		})
	}
	for _, w := range closing {
		cards <- w
	}
	close(cards)
	officers.Wait()
}

// endTwice presses what ends the case under two ids at once: one is applied, the other is refused. Then both are pressed again.
func (w *walk) endTwice() {
	presses := [2]proposal.Action{w.Next(w.t, w.store, w.id), w.Next(w.t, w.store, w.id)}
	var refused [2]bool
	var both sync.WaitGroup
	for i, a := range presses {
		both.Go(func() { refused[i] = w.press(a) })
	}
	both.Wait()
	if refused[0] == refused[1] {
		w.t.Errorf("%s: two presses, refused %v", w.registration.RegisterKey.Number, refused)
	}
	w.settle()
	for i, a := range presses {
		if again := w.press(a); again != refused[i] {
			w.t.Errorf("%s: a press that was refused %v is refused %v the second time", w.registration.RegisterKey.Number, refused[i], again)
		}
	}
}

// press is an action that is applied or refused, but answered.
func (w *walk) press(a proposal.Action) (refused bool) {
	at, err := w.cases.Act(w.t.Context(), w.id, a)
	refusal := (*proposal.Refusal)(nil)
	refused = errors.As(err, &refusal) && refusal.Code == proposal.NotInStage
	if !refused && (err != nil || at.Stage != proposal.Closed) {
		w.t.Errorf("%s: %s is answered with %v, stage %q", w.registration.RegisterKey.Number, a.Kind, err, at.Stage)
	}
	return refused
}
