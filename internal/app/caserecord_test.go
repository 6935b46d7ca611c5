package app_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/heads"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
)

// TestACaseIsVerifiedElsewhere: the file of a case is verified without the database. Every value of it that is changed, everything that is taken out, put in
// twice or moved is named; and what the file cannot know by itself is said, and found with heads that were kept apart.
func TestACaseIsVerifiedElsewhere(t *testing.T) {
	ctx := t.Context()
	database, bureau := fixture.Database(t)
	program, stop := run(t, database, "", os.Stderr)
	defer stop()
	r := fixture.Registration("闭8301", calendar.DateOf(time.Now()))
	id := workflows.CaseID(r.RegisterKey)
	act := func(a proposal.Action) {
		t.Helper()
		_, err := program.Cases.Act(ctx, id, a)
		must(t, err)
	}
	folder := t.TempDir()
	signing := heads.File{Path: filepath.Join(folder, "heads"), KeyPath: filepath.Join(folder, "heads.key")}
	public := signing.KeyPath + ".pub"
	sign := func() {
		t.Helper()
		_, err := signing.Append(time.Now(), func(time.Time) bool { return true }, func() (heads.Record, error) { return program.Store.ChainHeads(ctx) })
		must(t, err)
	}
	act(bureau.Register(r))
	_, err := program.Store.SaveAttachment(ctx, bureau.ID(proposal.Liaison), id, bureau.Register(r).ID, store.AttachmentInfo{Kind: store.OriginalFile, Name: "a.txt", MediaType: "text/plain"}, []byte("原文"))
	must(t, err)
	sign()
	early, err := program.Store.CaseRecord(ctx, id)
	must(t, err)
	act(bureau.Action(proposal.Amend, proposal.Liaison, &proposal.Amendment{Fact: proposal.FactContact, Value: "13900000399", Reason: "录入有误", Source: "原件"}))
	for {
		state, err := program.Store.State(ctx, id)
		must(t, err)
		next := bureau.Next(t, program.Store, id)
		if state.Stage == proposal.OfficeReview { // and puts a text of their own in its place
			edited := fixture.Draft(2)
			edited.Version, edited.Body = state.Draft, strings.Replace(edited.Body, "感谢您对", "衷心感谢您对", 1)
			next.Input.(*proposal.ReviewPass).Edited = &edited
		}
		act(next)
		if state.Stage == proposal.OpennessReview {
			break
		}
	}
	sign()
	act(bureau.Next(t, program.Store, id)) // after the last head

	written := filepath.Join(folder, "case.json")
	var said strings.Builder
	must(t, app.WriteCase(ctx, database, id, written, signing.Path, public, &said))
	if err := app.WriteCase(ctx, database, id, written, "", "", &said); err == nil {
		t.Error("it is written over what is there")
	}
	data, err := os.ReadFile(written)
	must(t, err)
	var whole store.CaseRecord
	must(t, json.Unmarshal(data, &whole))
	if len(whole.Drafts) != 2 || len(whole.Attachments) != 1 || len(whole.Amendments) != 1 || len(whole.States) < 8 || strings.Count(whole.Heads, "\n") != 2 {
		t.Fatalf("%d versions, %d attachments, %d corrections, %d states, heads %q: too little to tell",
			len(whole.Drafts), len(whole.Attachments), len(whole.Amendments), len(whole.States), whole.Heads)
	}
	verify := func(record any, apart string) (string, error) {
		t.Helper()
		encoded, ok := record.([]byte)
		if !ok {
			var err error
			encoded, err = json.Marshal(record)
			must(t, err)
		}
		path := filepath.Join(folder, "altered.json")
		must(t, os.WriteFile(path, encoded, 0o600))
		var out strings.Builder
		err := app.VerifyCase(path, apart, public, &out)
		return out.String(), err
	}
	if told, err := verify(data, ""); err != nil || !strings.Contains(told, fmt.Sprintf("Events 1 to %d are as they were signed", len(whole.Events)-1)) {
		t.Fatalf("a sound file: %v\n%s", err, told)
	}

	var tree any
	must(t, json.Unmarshal(data, &tree))
	for i, e := range tree.(map[string]any)["events"].([]any) { // a hash is over the order of its keys, which a map forgets
		e.(map[string]any)["input"] = whole.Events[i].Input
	}
	for i, state := range tree.(map[string]any)["states"].([]any) { // each is held by a hash: one of them says it for all
		if i != len(whole.States)/2 {
			state.(map[string]any)["state"] = untried{whole.States[i].State}
		}
	}
	if state := tree.(map[string]any)["state"].(map[string]any); state["prior"] != nil {
		encoded, err := json.Marshal(state["prior"])
		must(t, err)
		state["prior"] = untried{encoded}
	}
	if told, err := verify(tree, ""); err != nil {
		t.Fatalf("as it is altered below, and before: %v\n%s", err, told)
	}
	tried := 0
	named := func(how, where string) {
		t.Helper()
		tried++
		if told, err := verify(tree, ""); err == nil {
			t.Errorf("%s at %s is not named:\n%s", how, where, told)
		}
	}
	alter(tree, "", func(v any) { tree = v }, named)
	if _, err := verify(append(slices.Clone(data), data...), ""); err == nil {
		t.Error("a second record after the first is not named")
	}
	t.Logf("%d alterations of a file of %d events", tried, len(whole.Events))
	if tried < 1000 {
		t.Errorf("%d alterations: too few to tell", tried)
	}

	// Who cuts off the end, the last head with it, leaves a sound record of earlier days.
	cut := early
	cut.Heads, cut.Key = whole.Heads, whole.Key
	if told, err := verify(cut, ""); err == nil {
		t.Errorf("events before the last head are cut off, unnamed:\n%s", told)
	}
	cut.Heads = whole.Heads[:strings.Index(whole.Heads, "\n")+1]
	if told, err := verify(cut, ""); err != nil || !strings.Contains(told, "Events 1 to 2 are as they were signed") || !strings.Contains(told, "nor whether heads after it were left out") {
		t.Errorf("what it cannot know: %v\n%s", err, told)
	}
	if told, err := verify(cut, signing.Path); err == nil || !strings.Contains(told, fmt.Sprintf("event %d: not as it was signed", len(whole.Events)-1)) {
		t.Errorf("heads that were kept apart do not name what was cut off: %v\n%s", err, told)
	}
	said.Reset()
	must(t, app.VerifyCase(written, "", "", &said))
	if !strings.Contains(said.String(), "No public key was given") {
		t.Error(said.String())
	}
}

