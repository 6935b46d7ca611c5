package caseroom

import (
	"slices"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/web/reply"
)

// casePage is one case: how it stands, what was said and written, and the one form that this officer may act on now.
type casePage struct {
	kit.Frame
	Attachments  *AttachmentsView // nil for who may not read them
	ToRate       []string         // for whose ratings links may be made
	ID           string
	Number       string
	Official     string        // official title
	Dues         []*locale.Due // the one to watch first
	Explanations []locale.Explanation
	Round        string   // 第2轮; empty in the first
	Routes       []string // why the case goes another way than most, in words
	Strands      []casefile.StrandSection
	Masked       string // why the deputies' names are not shown
	Stages       []casefile.StageMark
	StageNo      int
	StageName    string

	Facts      []casefile.Fact
	Points     []PointView
	PointsNote string
	Deputy     DeputyView
	Attempts   []casefile.PastEvent
	Original   string
	Reply      *reply.View
	Review     *ReviewView         // on the page of a decision on the reply
	Comments   *reply.CommentsView // nil where there is no reply, and for who may not read them
	Figures    *reply.FiguresView  // likewise
	Versions   []reply.VersionView
	Past       []casefile.PastEvent // newest first
	History    *HistoryView
	Notes      *NotesView // nil for who does not see the whole case
	Linked     []LinkedCase
	LinkForm   *LinkForm // nil for those who only read

	SentBack  *casefile.SentBack
	Decided   []casefile.PastEvent // what the form decides on: it stands above it, with the original
	Urged     *casefile.UrgedView  // nil unless an urge waits for its answer
	Claimed   string               // who else holds the task, in words
	Form      *CaseForm
	ReadFirst bool          // the form is a decision on the reply, which therefore comes before it
	Others    []OtherAction // of the main way
	Oversight []OtherAction // what somebody came for who has nothing to do here but to supervise
	Side      []SideGroup   // beside it
	Claim     *ClaimForm
	Waiting   string       // whose turn it is when it is not mine
	Process   string       // where it is told how the case runs; "" for who is not told
	Watch     *ClaimForm   // watches the case, or no longer; nil on pages of the past
	Plain     *OtherAction // the one other step that stands beside the primary button
	More      []SideGroup  // what else may be done
	Unsent    []kit.Unsent
	Papers    []PaperLink // that go out besides the reply
	FileIn    *FileInView // beside the draft form
	Call      *CallView   // of a form that records a call
	Walk      *WalkView   // nil on pages of the past
	Files     string      // path of its replies as .docx; "" as Print is
	Print     string      // path of the reply as it is printed; "" before it is signed, and for who may not read it
}

func (p *casePage) Template() string {
	if p.Form == nil || p.Form.Row().Page == "" || p.Form.Row().Page == kinds.ReviewPage && p.Review == nil { // no reply yet
		return "case.html"
	}
	return string(p.Form.Row().Page) + ".html"
}

// MoreCount is how many other things may be done.
func (p *casePage) MoreCount() int {
	n := 0
	for _, g := range p.More {
		n += len(g.Items)
	}
	return n
}

// PointView is one point of the proposal and how far the newest draft answers it.
type PointView struct {
	No     int
	Text   string
	Status string
	Open   bool // a draft exists and does not answer it
}

// DeputyView is who handed the proposal in. Contact is empty until an officer asks, and each look is recorded.
type DeputyView struct {
	Name    string
	Contact string
	Second  string // another number
	Now     string // the one that the directory has by now; "" for the same
	Hidden  bool
}

// OtherAction is what else this officer may do; each opens its own form.
type OtherAction struct {
	Kind  proposal.Kind
	Path  string
	Words string
	About string // the strand that it is about, in words
	For   string // whom the officer would act for, in words
}

// SideGroup is what may be done beside the main way under one heading, the message side.<Name>.
type SideGroup struct {
	Name  string
	Items []OtherAction
}

// ClaimForm takes or puts back the task.
type ClaimForm struct {
	Path, Words string
	Ask         proposal.Ask
	Ref         string
}

