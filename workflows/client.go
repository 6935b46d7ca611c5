package workflows

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
)

// SavedActions keeps actions in Postgres before the engine hears of them.
type SavedActions interface {
	SaveAction(ctx context.Context, caseID string, a proposal.Action) error
	// SentBefore refuses the action if something else was applied under its id.
	SentBefore(ctx context.Context, caseID string, a proposal.Action) error
	// Outcome is what was stored when the action was applied; ok is false if it was not.
	Outcome(ctx context.Context, caseID, actionID string) (o ledger.Outcome, ok bool, err error)
	// Findings are those for which a draft was refused.
	Findings(ctx context.Context, actionID string) ([]proposal.Finding, error)
}

// Client makes typed calls to the workflows, for the web, the API and the command line.
type Client struct {
	Temporal client.Client
	Actions  SavedActions
}

const (
	// patience is how long an officer waits for an answer before the engine counts as unreachable.
	patience = 10 * time.Second
	// lastLook is the part of it that is kept for asking the record what became of an action that the engine did not answer.
	lastLook = time.Second
)

// Act applies an action to a case and returns the case's new position once its row is committed. The error is a
// *proposal.Refusal that people can read. After proposal.EngineUnavailable nobody knows whether the action was applied, or will be; with
// the same id it may be sent again safely: it is applied once.
func (c *Client) Act(ctx context.Context, caseID string, a proposal.Action) (ledger.Position, error) {
	if err := a.Check(); err != nil {
		return ledger.Position{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := c.Actions.SaveAction(ctx, caseID, a); err != nil {
		return ledger.Position{}, err
	}
	cmd := ledger.Command{CaseID: caseID, ActionID: a.ID, Kind: a.Kind}
	number := ""
	if r, ok := a.Input.(*proposal.Registration); ok {
		number = r.RegisterKey.Canonical().Number
	}
	outcome, err := c.act(ctx, cmd, number)
	if err != nil {
		stored, applied, lookErr := c.Actions.Outcome(ctx, caseID, a.ID)
		if !applied {
			return ledger.Position{}, unavailable(errors.Join(err, lookErr))
		}
		outcome = stored // the engine lost the answer, not the action
	}
	if outcome.Refusal == nil { // other words may have been sent under the same id while this one was under way
		if err := c.Actions.SentBefore(ctx, caseID, a); err != nil {
			return ledger.Position{}, err
		}
	}
	if refusal := outcome.Refusal; refusal != nil {
		if refusal.Code == proposal.DraftIncomplete {
			if refusal.Findings, err = c.Actions.Findings(ctx, a.ID); err != nil {
				return ledger.Position{}, unavailable(err)
			}
		}
		return outcome.Position, refusal
	}
	return outcome.Position, nil
}

// ActAlone is Act for those who do not ask where the case then stands.
func (c *Client) ActAlone(ctx context.Context, caseID string, a proposal.Action) error {
	_, err := c.Act(ctx, caseID, a)
	return err
}

// act sends the update, again if the engine lost it on the way: a workflow that is about to end, or that hears from a strand at
// that moment, has its task taken back, and the update with it. The action's id makes the second try the same action. An update that
// failed, because the worker did not reach the record, is sent under another id: the engine keeps the answer to each id, failures too, so
// that under the old one the action would never be tried again.
func (c *Client) act(ctx context.Context, cmd ledger.Command, number string) (outcome ledger.Outcome, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience-lastLook)
	defer cancel()
	for updateID := cmd.ActionID; ; updateID = cmd.ActionID + "/" + uuid.NewString() {
		err = untilReady(ctx, func() (err error) {
			outcome, err = c.actOnce(ctx, updateID, cmd, number)
			return err
		})
		if failed := (*temporal.ApplicationError)(nil); !errors.As(err, &failed) {
			return outcome, err
		}
		select {
		case <-ctx.Done():
			return outcome, err
		case <-time.After(betweenTries):
		}
	}
}

const betweenTries = 100 * time.Millisecond

// untilReady sends again what a workflow was not ready to take.
func untilReady(ctx context.Context, send func() error) error {
	for {
		err := send()
		if notReady := (*serviceerror.WorkflowNotReady)(nil); !errors.As(err, &notReady) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(betweenTries):
		}
	}
}

// actOnce sends the update. A registration starts the workflow; any other action finds it running. If a case that has ended or a lost
// workflow left none, an action that was applied before has its answer in the record; for a new one a workflow is started, and the row
// tells it where the case stands.
func (c *Client) actOnce(ctx context.Context, updateID string, cmd ledger.Command, number string) (outcome ledger.Outcome, err error) {
	update := client.UpdateWorkflowOptions{
		UpdateID: updateID, WorkflowID: WorkflowID(cmd.CaseID), UpdateName: ActUpdate,
		Args: []any{cmd}, WaitForStage: client.WorkflowUpdateStageCompleted,
	}
	if cmd.Kind != proposal.Register {
		handle, err := c.Temporal.UpdateWorkflow(ctx, update)
		if err == nil {
			return outcome, handle.Get(ctx, &outcome)
		}
		if notFound := (*serviceerror.NotFound)(nil); !errors.As(err, &notFound) {
			return outcome, err
		}
	}
	if stored, applied, err := c.Actions.Outcome(ctx, cmd.CaseID, cmd.ActionID); err != nil || applied {
		return stored, err
	}
	handle, err := c.Temporal.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: c.start(ProposalInput{CaseID: cmd.CaseID}, number),
		UpdateOptions:          update,
	})
	if err != nil {
		return outcome, err
	}
	return outcome, handle.Get(ctx, &outcome)
}

