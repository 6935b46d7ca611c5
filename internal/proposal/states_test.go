package proposal

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/states.md anew from the table")

const statesFile = "../../docs/states.md"

// TestStatesDocument holds docs/states.md to the table.
func TestStatesDocument(t *testing.T) {
	want := statesDocument(t)
	if *update {
		if err := os.WriteFile(statesFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(statesFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/states.md is not what the table says; run go test ./internal/proposal -run States -update")
	}
}

var stageNames = map[Stage]string{
	Registered: "待分办", Assigning: "分办批示", Accepting: "处室接收", Consulting: "沟通", Drafting: "拟稿", DivisionReview: "处室审核",
	OfficeReview: "核稿", OpennessReview: "公开审查", SignOff: "签发", Numbering: "编号用印", Dispatching: "送达", Publishing: "公开",
	Closing: "办结归档", Closed: "已办结",
}

var kindNames = map[Kind]string{
	Register: "登记", ProposeAssignment: "拟办", ApproveAssignment: "批示", Accept: "接收", Refuse: "不接收", Contact: "联系", Waive: "免沟通",
	Submit: "送审", PassReview: "审核通过", DecideOpenness: "公开审查通过", SendBack: "退回", Sign: "签发", AssignNumber: "编号用印", Dispatch: "送达",
	Publish: "公开", Close: "办结归档",
}

var roleNames = map[Role]string{
	Liaison: "联络员 liaison", DivisionHead: "处室负责人 division head", Handler: "经办人 handler", OfficeReviewer: "核稿 office reviewer",
	OpennessReviewer: "公开审查 openness reviewer", DeputyHead: "分管领导 deputy head", BureauHead: "主要领导 bureau head",
	Publisher: "网站管理员 publisher",
}

var scopeNames = map[Scope]string{
	Anyone:     "",
	InCharge:   ", in charge of the lead division (the bureau head always is)",
	OfDivision: " of the lead division",
	OfCase:     ": the handler of the case, or the head of the lead division standing in",
	HandlerOf:  " of the case",
	SignerOf:   ", whichever the rule pack names, in charge of the lead division",
}

func statesDocument(t *testing.T) string {
	t.Helper()
	for _, row := range Table {
		_, scoped := scopeNames[row.Who.Scope]
		if kindNames[row.Kind] == "" || row.From != Unregistered && stageNames[row.From] == "" || !scoped {
			t.Fatalf("%s in %q has no name here", row.Kind, row.From)
		}
		for _, role := range row.Who.Roles {
			if roleNames[role] == "" {
				t.Fatalf("role %q has no name here", role)
			}
		}
	}
	var out strings.Builder
	out.WriteString(`# The stages of a case

<!-- Written by internal/proposal/states_test.go from the table in internal/proposal/table.go. Change the table, then run
     go test ./internal/proposal -run States -update -->

What may follow what is data: ` + "`proposal.Table`" + `. The workflow says what happens at each stage; this page shows the table.

## The way on

`)
	diagram(&out, func(from, to Stage) bool { return !to.Before(from) })
	out.WriteString("\n## The ways back\n\nA case that is sent back (退回) loses every decision made at the named stage and after it: reviews, openness, signature.\n\n")
	diagram(&out, func(from, to Stage) bool { return to.Before(from) })
	out.WriteString("\n## Who may do what\n\n| Stage | Action | Who | Leads to |\n|---|---|---|---|\n")
	for _, row := range Table {
		var roles, to []string
		for _, role := range row.Who.Roles {
			roles = append(roles, roleNames[role])
		}
		for _, stage := range row.To {
			to = append(to, fullName(stage))
		}
		fmt.Fprintf(&out, "| %s | %s `%s` | %s%s | %s |\n", fullName(row.From), kindNames[row.Kind], row.Kind,
			strings.Join(roles, " or "), scopeNames[row.Who.Scope], strings.Join(to, ", "))
	}
	out.WriteString(`
Besides:

- Drafter (and handler), reviewers, signer and publisher of one reply are four different people, whatever roles each has.
- A reply that is not open (不予公开) goes from dispatch to closure; one that is open goes through publication.
- A clock that runs out is recorded (` + "`ring`" + `) in any stage of an open case and leaves it where it is.
- Whoever acts on a form that somebody overtook, or on a task that somebody else has claimed, is told who and when.
`)
	return out.String()
}

func fullName(s Stage) string {
	if s == Unregistered {
		return "—"
	}
	return fmt.Sprintf("%s `%s`", stageNames[s], s)
}

// diagram draws the transitions that are wanted, one arrow between two stages with all that may be done on it.
func diagram(out *strings.Builder, wanted func(from, to Stage) bool) {
	type arrow struct{ from, to Stage }
	var arrows []arrow
	labels := map[arrow][]string{}
	for _, row := range Table {
		for _, to := range row.To {
			a := arrow{row.From, to}
			if !wanted(row.From, to) {
				continue
			}
			if !slices.Contains(arrows, a) {
				arrows = append(arrows, a)
			}
			labels[a] = append(labels[a], kindNames[row.Kind]+" "+string(row.Kind))
		}
	}
	out.WriteString("```mermaid\nstateDiagram-v2\n")
	for _, stage := range Stages {
		if slices.ContainsFunc(arrows, func(a arrow) bool { return a.from == stage || a.to == stage }) {
			fmt.Fprintf(out, "    state \"%s %s\" as %s\n", stageNames[stage], stage, stage)
		}
	}
	for _, a := range arrows {
		from := string(a.from)
		if a.from == Unregistered {
			from = "[*]"
		}
		fmt.Fprintf(out, "    %s --> %s: %s\n", from, a.to, strings.Join(labels[a], ", "))
		if a.to == Closed {
			fmt.Fprintf(out, "    %s --> [*]\n", a.to)
		}
	}
	out.WriteString("```\n")
}