// newCasePage puts a case into words for one officer. The form is added by whoever knows what was typed.
func (s *Room) newCasePage(w *locale.Words, f *casefile.File, who *store.Person) *casePage {
	p := &casePage{
		Frame:    kit.Frame{Title: w.Number(f.Key), Section: "tasks"},
		ID:       f.CaseID,
		Number:   w.Number(f.Key),
		Official: f.Title,
		Original: f.Text,
		Facts:    caseFacts(w, f),
		Deputy:   DeputyView{Name: deputyTitle(f, w), Hidden: f.HasContact},
		Routes:   routes(w, f),
		Versions: reply.Versions(w, f),
		SentBack: casefile.SentBackOf(w, f),
		Urged:    casefile.Urged(w, f),
		Papers:   append(papersOf(w, f), formsOf(f)...),
	}
	today := calendar.DateOf(f.Now)
	for _, c := range watched(&f.State) {
		p.Dues = append(p.Dues, w.Due(c, f.Days, today))
	}
	for i := range f.State.Clocks {
		c := &f.State.Clocks[i]
		if c.Kind == proposal.CallBackClock || (c.Kind == proposal.ReturnClock || c.Kind == proposal.DraftClock) && !c.Open() {
			continue
		}
		e := w.Explain(c, f.Pack, f.Days, today)
		e.About = clockAbout(f, w, *c)
		p.Explanations = append(p.Explanations, e)
	}
	p.Strands = s.StrandSections(w, f)
	if f.State.Round > 1 {
		p.Round = w.T("case.round", "N", f.State.Round)
	}
	if f.Masked {
		p.Masked = w.T("case.masked")
	}
	p.Stages = casefile.StageLine(w, f.State, f.Passages(w), func(step proposal.Step) string { return f.Expected(w, step) })
	p.StageNo, p.StageName = casefile.LastStation(p.Stages), w.T("stage."+string(f.State.Stage))
	for i, m := range p.Stages {
		if m.State == "now" {
			p.StageNo, p.StageName = i+1, w.T("step."+string(m.Step))
		}
	}
	p.Points, p.PointsNote = casePoints(w, f)
	for i := len(f.Events) - 1; i >= 0; i-- {
		p.Past = append(p.Past, casefile.PastEventOf(w, f, f.Events[i]))
	}
	p.History = newHistory(w, f, p.Past, nil)
	p.Attempts = casefile.Attempts(w, f)
	if f.Past == nil {
		mendTalks(p.Attempts, f, who)
	}
	p.Stages = casefile.WithCoHandling(p.Stages, f.State)
	stageDetails(f, w, p.Stages)
	if f.State.Archive != nil { // who did what between, and when, its file may say and nobody here does
		p.Stages = []casefile.StageMark{p.Stages[0], p.Stages[len(p.Stages)-1]}
		p.StageNo = len(p.Stages)
	}
	p.Attachments, p.ToRate = newAttachmentsView(w, f, who), toRate(f, who)
	p.Notes, p.Linked, p.LinkForm = newNotes(w, f), linkedCases(w, f), newLinkForm(w, f)
	if f.Past == nil {
		p.Watch = watchForm(f, w, who)
	}
	if seesProcess(f, who) {
		p.Process = "/cases/" + f.CaseID + "/process"
	}
	if !f.Whole {
		p.Facts = slices.DeleteFunc(p.Facts, func(f casefile.Fact) bool { return f.Label == "wish" })
	}
	return p
}

// stageDetails adds by when the step that is now must be done, and who gave the last co-opinion when.
func stageDetails(f *casefile.File, w *locale.Words, marks []casefile.StageMark) {
	for i := range marks {
		m := &marks[i]
		switch {
		case m.Step == proposal.StepCoHandling && m.State == "done":
			var units []string
			var last time.Time
			for _, r := range f.State.StrandsOf(proposal.OpinionStrand) {
				units = append(units, f.RefName(w, r.Kind, r.Ref))
				if r.Last.At.After(last) {
					last = r.Last.At
				}
			}
			m.Who, m.When = w.List(units), w.Day(calendar.DateOf(last))
		case m.State == "now" && m.Step == f.State.Stage.Step():
			if t, ok := proposal.MainTask(f.State, f.Pack); ok {
				if on := proposal.TaskDue(t, f.State); !on.IsZero() {
					m.When = w.T("case.by_day", "Date", w.Day(on))
				}
			}
		}
	}
}

// watchForm puts the case among those that the officer watches, or takes it out.
func watchForm(f *casefile.File, w *locale.Words, who *store.Person) *ClaimForm {
	if slices.ContainsFunc(f.Watchers, func(p store.Person) bool { return p.ID == who.ID }) {
		return &ClaimForm{Path: "/cases/" + f.CaseID + "/unwatch", Words: w.T("do.unwatch")}
	}
	return &ClaimForm{Path: "/cases/" + f.CaseID + "/watch", Words: w.T("do.watch")}
}

// watched are the clocks that a case page shows: the one that matters now, then the legal one.
func watched(s *proposal.State) []*proposal.Clock {
	var clocks []*proposal.Clock
	now, legal := s.DueNow(), s.ReplyDue()
	if now != nil {
		clocks = append(clocks, now)
	}
	if legal != nil && legal != now {
		clocks = append(clocks, legal)
	}
	return clocks
}

