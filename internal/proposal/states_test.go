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
	Registered: "待分办", ReturnReview: "退件审批", ReturnDecision: "退件待定", Assigning: "分办批示", Accepting: "处室接收", Consulting: "沟通",
	Drafting: "拟稿", DivisionReview: "处室审核", OfficeReview: "核稿", LegalReview: "法规审核", OpennessReview: "公开审查", SignOff: "签发",
	Numbering: "编号用印", Dispatching: "送达", Answered: "已答复", ReportingUp: "上报", Closing: "办结归档", Closed: "已办结", Returned: "已退件",
	Withdrawn: "已撤案",
}

var kindNames = map[Kind]string{
	Register: "登记", ProposeAssignment: "拟办", CirculateReading: "参阅件传阅", RequestReturn: "申请退件", EndorseReturn: "同意申请退件",
	DecideReturn: "退件决定", ApproveAssignment: "批示", Accept: "接收", Refuse: "不接收", Contact: "联系", Waive: "免沟通", Submit: "送审",
	PassReview: "审核通过", DecideOpenness: "公开审查通过", SendBack: "退回", Sign: "签发", AssignNumber: "编号用印", Dispatch: "送达",
	ReportUp: "上报", Close: "办结归档",
	Reroute: "转办", Reassign: "改派", Recall: "撤回", AskOpinion: "请会办", WriteOpinion: "写会办意见", ApproveOpinion: "同意会办意见",
	SendBackOpinion: "退回会办意见", RedoOpinion: "请重提", WaiveOpinion: "不再等候", CancelOpinion: "不再需要", ConsultOnDraft: "征求意见",
	CountersignDraft: "会签", ObjectToDraft: "会签不同意", AddReviewer: "加签", WithdrawReviewer: "减签", PassAddedReview: "加签同意", ObjectAsAdded: "加签不同意",
	Tighten: "从严审批", AskExtension: "申请延期", EndorseExtension: "同意申请延期", DeclineExtension: "不同意申请延期",
	DecideExtension: "延期决定", TellExtension: "告知代表", Suspend: "中止", Resume: "恢复", Publish: "公开", CorrectPublication: "更正",
	TakeDown: "撤下", Reexamine: "复核", RecordReceipt: "回执", RecordFeedback: "代表反馈", RateAsCoSigner: "附议人评价", NoteSilence: "未反馈", ReportMilestone: "承诺进展",
	ChangeCommitment: "承诺调整", FulfilCommitment: "承诺兑现", ReplyAgain: "再次答复", SignFor: "签收", Urge: "催办", AnswerUrge: "答复催办", Merge: "并案",
	Unmerge: "取消并案", AskSecrecy: "要求保密", Withdraw: "撤案", Amend: "更正登记", Reopen: "恢复办理", VoidNumber: "作废文号",
	CorrectReply: "更正答复", CorrectRating: "更正评价", CorrectContact: "更正联系记录",
}

var strandNames = map[StrandKind]string{
	ReceiptStrand: "签收", OpinionStrand: "会办意见", CountersignStrand: "会签", AddedReviewStrand: "加签", ExtensionStrand: "延期", SuspensionStrand: "中止", PublicationStrand: "公开", FeedbackStrand: "征询意见",
	CommitmentStrand: "承诺", UrgeStrand: "催办",
}

var statusNames = map[StrandStatus]string{
	StrandAsked: "待答", StrandWritten: "待审", StrandGiven: "已交", StrandPassed: "同意", StrandWaived: "不再等候", StrandCancelled: "取消", StrandEndorsed: "待交办机关定",
	StrandGranted: "已批", StrandDeclined: "未批", StrandTold: "已告知", StrandRunning: "中止中", StrandResumed: "已恢复", StrandUnpublished: "待公开", StrandPublished: "已公开",
	StrandTakenDown: "已撤下", StrandWithheld: "不予公开", StrandRated: "已评价", StrandDissatisfied: "不满意", StrandSilent: "未反馈", StrandPromised: "待兑现", StrandFulfilled: "已兑现",
	StrandReplied: "已再次答复", StrandAnswered: "已答复", StrandReceived: "已签收",
}

