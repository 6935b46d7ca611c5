package proposal

import (
	"slices"
	"testing"

	"github.com/banli/banli/internal/replytext"
)

// People come and go: what becomes of what they had (R21), who covers for whom and who writes what they may not sign (R22).

// gone lets the system look again at what the person has, who is today as given; nobody: has left.
func (c *file) gone(id PersonID, today Person) []Notice {
	c.t.Helper()
	before, a := c.State, Action{ID: "v", Kind: Vacate, Input: &Vacancy{Person: id}}
	c.facts.Named = today
	next, err := Apply(c.State, a, c.facts)
	if err != nil {
		c.t.Fatalf("%s has gone in %s: %v", id, c.Stage, err)
	}
	c.State = next
	notices := Notices(before, next, a, c.facts)
	c.facts.Named = Person{}
	return notices
}

func (c *file) goneForNothing(id PersonID, today Person) {
	c.t.Helper()
	c.facts.Named = today
	if _, err := Apply(c.State, Action{ID: "v", Kind: Vacate, Input: &Vacancy{Person: id}}, c.facts); err == nil {
		c.t.Errorf("%s in %s: something was taken from them", id, c.Stage)
	}
	c.facts.Named = Person{}
}

func tellsHead(notices []Notice, d DivisionID) bool {
	return slices.ContainsFunc(notices, func(n Notice) bool {
		return n.Kind == NoticeVacant && n.Role == DivisionHead && n.Division == d && n.Person == ""
	})
}

func TestR21HandlerWhoIsNoMoreOne(t *testing.T) {
	moved, promoted := handler, handler
	moved.Division, promoted.Roles = other, []Role{DivisionHead}
	for name, today := range map[string]Person{"left": {}, "moved": moved, "has another role": promoted} {
		for _, stage := range []Stage{Consulting, Drafting, DivisionReview, SignOff, Answered} {
			c := at(t, stage)
			c.do(supervisor, &UrgeNote{Text: "请抓紧"})
			notices := c.gone(handler.ID, today)
			if c.Handler != "" || !tellsHead(notices, leading) {
				t.Errorf("%s in %s: handler %q, told %+v", name, stage, c.Handler, notices)
			}
			if urged := taskFor(t, c, AskToAnswerUrge); urged.Person != "" || stage.Before(DivisionReview) && urged.Role != DivisionHead {
				t.Errorf("%s in %s: the urge is %+v's", name, stage, urged)
			}
			if stage != Consulting && stage != Drafting {
				continue
			}
			if task := taskFor(t, c, AskForHandler); task.Role != DivisionHead || task.Division != leading {
				t.Errorf("%s in %s: asked of %+v", name, stage, task)
			}
			c.refused(Forbidden, handler, c.submission0(stage))
			c.do(head, &Reassignment{Handler: peer.ID, Reason: "原经办人调离"})
			if task, _ := MainTask(c.State, c.facts.Pack); task.Person != peer.ID {
				t.Errorf("%s in %s: the task is %+v", name, stage, task)
			}
		}
	}
	c := at(t, Drafting)
	c.goneForNothing(handler.ID, handler.with(DivisionHead)) // what he had he may still do
	c.goneForNothing(peer.ID, Person{})                      // had nothing
	c = at(t, Closed)
	c.goneForNothing(handler.ID, Person{}) // who answered it, answered it
}

// submission0 is what the handler does in the stage.
func (c *file) submission0(stage Stage) Input {
	if stage == Consulting {
		return reached()
	}
	return c.submission()
}

func TestR21RecallBringsNobodyBackWhoHasGone(t *testing.T) {
	c := at(t, DivisionReview)
	c.gone(handler.ID, Person{})
	c.refused(StepNotYours, handler, &Recalling{})
}