func casePoints(w *locale.Words, f *casefile.File) (points []PointView, note string) {
	answers := map[int]proposal.PointAnswer{}
	if f.Draft != nil {
		for _, a := range f.Draft.Draft.Answers {
			answers[a.Point] = a
		}
	}
	answered := 0
	for _, point := range f.Points {
		v := PointView{No: point.No, Text: point.Text}
		if a, drafted := answers[point.No]; drafted {
			v.Open = len(a.Sections) == 0 || a.Status == ""
			if a.Status != "" {
				v.Status = w.T("status." + string(a.Status))
			}
			if !v.Open {
				answered++
			}
		}
		points = append(points, v)
	}
	switch {
	case len(answers) > 0:
		note = w.T("case.points_answered", "N", answered)
	case f.State.Consulted:
		note = w.T("case.points_confirmed")
	case len(points) > 0:
		note = w.T("case.points_unconfirmed")
	}
	return points, note
}

func caseFacts(w *locale.Words, f *casefile.File) []casefile.Fact {
	facts := append([]casefile.Fact{{Label: "session", Text: w.Session(f.Key)}, {Label: "deputy", Text: f.DeputyName(w)}}, registeredFacts(f, w)...)
	return casefile.WithText(append(facts,
		casefile.Fact{Label: "lead", Text: w.Name(f.LeadName)},
		casefile.Fact{Label: "co_handling", Text: w.List(f.DivisionNames(w, f.State.CoHandling))},
		casefile.Fact{Label: "handler", Text: w.Name(f.HandlerName)},
		casefile.Fact{Label: "number", Text: numberFact(f)},
		casefile.Fact{Label: "leader", Text: f.PersonName(w, f.State.Leader)},
		casefile.Fact{Label: "watchers", Text: watcherNames(f, w)},
	))
}

// numberFact is the document number of the reply; that of an archived case stands there as its file has it.
func numberFact(f *casefile.File) string {
	if f.State.Archive != nil {
		return ""
	}
	return f.State.Number.String()
}

// registeredFacts are what was registered and is shown, as it stands now.
func registeredFacts(f *casefile.File, w *locale.Words) []casefile.Fact {
	archive := proposal.Archive{}
	if f.State.Archive != nil {
		archive = *f.State.Archive
	}
	registered, err := kinds.Of(proposal.Register).Facts(casefile.Teller{Words: w, File: f}, &proposal.Registration{
		Archive:   archive,
		Described: f.Described, CoSigners: f.CoSigners, Wish: f.Wish, AssignedOn: f.AssignedOn, HandlingType: f.HandlingType,
		Ours: f.State.Ours, KeySupervised: f.State.KeySupervised, Money: f.State.Money, Secrecy: f.State.Secrecy, Late: f.Late,
	})
	if err != nil {
		return nil // a registration is words and numbers: it does not happen
	}
	var facts []casefile.Fact
	for _, fact := range registered {
		switch field, _ := kinds.Of(proposal.Register).Field(fact.Field); {
		case !field.OfArchive():
		case f.State.Archive == nil:
			continue
		case fact.Text == "":
			fact.Text = w.T("fact.unknown")
		}
		facts = append(facts, casefile.Fact{Label: fact.Field, Text: fact.Text})
	}
	return facts
}

// watcherNames are who watches the case, told to those who see the whole of it.
func watcherNames(f *casefile.File, w *locale.Words) string {
	var names []string
	for _, p := range f.Watchers {
		if f.Whole {
			names = append(names, w.Name(p.Name))
		}
	}
	return w.List(names)
}

// routes say why this case goes another way than most: each stage of the chain, and the signer, that a condition of the rule
// pack brought in.
func routes(w *locale.Words, f *casefile.File) []string {
	if f.State.Stage.Ended() {
		return nil
	}
	var lines []string
	for _, stage := range append(f.Pack.Chain(f.State), proposal.SignOff) {
		if why := f.Pack.Why(stage, f.State); why != "" {
			lines = append(lines, w.T("route."+string(why), "Sign", stage == proposal.SignOff, "Stage", w.T("stage."+string(stage)), "Who", w.T("role."+string(f.Pack.SignerRole(f.State)))))
		}
	}
	return lines
}

// clockAbout says whose clock it is: the unit, the promise, the stage.
func clockAbout(f *casefile.File, w *locale.Words, c proposal.Clock) string {
	if c.Ref == "" {
		return ""
	}
	if c.Kind == proposal.StageClock || c.Kind == proposal.PlanClock {
		return w.T("stage." + c.Ref)
	}
	for kind, clocks := range casefile.ClockOf {
		if slices.Contains(clocks, c.Kind) {
			return f.RefName(w, kind, c.Ref)
		}
	}
	return ""
}

func deputyTitle(f *casefile.File, w *locale.Words) string {
	if f.Masked {
		return w.T("deputy.masked")
	}
	return w.DeputyName(w.T("deputy."+string(f.Key.Body), "Name", f.LeadDeputy), len(f.CoSigners))
}
