package reply

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// FindingView is one thing that must be mended or answered for before the draft can be sent, and the field where.
type FindingView struct {
	Text, Place string
	Must        bool
	Where       string // which paragraph, in words
	Words, Want string // what stands there, and what the register says
	Key, Reason string // of a reminder: by which it is acknowledged, and why it stays

	No, Of   int    // of those in the text
	ID       string // among the findings of a page
	Kind     string // in words
	From, To int    // where in the text as it was typed, as browsers count; -1 for what is not about words of the body
	Fix      string // what to write there
	Apart    string // of the first line that would be printed twice: where all of them are taken out
}

// ackField begins the name of the field in which a reminder is answered for; the finding's key follows.
const ackField = "ack."

// places are the fields where a finding is mended; findings of one point or one passage have places of their own.
var places = map[proposal.FindingCode]string{
	proposal.NotConsulted: "main", proposal.BodyMissing: "body", proposal.ContactMissing: "contact_name", proposal.PointUnanswered: "links",
	proposal.ClassMissing: "class", proposal.ClassMismatch: "class", proposal.CommitmentMissing: "commitments", proposal.GroundMissing: "ground",
	proposal.OpinionNotAsked: "main", proposal.OpinionNotCited: "body", proposal.DraftNotAgreed: "body",
}

// Findings puts what a draft lacks into words, each with the field where it is mended. body is the text as it was typed.
func Findings(w *locale.Words, f *casefile.File, found []proposal.Finding, typed url.Values, body string) []FindingView {
	var views []FindingView
	place := placesIn(body)
	alike := map[string]int{}
	repeated := false
	for _, item := range found {
		if item.Mark != nil {
			v := markView(w, *item.Mark, typed)
			v.From, v.To = place(*item.Mark)
			if item.Mark.Code == replytext.Repeated && !repeated {
				repeated, v.Apart = true, "/cases/"+f.CaseID+"/draft/apart"
			}
			key := item.Mark.Key()
			alike[key]++
			v.ID = fmt.Sprintf("finding-%s-%d", key, alike[key])
			views = append(views, v)
			continue
		}
		unit := item.Unit
		if name, ours := f.Divisions[proposal.DivisionID(unit)]; ours {
			unit = w.Name(name)
		}
		v := FindingView{Text: casefile.FindingText(w, item, unit), Must: true, From: -1, To: -1}
		switch item.Code {
		case proposal.PointWithoutStatus:
			v.Place = fmt.Sprintf("status.%d", item.Point)
		case proposal.ReasonMissing:
			v.Place = fmt.Sprintf("why.%d", item.Point)
		default:
			v.Place = places[item.Code]
		}
		views = append(views, v)
	}
	return views
}

func markView(w *locale.Words, m replytext.Mark, typed url.Values) FindingView {
	v := FindingView{
		Text: casefile.MarkText(w, m), Place: m.Field, Must: m.Level == replytext.MandatoryMark,
		Words: m.Text, Want: m.Want, Kind: w.T("draft.kind." + string(m.Code)), Fix: m.Fix,
	}
	if m.Field == "body" {
		v.Where = w.T("finding.paragraph", "No", m.Paragraph+1)
	} else if label := "form." + m.Field; w.Has(label) {
		v.Where = w.T(label)
	}
	if !v.Must {
		v.Key = m.Key()
		v.Reason = strings.TrimSpace(typed.Get(ackField + v.Key))
	}
	return v
}

// AckValues are the reasons as the form holds them.
func AckValues(acks map[string]string) url.Values {
	v := url.Values{}
	for key, reason := range acks {
		v.Set(ackField+key, reason)
	}
	return v
}

// AcksOf reads the reminders that somebody answered for.
func AcksOf(form url.Values) []proposal.Acknowledgement {
	var acks []proposal.Acknowledgement
	for name, values := range form {
		key, ok := strings.CutPrefix(name, ackField)
		if reason := strings.TrimSpace(values[len(values)-1]); ok && reason != "" {
			acks = append(acks, proposal.Acknowledgement{Finding: key, Reason: reason})
		}
	}
	return acks
}
