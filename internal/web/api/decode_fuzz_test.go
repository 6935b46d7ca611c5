package api

import (
	"errors"
	"testing"

	"github.com/banli/banli/internal/proposal"
)

// Whatever a JSON body holds, it is read, or refused in a way that has words: never by a bare decoder's error.
func FuzzDecodeStrictly(f *testing.F) {
	f.Add([]byte(`{"mode":"phone","outcome":"reached","points":["一"],"at":"2020-04-16T02:00:00Z"}`))
	f.Add([]byte(`{"Mode":1,"points":[null],"at":"yesterday","colour":{"a":[]}}`))
	f.Add([]byte(`{"title":"\ud800","assigned_on":"2020-02-30","term":1e400,"term":2}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, kind := range proposal.Kinds() {
			input := proposal.NewInput(kind)
			err := decodeStrictly(body, input, "input")
			refusal := (*proposal.Refusal)(nil)
			if err != nil && !errors.As(err, &refusal) && !errors.Is(err, errNotJSON) {
				t.Errorf("%s: %q answers %v", kind, body, err)
			}
			if err == nil {
				_ = proposal.Action{Kind: kind, Input: input}.Check()
			}
		}
	})
}
