package proposal

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/replytext"
)

// oddDays are days that somebody may type: far back, far ahead, before the first rule pack, the leap day, the first and last that
// are read.
var oddDays = []string{"1000-01-01", "1026-02-03", "1949-10-01", "2016-03-01", "2020-02-29", "2020-03-01", "2024-02-29", "2026-03-01", "2062-08-31", "2099-12-31", "9000-12-31"}

// dated are the kinds of which a person says a day, each with a case in which it may be said, and where the day goes.
func dated(t *testing.T) map[Kind]map[string]func() (*file, Person, Input) {
	promised := func() *file {
		c := at(t, Dispatching)
		c.facts.Draft.Commitments = []replytext.Promise{{Text: "建成", DueOn: day("2020-12-01")}}
		c.do(c.next())
		return c
	}
	asked := func() *file {
		c := at(t, Drafting)
		c.do(handler, &ExtensionRequest{Until: day("2020-06-30"), Reason: "调研"})
		c.do(leaderInCharge, &ExtensionEndorsement{})
		return c
	}
	amend := func(fact Fact) func() (*file, Person, Input) {
		return func() (*file, Person, Input) {
			return withRegister(at(t, Assigning)), liaison, &Amendment{Fact: fact, Reason: "录错", Source: "原件"}
		}
	}
	reopen := func() (*file, Person, Input) {
		c := withRegister(at(t, Returned))
		c.on("2020-04-01")
		return c, liaison, &Reopening{Reason: "重新交办", Source: "交办函", AssignedOn: day("2020-03-30")}
	}
	register := func() (*file, Person, Input) { return at(t, Unregistered), liaison, registration() }
	consult := func() (*file, Person, Input) {
		return at(t, Consulting), handler, &Consultation{Mode: PhoneContact, Outcome: ContactCallBack, CallBackAt: day("2020-02-11").Start().Add(10 * time.Hour)}
	}
	mendTalk := func() (*file, Person, Input) {
		c := at(t, Consulting)
		called := c.facts.Now.Add(-time.Hour)
		c.do(handler, &Consultation{Mode: PhoneContact, At: called, Outcome: ContactNoAnswer})
		c.facts.Talks = []Talk{{No: 5, Mode: PhoneContact, At: called, Outcome: ContactNoAnswer}}
		return c, handler, &ContactCorrection{
			Talk: 5, Mode: PhoneContact, At: called, Outcome: ContactCallBack, CallBackAt: day("2020-02-11").Start().Add(10 * time.Hour), Reason: "记错了",
		}
	}
	return map[Kind]map[string]func() (*file, Person, Input){
		Register: {"assigned_on": register, "due_on": register},
		ProposeAssignment: {"internal_due": func() (*file, Person, Input) {
			return at(t, Registered), liaison, &RoutingOpinion{Lead: leading, Opinion: "主办"}
		}},
		AskOpinion: {"due_on": func() (*file, Person, Input) {
			return at(t, Drafting), handler, &OpinionRequest{Division: other, Question: "资金"}
		}},
		AskExtension: {"until": func() (*file, Person, Input) { return at(t, Drafting), handler, &ExtensionRequest{Reason: "调研"} }},
		DecideExtension: {"until": func() (*file, Person, Input) {
			return asked(), congress, &ExtensionVerdict{Granted: true, Text: "同意"}
		}},
		ChangeCommitment: {"due_on": func() (*file, Person, Input) { return promised(), head, &CommitmentChange{Explanation: "规划调整"} }},
		Contact:          {"at": consult, "call_back_at": consult},
		Amend: {string(FactAssignedOn): amend(FactAssignedOn), string(FactDueOn): amend(FactDueOn), string(FactInternalDue): amend(FactInternalDue), string(FactDispatchedOn): func() (*file, Person, Input) {
			return withRegister(at(t, Answered)), liaison, &Amendment{Fact: FactDispatchedOn, Reason: "录错", Source: "回执"}
		}},
		SignFor: {"signed_on": func() (*file, Person, Input) {
			c := toSignFor(t)
			c.do(liaison, registration())
			return c, liaison, &SigningFor{}
		}},
		CorrectContact: {"at": mendTalk, "call_back_at": mendTalk},
		Reopen:         {"assigned_on": reopen, "due_on": reopen},
	}
}

