package web

import (
	"slices"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// casePage is one case: how it stands, what was said and written, and the one form that this officer may act on now.
type casePage struct {
	Frame
	Attachments  *AttachmentsView // nil for who may not read them
	DeputyLink   bool             // a link for the deputy's rating may be made
	ID           string
	Number       string
	Official     string // official title
	Dues         []*Due // the one to watch first
	Explanations []Explanation
	Round        string   // 第2轮; empty in the first
	Routes       []string // why the case goes another way than most, in words
	Strands      []StrandSection
	Masked       string // why the deputies' names are not shown
	Stages       []StageMark
	StageNo      int
	StageName    string

	Facts      []Fact
	Points     []PointView
	PointsNote string
	Deputy     DeputyView
	Attempts   []PastEvent
	Original   string
	Reply      *ReplyView
	Review     *ReviewView   // on the page of a decision on the reply
	Comments   *CommentsView // nil where there is no reply, and for who may not read them
	Figures    *FiguresView  // likewise
	Versions   []VersionView
	Past       []PastEvent // newest first
	History    *HistoryView
	Notes      *NotesView // nil for who does not see the whole case
	Linked     []LinkedCase
	LinkForm   *LinkForm // nil for those who only read

	SentBack  *SentBack
	Decided   []PastEvent // what the form decides on: it stands above it, with the original
	Urged     *UrgedView  // nil unless an urge waits for its answer
	Claimed   string      // who else holds the task, in words
	Form      *CaseForm
	ReadFirst bool          // the form is a decision on the reply, which therefore comes before it
	Others    []OtherAction // of the main way
	Side      []SideGroup   // beside it
	Claim     *ClaimForm
	Waiting   string       // whose turn it is when it is not mine
	Watch     *ClaimForm   // watches the case, or no longer; nil on pages of the past
	Plain     *OtherAction // the one other step that stands beside the primary button
	More      []SideGroup  // what else may be done
	Unsent    []UnsentView
	Call      *CallView // of a form that records a call
	Walk      *WalkView // nil on pages of the past
	Print     string    // path of the reply as it is printed; "" before it is signed, and for who may not read it
}

func (p *casePage) template() string {
	if p.Form == nil || p.Form.row().Page == "" || p.Form.row().Page == kinds.ReviewPage && p.Review == nil { // no reply yet
		return "case.html"
	}
	return string(p.Form.row().Page) + ".html"
}

// MoreCount is how many other things may be done.
func (p *casePage) MoreCount() int {
	n := 0
	for _, g := range p.More {
		n += len(g.Items)
	}
	return n
}

// Fact is one line of the register; its label is the message fact.<Label>.
type Fact struct{ Label, Text string }

// Line is one line beside a reply, label and text in words.
type Line struct{ Label, Text string }

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
	Hidden  bool
}

// SentBack tells why a case is here again.
type SentBack struct{ Who, From, When, Reason string }

// UrgedView tells who hurries the case, and with what words. Path opens the answer; "" for who has none to give here.
type UrgedView struct{ Who, When, Words, Path string }

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

// VersionView is one saved version of the draft.
type VersionView struct {
	Version         int
	When, Who, Note string
}

// ReplyView is a draft as it will be read. Title, addressee and signature follow from the case; they are Chinese in
// every language of the screens.
type ReplyView struct {
	Version   int
	Saved     string
	Title     string
	Addressee string
	Terms     []Line // result class, commitments, openness: decided with the reply, not written in it
	Lines     []ReplyLine
	Ask       []Line // whom to ask
	Agency    string
	Date      string // of the signature; empty before it
}

// ReplyLine is one paragraph: Lead is its heading part, Points those that it answers.
type ReplyLine struct {
	Rank       int
	Lead, Text string
	Points     []int
}

