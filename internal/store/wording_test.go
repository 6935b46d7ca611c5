package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/wording"
)

// What a bureau puts in its own words is told in the chain, heard of by another program, and held against the chain.
func TestWording(t *testing.T) {
	w := newWorld(t)
	admin := w.ID(proposal.Admin)
	other, err := store.Open(t.Context(), w.sql.Config().ConnString())
	check(t, err)
	t.Cleanup(other.Close)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); other.Wordings.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	w.listening(t)

	set := func(text string) error {
		return w.SetWords(t.Context(), admin, store.Wording{"zh": {"notice.urge": text}})
	}
	heard := func(want string) {
		t.Helper()
		if got := w.Wordings.Own("zh", "notice.urge"); got != want {
			t.Errorf("the program that was told says %q, want %q", got, want)
		}
		for begun := time.Now(); other.Wordings.Own("zh", "notice.urge") != want; time.Sleep(10 * time.Millisecond) {
			if time.Since(begun) > patience {
				t.Fatalf("another program says %q, want %q", other.Wordings.Own("zh", "notice.urge"), want)
			}
		}
	}
	told := func() int { return w.count(t, `select count(*) from staff_events where about = 'wording'`) }
	check(t, set("")) // nothing to go back from
	if n := told(); n != 0 {
		t.Errorf("%d changes are told of none", n)
	}
	for range 2 {
		check(t, set("{谁}请你快办。"))
	}
	heard("{谁}请你快办。")
	if n := told(); n != 1 {
		t.Errorf("the same words twice are told %d times", n)
	}
	if wrong := wording.Faults(nil); !errors.As(set("{谁{"), &wrong) || wrong[0].Code != wording.LooseBracket {
		t.Errorf("%v", wrong)
	}
	heard("{谁}请你快办。")
	check(t, set(""))
	heard("")
	all, err := w.StaffChanges(t.Context(), store.ChangesOfBureau, "", 1)
	if check(t, err); all.Items[0].Was["text"] != "{谁}请你快办。" || all.Items[0].Now["text"] != "" || all.Items[0].By.ZH != w.Bureau[proposal.Admin].Name.ZH {
		t.Errorf("the newest change is %+v", all.Items[0])
	}
	if _, broken, err := w.VerifyStaffChain(t.Context()); err != nil || broken != 0 {
		t.Errorf("the chain breaks at %d, %v", broken, err)
	}
	breaks, err := w.VerifyRows(t.Context())
	if check(t, err); len(breaks) != 0 {
		t.Errorf("%+v", breaks)
	}
	_, err = w.sql.Exec(t.Context(), `alter table wordings disable trigger wordings_kept`)
	check(t, err)
	_, err = w.sql.Exec(t.Context(), `update wordings set text = '不用办了。'`)
	check(t, err)
	breaks, err = w.VerifyRows(t.Context())
	if check(t, err); len(breaks) != 1 || breaks[0].Table != "wordings" {
		t.Errorf("words that nobody is told to have changed: %+v", breaks)
	}
}
