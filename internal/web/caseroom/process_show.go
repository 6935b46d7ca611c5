package caseroom

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/workflows"
)

// processPage is how a case runs: where it stands, what runs beside it, whom it waits for, which clocks will ring, and how its workflows do.
// All but the last is read from the record, so that the page says the same while the engine is away.
type processPage struct {
	*casePage
	Stands string // where the case stands and since when, in words
	Next   string // what the system will do next by itself, in words
	Ways   []ProcessWay
	Waits  []ProcessWait
	Nobody bool // one of them waits for nobody who is there (R21)
	Clocks []ProcessClock
	Runs   []ProcessRun
	Down   bool                 // the engine did not answer
	Did    []casefile.PastEvent // the newest first
}

func (*processPage) Template() string { return "process.html" }

// ProcessWait is one thing that the case asks of somebody of the bureau.
type ProcessWait struct {
	What, Who, Since string
	Due              *locale.Due // nil if no clock runs
	Nobody           bool        // nobody who is there can do it
}

// ProcessClock is a deadline that runs: when it rings next and what that does, and what follows.
type ProcessClock struct {
	Name, About string
	Due         *locale.Due
	RingsAt     string // "" if it will not ring
	Does        string // or why it will not ring
	Then        string
}

// ProcessRun is one workflow of the case.
type ProcessRun struct {
	Name, State, Wakes string
	Wrong              []string // what fails, in words
	Path               string   // in the engine's Web UI; "" if there is none for this officer
}

const (
	processDid   = 8 // of what was done last; the page of the case has the rest
	processBells = 4 // of the bells that follow the next one
)

// seesProcess reports whether the officer is told how cases run. What an old case was like before the program is not on record.
func seesProcess(f *casefile.File, who *store.Person) bool {
	return (kit.MayOverview(who) || kit.MayOperate(who)) && f.State.Archive == nil && f.Past == nil
}

// ProcessShow draws the page.
func (s *Room) ProcessShow(w http.ResponseWriter, r *http.Request) error {
	words, who := s.Words(r), kit.OfficerOf(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	if !seesProcess(f, who) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Supervisor}
	}
	staff, err := s.store.Staff(r.Context())
	if err != nil {
		return err
	}
	p := &processPage{casePage: s.newCasePage(words, f, who)}
	p.Title = words.T("process.page", "Number", p.Number)
	p.Stages = slices.DeleteFunc(p.Stages, func(m casefile.StageMark) bool { return m.Step == proposal.StepCoHandling })
	p.Stands = stands(words, f)
	p.Ways = s.processWays(words, f)
	p.Waits = waits(words, f, staff)
	p.Nobody = slices.ContainsFunc(p.Waits, func(x ProcessWait) bool { return x.Nobody })
	p.Clocks, p.Next = clocks(words, f)
	p.Did = p.Past[:min(processDid, len(p.Past))]
	s.addRuns(r, p, f, who)
	return s.Render(w, r, http.StatusOK, p)
}

// stands says where the case is, for which working day, and who has it.
func stands(w *locale.Words, f *casefile.File) string {
	if f.State.Stage.Ended() {
		return w.T("process.ended", "What", whoseTurn(w, f))
	}
	since := f.RegisteredAt
	for _, e := range f.Events {
		if e.From != e.To && e.To == f.State.Stage {
			since = e.At
		}
	}
	days := f.Days.WorkdaysBetween(calendar.DateOf(since), calendar.DateOf(f.Now))
	return w.T("process.stands", "Stage", w.T("stage."+string(f.State.Stage)), "N", max(0, days)+1, "Turn", whoseTurn(w, f))
}

// waits are the open tasks in the order of the state: that of the stage first.
func waits(w *locale.Words, f *casefile.File, staff proposal.Staff) (list []ProcessWait) {
	unmanned := staff.Unmanned(f.State, f.Pack)
	for _, t := range f.Tasks {
		line := ProcessWait{What: w.T("task." + string(t.Ask)), Since: w.Moment(t.OpenedAt), Who: f.Holder(w, t.Rules())}
		if about := f.TaskStrand(w, t.Rules()); about != "" {
			line.What = w.T("event.about", "What", line.What, "About", about)
		}
		if t.ClaimedBy != "" {
			line.Who = w.Name(t.ClaimedName)
		}
		line.Due = w.DueOn("", t.Due, f.Days, calendar.DateOf(f.Now))
		line.Nobody = slices.ContainsFunc(unmanned, func(u proposal.Task) bool { return u.Key() == t.Rules().Key() })
		list = append(list, line)
	}
	return list
}

