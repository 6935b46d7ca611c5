package kit

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/cases"
)

func TestDecodeForm(t *testing.T) {
	form := url.Values{
		"lead": {" jiceng "}, "co_handling": {"yanglao", "shehui"}, "internal_due": {"2020-04-22"}, "opinion": {"第一行\r\n第二行"},
		"action_id": {"x"}, "base_seq": {"3"}, "on": {""},
	}
	got := &proposal.RoutingOpinion{}
	if wrong := DecodeForm(form, got); len(wrong) > 0 {
		t.Error(wrong)
	}
	want := &proposal.RoutingOpinion{
		Lead: "jiceng", CoHandling: []proposal.DivisionID{"yanglao", "shehui"}, InternalDue: calendar.NewDate(2020, 4, 22), Opinion: "第一行\n第二行",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	wrong := DecodeForm(url.Values{"at": {"yesterday"}, "colour": {"red"}, "mode": {"phone"}}, &proposal.Consultation{})
	want2 := []proposal.FieldError{{Field: "at", Code: proposal.FieldMalformed}, {Field: "colour", Code: proposal.UnknownField}}
	if diff := cmp.Diff(want2, wrong); diff != "" {
		t.Error(diff)
	}
	r := &proposal.Registration{}
	DecodeForm(url.Values{"number": {"0392"}, "term": {"16"}, "late": {"1"}, "points": {"一\n\n 二 \n"}}, r)
	if r.Number != "0392" || r.Term != 16 || !r.Late || len(r.Points) != 2 || r.Points[1] != "二" {
		t.Errorf("%+v", r)
	}
}

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
			for _, wrong := range DecodeForm(form, input) {
				if _, sent := form[wrong.Field]; !sent {
					t.Errorf("%s: %q is called wrong but was not sent", kind, wrong.Field)
				}
			}
			_ = proposal.Action{Kind: kind, Input: input}.Check()
		}
	})
}

// A call's page writes moments into the form as the form is read.
func TestPageWritesMoments(t *testing.T) {
	for _, c := range cases.Read[struct {
		Name, Local string
		MS          int64
	}](t, "moments.json") {
		var input proposal.Consultation
		if wrong := DecodeForm(url.Values{"at": {c.Local}}, &input); wrong != nil || input.At.UnixMilli() != c.MS {
			t.Errorf("%s: %s is read as %s, %v", c.Name, c.Local, input.At.UTC(), wrong)
		}
	}
}