// start describes the workflow of a case; its number, if it is at hand, stands beside the id wherever the engine shows it. The short task timeout is what an officer waits for when a worker dies with the
// action in its hands: 2 s instead of 10.
func (c *Client) start(in ProposalInput, number string) client.WithStartWorkflowOperation {
	return c.Temporal.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID:                       WorkflowID(in.CaseID),
		TaskQueue:                TaskQueue,
		StaticSummary:            number,
		WorkflowTaskTimeout:      2 * time.Second,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
	}, Proposal, in)
}

const (
	// readyWithin is how long the engine may take to say whether it is ready.
	readyWithin = 3 * time.Second
	// polled is how long ago a worker that is there may have asked for work: it asks at least every minute.
	polled = 2 * time.Minute
)

// Ready returns nil if an action would be taken now: the engine answers, and a worker asks it for work. A worker that was killed is missed only after
// two minutes.
func (c *Client) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	queue, err := c.Temporal.DescribeTaskQueue(ctx, TaskQueue, enumspb.TASK_QUEUE_TYPE_WORKFLOW)
	if err != nil {
		return unavailable(err)
	}
	for _, p := range queue.Pollers {
		if time.Since(p.LastAccessTime.AsTime()) < polled {
			return nil
		}
	}
	return unavailable(errors.New("no worker asks for work"))
}

// Position asks the workflow of a case where it believes to stand; ok is false if none runs.
func (c *Client) Position(ctx context.Context, caseID string) (p ledger.Position, ok bool, err error) {
	ok, err = c.position(ctx, WorkflowID(caseID), &p)
	return p, ok, err
}

// position queries a running workflow.
func (c *Client) position(ctx context.Context, workflowID string, into any) (ok bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience/2)
	defer cancel()
	answer, err := c.Temporal.QueryWorkflowWithOptions(ctx, &client.QueryWorkflowWithOptionsRequest{
		WorkflowID: workflowID, QueryType: PositionQuery,
		QueryRejectCondition: enumspb.QUERY_REJECT_CONDITION_NOT_OPEN,
	})
	if notFound := (*serviceerror.NotFound)(nil); errors.As(err, &notFound) {
		return false, nil
	}
	if unreadable := (*serviceerror.QueryFailed)(nil); errors.As(err, &unreadable) {
		return false, &activities.UnreadableError{WorkflowID: workflowID, Err: err}
	}
	if err != nil {
		return false, err
	}
	if answer.QueryRejected != nil {
		return false, nil
	}
	return true, answer.QueryResult.Get(into)
}

// StrandPosition asks the workflow of a strand where it believes to stand; ok is false if none runs.
func (c *Client) StrandPosition(ctx context.Context, caseID string, r ledger.StrandPosition) (p ledger.StrandPosition, ok bool, err error) {
	ok, err = c.position(ctx, StrandWorkflowID(caseID, r), &p)
	return p, ok, err
}

// Running implements activities.Engine.
func (c *Client) Running(ctx context.Context) (activities.Running, error) {
	ids := running{}
	err := c.list(ctx, `ExecutionStatus = "Running" AND WorkflowType IN ("Proposal", "CoHandling", "Publication", "Commitment")`,
		func(e *workflowpb.WorkflowExecutionInfo) { ids[e.Execution.WorkflowId] = true })
	return ids, err
}

// running are ids of workflows.
type running map[string]bool

// Complete implements activities.Running.
func (r running) Complete(caseID string, p ledger.Position) bool {
	return r[WorkflowID(caseID)] && !slices.ContainsFunc(p.Strands, func(s ledger.StrandPosition) bool { return !r[StrandWorkflowID(caseID, s)] })
}

// Incidents implements activities.Engine.
func (c *Client) Incidents(ctx context.Context, since time.Time) (found []activities.Incident, err error) {
	add := func(stuck bool) func(*workflowpb.WorkflowExecutionInfo) {
		return func(e *workflowpb.WorkflowExecutionInfo) {
			if caseID, ok := caseOf(e.Execution.WorkflowId); ok {
				found = append(found, activities.Incident{CaseID: caseID, WorkflowID: e.Execution.WorkflowId, RunID: e.Execution.RunId, Stuck: stuck})
			}
		}
	}
	ended := fmt.Sprintf(`ExecutionStatus IN ("Terminated", "Failed", "TimedOut", "Canceled") AND CloseTime > %q`, since.UTC().Format(time.RFC3339))
	return found, errors.Join(
		c.list(ctx, ended, add(false)),
		c.list(ctx, `ExecutionStatus = "Running" AND TemporalReportedProblems IS NOT NULL`, add(true)))
}

