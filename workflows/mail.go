package workflows

import (
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/outbox"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// MailRun counts what became of the mails of a run.
type MailRun struct {
	Sent    int `json:"sent"`
	Waiting int `json:"waiting"` // for a server that does not answer, or for working hours
	Dropped int `json:"dropped"` // no longer true or wanted
	Failed  int `json:"failed"`  // refused for good, given up, or of an end that nobody knows
}

// mailLanes is how many mails are sent at a time.
const mailLanes = 4

// Mail makes the mails of new notices and sends what is due, by a schedule every minute. The history holds ids of mails;
// whom they are for and what they say stays in the record.
func Mail(ctx workflow.Context) (MailRun, error) {
	var run MailRun
	var due []string
	if err := workflow.ExecuteActivity(briefMail(ctx), (*activities.Mailer).CollectMail).Get(ctx, &due); err != nil {
		return run, err
	}
	for len(due) > 0 {
		lane := due[:min(mailLanes, len(due))]
		due = due[len(lane):]
		var sending []workflow.Future
		for _, id := range lane {
			sending = append(sending, workflow.ExecuteActivity(briefMail(ctx), (*activities.Mailer).SendMail, id))
		}
		for _, f := range sending {
			var end outbox.MailState
			if err := f.Get(ctx, &end); err != nil {
				run.Failed++ // the next run finds the mail where this one left it
				continue
			}
			run.count(end)
		}
	}
	return run, nil
}

func (r *MailRun) count(end outbox.MailState) {
	switch end {
	case outbox.MailSent:
		r.Sent++
	case outbox.MailWaiting:
		r.Waiting++
	case outbox.MailDropped:
		r.Dropped++
	case outbox.MailFailed, outbox.MailUnsure:
		r.Failed++
	}
}

// Digest makes the digests of those whose hour has come, by a schedule on every quarter of an hour. Mail sends them.
func Digest(ctx workflow.Context) (made int, err error) {
	err = workflow.ExecuteActivity(briefMail(ctx), (*activities.Mailer).MakeDigests).Get(ctx, &made)
	return made, err
}

func briefMail(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 2 * time.Minute,
		RetryPolicy:         &temporal.RetryPolicy{MaximumAttempts: 3}, // the next run is a minute away
	})
}
