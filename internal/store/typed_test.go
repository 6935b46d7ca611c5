package store_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

func said(words string) map[string][]string { return map[string][]string{"words": {words}} }

func (w *world) typed(t *testing.T, role proposal.Role, caseID string) []store.Typed {
	t.Helper()
	list, err := w.Typed(t.Context(), w.ID(role), caseID)
	check(t, err)
	return list
}

// What was typed last is kept, for its writer alone, whatever arrives late.
func TestTypedKeepsTheNewest(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Consulting)
	save := func(words string, at time.Time) bool {
		t.Helper()
		kept, _, err := w.KeepTyped(t.Context(), w.ID(proposal.Handler), store.Typed{
			CaseID: id, Form: "contact", BaseSeq: 4, Fields: said(words), SavedAt: at,
		})
		check(t, err)
		return kept
	}
	if !save("第一句", w.now) || !save("第一句，第二句", w.now.Add(time.Second)) {
		t.Error("new words were not kept")
	}
	if save("第一句", w.now) {
		t.Error("older words from another computer took the place of newer ones")
	}
	if !save("第一句，第二句", w.now) || !save("第一句，第二句", w.now.Add(time.Minute)) {
		t.Error("the same words, sent again, are not what is kept")
	}
	list := w.typed(t, proposal.Handler, id)
	if len(list) != 1 || !reflect.DeepEqual(list[0].Fields, said("第一句，第二句")) || list[0].BaseSeq != 4 {
		t.Errorf("kept: %+v", list)
	}
	if got := w.typed(t, proposal.DivisionHead, id); len(got) > 0 {
		t.Errorf("somebody else reads %+v", got)
	}
	if got := w.typed(t, proposal.Handler, ""); len(got) > 0 {
		t.Errorf("a form of no case shows the words of one: %+v", got)
	}
	check(t, w.ForgetTyped(t.Context(), w.ID(proposal.Handler), id, "contact", "", nil))
	if got := w.typed(t, proposal.Handler, id); len(got) > 0 {
		t.Errorf("dropped, and still there: %+v", got)
	}
}

// What was sent is not kept: neither the words that were there, nor those that arrive after them.
func TestTypedEndsWithItsAction(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Consulting)
	a := w.Action(proposal.Contact, proposal.Handler, &proposal.Consultation{Mode: proposal.PhoneContact, Outcome: proposal.ContactNoAnswer})
	typed := store.Typed{CaseID: id, Form: "contact", ActionID: a.ID, Fields: said("没人接"), SavedAt: w.now}
	_, _, err := w.KeepTyped(t.Context(), w.ID(proposal.Handler), typed)
	check(t, err)
	w.do(t, id, a)
	if got := w.typed(t, proposal.Handler, id); len(got) > 0 {
		t.Errorf("sent, and offered again: %+v", got)
	}
	typed.Fields, typed.SavedAt = said("没人接，"), w.now.Add(time.Second)
	if kept, _, err := w.KeepTyped(t.Context(), w.ID(proposal.Handler), typed); err != nil || kept {
		t.Errorf("what arrived after it was sent: kept %v, %v", kept, err)
	}
}

// After 30 days nobody waits for it any more.
func TestTypedFades(t *testing.T) {
	w := newWorld(t)
	save := func(form string) {
		_, _, err := w.KeepTyped(t.Context(), w.ID(proposal.Liaison), store.Typed{Form: form, Fields: said(form), SavedAt: w.now})
		check(t, err)
	}
	save("register")
	w.now = w.now.AddDate(0, 0, 31)
	if got := w.typed(t, proposal.Liaison, ""); len(got) > 0 {
		t.Errorf("shown after a month: %+v", got)
	}
	save("bulk")
	if n := w.count(t, `select count(*) from typed`); n != 1 {
		t.Errorf("%d rows are left", n)
	}
}

