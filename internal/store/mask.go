package store

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/banli/banli/internal/proposal"
)

// MaskedName stands in running text where something was blacked out, or where a deputy's name stood that the reader may not know
// (R16). What a deputy is called in its place, the screens say: CaseRow.Masked.
const MaskedName = "＊＊＊"

// mask takes the deputies' names out of every text that the case shows: of every field, so that a new one is masked without being
// named here. The names were taken off the row already; what may hold them in another form, as a picture or as a telephone number,
// goes altogether.
func (c *Case) mask() {
	c.HasContact, c.Confidences, c.Attachments = false, proposal.Confidences{}, nil
	for i := range c.Consultations {
		c.Consultations[i].SpokeWith = ""
	}
	proposal.ChangeTexts(c, masker(c.proposers)) // not the maps of officers: one may bear a deputy's name
	for i := range c.Events {
		e := &c.Events[i]
		withoutConfidences(e)
		e.Input = withoutNames(e.Input, c.proposers)
	}
}

// Shown is a version of the draft as the reader of the case may see it: what Case keeps of the reply was masked already, versions
// that are read one by one come here first.
func (c *Case) Shown(d SavedDraft) SavedDraft {
	if c.Masked {
		proposal.ChangeTexts(&d.Draft, masker(c.proposers))
	}
	return d
}

// withoutConfidences leaves out of a registration and of a talk, and of what corrects them, what goes with the name.
func withoutConfidences(e *Event) {
	switch r := proposal.NewInput(proposal.Kind(e.Kind)).(type) {
	case *proposal.Registration:
		if json.Unmarshal(e.Input, r) == nil {
			r.Confidences = proposal.Confidences{}
			e.Input, _ = json.Marshal(r) // what was read is written
		}
	case *proposal.Consultation:
		if json.Unmarshal(e.Input, r) == nil {
			r.SpokeWith = ""
			e.Input, _ = json.Marshal(r)
		}
	case *proposal.ContactCorrection:
		if json.Unmarshal(e.Input, r) == nil {
			r.SpokeWith = ""
			e.Input, _ = json.Marshal(r)
		}
	case *proposal.Amendment:
		if json.Unmarshal(e.Input, r) == nil && r.Fact.Confided() {
			r.Value, e.Was = "", ""
			e.Input, _ = json.Marshal(r)
		}
	}
}

// withoutNames masks names in what an action said, if it said anything.
func withoutNames(input json.RawMessage, names []string) json.RawMessage {
	if len(input) == 0 {
		return nil
	}
	return proposal.ChangeJSON(input, masker(names))
}

// masker replaces names, however they are spaced: 倪　琛善 and 倪·琛善 are 倪琛善. The longest goes first: 王小 must leave nothing of 王小明.
func masker(names []string) func(string) string {
	names = slices.SortedFunc(slices.Values(names), func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	var spellings []string
	for _, name := range names {
		var letters []string
		for _, letter := range betweenLetters.ReplaceAllString(name, "") {
			letters = append(letters, regexp.QuoteMeta(string(letter)))
		}
		if len(letters) > 0 {
			spellings = append(spellings, strings.Join(letters, betweenLetters.String()+`*`))
		}
	}
	if len(spellings) == 0 {
		return func(text string) string { return text }
	}
	named := regexp.MustCompile(strings.Join(spellings, "|"))
	return func(text string) string { return named.ReplaceAllLiteralString(text, MaskedName) }
}

// betweenLetters is what may stand between the letters of a name, or be hidden there, without making it another one.
var betweenLetters = regexp.MustCompile(`[\s\p{Z}\p{Cf}\p{Mn}·•・‧∙.．]`)
