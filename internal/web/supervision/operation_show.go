package supervision

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/workflows"
)

// operationPage is how the engine does, for those who look after it: what fails first, then what must be nought, then what works.
type operationPage struct {
	kit.Frame
	AsOf         string
	Temporal     string // the engine's own Web UI; "" if there is none
	Down         bool   // the engine does not answer: nothing of it is known
	Wrong        int    // things that somebody must look at
	Fails        []FailLine
	Stuck        []StandLine // the first
	AllStuck     int
	Apart        int
	Checked      int
	CheckedAt    string // "" if it was never compared
	Queues       []QueueLine
	Workers      []WorkerLine
	Mixed        bool // workers run different programs
	Schedules    []ScheduleLine
	Provider     string           // the house's own provider of logins; "" if there is none
	ProviderAway string           // since when it has not answered; "" if it does
	Mails        *store.MailQueue // nil: no mail server is set up
	MailSince    string           // since when the oldest waits
	Pushes       *store.PushQueue // nil: no portal is set up
	PushSince    string           // since when the oldest to-do waits for it
	BackedUp     string           // "" if never
}

func (*operationPage) Template() string { return "operation.html" }

// FailLine is something that fails and is tried again: a case's workflow by the number of the case, or another by what it does.
type FailLine struct{ What, Why, Harm, Path string }

// StandLine is a case that nobody can act on: its number alone, for who looks after the engine need not know what it is about.
type StandLine struct{ Number, Stage, Lacks, Path string }

// QueueLine is what waits for a worker.
type QueueLine struct {
	Name    string
	Backlog int
	Oldest  string
}

// WorkerLine is a program that asks for work.
type WorkerLine struct{ Name, Program, Asked string }

// ScheduleLine is something that is done by the clock.
type ScheduleLine struct {
	Name, Last, Next string
	Failed, Paused   bool
}

// OperationShow draws the page.
func (s *Room) OperationShow(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	if !kit.MayOperate(who) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Admin}
	}
	p := &operationPage{Frame: kit.Frame{Title: words.T("operation.title"), Section: "operation"}, AsOf: words.Second(s.Now())}
	if at := s.EngineFor(who); at != "" {
		p.Temporal = at + "/"
	}
	engine, err := s.engine.EngineState(r.Context(), s.Namespace)
	if err != nil {
		s.Log.Warn("the engine does not tell how it does", "err", err)
		p.Down, p.Wrong = true, 1
	} else if err := s.engineLines(r.Context(), words, p, engine, who); err != nil {
		return err
	}
	if p.Provider = s.ProviderName(r); p.Provider != "" && !s.Provider.Away().IsZero() {
		p.ProviderAway = words.Moment(s.Provider.Away())
		p.Wrong++
	}
	if err := s.recordLines(r.Context(), words, p, who); err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, p)
}

// engineLines are what the engine tells.
func (s *Room) engineLines(ctx context.Context, w *locale.Words, p *operationPage, engine workflows.EngineState, who *store.Person) error {
	heads, err := s.store.CaseHeads(ctx, engine.Failing)
	if err != nil {
		return err
	}
	for _, id := range engine.Failing {
		p.Fails = append(p.Fails, FailLine{
			What: w.T("operation.case", "Number", w.Number(heads[id].Key)), Why: w.T("operation.case_fails"), Harm: w.T("operation.case_harm"),
			Path: s.WorkflowPath(who, workflows.WorkflowID(id), ""),
		})
	}
	for _, retry := range engine.Retrying {
		next := w.T("operation.now")
		if !retry.Next.IsZero() {
			next = w.Second(retry.Next)
		}
		p.Fails = append(p.Fails, FailLine{
			What: w.T("operation.run." + retry.Workflow), Harm: w.T("operation.harm." + retry.Workflow),
			Why:  w.T("operation.why."+string(retry.Why), "N", retry.Tries, "Next", next),
			Path: s.WorkflowPath(who, retry.WorkflowID, retry.RunID),
		})
	}
	p.Wrong += len(p.Fails)
	for _, q := range engine.Queues {
		name := w.T("operation.steps")
		if q.Activities {
			name = w.T("operation.activities")
		}
		p.Queues = append(p.Queues, QueueLine{name, q.Backlog, seconds(w, q.Oldest)})
	}
	programs := map[string]bool{}
	for _, worker := range engine.Workers {
		programs[worker.Program] = true
		p.Workers = append(p.Workers, WorkerLine{worker.Name, worker.Program[:min(8, len(worker.Program))], seconds(w, s.Now().Sub(worker.Asked))})
	}
	p.Mixed = len(programs) > 1
	if len(p.Workers) == 0 {
		p.Wrong++
	}
	for _, schedule := range engine.Schedules {
		name := schedule.ID
		if slices.Contains(workflows.ScheduleIDs, schedule.ID) {
			name = w.T("operation.schedule." + schedule.ID)
		}
		line := ScheduleLine{Name: name, Last: w.Moment(schedule.Last), Next: w.Moment(schedule.Next), Failed: schedule.Failed, Paused: schedule.Paused}
		if line.Failed || line.Paused {
			p.Wrong++
		}
		p.Schedules = append(p.Schedules, line)
	}
	return nil
}

// recordLines are what the record tells.
func (s *Room) recordLines(ctx context.Context, w *locale.Words, p *operationPage, who *store.Person) error {
	ids, err := s.store.StuckCases(ctx)
	if err != nil {
		return err
	}
	p.AllStuck = len(ids)
	ids = ids[:min(len(ids), overviewCases)]
	heads, err := s.store.CaseHeads(ctx, ids)
	if err != nil {
		return err
	}
	lacking, err := s.store.Lacking(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		head := heads[id]
		p.Stuck = append(p.Stuck, StandLine{
			w.Number(head.Key), w.T("stage." + string(head.State.Stage)), lacks(w, lacking, id), s.WorkflowPath(who, workflows.WorkflowID(id), ""),
		})
	}
	drift, checked, err := s.store.LastDrift(ctx)
	if err != nil {
		return err
	}
	if checked {
		p.Apart, p.Checked, p.CheckedAt = drift.Apart(), drift.Checked, w.Moment(drift.At)
	}
	p.Wrong += p.AllStuck + p.Apart
	if s.mail {
		queue, err := s.store.MailQueue(ctx)
		if err != nil {
			return err
		}
		p.Mails, p.MailSince = &queue, w.Moment(queue.Since)
		p.Wrong += queue.Failed
	}
	if s.push {
		queue, err := s.store.PushQueue(ctx)
		if err != nil {
			return err
		}
		p.Pushes, p.PushSince = &queue, w.Moment(queue.Since)
		p.Wrong += queue.Failed
	}
	backup, any, err := s.store.LastBackup(ctx)
	if any {
		p.BackedUp = w.Moment(backup)
	}
	return err
}

// lacks are the roles of which a case has nobody left.
func lacks(w *locale.Words, lacking map[proposal.Role][]string, id string) string {
	var roles []string
	for _, role := range proposal.Roles {
		if slices.Contains(lacking[role], id) {
			roles = append(roles, w.T("role."+string(role)))
		}
	}
	return w.List(roles)
}

func seconds(w *locale.Words, d time.Duration) string {
	return w.T("operation.seconds", "N", strconv.Itoa(max(0, int(d.Round(time.Second).Seconds()))))
}
