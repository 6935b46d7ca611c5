package proposal

import (
	"slices"
	"testing"
)

// moves lists where the main way may go from a stage, by either table. A recall goes anywhere and a withdrawal ends
// everything, what ended by mistake is reopened, and a correction takes a reply back: none is a way on, so a case that depends on them is stuck.
func moves(from Stage) []Stage {
	var to []Stage
	for _, row := range Table {
		if row.From == from {
			to = append(to, row.To...)
		}
	}
	for _, row := range SideTable {
		if row.fits(State{Stage: from}) && row.Kind != Recall && row.Kind != Withdraw && row.Kind != Reopen && row.Kind != Amend {
			to = append(to, row.Moves...)
		}
	}
	return to
}

// reach lists the stages that can be reached from one, itself included.
func reach(from Stage) []Stage {
	seen := []Stage{from}
	for i := 0; i < len(seen); i++ {
		for _, to := range moves(seen[i]) {
			if !slices.Contains(seen, to) {
				seen = append(seen, to)
			}
		}
	}
	return seen
}

func TestTablesHaveNoDeadEndAndNoIsland(t *testing.T) {
	fromStart := append(reach(Unregistered), Withdrawn)
	if len(fromStart) != len(Stages)+1 {
		t.Errorf("reachable from the start: %q, want exactly %q", fromStart, Stages)
	}
	for _, stage := range Stages {
		if !slices.Contains(fromStart, stage) {
			t.Errorf("no way leads to %s", stage)
		}
		if !slices.ContainsFunc(reach(stage), Stage.Ended) {
			t.Errorf("no way leads from %s to an end", stage)
		}
		wayOut := slices.ContainsFunc(moves(stage), func(to Stage) bool { return to != stage })
		// A closed case may come back: a silent deputy speaks up.
		if wayOut == (stage == Returned || stage == Withdrawn) {
			t.Errorf("%s has a way out: %v", stage, wayOut)
		}
		onMain := slices.ContainsFunc(Table, func(row Transition) bool { return row.From == stage })
		if stage != Answered && onMain == stage.Ended() {
			t.Errorf("%s has a row of its own in the table: %v", stage, onMain)
		}
	}
	if slices.Contains(reach(Registered), Unregistered) {
		t.Error("a case can be unregistered")
	}
}

// begun are the statuses in which a strand begins, by a row of the table or by a step of the main way.
var begun = map[StrandKind][]StrandStatus{
	ReceiptStrand: {StrandAsked}, CountersignStrand: {StrandAsked}, PublicationStrand: {StrandUnpublished, StrandWithheld}, FeedbackStrand: {StrandAsked}, CommitmentStrand: {StrandPromised},
}

func TestNoStrandIsStuck(t *testing.T) {
	for _, kind := range StrandKinds {
		reached := slices.Clone(begun[kind])
		for i := -1; i < len(reached); i++ {
			for _, row := range SideTable {
				if row.Strand == kind && (i < 0 && row.From == nil || i >= 0 && slices.Contains(row.From, reached[i])) {
					for _, to := range row.To {
						if !slices.Contains(reached, to) {
							reached = append(reached, to)
						}
					}
				}
			}
		}
		for _, status := range reached {
			r := Strand{Kind: kind, Status: status}
			out := slices.ContainsFunc(SideTable, func(row SideStep) bool {
				return row.Strand == kind && slices.Contains(row.From, status) && !slices.Equal(row.To, []StrandStatus{status})
			})
			if !out && !r.Settled() {
				t.Errorf("a strand %s that is %s waits for ever", kind, status)
			}
			if _, asks := askOfStrand(r); !asks && !r.Settled() && kind != SuspensionStrand {
				t.Errorf("a strand %s that is %s asks nobody for anything", kind, status)
			}
			if _, asks := askOfStrand(r); asks && r.Done() {
				t.Errorf("a strand %s that is %s is done, and asks for something", kind, status)
			}
		}
		for _, row := range SideTable {
			for _, status := range row.From {
				if row.Strand == kind && !slices.Contains(reached, status) {
					t.Errorf("%s is for a strand %s that is %s, which none ever is", row.Kind, kind, status)
				}
			}
		}
	}
}

func TestSideTableRowsAreSound(t *testing.T) {
	var seen []Kind
	for _, row := range SideTable {
		if slices.Contains(seen, row.Kind) {
			t.Errorf("%s stands twice; the second row is never found", row.Kind)
		}
		seen = append(seen, row.Kind)
		if slices.ContainsFunc(Table, func(main Transition) bool { return main.Kind == row.Kind }) {
			t.Errorf("%s stands in both tables", row.Kind)
		}
		if (len(row.To) > 0) != (row.Strand != "") || row.From != nil && row.Strand == "" {
			t.Errorf("%s leads to %v of %q", row.Kind, row.To, row.Strand)
		}
		if row.Strand != "" && !slices.Contains(StrandKinds, row.Strand) {
			t.Errorf("%s is about the unknown strand %q", row.Kind, row.Strand)
		}
		if _, names := NewInput(row.Kind).(aimed); names != (row.From != nil) {
			t.Errorf("the input of %s names a strand: %v", row.Kind, names)
		}
		if named := row.Who.Scope == NamedOnly; named == (len(row.Who.Roles) > 0) {
			t.Errorf("%s is nobody's, or somebody's by name and role", row.Kind)
		}
		for _, role := range row.Who.Roles {
			if !slices.Contains(Roles, role) && role != Deputy {
				t.Errorf("%s: unknown role %q", row.Kind, role)
			}
		}
		for _, stage := range append(slices.Clone(row.During), row.Moves...) {
			if !slices.Contains(Stages, stage) {
				t.Errorf("%s: unknown stage %q", row.Kind, stage)
			}
		}
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
			refusedReturn := row.Kind == DecideReturn && to == Registered
			if back := to.Before(row.From); back != (row.Kind == SendBack || row.Kind == Refuse || row.Kind == VoidNumber || refusedReturn) {
				t.Errorf("%s: to %s, only a send-back or a division's refusal goes to an earlier stage", name, to)
			}
		}
	}
}

func TestEveryKindHasAnInputAndARow(t *testing.T) {
	for kind := range inputs {
		if !slices.Contains(Kinds(), kind) {
			t.Errorf("%s has an input and stands in no table", kind)
		}
	}
	for _, kind := range Kinds() {
		if NewInput(kind) == nil {
			t.Errorf("NewInput does not know %s", kind)
		}
	}
	if len(Kinds()) != len(inputs) || !Ring.BySystem() || !Recount.BySystem() || Sign.BySystem() {
		t.Error("the kinds are not those of the tables and the two of the system")
	}
	if NewInput("praise") != nil {
		t.Error("NewInput makes an input for an unknown kind")
	}
}

// Whoever a stage's task is for can do something about it; a stage that asks nobody would park the case for ever.
func TestTaskOfAsksSomebodyWhoMayAct(t *testing.T) {
	bureau := []Person{liaison, head, handler, reviewer, legal, openness, leaderInCharge, bureauHead, publisher}
	for _, stage := range Stages {
		for _, key := range []bool{false, true} {
			c := at(t, stage, func(r *Registration) { r.KeySupervised = key })
			task, ok := MainTask(c.State, c.facts.Pack)
			if ok == (stage.Ended() || stage == Answered) {
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
	if _, ok := MainTask(State{}, shenyang()); ok {
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
