package casefile

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/locale"
)

// StrandSection is what runs beside the main way of a case, by subject; its heading is the message strand.<Name>.
type StrandSection struct {
	Name  string
	Lines []StrandLine
}

// StrandLine is one strand: who or what it is, how it stands, by when, and what was said.
type StrandLine struct {
	Name, Status string
	Open         bool // it waits for somebody
	Due          *locale.Due
	Who          string // whom it waits for, or who did it
	Said         []Line // label and text, in words
	Path         string // of another case of the group
}

// strandOrder are the kinds in the order in which a page shows them.
var strandOrder = []proposal.StrandKind{
	proposal.ReceiptStrand, proposal.OpinionStrand, proposal.CountersignStrand, proposal.AddedReviewStrand, proposal.ExtensionStrand, proposal.SuspensionStrand, proposal.UrgeStrand,
	proposal.PublicationStrand, proposal.FeedbackStrand, proposal.CommitmentStrand,
}

// ClockOf is the clock that a strand's people watch.
var ClockOf = map[proposal.StrandKind][]proposal.ClockKind{
	proposal.ReceiptStrand: {proposal.ReceiptClock}, proposal.OpinionStrand: {proposal.OpinionClock}, proposal.PublicationStrand: {proposal.PublicationClock, proposal.ReexamineClock},
	proposal.FeedbackStrand: {proposal.FeedbackClock}, proposal.CommitmentStrand: {proposal.CommitmentClock},
}

// StrandSections put everything that ran beside the main way into words.
func (s *Files) StrandSections(w *locale.Words, f *File) []StrandSection {
	today := calendar.DateOf(f.Now)
	var sections []StrandSection
	for _, kind := range strandOrder {
		section := StrandSection{Name: string(kind)}
		for _, r := range f.State.StrandsOf(kind) {
			line := StrandLine{
				Name: f.RefName(w, kind, r.Ref), Status: w.T("strand." + string(kind) + "." + string(r.Status)), Open: !r.Settled(),
				Who: f.strandWho(w, r),
			}
			for _, clock := range ClockOf[kind] {
				if c := f.State.ClockOf(clock, r.Ref); c != nil {
					line.Due = w.Due(c, f.Days, today)
				}
			}
			if f.Whole {
				line.Said = WithText(f.strandSaid(w, r))
			}
			section.Lines = append(section.Lines, line)
		}
		if len(section.Lines) > 0 {
			sections = append(sections, section)
		}
	}
	if group := f.groupLines(w); len(group) > 0 {
		sections = append(sections, StrandSection{"merged", group})
	}
	return sections
}

func (f *File) strandWho(w *locale.Words, r proposal.Strand) string {
	if r.Settled() {
		return w.Name(f.People[r.By])
	}
	for _, t := range f.Tasks {
		if t.Ref != r.Ref || !asksOf(r.Kind, t.Ask) {
			continue
		}
		if t.ClaimedBy != "" {
			return w.Name(t.ClaimedName)
		}
		return f.Holder(w, t.Rules())
	}
	return ""
}

// asksOf reports whether a strand of the kind may ask for it.
func asksOf(kind proposal.StrandKind, ask proposal.Ask) bool {
	does := kinds.Doing(ask)
	return len(does) > 0 && strandOf(does[0]) == kind
}

// strandOf is the kind of strand that an action is about; "" if about none.
func strandOf(kind proposal.Kind) proposal.StrandKind {
	i := slices.IndexFunc(proposal.SideTable, func(row proposal.SideStep) bool { return row.Kind == kind })
	if i < 0 {
		return ""
	}
	return proposal.SideTable[i].Strand
}

// StrandName is the strand that an action is about, in words; "" if about none, or one that is yet to begin.
func (f *File) StrandName(w *locale.Words, kind proposal.Kind, ref string) string {
	if ref == "" {
		return ""
	}
	return f.RefName(w, strandOf(kind), ref)
}

// TaskStrand is the strand that a task is about, in words; "" if about none.
func (f *File) TaskStrand(w *locale.Words, t proposal.Task) string {
	does := kinds.Doing(t.Ask)
	if t.Ref == "" || len(does) == 0 {
		return ""
	}
	return f.RefName(w, strandOf(does[0]), t.Ref)
}

// StageAt is the stage that the case was in when something happened to it; where it is now, if nothing did then.
func (f *File) StageAt(at time.Time) proposal.Stage {
	i := slices.IndexFunc(f.Events, func(e store.Event) bool { return e.At.Equal(at) })
	if i < 0 {
		return f.State.Stage
	}
	return f.Events[i].To
}