// The next call to the deputy stands on the task, by the minute, and puts it in its place in the list.
func TestCallBackStandsOnTheTask(t *testing.T) {
	w := newWorld(t)
	w.now = time.Date(2026, 3, 3, 2, 0, 0, 0, time.UTC)
	id := w.at(t, proposal.Consulting)
	at := time.Date(2026, 3, 4, 6, 30, 0, 0, time.UTC)
	mine := func() store.Task {
		t.Helper()
		page, err := w.Tasks(t.Context(), w.ID(proposal.Handler), store.TaskFilter{Box: store.Todo})
		check(t, err)
		if len(page.Items) != 1 {
			t.Fatalf("%d tasks", len(page.Items))
		}
		return *page.Items[0].Task
	}
	w.do(t, id, w.Action(proposal.Contact, proposal.Handler, &proposal.Consultation{Mode: proposal.PhoneContact, Outcome: proposal.ContactCallBack, CallBackAt: at}))
	if task := mine(); !task.CallBackAt.Equal(at) || task.Due.String() != "2026-03-04" {
		t.Errorf("task: call back at %v, due %v", task.CallBackAt, task.Due)
	}
	w.do(t, id, w.Action(proposal.Contact, proposal.Handler, &proposal.Consultation{Mode: proposal.PhoneContact, Outcome: proposal.ContactNoAnswer}))
	if task := mine(); !task.CallBackAt.IsZero() || task.Due.String() == "2026-03-04" {
		t.Errorf("after the call: call back at %v, due %v", task.CallBackAt, task.Due)
	}
}

// What was changed, what was not confirmed and how long it took stay with the talk.
func TestConsultationKeepsItsChecks(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Consulting)
	talk := &proposal.Consultation{
		Mode: proposal.PhoneContact, Outcome: proposal.ContactReached, Points: []string{"减负", "待遇"}, Seconds: 277,
		Checks: []proposal.PointCheck{{Was: "落实减负", At: w.now.UTC().Truncate(time.Microsecond)}, {Unconfirmed: true}},
	}
	w.do(t, id, w.Action(proposal.Contact, proposal.Handler, talk))
	c, err := w.Case(t.Context(), id)
	check(t, err)
	if got := c.Consultations[0]; got.Seconds != 277 || !reflect.DeepEqual(got.Checks, talk.Checks) {
		t.Errorf("the talk: %+v", got)
	}
	if len(c.Points) != 2 || !c.Points[0].Confirmed || c.Points[1].Confirmed {
		t.Errorf("points: %+v", c.Points)
	}
}

// Two windows of one person keep what is typed in each, whoever was last; going on from what was kept takes its place.
func TestTwoWindowsTypeIntoOneForm(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Consulting)
	save := func(window, words string, on ...string) (others int) {
		t.Helper()
		w.now = w.now.Add(time.Second)
		kept, others, err := w.KeepTyped(t.Context(), w.ID(proposal.Handler), store.Typed{
			CaseID: id, Form: "contact", ActionID: window, On: on, Fields: said(words), SavedAt: w.now,
		})
		check(t, err)
		if !kept {
			t.Errorf("%s is not kept", words)
		}
		return others
	}
	stand := func(want ...string) []store.Typed {
		t.Helper()
		list := w.typed(t, proposal.Handler, id)
		var got []string
		for _, k := range list {
			got = append(got, k.Fields["words"][0])
		}
		if !slices.Equal(got, want) {
			t.Errorf("kept are %q, want %q", got, want)
		}
		return list
	}
	first, second, third := newID(), newID(), newID()
	if save(first, "长长的一段") != 0 || save(second, "短") != 1 || save(first, "长长的一段，又一句") != 1 {
		t.Error("a window is not told of the other")
	}
	stand("长长的一段，又一句", "短")
	newest := w.typed(t, proposal.Handler, id)[0].As()
	save(first, "长长的一段，又一句，还在写")
	save(third, "从旧的接着写", newest) // what it was drawn from has grown since: both stay
	list := stand("从旧的接着写", "长长的一段，又一句，还在写", "短")
	save(third, "从新的接着写", list[1].As())
	stand("从新的接着写", "短")
	save(second, "从新的接着写") // the same words need not be kept twice
	check(t, w.ForgetTyped(t.Context(), w.ID(proposal.Handler), id, "contact", "", []string{newID()}))
	stand("从新的接着写")
	check(t, w.ForgetTyped(t.Context(), w.ID(proposal.Handler), id, "contact", "", []string{second}))
	stand()
}
