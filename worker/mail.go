package worker

import (
	"context"
	"errors"
	"time"

	"github.com/banli/banli/workflows"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
)

// MailMinutely makes sure that mails are scheduled: sent every minute, digests made on every quarter of an hour. A run that is
// not over when the next is due goes on alone.
func MailMinutely(ctx context.Context, c client.Client) error {
	for _, schedule := range []client.ScheduleOptions{
		{
			ID:   workflows.MailScheduleID,
			Spec: client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: time.Minute}}},
			Action: &client.ScheduleWorkflowAction{
				ID: workflows.MailID, Workflow: workflows.Mail, TaskQueue: workflows.TaskQueue,
			},
		},
		{
			ID:   workflows.DigestScheduleID,
			Spec: client.ScheduleSpec{CronExpressions: []string{"*/15 * * * *"}, TimeZoneName: "Asia/Shanghai"},
			Action: &client.ScheduleWorkflowAction{
				ID: workflows.DigestID, Workflow: workflows.Digest, TaskQueue: workflows.TaskQueue,
			},
		},
	} {
		if _, err := c.ScheduleClient().Create(ctx, schedule); err != nil && !errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
			return err
		}
	}
	return nil
}

// PushMinutely makes sure that the portal is told of to-dos every minute.
func PushMinutely(ctx context.Context, c client.Client) error {
	_, err := c.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID:   workflows.PushScheduleID,
		Spec: client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: time.Minute}}},
		Action: &client.ScheduleWorkflowAction{
			ID: workflows.PushID, Workflow: workflows.Push, TaskQueue: workflows.TaskQueue,
		},
	})
	if errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return nil
	}
	return err
}

// NoPush takes the schedule of to-dos away: no portal is set up any more.
func NoPush(ctx context.Context, c client.Client) error {
	return unschedule(ctx, c, workflows.PushScheduleID)
}

// NoMail takes the schedules of mails away: the mail server that they were made for is no longer set up.
func NoMail(ctx context.Context, c client.Client) error {
	return unschedule(ctx, c, workflows.MailScheduleID, workflows.DigestScheduleID)
}

func unschedule(ctx context.Context, c client.Client, ids ...string) error {
	for _, id := range ids {
		err := c.ScheduleClient().GetHandle(ctx, id).Delete(ctx)
		if notFound := (*serviceerror.NotFound)(nil); err != nil && !errors.As(err, &notFound) {
			return err
		}
	}
	return nil
}