// clocks are the deadlines that run, those that ring first before the others, those that will not ring last; next is what the first bell
// does, in words.
func clocks(w *locale.Words, f *casefile.File) (list []ProcessClock, next string) {
	running := slices.DeleteFunc(slices.Clone(f.State.Clocks), func(c proposal.Clock) bool { return !c.Open() })
	slices.SortStableFunc(running, func(a, b proposal.Clock) int {
		if a.Armed() && b.Armed() {
			return a.RingsAt().Compare(b.RingsAt())
		}
		return cmp.Compare(rank(a), rank(b))
	})
	for _, c := range running {
		line := ProcessClock{Name: w.T("clock." + string(c.Kind)), About: clockAbout(f, w, c), Due: w.Due(&c, f.Days, calendar.DateOf(f.Now))}
		bells := f.State.Foretell(c, f.Pack, f.Days)
		if len(bells) == 0 {
			line.Does = w.T("process.silent." + whySilent(c))
			list = append(list, line)
			continue
		}
		line.RingsAt, line.Does = w.Moment(bells[0].At), bellDoes(w, f, bells[0])
		line.Then = bellsThen(w, f, bells[1:])
		if next == "" {
			next = w.T("process.next", "When", line.RingsAt, "Clock", line.Name, "What", line.Does)
		}
		list = append(list, line)
	}
	return list, next
}

// rank puts the clocks that ring before those that do not.
func rank(c proposal.Clock) int {
	if c.Armed() {
		return 0
	}
	return 1
}

// whySilent is why a clock that runs will not ring, of the messages process.silent.<why>.
func whySilent(c proposal.Clock) string {
	switch {
	case !c.Stopped.IsZero():
		return "stopped"
	case c.Silent:
		return "late"
	case c.Kind == proposal.ReturnClock:
		return "window"
	}
	return "done"
}

// bellDoes says what a bell does, and whom it tells.
func bellDoes(w *locale.Words, f *casefile.File, b proposal.Foretold) string {
	who := f.HolderSaid(w, proposal.Task{Role: b.Tells.Role, Division: b.Tells.Division, Person: b.Tells.Person})
	switch {
	case b.Tells.Clock == proposal.CallBackClock:
		return w.T("process.bell.call_back", "Who", who)
	case b.Kind == proposal.BellRemind && b.Days == 0:
		return w.T("process.bell.remind_today", "Who", who)
	}
	return w.T("process.bell."+string(b.Kind), "Who", who, "N", b.Days)
}

// bellsThen tells of the bells that follow.
func bellsThen(w *locale.Words, f *casefile.File, bells []proposal.Foretold) string {
	text := ""
	for i, b := range bells {
		if i == processBells {
			return text + w.T("process.bells_more", "N", len(bells)-i)
		}
		if i > 0 {
			text += w.T("process.bells_join")
		}
		text += w.T("process.bell_at", "When", w.Day(calendar.DateOf(b.At)), "What", bellDoes(w, f, b))
	}
	return text
}

// addRuns tells how the workflows of the case do: what each waits for by itself, which the record knows, and what fails, which the engine
// alone knows.
func (s *Room) addRuns(r *http.Request, p *processPage, f *casefile.File, who *store.Person) {
	words := s.Words(r)
	runs := workflows.CaseRuns(f.CaseID, f.State)
	if err := s.cases.LookAt(r.Context(), runs); err != nil {
		s.Log.Warn("the engine does not tell how the workflows of a case do", "case", f.CaseID, "err", err)
		p.Down = true
	}
	for _, run := range runs {
		line := ProcessRun{Name: words.T("process.run.case"), Wakes: wakes(words, run.Clock, run.RingsAt)}
		if kind := run.Strand.Kind; kind != "" {
			line.Name = words.T("process.run.strand", "Kind", words.T("strand."+string(kind)), "Name", f.RefName(words, kind, run.Strand.Ref))
		}
		over := run.Strand.Kind == "" && f.State.Finished()
		switch {
		case p.Down:
		case run.Runs || over:
			line.State, line.Path = words.T("process.run.runs"), s.WorkflowPath(who, run.ID, "")
			if over {
				line.State = words.T("process.run.over")
			}
		default:
			line.Wrong = append(line.Wrong, words.T("process.run.gone"))
		}
		if run.Tries > 0 {
			line.Wrong = append(line.Wrong, words.T("process.run.fails", "N", run.Tries))
		}
		for _, retry := range run.Retrying {
			line.Wrong = append(line.Wrong, words.T("operation.why."+string(retry.Why), "N", retry.Tries, "Next", cmp.Or(words.Moment(retry.Next), words.T("operation.now"))))
		}
		p.Runs = append(p.Runs, line)
	}
}

// wakes is when a workflow goes on by itself, by its clock; without one it waits for people.
func wakes(w *locale.Words, clock proposal.ClockKind, at time.Time) string {
	if at.IsZero() {
		return w.T("process.run.sleeps")
	}
	return w.T("process.run.wakes", "When", w.Moment(at), "Clock", w.T("clock."+string(clock)))
}
