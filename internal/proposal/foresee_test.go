package proposal

import "testing"

// What is foreseen of a correction is what then happens, and what is above the letter is what will stand there.
func TestForeseenIsWhatFollows(t *testing.T) {
	for _, stage := range Stages {
		for _, fact := range RegisterFacts {
			for _, value := range otherValues[fact] {
				c := withRegister(at(t, stage))
				a := act(liaison, &Amendment{Fact: fact, Value: value, Reason: "x", Source: "x", Sure: true})
				next, err := c.try(liaison, a)
				c.facts.Actor = liaison
				seen, refused := Foresee(c.State, a, c.facts)
				if (err == nil) != (refused == nil) {
					t.Fatalf("%s %s in %s: applied %v, foreseen %v", fact, value, stage, err, refused)
				}
				if err != nil {
					continue
				}
				if moved := next.Stage != c.Stage; moved != (seen.Stage != "") || moved && seen.Stage != next.Stage {
					t.Errorf("%s in %s: goes to %s, foreseen %q", fact, stage, next.Stage, seen.Stage)
				}
				for _, m := range seen.Moved {
					if is := next.ClockOf(m.Kind, m.Ref); m.To.IsZero() != (is == nil) || is != nil && is.Due() != m.To {
						t.Errorf("%s in %s: %+v", fact, stage, m)
					}
				}
				if lost := c.Number.Serial > 0 && next.Number.Serial == 0; lost != (seen.Void == c.Number && lost) {
					t.Errorf("%s in %s: void %s", fact, stage, seen.Void)
				}
			}
		}
	}
}

func TestForeseenInWords(t *testing.T) {
	foresee := func(c *file, fact Fact, value string) Foreseen {
		t.Helper()
		c.facts.Actor = liaison
		seen, err := Foresee(c.State, act(liaison, &Amendment{Fact: fact, Value: value}), c.facts)
		if err != nil {
			t.Fatal(err)
		}
		return seen
	}
	c := withRegister(at(t, Numbering))
	c.facts.Register.LeadDeputy = "倪琛缮"
	c.facts.Draft.Body = "倪琛缮代表：\n" + c.facts.Draft.Body
	if seen := foresee(c, FactLeadDeputy, "倪琛善"); seen.Stage != Drafting || !seen.Unsigned || len(seen.Found) != 1 || seen.Addressee == "" || seen.Sent {
		t.Errorf("%+v", seen)
	}
	c = withRegister(at(t, Closed))
	if seen := foresee(c, FactTitle, "关于社工减负的建议"); !seen.Sent || !seen.Republish || seen.Title != "" || seen.Unsigned {
		t.Errorf("%+v", seen)
	}
	c = withRegister(at(t, Drafting))
	if seen := foresee(c, FactAssignedOn, "2020-01-20"); len(seen.Moved) < 2 || seen.Moved[0].From != c.due(seen.Moved[0].Kind) {
		t.Errorf("%+v", seen)
	}
	// The first talk met its deadline: wherever that moves to, it is not over. The reply is still owed.
	c.on("2020-04-19")
	for _, m := range foresee(c, FactAssignedOn, "2020-01-02").Moved {
		if m.Over != (m.Kind == ReplyClock || m.Kind == InternalClock) {
			t.Errorf("%+v", m)
		}
	}
	c = withRegister(at(t, Answered))
	c.on("2020-06-01")
	if seen := foresee(c, FactDispatchedOn, "2020-05-08"); !seen.Overdue || len(seen.Moved) != 2 {
		t.Errorf("%+v", seen)
	}
	if seen := foresee(c, FactDispatchedOn, "2020-04-30"); seen.Overdue {
		t.Errorf("%+v", seen)
	}
	c = withRegister(at(t, Drafting, func(r *Registration) { r.Secrecy = true }))
	if seen := foresee(c, FactSecrecy, "no"); !seen.Named {
		t.Errorf("%+v", seen)
	}
}