// Whatever day is typed, the rules answer; what they take is near, or the person was asked and is sure of it; and the case that comes
// of it can be kept.
func TestEveryDayIsAnswered(t *testing.T) {
	fields := dated(t)
	for _, kind := range Kinds() {
		if kind.BySystem() {
			continue
		}
		for name := range days(NewInput(kind)) {
			if _, listed := fields[kind][name]; !listed {
				t.Errorf("%s: nobody tries days as %s", kind, name)
			}
		}
	}
	for kind, byName := range fields {
		for name, setting := range byName {
			for _, odd := range oddDays {
				c, by, in := setting()
				put(t, in, name, odd)
				next, err := c.try(by, act(by, in))
				refusal := (*Refusal)(nil)
				if err != nil && !errors.As(err, &refusal) {
					t.Errorf("%s, %s %s: %v", kind, name, odd, err)
				}
				today := c.facts.Today()
				if far := day(odd).Year < today.Year-1 || day(odd).Year > today.Year+3; err == nil && far {
					t.Errorf("%s takes %s %s without a question", kind, name, odd)
				}
				if asked := refusal != nil && slices.ContainsFunc(refusal.Fields, func(f FieldError) bool { return f.Code == FarOff }); asked {
					reflect.ValueOf(in).Elem().FieldByName("Sure").SetBool(true)
					next, err = c.try(by, act(by, in))
					if err != nil && errors.As(err, &refusal) && slices.ContainsFunc(refusal.Fields, func(f FieldError) bool { return f.Code == FarOff }) {
						t.Errorf("%s, %s %s is asked about again", kind, name, odd)
					}
				}
				if _, err := json.Marshal(next); err != nil {
					t.Errorf("%s, %s %s cannot be kept: %v", kind, name, odd, err)
				}
			}
		}
	}
}

// days are the fields of an input that hold a day or a moment, by their JSON names.
func days(in Input) map[string]reflect.Value {
	found := map[string]reflect.Value{}
	v := reflect.ValueOf(in).Elem()
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("json")
		if at := slices.Index([]byte(name), ','); at >= 0 {
			name = name[:at]
		}
		switch v.Field(i).Interface().(type) {
		case calendar.Date, time.Time:
			found[name] = v.Field(i)
		}
	}
	return found
}

func put(t *testing.T, in Input, name, odd string) {
	t.Helper()
	if a, ok := in.(*Amendment); ok {
		a.Value = odd
		return
	}
	switch field := days(in)[name].Addr().Interface().(type) {
	case *calendar.Date:
		*field = day(odd)
	case *time.Time:
		*field = day(odd).Start().Add(10 * time.Hour)
	}
}

// Moments that no year of four digits holds are no moments.
func TestMomentsThatCannotBeKept(t *testing.T) {
	c := at(t, Consulting)
	for _, year := range []int{1, 999, 9999, 20_000} {
		moment := time.Date(year, 6, 30, 23, 0, 0, 0, time.UTC)
		c.wrong("call_back_at", FieldMalformed, handler, &Consultation{Mode: PhoneContact, Outcome: ContactCallBack, CallBackAt: moment})
		c.wrong("at", FieldMalformed, handler, &Consultation{Mode: PhoneContact, Outcome: ContactNoAnswer, At: moment})
		c.wrong("checks", FieldMalformed, handler, &Consultation{
			Mode: PhoneContact, Outcome: ContactReached, Points: []string{"减负"}, Checks: []PointCheck{{At: moment}},
		})
	}
}