// newCasePage puts a case into words for one officer. The form is added by whoever knows what was typed.
func (s *Server) newCasePage(w *words, f *caseFile, who *store.Person) *casePage {
	p := &casePage{
		Frame:    Frame{Title: w.number(f.Key), Section: "tasks"},
		ID:       f.CaseID,
		Number:   w.number(f.Key),
		Official: f.Key.OfficialTitle(f.Subject),
		Original: f.Text,
		Facts:    caseFacts(w, f),
		Deputy:   DeputyView{Name: f.deputyTitle(w), Hidden: f.HasContact},
		Routes:   routes(w, f),
		Versions: versions(w, f),
		SentBack: sentBack(w, f),
		Urged:    urged(w, f),
	}
	today := calendar.DateOf(f.now)
	for _, c := range watched(&f.State) {
		p.Dues = append(p.Dues, due(w, c, f.days, today))
	}
	for i := range f.State.Clocks {
		c := &f.State.Clocks[i]
		if c.Kind == proposal.CallBackClock || c.Kind == proposal.ReturnClock && !c.Open() {
			continue
		}
		e := explain(w, c, f.Pack, f.days, today)
		e.About = f.clockAbout(w, *c)
		p.Explanations = append(p.Explanations, e)
	}
	p.Strands = s.strandSections(w, f)
	if f.State.Round > 1 {
		p.Round = w.T("case.round", "N", f.State.Round)
	}
	if f.Masked {
		p.Masked = w.T("case.masked")
	}
	p.Stages = stageLine(w, f.State, f.passages(w), func(step proposal.Step) string { return f.expected(w, step) })
	p.StageNo, p.StageName = lastStation(p.Stages), w.T("stage."+string(f.State.Stage))
	for i, m := range p.Stages {
		if m.State == "now" {
			p.StageNo, p.StageName = i+1, w.T("step."+string(m.Step))
		}
	}
	p.Points, p.PointsNote = casePoints(w, f)
	for i := len(f.Events) - 1; i >= 0; i-- {
		p.Past = append(p.Past, pastEvent(w, f, f.Events[i]))
	}
	p.History = newHistory(w, f, p.Past, nil)
	p.Attempts = attempts(w, f)
	p.Stages = withCoHandling(p.Stages, f.State)
	f.stageDetails(w, p.Stages)
	p.Attachments, p.DeputyLink = newAttachmentsView(w, f, who), f.past == nil && mayLinkDeputy(f.State, who)
	p.Notes, p.Linked, p.LinkForm = newNotes(w, f), linkedCases(w, f), newLinkForm(w, f)
	if f.past == nil {
		p.Watch = f.watchForm(w, who)
	}
	if !f.whole {
		p.Facts = slices.DeleteFunc(p.Facts, func(f Fact) bool { return f.Label == "wish" })
	}
	return p
}