var roleNames = map[Role]string{
	Liaison: "联络员 liaison", DivisionHead: "处室负责人 division head", Handler: "经办人 handler", OfficeReviewer: "核稿 office reviewer",
	LegalReviewer: "法规 legal reviewer", OpennessReviewer: "公开审查 openness reviewer", LeaderInCharge: "分管领导 leader in charge",
	BureauHead: "主要领导 bureau head", Publisher: "网站管理员 publisher", Supervisor: "督查 supervisor", Assembly: "人大政协 assembly",
	Deputy: "代表 deputy",
}

var scopeNames = map[Scope]string{
	AnyHolder:  "",
	InCharge:   "; leaders in charge and division heads only of the lead division",
	OfDivision: " of the lead division",
	OfCase:     ": the handler of the case, or the head of the lead division standing in; the liaison where named",
	InTurn:     ", whoever the case waits for; the handler of the case, or the head of the lead division standing in",
	HandlerOf:  " of the case",
	SignerOf:   ", whichever the rule pack names, in charge of the lead division",
	OfUnit:     " of the division that is asked; for an outside unit the liaison",
	NamedOnly:  "whoever was named",
	WasLast:    ", whoever acted last, while nobody has acted since",
}

// namesAreComplete holds this file's words to the tables.
func namesAreComplete(t *testing.T) {
	t.Helper()
	who := func(kind Kind, w Actors) {
		if _, scoped := scopeNames[w.Scope]; !scoped || kindNames[kind] == "" {
			t.Fatalf("%s has no name here, or whose it is", kind)
		}
		for _, role := range w.Roles {
			if roleNames[role] == "" {
				t.Fatalf("role %q has no name here", role)
			}
		}
	}
	for _, row := range Table {
		who(row.Kind, row.Who)
	}
	for _, row := range SideTable {
		who(row.Kind, row.Who)
		for _, status := range append(slices.Clone(row.From), row.To...) {
			if statusNames[status] == "" {
				t.Fatalf("status %q has no name here", status)
			}
		}
	}
	if len(stageNames) != len(Stages) || len(strandNames) != len(StrandKinds) {
		t.Fatal("stages or strands have no name here")
	}
}

func statesDocument(t *testing.T) string {
	t.Helper()
	namesAreComplete(t)
	var out strings.Builder
	out.WriteString(`# The stages of a case

<!-- Written by internal/proposal/states_test.go from the tables in internal/proposal/table.go. Change a table, then run
     go test ./internal/proposal -run States -update -->

What may follow what is data: ` + "`proposal.Table`" + ` is the main way, ` + "`proposal.SideTable`" + ` what happens beside it, each thing there
with a state of its own and mostly a clock of its own. The workflow says what happens at each stage; this page shows the tables.

## The way on

`)
	diagram(&out, func(from, to Stage) bool { return !to.Before(from) })
	out.WriteString("\n## The ways back\n\nA case that is sent back (退回) loses every decision made at the named stage and after it: reviews, openness, signature.\n\n")
	diagram(&out, func(from, to Stage) bool { return to.Before(from) })
	out.WriteString("\n## What runs beside\n\nA strand begins with an action, or with a step of the main way: a receipt with the registration, a countersignature with the division's review, " +
		"publication, feedback and commitments with the dispatch.\n")
	for _, kind := range StrandKinds {
		fmt.Fprintf(&out, "\n### %s `%s`\n\n", strandNames[kind], kind)
		strandDiagram(&out, kind)
	}
	out.WriteString("\n## Who may do what on the main way\n\n| Stage | Action | Who | Leads to |\n|---|---|---|---|\n")
	for _, row := range Table {
		fmt.Fprintf(&out, "| %s | %s `%s` | %s | %s |\n", fullName(row.From), kindNames[row.Kind], row.Kind, whoName(row.Who), stagesName(row.To))
	}
	out.WriteString("\n## Who may do what beside it\n\n| Action | While the case is in | On | From | To | Who | May take the case to |\n|---|---|---|---|---|---|---|\n")
	for _, row := range SideTable {
		fmt.Fprintf(&out, "| %s `%s` | %s | %s | %s | %s | %s | %s |\n", kindNames[row.Kind], row.Kind, duringName(row), strandNames[row.Strand],
			statusesName(row.From), statusesName(row.To), whoName(row.Who), movesName(row))
	}
	out.WriteString(`
Besides:

- Drafter (and handler), reviewers, signer and publisher of one reply are four different people, whatever roles each has and whomever
  each acts for.
- A case is in ` + "`answered`" + ` while publication and feedback run side by side; when both are settled it goes to closure by itself.
- 不满意 on the result opens the next round, with a due date of its own; in the last round that the rule pack allows it goes up.
- A bell of a clock (` + "`ring`" + `), a new calendar (` + "`recount`" + `), somebody who has left or moved (` + "`vacate`" + `), a handing over
  (` + "`hand_over`" + `) and a division that is closed (` + "`regroup`" + `) come in any stage and leave the case where it is.
- No step is taken after which nobody would be left for a later one.
- Whoever acts on a form that somebody overtook, or on a task that somebody else has claimed, is told who and when.
`)
	return out.String()
}