func TestR21PromisesOfWhoHasGone(t *testing.T) {
	c := at(t, Drafting)
	c.facts.Draft.Class = "B"
	c.facts.Draft.Commitments = []replytext.Promise{{Text: "建成", DueOn: day("2020-12-01")}}
	for c.Stage != Closed {
		by, in := c.next()
		c.do(by, in)
	}
	if notices := c.gone(handler.ID, Person{}); !tellsHead(notices, leading) {
		t.Errorf("told %+v", notices)
	}
	task := taskFor(t, c, AskToKeepPromise)
	if task.Person != "" || !task.MayClaim(peer) || task.MayClaim(otherHand) {
		t.Errorf("asked of %+v", task)
	}
	c.refused(Forbidden, otherHand, &Milestone{Text: "开工"})
	c.do(peer, &Milestone{Text: "开工"})
	c.do(peer, &Fulfilment{Result: "建成"})
}

func TestR21AddedReviewerWhoHasGone(t *testing.T) {
	c := at(t, SignOff)
	c.do(head, &AddedReviewer{Person: legal.ID, Reason: "涉及法规"})
	moved := legal
	moved.Division = other
	c.goneForNothing(legal.ID, moved) // is still of the bureau
	if notices := c.gone(legal.ID, Person{}); !tellsHead(notices, leading) {
		t.Errorf("told %+v", notices)
	}
	taskFor(t, c, AskToReplaceReviewer)
	c.refused(ReviewsOpen, leaderInCharge, &Signature{SHA256: c.DraftSHA256})
	c.refused(Forbidden, handler, &ReviewerWithdrawal{Reason: "已离任"})
	c.do(head, &ReviewerWithdrawal{Reason: "已离任"})
	c.do(head, &AddedReviewer{Person: legal.ID, Reason: "又回来了"}) // who was done without can be asked again
	c.do(head, &ReviewerWithdrawal{Reason: "不必再审"})
	c.do(leaderInCharge, &Signature{SHA256: c.DraftSHA256})
}

func TestR21ClaimsOfWhoHasGone(t *testing.T) {
	c := at(t, OfficeReview)
	key := TaskKey{Ask: AskOf(OfficeReview)}
	c.facts.Claims = map[TaskKey]PersonID{key: reviewer.ID}
	in := &Vacancy{Person: reviewer.ID}
	c.goneForNothing(reviewer.ID, reviewer)
	c.facts.Named = Person{}
	if back := in.Released(c.State, c.facts); len(back) != 1 || back[0].Key() != key {
		t.Errorf("back in the pool: %v", back)
	}
	notices := c.gone(reviewer.ID, Person{})
	if len(notices) != 1 || notices[0].Role != OfficeReviewer || notices[0].Kind != NoticeVacant {
		t.Errorf("told %+v", notices)
	}
	c.facts.Named = Person{ID: reviewer.ID, Roles: []Role{Handler}, Division: office}
	if len(in.Released(c.State, c.facts)) != 1 {
		t.Error("who has another role keeps the review")
	}
}