// RefName is what people call a strand: the unit, the reviewer, the round, the promise.
func (f *File) RefName(w *locale.Words, kind proposal.StrandKind, ref string) string {
	switch kind {
	case proposal.OpinionStrand, proposal.CountersignStrand:
		if name, ours := f.Divisions[proposal.DivisionID(ref)]; ours {
			return w.Name(name)
		}
		for _, o := range f.Opinions {
			if o.Ref == ref && o.Unit != "" {
				return o.Unit
			}
		}
		return w.T("strand.unit", "No", strings.TrimPrefix(ref, "u"))
	case proposal.AddedReviewStrand:
		return f.PersonName(w, proposal.PersonID(ref))
	case proposal.PublicationStrand, proposal.FeedbackStrand:
		round, _ := strconv.Atoi(ref)
		return w.T("case.round", "N", max(1, round))
	case proposal.CommitmentStrand:
		for _, c := range f.Commitments {
			if c.Ref == ref {
				return Excerpt(c.Text)
			}
		}
	}
	return w.T("strand.nth", "No", ref)
}

// PersonName is what somebody of the bureau is called.
func (f *File) PersonName(w *locale.Words, id proposal.PersonID) string {
	if name, known := f.People[id]; known {
		return w.Name(name)
	}
	if i := slices.IndexFunc(f.Staff, func(p store.Person) bool { return p.ID == id }); i >= 0 {
		return w.Name(f.Staff[i].Name)
	}
	return ""
}

// strandSaid is what was written about a strand.
func (f *File) strandSaid(w *locale.Words, r proposal.Strand) []Line {
	line := func(key, text string) Line { return Line{w.T(key), text} }
	var lines []Line
	switch r.Kind {
	case proposal.OpinionStrand:
		return f.opinionSaid(w, r)
	case proposal.FeedbackStrand:
		for _, rating := range f.Feedback {
			if fmt.Sprint(rating.Round) == r.Ref {
				lines = []Line{
					line("form.attitude", w.T("rating."+string(rating.Attitude))), line("form.result", w.T("rating."+string(rating.Result))),
					line("form.record_feedback.words", rating.Words), line("form.source", w.T("source."+string(rating.Source))),
				}
			}
		}
		return append(lines, f.ratedBeside(w, r)...)
	case proposal.PublicationStrand:
		return f.editionLines(w, r.Ref)
	case proposal.CommitmentStrand:
		return f.commitmentSaid(w, r)
	case proposal.ReceiptStrand, proposal.ExtensionStrand, proposal.SuspensionStrand, proposal.UrgeStrand:
		return f.actsOn(w, r)
	}
	return nil
}

// ratedBeside is what the co-signers said of the round, and who of them has yet to.
func (f *File) ratedBeside(w *locale.Words, r proposal.Strand) []Line {
	round, _ := strconv.Atoi(r.Ref)
	var lines []Line
	for _, rating := range f.RatedBeside(round) {
		said := w.T("strand.rated_beside", "Attitude", w.T("rating."+string(rating.Attitude)), "Result", w.T("rating."+string(rating.Result)))
		if rating.Words != "" {
			said += w.T("list.stop") + rating.Words
		}
		lines = append(lines, Line{w.T("strand.co_signer", "Name", rating.CoSigner), said})
	}
	if asked := f.AskedBeside(); len(lines) > 0 && len(asked) > 0 && round == max(1, f.State.Round) {
		lines = append(lines, Line{w.T("strand.not_rated"), w.List(asked)})
	}
	return lines
}

func (f *File) opinionSaid(w *locale.Words, r proposal.Strand) []Line {
	for _, o := range slices.Backward(f.Opinions) {
		if o.Ref != r.Ref {
			continue
		}
		lines := []Line{
			{w.T("form.question"), o.Question}, {w.T("form.write_opinion.text"), o.Text}, {w.T("form.figures"), o.Figures}, {w.T("form.contact"), o.Contact},
		}
		for _, step := range o.Steps {
			if step.Reason != "" {
				lines = append(lines, Line{w.T("event." + string(step.Kind)), step.Reason})
			}
		}
		return lines
	}
	return nil
}

// editionLines tell what the public could read, newest first.
func (f *File) editionLines(w *locale.Words, ref string) []Line {
	var lines []Line
	for _, p := range f.Publications {
		if fmt.Sprint(p.Round) != ref {
			continue
		}
		text := w.T("strand.edition", "Version", p.Version, "Date", w.FullDay(p.PublishedOn))
		if p.Note != "" {
			text += w.T("list.stop") + p.Note
		}
		if !p.TakenDownAt.IsZero() {
			text += w.T("strand.edition_down", "When", w.Moment(p.TakenDownAt), "Reason", p.Reason)
		}
		lines = append(lines, Line{w.T("strand.edition_no", "N", p.Edition), text})
	}
	return lines
}