// list asks the engine's index of workflows.
func (c *Client) list(ctx context.Context, query string, each func(*workflowpb.WorkflowExecutionInfo)) error {
	request := &workflowservice.ListWorkflowExecutionsRequest{Query: query, PageSize: 1000}
	for {
		page, err := c.Temporal.ListWorkflow(ctx, request)
		if err != nil {
			return err
		}
		for _, e := range page.Executions {
			each(e)
		}
		if len(page.NextPageToken) == 0 {
			return nil
		}
		request.NextPageToken = page.NextPageToken
	}
}

// caseOf is the case that a workflow carries, or carries a strand of.
func caseOf(workflowID string) (caseID string, ok bool) {
	kind, rest, _ := strings.Cut(workflowID, "-")
	_, strand := carriers[proposal.StrandKind(kind)]
	if kind != "proposal" && !strand || len(rest) < 36 {
		return "", false
	}
	return rest[:36], uuid.Validate(rest[:36]) == nil
}

// End implements activities.Engine.
func (c *Client) End(ctx context.Context, i activities.Incident) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return c.Temporal.TerminateWorkflow(ctx, cmp.Or(i.WorkflowID, WorkflowID(i.CaseID)), i.RunID, "a new one is started from the record")
}

// Adopt brings the workflow of a case, and those of its strands, to the position of its row, starting what does not run.
func (c *Client) Adopt(ctx context.Context, caseID string, row ledger.Position) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	number := ""
	if row.Index != nil {
		number = row.Index.Number
	}
	handle, err := c.Temporal.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: c.start(ProposalInput{CaseID: caseID, Position: row}, number),
		UpdateOptions: client.UpdateWorkflowOptions{
			UpdateID: "adopt-" + uuid.NewString(), WorkflowID: WorkflowID(caseID), UpdateName: AdoptUpdate,
			Args: []any{row}, WaitForStage: client.WorkflowUpdateStageCompleted,
		},
	})
	if err != nil {
		return err
	}
	return handle.Get(ctx, nil)
}

// Reconcile asks for a reconciliation that begins after this moment; the run ends with it.
func (c *Client) Reconcile(ctx context.Context) (client.WorkflowRun, error) {
	return c.ask(ctx, ReconcileID, Reconcile)
}

// Recalculate asks for the deadlines to be counted again from this moment on; the run ends with that.
func (c *Client) Recalculate(ctx context.Context) (client.WorkflowRun, error) {
	return c.ask(ctx, RecalculateID, Recalculate)
}

// ask starts the one workflow with the id, or has it go round once more if it runs.
func (c *Client) ask(ctx context.Context, id string, run any) (client.WorkflowRun, error) {
	return c.Temporal.SignalWithStartWorkflow(ctx, id, AskSignal, nil, client.StartWorkflowOptions{ID: id, TaskQueue: TaskQueue}, run)
}

// StartBulk sets a saved bulk going. One that runs already runs on.
func (c *Client) StartBulk(ctx context.Context, bulkID string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err := c.Temporal.ExecuteWorkflow(ctx, bulkOptions(bulkID), Bulk, BulkInput{BulkID: bulkID})
	if err != nil {
		return unavailable(err)
	}
	return nil
}

// OrderBulk pauses, resumes, cancels or takes back a bulk; one that has ended is run once more for that. The reason is that of taking
// back, for the record of each case. It returns when the order is committed. The error is a *proposal.Refusal; after proposal.EngineUnavailable the same order may be given again safely.
func (c *Client) OrderBulk(ctx context.Context, by proposal.PersonID, bulkID string, order proposal.BulkOrder, reason string) error {
	o := ledger.BulkOrder{BulkID: bulkID, Order: order, By: by, Reason: reason}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var outcome ledger.BulkOutcome
	err := untilReady(ctx, func() error {
		handle, err := c.Temporal.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
			StartWorkflowOperation: c.Temporal.NewWithStartWorkflowOperation(bulkOptions(o.BulkID), Bulk, BulkInput{BulkID: o.BulkID}),
			UpdateOptions: client.UpdateWorkflowOptions{
				WorkflowID: BulkWorkflowID(o.BulkID), UpdateName: OrderUpdate, Args: []any{o}, WaitForStage: client.WorkflowUpdateStageCompleted,
			},
		})
		if err != nil {
			return err
		}
		return handle.Get(ctx, &outcome)
	})
	switch {
	case err != nil:
		return unavailable(err)
	case outcome.Refusal != nil:
		return outcome.Refusal
	}
	return nil
}

func bulkOptions(bulkID string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID: BulkWorkflowID(bulkID), TaskQueue: TaskQueue, WorkflowTaskTimeout: 2 * time.Second,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
	}
}

// unavailable says that the engine or the database could not be reached, and keeps the cause for the log.
func unavailable(cause error) error {
	return fmt.Errorf("%w: %w", &proposal.Refusal{Code: proposal.EngineUnavailable}, cause)
}
