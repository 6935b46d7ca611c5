package casefile

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// File is a case with what its page needs beside the record: its rule pack and who works in the bureau.
type File struct {
	*store.Case
	Pack   *proposal.Pack
	Phone  string // of the reader's division, or else the bureau's: for whoever has none of their own
	Staff  []store.Person
	Days   *calendar.Calendar
	Units  []store.Division // the divisions in their order
	Now    time.Time        // of the page: now, or the moment of the past that it shows
	Whole  bool             // the reader may see everything of the case
	rights proposal.State   // by which that is decided: the case as it is today
	Past   *store.PastCase  // nil on the page of today

	Watchers []store.Person // who watches the case and may still see it

	draftFacts *proposal.Facts // what a draft is examined by; nil while none is written
	Typed      []store.Typed   // what the officer has typed into forms of the case and not sent
	Work       store.Work      // what the officer has typed on the draft
	Others     []store.Presence
}

// OpenCase reads a case for an officer; a case that is not for their eyes does not exist for them.
func (s *Files) OpenCase(ctx context.Context, id string, who *store.Person) (*File, error) {
	c, err := s.store.Case(ctx, id)
	if err != nil {
		return nil, err
	}
	rights := c.State
	if !c.ShowTo(who.Person) {
		return nil, kit.ErrNotFound
	}
	f, err := s.fileOf(ctx, c, rights, who)
	if err != nil {
		return nil, err
	}
	f.Now = s.Now()
	if f.Watchers, err = s.store.Watchers(ctx, c.CaseID); err != nil {
		return nil, err
	}
	f.Watchers = slices.DeleteFunc(f.Watchers, func(p store.Person) bool { return !f.As(p.Person).Sees(f.rights) })
	if f.Typed, err = s.store.Typed(ctx, who.ID, c.CaseID); err != nil {
		return nil, err
	}
	if c.State.Stage == proposal.Drafting && who.SeesName(c.State) {
		facts, err := s.store.DraftFacts(ctx, c.CaseID)
		if err != nil {
			return nil, err
		}
		f.draftFacts = s.ExamineFacts(f, facts, f.Days)
	}
	if c.State.Stage == proposal.Drafting && f.MayDraft(who) {
		if f.Work, err = s.store.Work(ctx, c.CaseID, who.ID); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// fileOf adds what the page of a case needs beside the record.
func (s *Files) fileOf(ctx context.Context, c *store.Case, rights proposal.State, who *store.Person) (f *File, err error) {
	pack, ok := s.store.Pack(c.State.Pack)
	if !ok {
		return nil, fmt.Errorf("case %s: rule pack %q is not loaded", c.CaseID, c.State.Pack)
	}
	bureau, err := s.store.Bureau(ctx, c.State.SignedOn)
	if err != nil {
		return nil, err
	}
	f = &File{Case: c, Pack: pack.Of(bureau), Phone: bureau.Phone, Days: s.Days(ctx), rights: rights, Whole: c.As(who.Person).SeesAll(rights)}
	if f.Staff, err = s.store.People(ctx); err != nil {
		return nil, err
	}
	f.Units, err = s.store.Divisions(ctx)
	for _, d := range f.Units {
		if d.Code == who.Division {
			f.Phone = cmp.Or(d.Phone, f.Phone)
		}
	}
	return f, err
}

// PastFile is the file of a case as it was.
func (s *Files) PastFile(ctx context.Context, past *store.PastCase, who *store.Person) (*File, error) {
	f, err := s.fileOf(ctx, past.Case, past.Now, who)
	if err != nil {
		return nil, err
	}
	f.Now, f.Past = past.At, past
	return f, nil
}

// ClaimedBy is who has claimed the task that the reader is shown; "" for nobody.
func (f *File) ClaimedBy() proposal.PersonID {
	if f.Task == nil {
		return ""
	}
	return f.Task.ClaimedBy
}

// PointTexts are the points as the forms show them.
func (f *File) PointTexts() []string {
	var texts []string
	for _, p := range f.Points {
		texts = append(texts, p.Text)
	}
	return texts
}

// Register is what the register says, as far as the reader may read it; contact data are looked at elsewhere.
func (f *File) Register() proposal.RegisterRow {
	return f.State.Register(proposal.RegisterRow{Registration: proposal.Registration{
		RegisterKey: f.Key, Title: f.Title, LeadDeputy: f.LeadDeputy, CoSigners: f.CoSigners, Text: f.Text, Points: f.PointTexts(),
		Wish: f.Wish, Described: f.Described,
	}})
}

// LastEvent is the newest event of one of the kinds; nil if there is none.
func (f *File) LastEvent(kinds ...proposal.Kind) *store.Event {
	for i := len(f.Events) - 1; i >= 0; i-- {
		if slices.Contains(kinds, proposal.Kind(f.Events[i].Kind)) {
			return &f.Events[i]
		}
	}
	return nil
}

// Passages are the events that moved the case on. What takes it back or ends it before its time is no progress.
func (f *File) Passages(w *locale.Words) []Passage {
	var list []Passage
	for _, e := range f.Events {
		if e.From == e.To || kinds.Of(proposal.Kind(e.Kind)).Back {
			continue
		}
		list = append(list, Passage{From: e.From, Who: w.Name(f.People[e.By]), At: e.At, On: e.On})
	}
	return list
}

// EventInput is what an action said; nil for events that do not move a case.
func EventInput(e store.Event) proposal.Input {
	in := proposal.NewInput(proposal.Kind(e.Kind))
	if in == nil || json.Unmarshal(e.Input, in) != nil {
		return nil
	}
	return in
}

// holders are the people a task is for.
func (f *File) holders(t proposal.Task) []store.Person {
	var list []store.Person
	for _, p := range f.Staff {
		if p.Active && (p.ID == t.Person || t.MayClaim(p.Person)) {
			list = append(list, p)
		}
	}
	return list
}

// Holder names whom a task is for, as a label: the person if there is one, else the role.
func (f *File) Holder(w *locale.Words, t proposal.Task) string {
	if name := f.onlyHolder(w, t); name != "" {
		return name
	}
	return w.T("role." + string(t.Role))
}

// HolderSaid names whom a task is for, within a sentence.
func (f *File) HolderSaid(w *locale.Words, t proposal.Task) string {
	if name := f.onlyHolder(w, t); name != "" {
		return name
	}
	return RoleSaid(w, t.Role)
}

// RoleSaid is a role within a sentence.
func RoleSaid(w *locale.Words, role proposal.Role) string {
	return w.T("role.said", "Role", w.T("role."+string(role)))
}

// onlyHolder is the name of whom a task is for, if it is one person.
func (f *File) onlyHolder(w *locale.Words, t proposal.Task) string {
	if f.Past != nil { // who had the role then is not on record: only who was named is told
		return f.PersonName(w, t.Person)
	}
	if who := f.holders(t); len(who) == 1 {
		return w.Name(who[0].Name)
	}
	return ""
}

// stageOf is the stage whose task a station waits for first.
var stageOf = map[proposal.Step]proposal.Stage{
	proposal.StepAssignment: proposal.Assigning, proposal.StepConsultation: proposal.Consulting, proposal.StepDrafting: proposal.Drafting,
	proposal.StepReview: proposal.DivisionReview, proposal.StepSignOff: proposal.SignOff, proposal.StepNumbering: proposal.Numbering,
	proposal.StepDispatch: proposal.Dispatching, proposal.StepFollowUp: proposal.Answered, proposal.StepClosure: proposal.Closing,
}

// Expected names whom a station waits for; "" while that is not known.
func (f *File) Expected(w *locale.Words, step proposal.Step) string {
	s := f.State
	if step == proposal.StepCoHandling {
		return f.awaitedUnits(w)
	}
	if s.Stage.Step() != step {
		s.Stage = stageOf[step]
	}
	task, ok := proposal.MainTask(s, f.Pack)
	switch {
	case !ok, task.Role == proposal.Handler && task.Person == "", task.Role == proposal.DivisionHead && task.Division == "":
		return ""
	}
	return f.Holder(w, task)
}

// DivisionNames names divisions in the reader's language.
func (f *File) DivisionNames(w *locale.Words, ids []proposal.DivisionID) []string {
	var names []string
	for _, id := range ids {
		names = append(names, w.Name(f.Divisions[id]))
	}
	return names
}

// MayDraft reports whether the officer may write the reply: the handler may, and whoever covers for them.
func (f *File) MayDraft(who *store.Person) bool {
	if f.State.Handler == "" {
		return false
	}
	_, covers := f.As(who.Person).As(f.State.Handler)
	return f.State.Handler == who.ID || covers
}

// DeputyName is who handed it in, as the reader may know it (R16).
func (f *File) DeputyName(w *locale.Words) string { return w.RowDeputy(f.CaseRow) }

// Addressee addresses everybody to whom the reply goes, in one line, as the reader may know it (R16). An opinion goes to the unit
// that leads.
func (f *File) Addressee() string {
	switch {
	case f.HandlingType == proposal.CoHandling:
		return f.LeadUnit + "："
	case f.Masked:
		return store.MaskedName
	}
	return replytext.Addressees(f.Key.Body, f.Proposer, f.addressed())
}

// Addressees are those of the printed replies: one for each proposer, or the lead alone, who passes it on, as the place has it.
func (f *File) Addressees() []string {
	if f.Masked || f.HandlingType == proposal.CoHandling {
		return []string{f.Addressee()}
	}
	var lines []string
	for i, name := range f.addressed() {
		proposer := assembly.ProposerKind("")
		if i == 0 {
			proposer = f.Proposer
		}
		lines = append(lines, replytext.Addressee(f.Key.Body, proposer, name))
	}
	return lines
}

func (f *File) addressed() []string {
	if f.Pack.Reply[f.Key.Body].CoSigners == proposal.ReplyToEach {
		return append([]string{f.LeadDeputy}, f.CoSigners...)
	}
	return []string{f.LeadDeputy}
}

// ReadsAttachments reports whether the officer may read the files of the case: they hold what a publisher must not see (domain §3),
// and the name of a deputy who asked for secrecy (R16).
func ReadsAttachments(f *File, who *store.Person) bool {
	p := f.As(who.Person)
	return p.SeesAll(f.rights) && p.SeesName(f.rights)
}

// MayAttach reports whether the officer may add files to the case: whoever works on cases, or covers for somebody who does, may add to
// those that they may read.
func MayAttach(f *File, who *store.Person) bool {
	works := func(p proposal.Person) bool { return slices.ContainsFunc(attachers, p.Has) }
	p := f.As(who.Person)
	return ReadsAttachments(f, who) &&
		(works(p) || slices.ContainsFunc(p.Covers, func(away proposal.Principal) bool { return works(away.Person()) }))
}

// attachers work on cases. Those who watch, publish or administer add nothing to them.
var attachers = []proposal.Role{
	proposal.Liaison, proposal.DivisionHead, proposal.Handler, proposal.OfficeReviewer, proposal.LegalReviewer, proposal.OpennessReviewer,
	proposal.LeaderInCharge, proposal.BureauHead,
}

// AwaitsRating reports whether the deputy's rating can still come.
func AwaitsRating(r *proposal.Strand) bool {
	return r.Status == proposal.StrandAsked || r.Status == proposal.StrandSilent
}
