package demo

import (
	"context"
	"errors"
	"fmt"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/google/uuid"
)

// standard is a standard paragraph of data/paragraphs.yaml.
type standard struct {
	By       string              `yaml:"by"`
	Division proposal.DivisionID `yaml:"division"`
	Topic    string              `yaml:"topic"`
	Title    string              `yaml:"title"`
	Text     string              `yaml:"text"`
	Source   string              `yaml:"source"`
	Days     int                 `yaml:"days"` // until when it holds, from today
}

// shelve writes the standard paragraphs; those that are there stay as they are.
func (l *loader) shelve(ctx context.Context, today calendar.Date) error {
	var all []standard
	read("data/paragraphs.yaml", &all)
	for _, p := range all {
		id := uuid.NewSHA1(actionNamespace, []byte("paragraph "+p.Title)).String()
		_, err := l.store.SaveParagraph(ctx, l.people[p.By], id, store.StandardParagraph{
			Topic: p.Topic, Title: p.Title, Text: p.Text, Source: p.Source, Division: p.Division, ValidUntil: today.AddDays(p.Days),
		})
		if err != nil {
			return fmt.Errorf("paragraph %s: %w", p.Title, err)
		}
	}
	return nil
}

// reads are the actions of somebody who has read the reply.
var reads = map[proposal.Kind]bool{
	proposal.PassReview: true, proposal.SendBack: true, proposal.DecideOpenness: true, proposal.Sign: true, proposal.CountersignDraft: true,
}

// remark has a reply that is being written or reviewed talked about: its handler says where the first figure comes from, and the
// head of the division asks about the second.
func (l *loader) remark(ctx context.Context, w way) error {
	c, err := l.store.Case(ctx, w.caseID)
	if err != nil || c.Draft == nil || c.State.Stage.Before(proposal.Drafting) || !c.State.Stage.Before(proposal.Numbering) {
		return err
	}
	said := replytext.Figures(c.Draft.Draft.Body)
	if len(said) == 0 {
		return nil
	}
	id := func(name string) string {
		return uuid.NewSHA1(actionNamespace, fmt.Appendf(nil, "%s %s", w.key, name)).String()
	}
	err = l.store.SaveFigure(ctx, c.State.Handler, w.caseID, id("figure"), store.Figure{
		Words: said[0].Text, Source: c.LeadName.ZH + "工作台账",
	})
	if err == nil && len(said) > 1 {
		head := staff().head(c.State.Lead)
		err = l.store.SaveComment(ctx, l.people[head.Login], w.caseID, id("comment"), store.Comment{
			Version: c.Draft.Version, Paragraph: said[1].Paragraph, From: said[1].From, Quote: said[1].Text, Text: "请核一下统计口径和截止时间。",
		})
	}
	var refusal *proposal.Refusal
	if errors.As(err, &refusal) && refusal.Code != proposal.EngineUnavailable {
		return nil // somebody who is not on the script has moved the case on
	}
	return err
}
