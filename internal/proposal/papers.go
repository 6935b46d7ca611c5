package proposal

import (
	"slices"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
)

// PaperKind is a paper that goes out on a case besides the reply.
type PaperKind string

const (
	ReturnPaper    PaperKind = "return"    // 退件申请, to whom the case came from
	ExtensionPaper PaperKind = "extension" // 延期申请, to the same
	UrgePaper      PaperKind = "urge"      // 催办通知, to the division that leads
)

// PaperKinds lists them.
var PaperKinds = []PaperKind{ReturnPaper, ExtensionPaper, UrgePaper}

// PaperForm is how a place words a paper.
type PaperForm struct {
	Title string                   `yaml:"title"`
	To    map[assembly.Body]string `yaml:"to"` // by where the case came from
	Text  string                   `yaml:"text"`
}

// Paper is one as it is printed.
type Paper struct{ Title, To, Text string }

// paperParts are what every paper may be built of, besides TitleParts. What an action says has the name of the action's field.
var paperParts = []string{"{agency}", "{assigned_on}", "{due_on}"}

// PaperParts are what the paper may be built of.
func PaperParts(kind PaperKind) []string {
	return slices.Concat(TitleParts, paperParts, map[PaperKind][]string{
		ReturnPaper: {"{reason}", "{legal_duty}", "{suggested}"}, ExtensionPaper: {"{reason}", "{until}"}, UrgePaper: {"{text}", "{lead}"},
	}[kind])
}

// PaperFacts are what a paper says of its case.
type PaperFacts struct {
	Key               assembly.RegisterKey
	Title             string
	Lead              string // name of the lead division
	AssignedOn, DueOn calendar.Date
	AssignedBy        string // 交办单位, if the register has one: who is asked about the assignment in the place of whom the pack names
}

// Paper words the paper of an action; ok is false for an action that has none, or a place that has none for it.
func (p *Pack) Paper(in Input, f PaperFacts) (paper Paper, ok bool) {
	parts := append(titleParts(f.Key, f.Title), "{agency}", p.Agency, "{assigned_on}", f.AssignedOn.Chinese(), "{due_on}", f.DueOn.Chinese(), "{lead}", f.Lead)
	var kind PaperKind
	switch in := in.(type) {
	case *ReturnRequest:
		kind, parts = ReturnPaper, append(parts, "{reason}", unended(in.Reason), "{legal_duty}", unended(in.LegalDuty), "{suggested}", unended(in.Suggested))
	case *ExtensionRequest:
		kind, parts = ExtensionPaper, append(parts, "{reason}", unended(in.Reason), "{until}", in.Until.Chinese())
	case *UrgeNote:
		kind, parts = UrgePaper, append(parts, "{text}", unended(in.Text))
	}
	form, ok := p.Papers[kind]
	put := strings.NewReplacer(parts...).Replace // at once: nothing is put into what somebody wrote
	to := put(form.To[f.Key.Body])
	if kind != UrgePaper && f.AssignedBy != "" {
		to = f.AssignedBy
	}
	return Paper{put(form.Title), to, put(form.Text)}, ok
}

// unended is what somebody wrote, without the stop that the form has.
func unended(words string) string { return strings.TrimRight(strings.TrimSpace(words), "。.；;，,") }