// Before somebody leaves, what they have goes to a colleague who may have it, one thing at a time, and back again.
func TestR21HandedOver(t *testing.T) {
	over := func(c *file, from, to Person, key TaskKey) *Refusal {
		t.Helper()
		a := Action{ID: "v", Kind: HandOver, Input: &Handover{From: from.ID, To: to.ID, Task: key, By: "admin"}}
		c.facts.Named = to
		defer func() { c.facts.Named = Person{} }()
		next, err := Apply(c.State, a, c.facts)
		if err != nil {
			return err.(*Refusal)
		}
		if told := Notices(c.State, next, a, c.facts); len(told) == 0 || told[0].Kind != NoticeVacant || told[0].Person != to.ID {
			t.Errorf("told %+v", told)
		}
		c.State = next
		return nil
	}
	wrong := func(r *Refusal, code FieldCode) {
		t.Helper()
		if r == nil || len(r.Fields) != 1 || r.Fields[0].Field != "to" || r.Fields[0].Code != code {
			t.Errorf("%+v, want %s", r, code)
		}
	}
	theCase := TaskKey{Ask: AskForHandler}
	for _, stage := range []Stage{Consulting, Drafting, DivisionReview, SignOff, Answered} {
		c := at(t, stage)
		wrong(over(c, handler, otherHand, theCase), NotInBureau)
		if r := over(c, peer, handler, theCase); r == nil || r.Code != NotInStage {
			t.Errorf("what somebody does not have goes over in %s: %+v", stage, r)
		}
		for _, way := range [][2]Person{{handler, peer}, {peer, handler}} {
			if r := over(c, way[0], way[1], theCase); r != nil || c.Handler != way[1].ID || c.Stage != stage {
				t.Errorf("in %s: %+v, handler %s", stage, r, c.Handler)
			}
		}
	}
	c := at(t, OfficeReview)
	c.do(reviewer, &AddedReviewer{Person: peer.ID, Reason: "涉及法规"})
	wrong(over(c, handler, peer, theCase), HandlerReviewsIt)

	key := TaskKey{Ask: AskOf(OfficeReview)}
	c.facts.Claims = map[TaskKey]PersonID{key: reviewer.ID}
	wrong(over(c, reviewer, handler, key), NotInBureau)
	if r := over(c, handler, reviewer, key); r == nil || r.Code != NotInStage {
		t.Errorf("another's claim goes over: %+v", r)
	}
	if r := over(c, reviewer, Person{ID: "second", Roles: []Role{OfficeReviewer}}, key); r != nil {
		t.Error(r)
	}

	c = at(t, Drafting) // nobody would be left to review what the one who takes over writes
	c.facts.Staff = Staff{handler, head.with(Handler), reviewer, openness, leaderInCharge, publisher}
	if r := over(c, handler, head.with(Handler), theCase); r == nil || r.Code != NobodyLeft {
		t.Errorf("the only head takes over: %+v", r)
	}
}

// One row for each way in which four eyes once came to a dead end.
func TestR21NoStepLeavesNobody(t *testing.T) {
	without := func(roles ...Role) Staff {
		return slices.DeleteFunc(slices.Clone(crowd), func(p Person) bool {
			return slices.ContainsFunc(roles, p.Has) && !slices.Contains([]PersonID{leaderInCharge.ID, publisher.ID, reviewer.ID, head.ID}, p.ID)
		})
	}
	c := at(t, OfficeReview)
	c.facts.Staff = without(LeaderInCharge)
	if refusal := c.refused(NobodyLeft, head, &AddedReviewer{Person: leaderInCharge.ID, Reason: "请看"}); refusal.Role != LeaderInCharge {
		t.Errorf("missing %s", refusal.Role)
	}
	c.facts.Staff = append(without(LeaderInCharge), peer.with(LeaderInCharge).covering(leaderInCharge)) // through whom one covers for, one reviews too
	c.refused(NobodyLeft, head, &AddedReviewer{Person: leaderInCharge.ID, Reason: "请看"})
	c.facts.Staff = append(without(LeaderInCharge), secondLeader)
	c.do(head, &AddedReviewer{Person: leaderInCharge.ID, Reason: "请看"})

	// A case that had come to such a point: the added reviewer is done without.
	c.facts.Staff = without(LeaderInCharge)
	c.do(reviewer, &ReviewPass{})
	c.do(openness, &OpennessDecision{Openness: OpenReply})
	if refusal := c.refused(NobodyLeft, leaderInCharge, &AddedPass{}); refusal.Role != LeaderInCharge {
		t.Errorf("missing %s", refusal.Role)
	}
	c.do(head, &ReviewerWithdrawal{Reason: "由其签发"})
	c.do(leaderInCharge, &Signature{SHA256: c.DraftSHA256})

	c = at(t, OfficeReview)
	c.facts.Staff = without(Publisher)
	if refusal := c.refused(NobodyLeft, head, &AddedReviewer{Person: publisher.ID, Reason: "请看"}); refusal.Role != Publisher {
		t.Errorf("missing %s", refusal.Role)
	}
	c = at(t, OfficeReview, secret) // nothing is published
	c.facts.Staff = without(Publisher)
	c.do(head, &AddedReviewer{Person: publisher.ID, Reason: "请看"})

	c = at(t, Accepting)
	c.facts.Staff = without(OfficeReviewer)
	c.facts.Named = reviewer.with(Handler)
	c.facts.Named.Division = leading
	if refusal := c.refused(NobodyLeft, head, &Acceptance{Handler: reviewer.ID}); refusal.Role != OfficeReviewer {
		t.Errorf("missing %s", refusal.Role)
	}

	// One person who alone signs and alone publishes cannot do both.
	c = at(t, SignOff)
	c.facts.Staff = append(without(Publisher), leaderInCharge.with(Publisher))
	c.facts.Staff = slices.DeleteFunc(c.facts.Staff, func(p Person) bool { return p.ID == publisher.ID })
	c.refused(NobodyLeft, leaderInCharge.with(Publisher), &Signature{SHA256: c.DraftSHA256})

	// What was missing before is not the step's doing.
	c.facts.Staff = slices.DeleteFunc(without(Publisher), func(p Person) bool { return p.ID == publisher.ID })
	c.do(leaderInCharge, &Signature{SHA256: c.DraftSHA256})
}

