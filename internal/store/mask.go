package store

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/banli/banli/internal/proposal"
)

// MaskedName stands in running text where something was blacked out, or where a deputy's name stood that the reader may not know
// (R16). What a deputy is called in
// its place, the screens say: CaseRow.Masked.
const MaskedName = "＊＊＊"

// mask takes the deputies' names out of everything that the case shows. The names were taken off the row already; what may hold
// them in another form, as a picture or as a telephone number, goes altogether.
func (c *Case) mask() {
	c.HasContact, c.Confidences, c.Attachments = false, proposal.Confidences{}, nil
	hide := func(texts ...*string) {
		for _, text := range texts {
			for _, name := range c.proposers {
				*text = strings.ReplaceAll(*text, name, MaskedName)
			}
		}
	}
	hide(&c.Text)
	for i := range c.Points {
		hide(&c.Points[i].Text)
	}
	for i := range c.Consultations {
		a := &c.Consultations[i]
		a.SpokeWith = ""
		hide(&a.Words)
		for j := range a.Points {
			hide(&a.Points[j])
		}
		for j := range a.Checks {
			hide(&a.Checks[j].Was)
		}
	}
	if c.Draft != nil {
		hide(&c.Draft.Draft.Body, &c.Draft.Draft.Reason)
	}
	for i := range c.Opinions {
		o := &c.Opinions[i]
		hide(&o.Question, &o.Text, &o.Figures)
		for j := range o.Steps {
			hide(&o.Steps[j].Text, &o.Steps[j].Figures, &o.Steps[j].Reason)
		}
	}
	for i := range c.Notes {
		hide(&c.Notes[i].Text)
	}
	for i := range c.Feedback {
		hide(&c.Feedback[i].Words)
	}
	for i := range c.Comments {
		m := &c.Comments[i]
		hide(&m.Quote, &m.Text)
		for j := range m.Answers {
			hide(&m.Answers[j].Text)
		}
	}
	for i := range c.Figures {
		hide(&c.Figures[i].Words, &c.Figures[i].Source)
	}
	for i := range c.Events {
		c.Events[i].Input = withoutNames(c.Events[i].Input, c.proposers)
	}
}

// Shown is a version of the draft as the reader of the case may see it: what Case keeps of the reply was masked already, versions
// that are read one by one come here first.
func (c *Case) Shown(d SavedDraft) SavedDraft {
	if !c.Masked {
		return d
	}
	for _, name := range c.proposers {
		d.Draft.Body = strings.ReplaceAll(d.Draft.Body, name, MaskedName)
		d.Draft.Reason = strings.ReplaceAll(d.Draft.Reason, name, MaskedName)
	}
	return d
}

// withoutNames masks names in what an action said. Names are looked for as JSON writes them.
func withoutNames(input json.RawMessage, names []string) json.RawMessage {
	for _, name := range names {
		quoted, err := json.Marshal(name)
		if err != nil {
			return nil // no name that was registered fails to encode
		}
		input = bytes.ReplaceAll(input, bytes.Trim(quoted, `"`), []byte(MaskedName))
	}
	return input
}