// untried is what alter leaves as it is, though it is taken out or moved with what it stands in.
type untried struct{ json.RawMessage }

// alter does everything to a tree of JSON, one thing at a time, calls named with each, and puts it back.
func alter(v any, at string, set func(any), named func(how, where string)) {
	try := func(how string, other any) {
		set(other)
		named(how, at)
		set(v)
	}
	switch v := v.(type) {
	case map[string]any:
		for key, of := range v {
			alter(of, at+"."+key, func(other any) { v[key] = other }, named)
			if of != nil && of != "" { // without it the same is read
				delete(v, key)
				named("taking out "+key, at)
				v[key] = of
			}
		}
		v["more"] = "x"
		named("putting in", at)
		delete(v, "more")
	case []any:
		for i, of := range v {
			alter(of, fmt.Sprintf("%s[%d]", at, i), func(other any) { v[i] = other }, named)
			try(fmt.Sprintf("taking out %d", i), slices.Delete(slices.Clone(v), i, i+1))
			try(fmt.Sprintf("doubling %d", i), slices.Insert(slices.Clone(v), i, of))
			if i > 0 {
				moved := slices.Clone(v)
				moved[i-1], moved[i] = moved[i], moved[i-1]
				try(fmt.Sprintf("moving %d", i), moved)
			}
		}
		try("putting in", append(slices.Clone(v), "x"))
	case json.RawMessage:
		for i, letter := range v { // one hash is over all of it: one byte in four says it for the others
			if i%4 > 0 || letter < '0' || letter > '8' && letter < 'a' || letter > 'y' {
				continue
			}
			other := slices.Clone(v)
			if other[i]++; json.Valid(other) {
				try(fmt.Sprintf("changing byte %d", i), other)
			}
		}
	case string:
		letters := []rune(v)
		try("putting in", v+"x")
		if len(letters) > 0 {
			try("cutting off half", string(letters[:len(letters)/2]))
		}
		for _, i := range []int{0, len(letters) / 2, len(letters) - 1} {
			if i < 0 || i >= len(letters) {
				continue
			}
			other := slices.Clone(letters)
			if other[i]++; letters[i] == '9' || letters[i] == 'f' {
				other[i] = '0'
			}
			try(fmt.Sprintf("changing letter %d", i), string(other))
		}
	case float64:
		try("counting up", v+1)
	case bool:
		try("denying", !v)
	case nil:
		try("saying something", []any{map[string]any{}})
	}
}
