package web

import (
	"errors"
	"net/url"
	"testing"

	"github.com/banli/banli/internal/proposal"
)

// Whatever a form holds, it is read, or each wrong field is named.
func FuzzDecodeForm(f *testing.F) {
	f.Add("mode=phone&outcome=reached&points=一%0A二&at=2020-04-16T10:00")
	f.Add("term=16&term=x&assigned_on=2020-02-30&late=1&colour=red")
	f.Add("ref=1&granted=1&until=2026-13-01&points=1&points=x&ours=1%2C2&for=x&acks=y")
	f.Add("points=%00&words=%ff&co_signers=&serial=-9223372036854775809")
	f.Fuzz(func(t *testing.T, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		for _, kind := range proposal.Kinds() {
			input := proposal.NewInput(kind)
			for _, wrong := range decodeForm(form, input) {
				if _, sent := form[wrong.Field]; !sent {
					t.Errorf("%s: %q is called wrong but was not sent", kind, wrong.Field)
				}
			}
			_ = proposal.Action{Kind: kind, Input: input}.Check()
		}
	})
}

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