func whoName(w Actors) string {
	var roles []string
	for _, role := range w.Roles {
		roles = append(roles, roleNames[role])
	}
	return strings.Join(roles, " or ") + scopeNames[w.Scope]
}

func stagesName(stages []Stage) string {
	var names []string
	for _, stage := range stages {
		names = append(names, fullName(stage))
	}
	return strings.Join(names, ", ")
}

func statusesName(statuses []StrandStatus) string {
	var names []string
	for _, status := range statuses {
		names = append(names, statusNames[status]+" `"+string(status)+"`")
	}
	return strings.Join(names, ", ")
}

func duringName(row SideStep) string {
	switch {
	case len(row.During) == len(Stages):
		return "any stage"
	case row.During != nil:
		return stagesName(row.During)
	case row.Strand == CommitmentStrand:
		return "any stage, closed too"
	}
	return "any stage before the end"
}

func movesName(row SideStep) string {
	if row.Kind == Recall || row.Kind == Reopen {
		return "where it was before"
	}
	return stagesName(row.Moves)
}

// strandDiagram draws what may become of a strand of the kind.
func strandDiagram(out *strings.Builder, kind StrandKind) {
	type arrow struct{ from, to StrandStatus }
	var arrows []arrow
	labels := map[arrow][]string{}
	draw := func(from, to StrandStatus, label string) {
		a := arrow{from, to}
		if !slices.Contains(arrows, a) {
			arrows = append(arrows, a)
		}
		labels[a] = append(labels[a], label)
	}
	for _, status := range begun[kind] {
		draw("", status, "")
	}
	for _, row := range SideTable {
		if row.Strand != kind {
			continue
		}
		froms := row.From
		if froms == nil {
			froms = []StrandStatus{""}
		}
		for _, from := range froms {
			for _, to := range row.To {
				draw(from, to, kindNames[row.Kind]+" "+string(row.Kind))
			}
		}
	}
	out.WriteString("```mermaid\nstateDiagram-v2\n")
	var named []StrandStatus
	for _, a := range arrows {
		for _, status := range []StrandStatus{a.from, a.to} {
			if status != "" && !slices.Contains(named, status) {
				named = append(named, status)
				fmt.Fprintf(out, "    state \"%s %s\" as %s\n", statusNames[status], status, status)
			}
		}
	}
	for _, a := range arrows {
		from := string(a.from)
		if from == "" {
			from = "[*]"
		}
		label := strings.Join(slices.DeleteFunc(labels[a], func(s string) bool { return s == "" }), ", ")
		if label != "" {
			label = ": " + label
		}
		fmt.Fprintf(out, "    %s --> %s%s\n", from, a.to, label)
	}
	for _, status := range named {
		if (Strand{Kind: kind, Status: status}).Done() {
			fmt.Fprintf(out, "    %s --> [*]\n", status)
		}
	}
	out.WriteString("```\n")
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
	for _, row := range SideTable { // from where all else is done: what may happen anywhere is in the table below
		for _, to := range row.Moves {
			if a := (arrow{Answered, to}); slices.Contains(row.During, Answered) && wanted(a.from, a.to) {
				if !slices.Contains(arrows, a) {
					arrows = append(arrows, a)
				}
				labels[a] = append(labels[a], kindNames[row.Kind]+" "+string(row.Kind))
			}
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
		if a.to.Ended() {
			fmt.Fprintf(out, "    %s --> [*]\n", a.to)
		}
	}
	out.WriteString("```\n")
}