// stageDetails adds by when the step that is now must be done, and who gave the last co-opinion when.
func (f *caseFile) stageDetails(w *words, marks []StageMark) {
	for i := range marks {
		m := &marks[i]
		switch {
		case m.Step == proposal.StepCoHandling && m.State == "done":
			var units []string
			var last time.Time
			for _, r := range f.State.StrandsOf(proposal.OpinionStrand) {
				units = append(units, f.refName(w, r.Kind, r.Ref))
				if r.Last.At.After(last) {
					last = r.Last.At
				}
			}
			m.Who, m.When = w.list(units), w.Day(calendar.DateOf(last))
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
func (f *caseFile) watchForm(w *words, who *store.Person) *ClaimForm {
	if slices.ContainsFunc(f.watchers, func(p store.Person) bool { return p.ID == who.ID }) {
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

func casePoints(w *words, f *caseFile) (points []PointView, note string) {
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

func caseFacts(w *words, f *caseFile) []Fact {
	facts := append([]Fact{{"session", w.session(f.Key)}, {"deputy", f.deputyName(w)}}, f.registeredFacts(w)...)
	return withText(append(facts,
		Fact{"lead", w.Name(f.LeadName)},
		Fact{"co_handling", w.list(f.divisionNames(w, f.State.CoHandling))},
		Fact{"handler", w.Name(f.HandlerName)},
		Fact{"number", f.State.Number.String()},
		Fact{"leader", f.personName(w, f.State.Leader)},
		Fact{"watchers", f.watcherNames(w)},
	))
}

// registeredFacts are what was registered and is shown, as it stands now.
func (f *caseFile) registeredFacts(w *words) []Fact {
	registered, err := kinds.Of(proposal.Register).Facts(teller{w, f}, &proposal.Registration{
		Described: f.Described, CoSigners: f.CoSigners, Wish: f.Wish, AssignedOn: f.AssignedOn, HandlingType: f.HandlingType,
		Ours: f.State.Ours, KeySupervised: f.State.KeySupervised, Money: f.State.Money, Secrecy: f.State.Secrecy, Late: f.Late,
	})
	if err != nil {
		return nil // a registration is words and numbers: it does not happen
	}
	var facts []Fact
	for _, fact := range registered {
		facts = append(facts, Fact{fact.Field, fact.Text})
	}
	return facts
}

// watcherNames are who watches the case, told to those who see the whole of it.
func (f *caseFile) watcherNames(w *words) string {
	var names []string
	for _, p := range f.watchers {
		if f.whole {
			names = append(names, w.Name(p.Name))
		}
	}
	return w.list(names)
}

// withText drops the lines of which nothing is known: only what exists is shown.
func withText[T Fact | Line](lines []T) []T {
	return slices.DeleteFunc(lines, func(l T) bool { return Line(l).Text == "" })
}

func versions(w *words, f *caseFile) []VersionView {
	var list []VersionView
	for _, d := range f.Drafts {
		v := VersionView{Version: d.Version, When: w.Moment(d.SavedAt), Who: w.Name(f.People[d.SavedBy])}
		if d.Version == f.State.Draft {
			v.Note = w.T("case.version_in_review")
			if f.State.Signer != "" {
				v.Note = w.T("case.version_signed")
			}
		}
		list = append(list, v)
	}
	return list
}

// reply draws a draft as it will be read: what is said about it in the reader's words, what stands on it in those of the paper.
func reply(w, paper *words, f *caseFile, d store.SavedDraft) *ReplyView {
	v := &ReplyView{
		Version: d.Version, Saved: w.T("case.saved", "Who", w.Name(f.People[d.SavedBy]), "When", w.Moment(d.SavedAt)),
		Title: f.Key.ReplyTitle(f.Subject), Addressee: f.addressee(),
		Ask: withText([]Line{
			{paper.T("public.reply_division"), f.LeadName.ZH},
			{paper.T("public.reply_contact"), d.Draft.ContactName},
			{paper.T("public.reply_phone"), d.Draft.ContactPhone},
		}),
		Agency: f.Pack.Agency, Date: paper.FullDay(f.State.SignedOn),
		Terms: replyTerms(w, f.Pack, d.Draft),
	}
	for i, p := range proposal.Paragraphs(d.Draft.Body) {
		line := ReplyLine{Rank: p.Rank, Lead: p.Text[:p.Lead], Text: p.Text[p.Lead:]}
		for _, a := range d.Draft.Answers {
			for _, section := range a.Sections {
				if section == i {
					line.Points = append(line.Points, a.Point)
				}
			}
		}
		v.Lines = append(v.Lines, line)
	}
	return v
}

// replyTerms is what a reviewer and a signer decide on beside the words of the reply.
func replyTerms(w *words, pack *proposal.Pack, d proposal.Draft) []Line {
	var terms []Line
	if class, ok := pack.Class(d.Class); ok {
		terms = append(terms, Line{w.T("form.class"), class.Code + " " + class.Name})
	}
	for _, p := range d.Commitments {
		terms = append(terms, Line{w.T("form.promise"), w.T("case.promise", "Text", p.Text, "Date", w.FullDay(p.DueOn))})
	}
	for _, a := range d.Answers {
		if a.Reason != "" {
			terms = append(terms, Line{w.T("case.why_not", "No", a.Point), a.Reason})
		}
	}
	if d.Openness != "" {
		terms = append(terms, Line{w.T("case.openness_proposed"), w.T("openness." + string(d.Openness))})
	}
	if ground, ok := pack.Ground(d.Ground); ok && d.Openness != proposal.OpenReply {
		terms = append(terms, Line{w.T("form.ground"), ground.Name}, Line{w.T("form.reason"), d.Reason})
	}
	return withText(terms)
}

// routes say why this case goes another way than most: each stage of the chain, and the signer, that a condition of the rule
// pack brought in.
func routes(w *words, f *caseFile) []string {
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
func (f *caseFile) clockAbout(w *words, c proposal.Clock) string {
	if c.Ref == "" {
		return ""
	}
	if c.Kind == proposal.StageClock {
		return w.T("stage." + c.Ref)
	}
	for kind, clocks := range clockOf {
		if slices.Contains(clocks, c.Kind) {
			return f.refName(w, kind, c.Ref)
		}
	}
	return ""
}

// deputyName is who handed it in, as the reader may know it (R16).
func (f *caseFile) deputyName(w *words) string { return rowDeputy(w, f.CaseRow) }

func (f *caseFile) deputyTitle(w *words) string {
	if f.Masked {
		return w.T("deputy.masked")
	}
	return deputyName(w, w.T("deputy."+string(f.Key.Body), "Name", f.LeadDeputy), len(f.CoSigners))
}

func (f *caseFile) addressee() string {
	if f.Masked {
		return store.MaskedName
	}
	return proposal.Addressee(f.Key.Body, f.LeadDeputy)
}

// rowDeputy is who handed a case of a list in, or that the name is kept from the reader.
func rowDeputy(w *words, c store.CaseRow) string {
	if c.Masked {
		return w.T("deputy.masked")
	}
	return deputyName(w, c.LeadDeputy, len(c.CoSigners))
}