func TestR21UnmannedTasks(t *testing.T) {
	c := at(t, OfficeReview)
	staff := Staff{liaison, head, handler, openness, leaderInCharge, publisher}
	if tasks := staff.Unmanned(c.State, c.facts.Pack); len(tasks) != 1 || tasks[0].Role != OfficeReviewer || !staff.Stuck(c.State, c.facts.Pack) {
		t.Errorf("unmanned %+v", tasks)
	}
	for _, who := range []Person{reviewer, legal.covering(reviewer)} {
		if append(staff, who).Stuck(c.State, c.facts.Pack) {
			t.Errorf("stuck in spite of %s", who.ID)
		}
	}
	if !append(staff, handler.with(OfficeReviewer)).Stuck(c.State, c.facts.Pack) {
		t.Error("the handler counts as a reviewer of the own reply")
	}
	c = at(t, DivisionReview) // a division without its head
	if staff := Staff(slices.DeleteFunc(slices.Clone(crowd), func(p Person) bool { return p.Has(DivisionHead) || len(p.Covers) > 0 })); !staff.Stuck(c.State, c.facts.Pack) {
		t.Error("a division without its head is nobody's list")
	}
}

// Every pair of roles: ● the second may cover for the first.
func TestR22WhoMayCoverForWhom(t *testing.T) {
	roles := []Role{
		Liaison, Handler, DivisionHead, OfficeReviewer, LegalReviewer, OpennessReviewer, LeaderInCharge, BureauHead, Publisher, Supervisor, Auditor, Admin, Assembly,
	}
	for i, row := range []string{
		"●●●●●●·······", // 联络员
		"·●●··········", // 经办人
		"·●●···●●·····", // 处室负责人
		"●·●●●●·······", // 核稿
		"··●●●●·······", // 法规
		"··●●●●·······", // 公开审查
		"······●●·····", // 分管领导
		"······●●·····", // 主要领导
		"●●●●····●····", // 网站管理员
		"·········●···", // 督查
		"··········●··", // 审计
		"···········●·", // 管理员
		"············●", // 人大、政协
	} {
		for j, may := range []rune(row) {
			away := Principal{ID: "away", Roles: []Role{roles[i]}, Division: leading}
			cover := Person{ID: "cover", Roles: []Role{roles[j]}, Division: leading}
			if got := len(away.Passes(cover)) > 0; got != (may == '●') {
				t.Errorf("%s may cover for %s: %v", roles[j], roles[i], got)
			}
		}
	}
	both := principal(leaderInCharge.with(Admin, Publisher))
	if got := both.Passes(secondLeader); !slices.Equal(got, []Role{LeaderInCharge}) {
		t.Errorf("%v go over", got)
	}
	if len(principal(peer).Passes(peer)) > 0 || len(principal(congress).Passes(peer.with(Assembly))) > 0 {
		t.Error("somebody covers for themselves, or across bureau and assembly")
	}
	if p := peer.Covering([]Principal{principal(head), principal(leaderInCharge)}); len(p.Covers) != 1 || p.Covers[0].ID != head.ID {
		t.Errorf("covers %+v", p.Covers)
	}
}

