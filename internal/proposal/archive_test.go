package proposal

import (
	"testing"

	"github.com/banli/banli/internal/calendar"
)

// archived is a case that was answered and closed in 2019, as its file has it.
func archived() *Registration {
	r := registration()
	r.Late, r.AssignedOn = true, day("2019-02-20")
	r.Archive = Archive{
		Finished: true, Lead: leading, RepliedOn: day("2019-05-10"), ReplyNumber: "沈民函[2019]87号", SignedBy: "何志", Result: "A", ClosedOn: day("2019-06-03"),
	}
	return r
}

// before is the office in 2020, before the case is on its register.
func before(t *testing.T) *file {
	c := at(t, Registered)
	c.State = State{Stage: Unregistered}
	return c
}

// A finished case is entered in one act: days as its file has them, no clock, no task, nobody made out to have done anything.
func TestFinishedCaseIsEnteredAtOnce(t *testing.T) {
	c := before(t)
	c.do(liaison, archived())
	if c.Stage != Closed || !c.Finished() || len(c.Clocks) > 0 || len(c.Strands) > 0 || len(TasksOf(c.State, c.facts.Pack)) > 0 {
		t.Errorf("%s, finished %v, clocks %v, strands %v", c.Stage, c.Finished(), c.Clocks, c.Strands)
	}
	if c.Signer != "" || c.Handler != "" || c.Leader != "" || len(c.Passed) > 0 || c.Draft != 0 {
		t.Errorf("somebody is made out to have acted: %+v", c.State)
	}
	if c.Number.String() != "沈民函〔2019〕87号" || c.DispatchedOn != day("2019-05-10") || c.ClosedOn != day("2019-06-03") || c.Lead != leading {
		t.Errorf("number %s, replied %s, closed %s, lead %s", c.Number, c.DispatchedOn, c.ClosedOn, c.Lead)
	}

	little := archived()
	little.Archive = Archive{Finished: true, ReplyNumber: "旧字第87号"}
	c = before(t)
	c.do(liaison, little)
	if c.Stage != Closed || c.Number != (DocumentNumber{}) || !c.DispatchedOn.IsZero() || !c.ClosedOn.IsZero() || c.Archive.ReplyNumber != "旧字第87号" {
		t.Errorf("what is not known was made up: %+v", c.State)
	}
}

func TestFinishedCaseIsNotEnteredWrongly(t *testing.T) {
	for _, test := range []struct {
		field string
		code  FieldCode
		wrong func(*Registration, *Facts)
	}{
		{"finished", LateRegistrationOnly, func(r *Registration, _ *Facts) { r.Late = false }},
		{"finished", FieldRequired, func(r *Registration, _ *Facts) { r.Finished = false }},
		{"replied_on", DayBeforeStart, func(r *Registration, _ *Facts) { r.RepliedOn = day("2019-02-19") }},
		{"closed_on", DayBeforeStart, func(r *Registration, _ *Facts) { r.ClosedOn = day("2019-05-09") }},
		{"closed_on", DayInFuture, func(r *Registration, _ *Facts) { r.ClosedOn = day("2020-02-11") }},
		{"lead", NotInBureau, func(r *Registration, _ *Facts) { r.Lead = "tax" }},
		{"rating", UnknownValue, func(r *Registration, _ *Facts) { r.Rating = "fair" }},
		{"reply_number", SerialTaken, func(_ *Registration, f *Facts) { f.SerialUsed = true }},
		{"reply_number", FarOff, func(r *Registration, _ *Facts) {
			r.AssignedOn, r.RepliedOn, r.ClosedOn, r.ReplyNumber = day("2020-01-06"), calendar.Date{}, calendar.Date{}, "沈民函〔2020〕8700号"
		}},
	} {
		c, r := before(t), archived()
		test.wrong(r, &c.facts)
		c.wrong(test.field, test.code, liaison, r)
	}
}

// Who ticked it by mistake takes it back: the case is handled from the beginning.
func TestFinishedCaseIsReopened(t *testing.T) {
	c := before(t)
	c.do(liaison, archived())
	c.facts.Register = RegisterRow{Registration: *archived()}
	c.facts.Register.AssignedOn = calendar.Date{} // the state knows it better than the row
	c.do(liaison, &Reopening{Reason: "尚未办结", Source: "档案"})
	if c.Stage != Registered || c.Archive != nil || c.ReplyDue() == nil || c.Number.Serial != 0 || !c.DispatchedOn.IsZero() {
		t.Errorf("%s: %+v", c.Stage, c.State)
	}
}

func TestParseDocumentNumber(t *testing.T) {
	for text, want := range map[string]string{
		"沈民函〔2020〕12号": "沈民函〔2020〕12号", "沈民函[2020]12号": "沈民函〔2020〕12号", "沈民函（２０２０）第０１２号 ": "沈民函〔2020〕12号",
		"川林建函〔2020〕740号": "川林建函〔2020〕740号", "2020年12号": "", "沈民函12号": "", "": "",
	} {
		if got, ok := ParseDocumentNumber(text); got.String() != want || ok != (want != "") {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
