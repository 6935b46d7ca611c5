package workflows

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	enumspb "go.temporal.io/api/enums/v1"
	failurepb "go.temporal.io/api/failure/v1"
	"go.temporal.io/api/serviceerror"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
)

// EngineState is how the engine does: what waits for a worker, who works, what runs by the clock, and what fails.
type EngineState struct {
	Queues    []QueueState
	Workers   []WorkerState // by name
	Schedules []ScheduleState
	Retrying  []Retry
	Failing   []string // cases whose workflow fails whenever it is to go on, by id
}

// QueueState is what waits for a worker.
type QueueState struct {
	Activities bool // else steps of workflows
	Backlog    int
	Oldest     time.Duration // how long the first of it has waited
}

// WorkerState is a program that asked for work lately.
type WorkerState struct {
	Name    string
	Program string // what tells apart programs that are not the same; "" if it is not known
	Asked   time.Time
}

// ScheduleState is something that is done by the clock.
type ScheduleState struct {
	ID         string
	Paused     bool
	Last, Next time.Time // zero if it was never done, or will not be
	Failed     bool      // the last time
}

// Why is why an activity is tried again.
type Why string

const (
	WhyTooLong Why = "too_long" // it did not answer in its time
	WhyLost    Why = "lost"     // its worker went away
	WhyError   Why = "error"    // it answered with an error, which the worker's log tells
)

// Whys lists every reason.
var Whys = []Why{WhyTooLong, WhyLost, WhyError}

// ScheduleIDs are what is done by the clock.
var ScheduleIDs = []string{ReconcileScheduleID, MailScheduleID, DigestScheduleID, PushScheduleID}

// Retry is an activity that failed and is tried again.
type Retry struct {
	WorkflowID, RunID string
	Workflow          string // its name
	Tries             int
	Next              time.Time // zero while it is being tried
	Why               Why
}

// NoCase are the workflows that are no case's, by name.
var NoCase = []string{"Reconcile", "Recalculate", "Bulk", "Mail", "Digest", "Print", "Push"}

// describedRuns are at most so many workflows whose activities are looked at.
const describedRuns = 50

// EngineState asks the engine. Cases record their steps in local activities, so that what can fail for long are the workflows of which there
// is one, and bulks; a case whose steps fail is among the failing.
func (c *Client) EngineState(ctx context.Context, namespace string) (s EngineState, err error) {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	if err := c.queues(ctx, namespace, &s); err != nil {
		return s, unavailable(err)
	}
	if s.Schedules, err = c.schedules(ctx); err != nil {
		return s, unavailable(err)
	}
	var others []*workflowpb.WorkflowExecutionInfo
	err = errors.Join(
		c.list(ctx, `ExecutionStatus = "Running" AND TemporalReportedProblems IS NOT NULL`, func(e *workflowpb.WorkflowExecutionInfo) {
			if id, ok := caseOf(e.Execution.WorkflowId); ok && !slices.Contains(s.Failing, id) {
				s.Failing = append(s.Failing, id)
			}
		}),
		c.list(ctx, `ExecutionStatus = "Running" AND WorkflowType IN ("`+strings.Join(NoCase, `", "`)+`")`, func(e *workflowpb.WorkflowExecutionInfo) { others = append(others, e) }))
	if err != nil {
		return s, unavailable(err)
	}
	for _, run := range others[:min(describedRuns, len(others))] {
		about, err := c.Temporal.DescribeWorkflowExecution(ctx, run.Execution.WorkflowId, run.Execution.RunId)
		if err != nil {
			return s, unavailable(err)
		}
		s.Retrying = append(s.Retrying, retries(about)...)
	}
	return s, nil
}

// retries are the activities of a run that failed and are tried again.
func retries(about *workflowservice.DescribeWorkflowExecutionResponse) (all []Retry) {
	run := about.WorkflowExecutionInfo
	for _, a := range about.PendingActivities {
		if a.LastFailure == nil {
			continue
		}
		retry := Retry{WorkflowID: run.Execution.WorkflowId, RunID: run.Execution.RunId, Workflow: run.Type.Name, Tries: int(a.Attempt) - 1, Why: whyOf(a.LastFailure)}
		if a.NextAttemptScheduleTime != nil {
			retry.Next = a.NextAttemptScheduleTime.AsTime()
		}
		all = append(all, retry)
	}
	return all
}

// CaseRun is one workflow of a case: what the record knows of it and, once the engine was asked, how it does.
type CaseRun struct {
	ID      string
	Strand  proposal.Strand    // that it carries; of the case itself none
	Clock   proposal.ClockKind // by which it goes on next by itself; "" if it waits for people
	RingsAt time.Time          // when, UTC

	Runs     bool // else the engine has none that goes on
	Tries    int  // how often its next step has been tried without coming to an end; 0: nothing fails
	Retrying []Retry
}

