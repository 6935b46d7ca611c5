package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/workflows"
	"github.com/google/uuid"
)

const (
	// actions is how many a life has; the draft is saved, untimed, before the action at draftAt.
	actions = 10
	draftAt = 5
)

// crew is the people of one division and those of the bureau who work with it.
type crew struct {
	division                                                              proposal.DivisionID
	liaison, deputy, head, handler, office, openness, publisher, assembly proposal.PersonID
}

// hire seeds eight crews, so that cases do not all wait for the same rows.
func hire(ctx context.Context, record *store.Store) ([]crew, error) {
	bureau := proposal.Bureau{
		Name: "民政局", Short: "民政局", Level: assembly.CityLevel, Place: "本市", Series: []proposal.NumberSeries{{Code: "民函"}}, Profile: "national",
	}
	if err := record.SaveBureau(ctx, "", bureau); err != nil {
		return nil, err
	}
	crews := make([]crew, 8)
	for i := range crews {
		c := &crews[i]
		c.division = proposal.DivisionID(fmt.Sprintf("division-%d", i+1))
		name := store.Name{ZH: fmt.Sprintf("第%d处", i+1), EN: fmt.Sprintf("Division %d", i+1)}
		if err := record.UpsertDivision(ctx, store.Division{Code: c.division, Name: name, Sort: i + 1}); err != nil {
			return nil, err
		}
		for role, id := range map[proposal.Role]*proposal.PersonID{
			proposal.Liaison: &c.liaison, proposal.LeaderInCharge: &c.deputy, proposal.DivisionHead: &c.head,
			proposal.Handler: &c.handler, proposal.OfficeReviewer: &c.office, proposal.OpennessReviewer: &c.openness, proposal.Publisher: &c.publisher, proposal.Assembly: &c.assembly,
		} {
			p := store.Person{
				Person: proposal.Person{Roles: []proposal.Role{role}, Division: c.division, Field: []proposal.DivisionID{c.division}},
				Login:  fmt.Sprintf("%s-%d", role, i+1), Name: store.Name{ZH: "王岚", EN: "Wang Lan"}, Active: true,
			}
			var err error
			if *id, err = record.UpsertPerson(ctx, p, ""); err != nil {
				return nil, err
			}
		}
	}
	return crews, nil
}

// life is one proposal from registration to signature.
type life struct {
	caseID  string
	handler proposal.PersonID
	draft   proposal.Draft
	actions [actions]proposal.Action
	calls   [actions]call
}

// call is how long one action took.
type call struct {
	total  time.Duration
	saving time.Duration // of that, keeping the action in Postgres before the engine hears of it
}

var points = []string{"落实基层减负，清理各类台账。", "增加社区工作者待遇。"}

// born writes the ten actions of the proposal with that number. Texts are about as long as published ones.
func born(c crew, key assembly.RegisterKey, today calendar.Date) *life {
	d := proposal.Draft{
		Body: "您提出的建议收悉，现答复如下：\n一、减轻负担\n" + strings.Repeat("我局会同有关部门清理台账，由274项减至22项。", 30) +
			"\n二、提高待遇\n" + strings.Repeat("人均待遇达到5450元/月，自今年起全部实现。", 30) + "\n感谢您对社区工作的关心。",
		ContactName: "张琼", ContactPhone: "23468813", Class: "A", Openness: proposal.OpenReply,
		Answers: []proposal.PointAnswer{
			{Point: 1, Status: proposal.PointSolved, Sections: []int{1, 2}}, {Point: 2, Status: proposal.PointSolved, Sections: []int{3, 4}},
		},
	}
	l := &life{caseID: workflows.CaseID(key), handler: c.handler, draft: d}
	for i, step := range []struct {
		kind  proposal.Kind
		by    proposal.PersonID
		input proposal.Input
	}{
		{proposal.Register, c.liaison, &proposal.Registration{
			RegisterKey: key, Title: "关于缓解社工压力提高社工待遇的建议", LeadDeputy: "倪琛善", DeputyContact: "13900000392",
			Text: strings.Repeat("社区工作者任务重、待遇低，建议减负、提薪。", 30), Points: points,
			AssignedOn: today, HandlingType: proposal.SoleHandling, Described: proposal.Described{Particulars: proposal.Particulars{Delegation: "和平代表团"}},
		}},
		{proposal.ProposeAssignment, c.liaison, &proposal.RoutingOpinion{Lead: c.division, Opinion: "请该处主办。"}},
		{proposal.ApproveAssignment, c.deputy, &proposal.Instruction{Text: "同意。"}},
		{proposal.Accept, c.head, &proposal.Acceptance{Handler: c.handler}},
		{proposal.Contact, c.handler, &proposal.Consultation{
			Mode: proposal.PhoneContact, Outcome: proposal.ContactReached, SpokeWith: "倪琛善", Words: "希望看到实际数字。", Points: points, Wish: proposal.WishesOpen,
		}},
		draftAt: {proposal.Submit, c.handler, &proposal.Submission{Version: 1, SHA256: d.SHA256()}},
		{proposal.PassReview, c.head, &proposal.ReviewPass{Comment: "同意。"}},
		{proposal.PassReview, c.office, &proposal.ReviewPass{}},
		{proposal.DecideOpenness, c.openness, &proposal.OpennessDecision{Openness: proposal.OpenReply}},
		{proposal.Sign, c.deputy, &proposal.Signature{SHA256: d.SHA256()}},
	} {
		l.actions[i] = proposal.Action{ID: uuid.Must(uuid.NewV7()).String(), Kind: step.kind, By: step.by, BaseSeq: i, Input: step.input}
	}
	return l
}

// write saves the draft that the life submits.
func (l *life) write(ctx context.Context, record *store.Store) error {
	_, err := record.SaveDraft(ctx, l.caseID, l.handler, uuid.Must(uuid.NewV7()).String(), 0, l.draft)
	return err
}

// lived checks that the record has every action of the life.
func (l *life) lived(ctx context.Context, record *store.Store) error {
	state, err := record.State(ctx, l.caseID)
	if err == nil && (state.Seq != actions || state.Stage != proposal.Numbering) {
		err = fmt.Errorf("case %s is at %s after %d actions", l.caseID, state.Stage, state.Seq)
	}
	return err
}
