package proposal

import (
	"slices"
	"testing"
)

// reach lists the stages that can be reached from one, itself included.
func reach(from Stage) []Stage {
	seen := []Stage{from}
	for i := 0; i < len(seen); i++ {
		for _, row := range Table {
			if row.From != seen[i] {
				continue
			}
			for _, to := range row.To {
				if !slices.Contains(seen, to) {
					seen = append(seen, to)
				}
			}
		}
	}
	return seen
}

func TestTableHasNoDeadEndAndNoIsland(t *testing.T) {
	fromStart := reach(Unregistered)
	if len(fromStart) != len(Stages)+1 {
		t.Errorf("reachable from the start: %q, want exactly %q", fromStart, Stages)
	}
	for _, stage := range Stages {
		if !slices.Contains(fromStart, stage) {
			t.Errorf("no way leads to %s", stage)
		}
		if !slices.Contains(reach(stage), Closed) {
			t.Errorf("no way leads from %s to the end", stage)
		}
		wayOut := slices.ContainsFunc(Table, func(row Transition) bool {
			return row.From == stage && slices.ContainsFunc(row.To, func(to Stage) bool { return to != stage })
		})
		if wayOut == (stage == Closed) {
			t.Errorf("%s has a way out: %v", stage, wayOut)
		}
	}
	if slices.Contains(reach(Registered), Unregistered) {
		t.Error("a case can be unregistered")
	}
}

func TestTableRowsAreSound(t *testing.T) {
	seen := map[[2]string]bool{}
	for _, row := range Table {
		name := string(row.Kind) + " in " + string(row.From)
		if at := [2]string{string(row.Kind), string(row.From)}; seen[at] {
			t.Errorf("%s stands twice; the second row is never found", name)
		} else {
			seen[at] = true
		}
		if len(row.To) == 0 || len(row.Who.Roles) == 0 {
			t.Errorf("%s: leads nowhere or is nobody's", name)
		}
		for _, role := range row.Who.Roles {
			if !slices.Contains(Roles, role) {
				t.Errorf("%s: unknown role %q", name, role)
			}
		}
		for _, to := range row.To {
			if !slices.Contains(Stages, to) {
				t.Errorf("%s: leads to the unknown stage %q", name, to)
			}
			if back := to.Before(row.From); back != (row.Kind == SendBack || row.Kind == Refuse) {
				t.Errorf("%s: to %s, only a send-back or a division's refusal goes to an earlier stage", name, to)
			}
		}
	}
}

func TestEveryKindHasAnInputAndARow(t *testing.T) {
	kinds := []Kind{
		Register, ProposeAssignment, ApproveAssignment, Accept, Refuse, Contact, Waive, Submit, PassReview, DecideOpenness,
		SendBack, Sign, AssignNumber, Dispatch, Publish, Close, Ring,
	}
	for _, kind := range kinds {
		if NewInput(kind) == nil {
			t.Errorf("NewInput does not know %s", kind)
		}
		inTable := slices.ContainsFunc(Table, func(row Transition) bool { return row.Kind == kind })
		if inTable == (kind == Ring) {
			t.Errorf("%s stands in the table: %v", kind, inTable)
		}
	}
	for _, row := range Table {
		if !slices.Contains(kinds, row.Kind) {
			t.Errorf("the table has %s, which this test does not know", row.Kind)
		}
	}
	if NewInput("praise") != nil {
		t.Error("NewInput makes an input for an unknown kind")
	}
}

// Whoever a stage's task is for can do something about it; a stage that asks nobody would park the case for ever.
func TestTaskOfAsksSomebodyWhoMayAct(t *testing.T) {
	bureau := []Person{liaison, head, handler, reviewer, openness, deputyHead, bureauHead, publisher}
	for _, stage := range Stages {
		for _, key := range []bool{false, true} {
			c := at(t, stage, func(r *Registration) { r.KeySupervised = key })
			task, ok := TaskOf(c.State, c.facts.Pack)
			if ok == (stage == Closed) {
				t.Errorf("%s asks for a task: %v", stage, ok)
			}
			if !ok {
				continue
			}
			i := slices.IndexFunc(bureau, func(p Person) bool { return p.Has(task.Role) })
			if i < 0 {
				t.Fatalf("%s: nobody is %s", stage, task.Role)
			}
			by := bureau[i]
			if task.Person != "" && task.Person != by.ID {
				t.Errorf("%s: the task is %s's by name, want %s", stage, task.Person, by.ID)
			}
			if task.Person == "" && !task.MayClaim(by) {
				t.Errorf("%s: %s may not claim the task", stage, by.ID)
			}
			if len(Offers(c.State, by, c.facts.Pack)) == 0 {
				t.Errorf("%s: asks %s, whom the table offers nothing", stage, by.ID)
			}
		}
	}
	if _, ok := TaskOf(State{}, shenyang()); ok {
		t.Error("a case that does not exist asks for a task")
	}
}

// The stations that people see follow each other as the stages do.
func TestStepsFollowTheStages(t *testing.T) {
	last := slices.Index(Steps, Unregistered.Step())
	for _, stage := range Stages {
		step := slices.Index(Steps, stage.Step())
		if step < last {
			t.Errorf("%s stands at station %s, before the stage ahead of it", stage, stage.Step())
		}
		last = step
	}
	if !Drafting.Before(SignOff) || SignOff.Before(Drafting) || SignOff.Before(SignOff) || !Unregistered.Before(Registered) {
		t.Error("Before does not follow the order of the stages")
	}
}