func (f *File) commitmentSaid(w *locale.Words, r proposal.Strand) []Line {
	var lines []Line
	for _, c := range f.Commitments {
		if c.Ref == r.Ref {
			lines = append(lines, Line{w.T("strand.promised_text"), w.T("case.promise", "Text", c.Text, "Date", w.FullDay(c.DueOn))})
		}
	}
	return append(lines, f.actsOn(w, r)...)
}

// actsOn tells what was done about a strand, in order: its own actions name it.
func (f *File) actsOn(w *locale.Words, r proposal.Strand) []Line {
	var lines []Line
	begun := 0
	for _, e := range f.Events {
		kind := proposal.Kind(e.Kind)
		if strandOf(kind) != r.Kind {
			continue
		}
		ref, named := RefOf(e)
		if !named { // it began one: the next of its kind
			begun++
			ref = strconv.Itoa(begun)
		}
		if ref != r.Ref && ref != "" {
			continue
		}
		past := PastEventOf(w, f, e)
		text := past.Words
		if text == "" {
			text = past.When
		} else {
			text = w.T("strand.said", "Text", text, "Who", past.Who, "When", past.When)
		}
		lines = append(lines, Line{past.What, text})
	}
	return lines
}

// groupLines are the other cases of the group (并案).
func (f *File) groupLines(w *locale.Words) []StrandLine {
	var lines []StrandLine
	for _, m := range f.Group {
		line := StrandLine{
			Name: w.T("strand.case", "Number", w.Number(m.Key), "Subject", m.Subject), Status: w.T("stage." + string(m.Stage)), Path: "/cases/" + m.CaseID,
		}
		if m.Leads {
			line.Who = w.T("strand.leads")
		}
		lines = append(lines, line)
	}
	return lines
}

// awaitedUnits are whose co-opinions are still to come.
func (f *File) awaitedUnits(w *locale.Words) string {
	var names []string
	for _, r := range f.State.StrandsOf(proposal.OpinionStrand) {
		if !r.Settled() {
			names = append(names, f.RefName(w, r.Kind, r.Ref))
		}
	}
	return w.List(names)
}

// RefusalText is a refusal as one line: why, what decides, and who can help.
func (s *Files) RefusalText(r *http.Request, f *File, refusal *proposal.Refusal) string {
	w := s.Words(r)
	return w.T(refusal.Key()+".text") + f.RefusalDetail(w, refusal) + s.Whose(r, refusal)
}

// RefusalDetail says beside the words of a refusal what decides: a date, who is waited for.
func (f *File) RefusalDetail(w *locale.Words, refusal *proposal.Refusal) string {
	text := w.RefusalDetail(refusal)
	var names []string
	for _, ref := range refusal.Refs {
		for _, kind := range []proposal.StrandKind{proposal.OpinionStrand, proposal.CountersignStrand, proposal.AddedReviewStrand} {
			r, name := f.State.Strand(kind, ref), f.RefName(w, kind, ref)
			if r != nil && !r.Settled() && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) > 0 {
		text += w.T("refusal.refs", "Names", w.List(names))
	}
	return text
}

// RefOf is the strand that an event names; named is false for actions that begin one.
func RefOf(e store.Event) (ref string, named bool) {
	i := slices.IndexFunc(proposal.SideTable, func(row proposal.SideStep) bool { return string(row.Kind) == e.Kind })
	if i < 0 || proposal.SideTable[i].From == nil {
		return "", false
	}
	var in proposal.StrandTarget
	_ = json.Unmarshal(e.Input, &in) // what may not be read names no strand
	return in.Ref, true
}

// StrandStatuses are where a strand of the kind may stand: what leads to its actions and from them, or its being called off.
func StrandStatuses(kind proposal.StrandKind) []proposal.StrandStatus {
	list := []proposal.StrandStatus{proposal.StrandCancelled}
	for _, row := range proposal.SideTable {
		if row.Strand == kind {
			list = append(append(list, row.From...), row.To...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// AllStrandStatuses are those of every kind of strand, each once.
func AllStrandStatuses() []proposal.StrandStatus {
	var list []proposal.StrandStatus
	for _, kind := range proposal.StrandKinds {
		list = append(list, StrandStatuses(kind)...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