func TestR22WhoEntersAndConfirmsACover(t *testing.T) {
	admin := Person{ID: "admin", Roles: []Role{Admin}}
	for _, row := range []struct {
		by               Person
		principal, cover PersonID
		want             bool
	}{
		{head, head.ID, peer.ID, true},
		{liaison, head.ID, peer.ID, true},
		{admin, head.ID, peer.ID, true},
		{peer, head.ID, peer.ID, false},
		{liaison, head.ID, liaison.ID, false},
		{supervisor, head.ID, peer.ID, false},
	} {
		if got := row.by.MayArrangeCover(row.principal, row.cover) == nil; got != row.want {
			t.Errorf("%s enters that %s covers for %s: %v", row.by.ID, row.cover, row.principal, got)
		}
	}
	for _, row := range []struct {
		by   Person
		want bool
	}{{head, true}, {colleague, true}, {admin, true}, {liaison, false}, {peer, false}, {supervisor, false}} {
		if got := row.by.MayConfirmCover(head.ID, peer.ID, liaison.ID) == nil; got != row.want {
			t.Errorf("%s confirms what the liaison entered: %v", row.by.ID, got)
		}
	}
	if colleague.MayConfirmCover(head.ID, colleague.ID, liaison.ID) == nil {
		t.Error("a keeper confirms the own cover")
	}
}

func TestR22WhoSavedATextNeitherReviewsNorSignsIt(t *testing.T) {
	c := at(t, Drafting)
	c.facts.SavedBy = []PersonID{handler.ID, peer.ID, leaderInCharge.ID} // for the handler, while away
	c.do(handler, c.submission())
	c.refused(OwnDraft, peer.with(DivisionHead), &ReviewPass{})
	c.do(head, &ReviewPass{})
	c.do(reviewer, &ReviewPass{})
	c.do(openness, &OpennessDecision{Openness: OpenReply})
	c.refused(OwnDraft, leaderInCharge, &Signature{SHA256: c.DraftSHA256})
	c.do(secondLeader, &SendingBack{To: Drafting, Reason: "重写"})
	c.facts.SavedBy = []PersonID{handler.ID}
	c.do(handler, c.submission())
	if len(c.Writers) > 0 {
		t.Errorf("of the new text too: %v", c.Writers)
	}

	c = at(t, OfficeReview) // who edits in a review passes it on to others
	c.facts.Versions = 1
	text := c.edited("现答复如下", "现作如下答复")
	c.do(reviewer, &ReviewPass{Edited: text})
	c.facts.Draft = *text
	c.refused(OwnDraft, reviewer.with(OpennessReviewer), &OpennessDecision{Openness: OpenReply})
}

func TestReroutingThereAndBackKeepsWhoCoHandles(t *testing.T) {
	c := at(t, Registered)
	c.do(liaison, &RoutingOpinion{Lead: leading, CoHandling: []DivisionID{other, office}})
	c.do(leaderInCharge, &Instruction{})
	there := &Rerouting{Lead: other, Reason: "职责调整"}
	c.do(leaderInCharge, there)
	c.do(bureauHead, &Rerouting{Lead: leading, Reason: "职责未调整"})
	if slices.Sort(c.CoHandling); !slices.Equal(c.CoHandling, []DivisionID{office, other}) || c.Lead != leading {
		t.Errorf("co-handling %v", c.CoHandling)
	}
}
