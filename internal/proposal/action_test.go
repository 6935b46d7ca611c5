package proposal

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestActionsSurviveJSON(t *testing.T) {
	for _, stage := range append([]Stage{Unregistered}, Stages...) {
		if stage.Ended() {
			continue
		}
		c := at(t, stage)
		by, in := c.towards(Returned)
		want := act(by, in)
		want.BaseSeq, want.On = c.Seq, day("2020-02-10")
		if got := again(t, want); !cmp.Equal(got, want, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(Action{})) {
			t.Error(cmp.Diff(want, got, cmpopts.IgnoreUnexported(Action{})))
		}
	}
}

// again encodes the action and decodes it.
func again(t *testing.T, a Action) (decoded Action) {
	t.Helper()
	data, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &decoded); err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return decoded
}

func TestActionOfUnknownKindIsNotDecoded(t *testing.T) {
	for _, text := range []string{`{}`, `{"kind":"praise"}`, `null`, `[]`, `{"kind":"sign","input":[]}`, `{"kind":"accept","on":"2020-13-01"}`} {
		if err := json.Unmarshal([]byte(text), new(Action)); err == nil {
			t.Errorf("%s was decoded", text)
		}
	}
	var a Action
	if err := json.Unmarshal([]byte(`{"kind":"sign","input":null}`), &a); err != nil || a.Check() == nil {
		t.Errorf("an input of null: %v, %+v; want an empty input that Check finds wanting", err, a.Input)
	}
}

func FuzzActionJSON(f *testing.F) {
	for _, stage := range append([]Stage{Unregistered}, Stages...) {
		if stage.Ended() {
			continue
		}
		c := at(f, stage)
		by, in := c.towards(Returned)
		data, err := json.Marshal(act(by, in))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"kind":"contact","input":{"at":"2020-02-03T09:00:00+08:00","points":[]}}`))
	f.Add([]byte(`{"KIND":"ring","by":"x","input":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var a Action
		if json.Unmarshal(data, &a) != nil {
			return
		}
		_ = a.Check()
		_ = a.Mentions()
		if got := again(t, a); !cmp.Equal(got, a, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(Action{})) {
			t.Fatal(cmp.Diff(a, got, cmpopts.IgnoreUnexported(Action{})))
		}
		c := at(t, Unregistered)
		for _, stage := range []Stage{Unregistered, Registered, Consulting, Drafting, SignOff, Numbering, Answered, Closed} {
			c.State = at(t, stage).State
			_, _ = c.try(personOf("everything"), a)
		}
	})
}