// CaseRuns are the workflows that carry a case as it stands: its own, then those of its strands.
func CaseRuns(caseID string, s proposal.State) []CaseRun {
	at := ledger.PositionOf(s)
	runs := []CaseRun{{ID: WorkflowID(caseID), Clock: at.Clock, RingsAt: at.RingAt}}
	for _, r := range at.Strands {
		runs = append(runs, CaseRun{ID: StrandWorkflowID(caseID, r), Strand: *s.Strand(r.Kind, r.Ref), Clock: r.Clock, RingsAt: r.RingAt})
	}
	return runs
}

// runsWithin is how long the engine may take to tell of some workflows: a page waits for it.
const runsWithin = time.Second

// LookAt asks the engine how the newest run of each workflow does. After proposal.EngineUnavailable nothing is known of them.
func (c *Client) LookAt(ctx context.Context, runs []CaseRun) error {
	ctx, cancel := context.WithTimeout(ctx, runsWithin)
	defer cancel()
	for i := range runs {
		about, err := c.Temporal.DescribeWorkflowExecution(ctx, runs[i].ID, "")
		if gone := (*serviceerror.NotFound)(nil); errors.As(err, &gone) {
			continue
		}
		if err != nil {
			return unavailable(err)
		}
		runs[i].Runs = about.WorkflowExecutionInfo.Status == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING
		runs[i].Retrying = retries(about)
		if step := about.PendingWorkflowTask; step != nil && step.Attempt > 1 {
			runs[i].Tries = int(step.Attempt) - 1
		}
	}
	return nil
}

func whyOf(f *failurepb.Failure) Why {
	timeout := f.GetTimeoutFailureInfo()
	switch {
	case timeout == nil:
		return WhyError
	case timeout.TimeoutType == enumspb.TIMEOUT_TYPE_HEARTBEAT:
		return WhyLost
	}
	return WhyTooLong
}

func (c *Client) queues(ctx context.Context, namespace string, s *EngineState) error {
	for _, kind := range []enumspb.TaskQueueType{enumspb.TASK_QUEUE_TYPE_WORKFLOW, enumspb.TASK_QUEUE_TYPE_ACTIVITY} {
		queue, err := c.Temporal.WorkflowService().DescribeTaskQueue(ctx, &workflowservice.DescribeTaskQueueRequest{
			Namespace: namespace, TaskQueue: &taskqueuepb.TaskQueue{Name: TaskQueue}, TaskQueueType: kind, ReportStats: true,
		})
		if err != nil {
			return err
		}
		s.Queues = append(s.Queues, QueueState{
			Activities: kind == enumspb.TASK_QUEUE_TYPE_ACTIVITY,
			Backlog:    int(queue.GetStats().GetApproximateBacklogCount()), Oldest: queue.GetStats().GetApproximateBacklogAge().AsDuration(),
		})
		for _, p := range queue.Pollers {
			s.poller(p)
		}
	}
	slices.SortFunc(s.Workers, func(a, b WorkerState) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

// poller adds a worker that is there, once however many queues it asks.
func (s *EngineState) poller(p *taskqueuepb.PollerInfo) {
	asked := p.LastAccessTime.AsTime()
	if time.Since(asked) > polled {
		return
	}
	i := slices.IndexFunc(s.Workers, func(w WorkerState) bool { return w.Name == p.Identity })
	if i < 0 {
		//lint:ignore SA1019 the field that follows it is sent by workers of a versioned deployment alone
		program := p.GetWorkerVersionCapabilities().GetBuildId()
		i, s.Workers = len(s.Workers), append(s.Workers, WorkerState{Name: p.Identity, Program: program})
	}
	if asked.After(s.Workers[i].Asked) {
		s.Workers[i].Asked = asked
	}
}

func (c *Client) schedules(ctx context.Context) (all []ScheduleState, err error) {
	entries, err := c.Temporal.ScheduleClient().List(ctx, client.ScheduleListOptions{})
	if err != nil {
		return nil, err
	}
	for entries.HasNext() {
		entry, err := entries.Next()
		if err != nil {
			return nil, err
		}
		state := ScheduleState{ID: entry.ID, Paused: entry.Paused}
		if len(entry.NextActionTimes) > 0 && !entry.Paused {
			state.Next = entry.NextActionTimes[0]
		}
		if n := len(entry.RecentActions); n > 0 {
			last := entry.RecentActions[n-1]
			state.Last = last.ActualTime
			if run := last.StartWorkflowResult; run != nil {
				about, err := c.Temporal.DescribeWorkflowExecution(ctx, run.WorkflowID, run.FirstExecutionRunID)
				if gone := (*serviceerror.NotFound)(nil); err != nil && !errors.As(err, &gone) { // it ended longer ago than the engine remembers
					return nil, err
				}
				switch about.GetWorkflowExecutionInfo().GetStatus() {
				case enumspb.WORKFLOW_EXECUTION_STATUS_FAILED, enumspb.WORKFLOW_EXECUTION_STATUS_TIMED_OUT, enumspb.WORKFLOW_EXECUTION_STATUS_TERMINATED:
					state.Failed = true
				}
			}
		}
		all = append(all, state)
	}
	slices.SortFunc(all, func(a, b ScheduleState) int { return strings.Compare(a.ID, b.ID) })
	return all, nil
}
