package store_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// chances carries cases on random ways, as far as chance has it.
type chances struct {
	*world
	*rand.Rand
	drafts map[string]map[int]proposal.Draft // by case and version
}

func (c *chances) of(percent int) bool { return c.IntN(100) < percent }

func oneOf[T any](c *chances, values ...T) T { return values[c.IntN(len(values))] }

// try does what may be refused: not everything is possible everywhere.
func (c *chances) try(t *testing.T, id string, a proposal.Action) {
	t.Helper()
	_, err := c.send(t.Context(), id, a)
	check(t, err)
}

// twoPacks are the rules of the demonstration bureau, and from April on those under which a proposal of the CPPCC is answered through its lead.
type twoPacks struct{ builtIn }

func (p twoPacks) For(_ string, on calendar.Date) (*proposal.Pack, bool) {
	if on.Before(calendar.NewDate(2026, 4, 1)) {
		return p.ByID("shenyang-1")
	}
	return p.ByID("shenyang-2")
}

// aCase begins on a random day, and goes on until chance stops it.
func (c *chances) aCase(t *testing.T) string {
	t.Helper()
	_, r := c.registration()
	r.AssignedOn = calendar.NewDate(2025, 11, 3).AddDays(c.IntN(240))
	r.DueOn = r.AssignedOn.AddDays(20 + c.IntN(100))
	r.HandlingType = oneOf(c, proposal.SoleHandling, proposal.SoleHandling, proposal.LeadHandling, proposal.CoHandling, proposal.ReadingOnly)
	if r.HandlingType == proposal.CoHandling {
		r.LeadUnit = "市人社局"
	}
	r.Level = oneOf(c, assembly.CityLevel, assembly.ProvinceLevel)
	r.Category, r.Delegation = oneOf(c, "", "养老", "社区"), oneOf(c, "", "和平代表团", "沈河代表团")
	r.Term = oneOf(c, 15, 16)
	r.Body = oneOf(c, assembly.NPC, assembly.NPC, assembly.CPPCC)
	r.CoSigners = oneOf(c, nil, []string{"王桂兰"}, []string{"王桂兰", "李俊"})
	id := uuid.NewSHA1(uuid.NameSpaceURL, []byte(r.RegisterKey.String())).String()
	c.now = r.AssignedOn.Start().Add(10 * time.Hour)
	c.do(t, id, c.Register(r))
	for range 1 + c.IntN(45) {
		c.now = c.now.AddDate(0, 0, c.IntN(7))
		state, err := c.State(t.Context(), id)
		check(t, err)
		if state.Stage.Ended() && !c.of(60) {
			break
		}
		c.aside(t, id, state)
		if state, err = c.State(t.Context(), id); state.Stage.Ended() {
			continue
		}
		check(t, err)
		c.on(t, id, state)
	}
	return id
}

// aside is what now and then happens beside the way.
func (c *chances) aside(t *testing.T, id string, state proposal.State) {
	today := calendar.DateOf(c.now)
	switch n := c.IntN(40); {
	case n == 0:
		c.try(t, id, c.Action(proposal.Withdraw, proposal.Liaison, &proposal.Withdrawal{Letter: "来函", Agreed: []string{"倪琛善", "王桂兰"}}))
	case n <= 3:
		c.try(t, id, c.Action(proposal.RequestReturn, proposal.Liaison, &proposal.ReturnRequest{Reason: "不属职责", LegalDuty: "第七条", Suggested: "市人社局"}))
	case n <= 5:
		until := today.AddDays(30 + c.IntN(60))
		c.try(t, id, c.Action(proposal.AskExtension, proposal.Handler, &proposal.ExtensionRequest{Until: until, Reason: "需会商"}))
		c.try(t, id, c.Action(proposal.EndorseExtension, proposal.LeaderInCharge, &proposal.ExtensionEndorsement{}))
		c.try(t, id, c.Action(proposal.DecideExtension, proposal.Assembly, &proposal.ExtensionVerdict{Granted: c.of(70), Until: until, Text: "复函"}))
	case n == 6:
		c.try(t, id, c.Action(proposal.CorrectReply, proposal.Liaison, &proposal.ReplyCorrection{Reason: "数字有误"}))
	case n <= 9:
		for _, r := range state.StrandsOf(proposal.CommitmentStrand) {
			c.try(t, id, c.Action(proposal.FulfilCommitment, proposal.Handler, &proposal.Fulfilment{StrandTarget: proposal.StrandTarget{Ref: r.Ref}, Result: "建成"}))
		}
	case n <= 12:
		c.try(t, id, c.Action(proposal.RateAsCoSigner, proposal.Assembly, &proposal.CoSignerRating{CoSigner: "王桂兰", Source: proposal.FeedbackFromAssembly, Attitude: proposal.Satisfied, Result: proposal.Satisfied}))
	case n == 13:
		c.try(t, id, c.Action(proposal.TakeDown, proposal.Publisher, &proposal.Takedown{Reason: "有误"}))
	}
}

// on is the next step of the way, or another one that leads on from there.
func (c *chances) on(t *testing.T, id string, state proposal.State) {
	t.Helper()
	switch {
	case state.Stage == proposal.ReturnDecision:
		c.do(t, id, c.Action(proposal.DecideReturn, proposal.Assembly, &proposal.ReturnVerdict{Granted: c.of(60), Text: "复函"}))
		return
	case state.Stage == proposal.Consulting && c.of(30):
		c.do(t, id, c.Action(proposal.Contact, proposal.Handler, &proposal.Consultation{Mode: proposal.PhoneContact, Outcome: proposal.ContactNoAnswer}))
		return
	case state.Stage == proposal.Consulting && c.of(60):
		a := c.Next(t, c.Store, id)
		talk := a.Input.(*proposal.Consultation)
		talk.Mode, talk.MetBy = oneOf(c, proposal.ContactModes...), oneOf(c, append(slices.Clone(proposal.Ranks), "")...)
		talk.SpokeWith = oneOf(c, "倪琛善", "王桂兰代表")
		c.do(t, id, a)
		return
	case state.Stage == proposal.Dispatching && c.of(30): // on the last day on time, if that is to come
		if last := state.ReplyDue().Due().Start().Add(15 * time.Hour); last.After(c.now) {
			c.now = last
		}
	case state.Stage == proposal.Drafting && state.OpenStrand(proposal.OpinionStrand) == nil:
		c.draft(t, id)
		return
	case state.Stage == proposal.OpennessReview && c.of(20):
		c.do(t, id, c.Action(proposal.DecideOpenness, proposal.OpennessReviewer, &proposal.OpennessDecision{
			Openness: proposal.ClosedReply, Ground: "third_party", Reason: "涉及个人隐私",
		}))
		return
	case state.Stage == proposal.Answered && c.of(50):
		a := c.Rate(oneOf(c, proposal.Satisfied, proposal.BasicallySatisfied, proposal.NotSatisfied))
		a.Input.(*proposal.Feedback).Attitude = oneOf(c, proposal.Satisfied, proposal.BasicallySatisfied, proposal.NotSatisfied)
		c.try(t, id, a)
		return
	}
	a := c.Next(t, c.Store, id)
	if contact, ok := a.Input.(*proposal.Consultation); ok {
		contact.Mode = oneOf(c, proposal.ContactModes...)
	}
	c.try(t, id, a) // the feedback of a round may have been given
}

// draft writes a reply of a random class, with a promise where the class wants one.
func (c *chances) draft(t *testing.T, id string) {
	t.Helper()
	d := fixture.Draft(2)
	switch c.IntN(3) {
	case 0:
		d.Class, d.Answers[1].Status = "B", proposal.PointPlanned
		d.Commitments = []replytext.Promise{{Text: "建成社工服务站12处", DueOn: calendar.DateOf(c.now).AddDays(30 + c.IntN(200))}}
	case 1:
		d.Class = "C"
		d.Answers[1].Status, d.Answers[1].Reason = proposal.PointNotFeasible, "条件不具备"
	}
	versions := c.drafts[id]
	if versions == nil {
		versions = map[int]proposal.Draft{}
		c.drafts[id] = versions
	}
	saved, err := c.SaveDraft(t.Context(), id, c.ID(proposal.Handler), newID(), len(versions), d)
	check(t, err)
	versions[saved.Version] = d
	c.try(t, id, c.Action(proposal.Submit, proposal.Handler, &proposal.Submission{Version: saved.Version, SHA256: saved.SHA256}))
}

// told is what the events of one case tell, reckoned without the rules and without the state.
type told struct {
	handling            proposal.HandlingType
	body                assembly.Body
	level               assembly.Level
	coSigners           []string
	coReached, coRated  bool
	firstClass          string
	topic, delegation   string
	term                int
	mode                proposal.ContactMode // of the last time that the deputy was reached
	metBy               proposal.Rank        // who talked to them then
	lead                proposal.DivisionID
	assigned, due, sent calendar.Date
	round               int
	stage               proposal.Stage
	reached, met        bool
	ratings             map[int]*proposal.Feedback // by round, the last of each
	version             int                        // submitted last
	class               string                     // of the reply that was sent last
	openness            proposal.Openness
	publications        map[int]string // by round
	promises            map[string]*pledge
	past                []store.Event
	dues                []store.OwedBy // by when the first reply was owed, and since when
}

type pledge struct {
	due        calendar.Date
	kept, gone bool
}

func (c *chances) tell(t *testing.T, id string) told {
	t.Helper()
	is := told{round: 1, ratings: map[int]*proposal.Feedback{}, publications: map[int]string{}, promises: map[string]*pledge{}}
	read, err := c.Case(t.Context(), id)
	check(t, err)
	is.past = read.Events
	for _, e := range read.Events {
		in := proposal.NewInput(proposal.Kind(e.Kind))
		if in != nil {
			check(t, json.Unmarshal(e.Input, in))
		}
		is.hear(c.drafts[id], e, in)
		is.stage = e.To
	}
	return is
}

func (is *told) hear(drafts map[int]proposal.Draft, e store.Event, in proposal.Input) {
	day := calendar.DateOf(e.At)
	switch in := in.(type) {
	case *proposal.Registration:
		is.handling, is.level, is.topic, is.assigned, is.due = in.HandlingType, in.Level, in.Category, in.AssignedOn, in.DueOn
		is.delegation, is.term, is.body, is.coSigners = in.Delegation, in.Term, in.Body, in.CoSigners
		is.dues = []store.OwedBy{{Since: in.AssignedOn, Due: in.DueOn}}
	case *proposal.RoutingOpinion:
		is.lead = in.Lead
	case *proposal.ExtensionVerdict:
		if in.Granted && is.round == 1 {
			is.due = in.Until
			is.dues = append(is.dues, store.OwedBy{Since: day, Due: in.Until})
		}
	case *proposal.Consultation:
		if in.Outcome == proposal.ContactReached {
			is.reached, is.mode, is.metBy = true, in.Mode, in.MetBy
			is.coReached = is.coReached || len(is.coSigners) > 0 && in.SpokeWith == "王桂兰代表"
			is.met = is.met || slices.Contains([]proposal.ContactMode{proposal.VisitContact, proposal.MeetingContact, proposal.ForumContact}, in.Mode)
		}
	case *proposal.Submission:
		is.version = in.Version
	case *proposal.OpennessDecision:
		is.openness = in.Openness
	case *proposal.DispatchNote:
		is.dispatched(drafts[is.version], day)
	case *proposal.PublicationOrder:
		is.publications[is.round] = "published"
	case *proposal.Takedown:
		for round := is.round; round > 0; round-- { // the newest that is public; that of a round before may stay
			if is.publications[round] == "published" {
				is.publications[round] = "taken_down"
				break
			}
		}
	case *proposal.ReplyCorrection, *proposal.Withdrawal:
		is.unpublish()
	case *proposal.Feedback:
		is.ratings[is.round] = in
		if e.To == proposal.Assigning {
			is.unpublish()
			is.round++
		}
	case *proposal.CoSignerRating:
		is.coRated = true
	case *proposal.Fulfilment:
		is.promises[in.Ref].kept = true
	}
}

func (is *told) unpublish() {
	for round, status := range is.publications {
		if status == "unpublished" {
			is.publications[round] = "cancelled"
		}
	}
}

func (is *told) dispatched(d proposal.Draft, day calendar.Date) {
	if is.sent.IsZero() {
		is.sent, is.firstClass = day, d.Class
	}
	is.class = d.Class
	if is.handling == proposal.CoHandling {
		return
	}
	is.publications[is.round] = "unpublished"
	if is.openness == proposal.ClosedReply {
		is.publications[is.round] = "withheld"
	}
	before := 0
	for ref, p := range is.promises {
		var round, n int
		if _, err := fmt.Sscanf(ref, "%d.%d", &round, &n); err != nil || round != is.round {
			continue
		}
		before = max(before, n)
		if !p.kept { // the corrected reply promises in its place
			p.gone = true
		}
	}
	for i, p := range d.Commitments {
		is.promises[fmt.Sprintf("%d.%d", is.round, before+i+1)] = &pledge{due: p.DueOn}
	}
}

// reckon says whether the rate holds for the case, and whether it is reckoned over it at all.
func (is told) reckon(r store.Rate, p store.Period, today calendar.Date) (of, holds bool) {
	within := func(day calendar.Date) bool { return !day.Before(p.From) && !day.After(p.To) }
	owed := !is.due.IsZero() && within(is.due) && is.stage != proposal.Returned && is.stage != proposal.Withdrawn
	lead := owed && slices.Contains([]proposal.HandlingType{proposal.SoleHandling, proposal.LeadHandling, proposal.SplitHandling}, is.handling)
	replied := lead && !is.sent.IsZero()
	last := is.ratings[is.round]
	for round := is.round; last == nil && round > 0; round-- {
		last = is.ratings[round]
	}
	then := within(is.assigned) && slices.Contains([]proposal.HandlingType{proposal.SoleHandling, proposal.LeadHandling, proposal.SplitHandling}, is.handling)
	standing, due, open, late := 0, 0, 0, 0 // promises
	for _, one := range is.promises {
		if one.gone {
			continue
		}
		standing++
		if !one.due.After(today) {
			due++
		}
		if !one.kept {
			open++
		}
		if !one.kept && one.due.Before(today) {
			late++
		}
	}
	good := func(r proposal.Rating) bool { return r == proposal.Satisfied || r == proposal.BasicallySatisfied }
	switch r {
	case store.AnsweredRate:
		return lead, !is.sent.IsZero()
	case store.InTimeRate:
		return lead, !is.sent.IsZero() && !is.sent.After(is.due)
	case store.ContactedRate:
		return lead, is.reached
	case store.MetRate:
		return lead, is.met
	case store.RatedRate:
		return replied, last != nil
	case store.SatisfiedRate:
		return replied && last != nil, last != nil && good(last.Result)
	case store.FullySatisfiedRate:
		return replied && last != nil, last != nil && last.Result == proposal.Satisfied
	case store.AttitudeRate:
		return replied && last != nil, last != nil && good(last.Attitude)
	case store.FirstRoundRate:
		first := is.ratings[1]
		return replied && first != nil, first != nil && good(first.Result)
	case store.SolvedRate:
		return replied, is.class == "A"
	case store.ClassRate("A"), store.ClassRate("C"):
		code, _ := r.Class()
		return replied, is.class == code
	case store.BureauHeadMetRate:
		return lead, is.metBy == proposal.BureauHeadRank
	case store.LeaderMetRate:
		return lead, is.metBy == proposal.LeaderRank
	case store.DivisionHeadMetRate:
		return lead, is.metBy == proposal.DivisionHeadRank
	case store.OfficerMetRate:
		return lead, is.metBy == proposal.OfficerRank
	case store.ForumRate:
		return lead, is.mode == proposal.ForumContact
	case store.VisitRate:
		return lead, is.mode == proposal.VisitContact || is.mode == proposal.MeetingContact
	case store.DistanceRate:
		return lead, slices.Contains([]proposal.ContactMode{proposal.PhoneContact, proposal.VideoContact, proposal.LetterContact}, is.mode)
	case store.PublishedRate:
		public, waits := false, false
		for _, status := range is.publications {
			public, waits = public || status == "published", waits || status == "unpublished"
		}
		return replied && (public || waits), !waits
	case store.KeptRate:
		asked, unkept := false, false
		for _, promise := range is.promises {
			if within(promise.due) && !promise.gone {
				asked, unkept = true, unkept || !promise.kept
			}
		}
		return asked, !unkept
	case store.RehandledRate:
		return replied, is.round > 1
	case store.ReturnedRate:
		return within(is.assigned), is.stage == proposal.Returned
	case store.CoSignersRate:
		return lead, len(is.coSigners) > 0
	case store.CoSignersAnsweredRate:
		return lead && len(is.coSigners) > 0, !is.sent.IsZero()
	case store.CoSignersEachRate:
		return lead && len(is.coSigners) > 0, !is.sent.IsZero() && (is.body == assembly.NPC || is.assigned.Before(calendar.NewDate(2026, 4, 1)))
	case store.CoSignersReachedRate:
		return lead && len(is.coSigners) > 0, is.coReached
	case store.CoSignersRatedRate:
		return lead && len(is.coSigners) > 0, is.coRated
	case store.RepliedRate:
		return then, !is.sent.IsZero()
	case store.FirstSolvedRate:
		return then && !is.sent.IsZero(), is.firstClass == "A"
	case store.FirstPlannedRate:
		return then && !is.sent.IsZero(), is.firstClass == "B"
	case store.NowSolvedRate:
		return then && !is.sent.IsZero(), is.class == "A"
	case store.NowPlannedRate:
		return then && !is.sent.IsZero(), is.class == "B"
	case store.WithPromiseRate:
		return then && !is.sent.IsZero(), standing > 0
	case store.PromisesDueRate:
		return then && standing > 0, due > 0
	case store.PromisesKeptRate:
		return then && standing > 0, open == 0
	case store.PromisesOverdueRate:
		return then && standing > 0, late > 0
	case store.PromisesAheadRate:
		return then && standing > 0, open > 0 && late == 0
	case store.HandledRate:
		return owed && is.handling != proposal.ReadingOnly, !is.sent.IsZero()
	case store.CoAnsweredRate:
		return owed && is.handling == proposal.CoHandling, !is.sent.IsZero()
	case store.AttitudeFullRate:
		return replied && last != nil, last != nil && last.Attitude == proposal.Satisfied
	case store.AttitudeBasicallyRate:
		return replied && last != nil, last != nil && last.Attitude == proposal.BasicallySatisfied
	case store.AttitudeDissatisfiedRate:
		return replied && last != nil, last != nil && last.Attitude == proposal.NotSatisfied
	case store.BasicallySatisfiedRate:
		return replied && last != nil, last != nil && last.Result == proposal.BasicallySatisfied
	case store.DissatisfiedRate:
		return replied && last != nil, last != nil && last.Result == proposal.NotSatisfied
	case store.CoInTimeRate:
		return owed && is.handling == proposal.CoHandling, !is.sent.IsZero() && !is.sent.After(is.due)
	}
	panic("a rate that nobody reckons: " + r)
}

func (is told) key(by store.Cut) string {
	key := ""
	switch by {
	case store.ByDivision:
		key = string(is.lead)
	case store.ByTopic:
		key = is.topic
	case store.ByBody:
		key = string(is.body)
	case store.ByLevel:
		key = string(is.level)
	case store.ByTerm:
		key = fmt.Sprintf("%s.%s.%d", is.body, is.level, is.term)
	case store.ByDelegation:
		key = is.delegation
	case store.ByClass:
		key = is.class
	case store.ByMode:
		key = string(is.mode)
	case store.ByMet:
		key = string(is.metBy)
	}
	return cmp.Or(key, store.NoKey)
}

var recounted = flag.Int("recounted", 50, "how many random cases at least TestEveryFigureRecounted counts every figure of")

// Every figure is what the events of a random bureau tell when they are reckoned another way, and opens a list of just these cases. At every moment while
// the cases run, what is counted of each is what its record says.
func TestEveryFigureRecounted(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	c := &chances{newWorld(t), rand.New(rand.NewPCG(seed, 0)), map[string]map[int]proposal.Draft{}}
	c.cases.Packs = twoPacks{}
	long := store.Period{From: calendar.NewDate(2025, 11, 1), To: calendar.NewDate(2027, 12, 31)}
	short := store.Period{From: calendar.NewDate(2026, 2, 10), To: calendar.NewDate(2026, 5, 20)}
	var all []told
	whileTheyRun := c.watchFacts(t)
	for len(all) < *recounted || len(c.untold(all, long)) > 0 { // until every figure has both a case that it holds for and one that it does not
		if len(all) == 10**recounted {
			t.Fatalf("%d cases tell nothing of %v", len(all), c.untold(all, long))
		}
		all = append(all, c.tell(t, c.aCase(t)))
	}
	whileTheyRun()
	c.recountGates(t, all)
	c.recountFacts(t)
	c.recountAges(t, all)
	c.recountOwed(t, all)
	every := slices.Concat(store.EveryRate, []store.Rate{store.ClassRate("A"), store.ClassRate("C")})
	supervisor := c.Bureau[proposal.Supervisor]
	for _, p := range []store.Period{long, short} {
		for _, by := range store.Cuts {
			rows, err := c.Statistics(t.Context(), supervisor.Person, p, by, every)
			check(t, err)
			want := map[string][]store.RateCount{"": make([]store.RateCount, len(every))}
			for _, is := range all {
				for i, r := range every {
					of, holds := is.reckon(r, p, calendar.DateOf(c.now))
					if !of {
						continue
					}
					key := is.key(by)
					if want[key] == nil {
						want[key] = make([]store.RateCount, len(every))
					}
					for _, count := range []*store.RateCount{&want[key][i], &want[""][i]} {
						count.Of++
						if holds {
							count.Counted++
						}
					}
				}
			}
			if len(rows) != len(want) || rows[len(rows)-1].Key != "" {
				t.Fatalf("by %s: %d rows, want %d with the sum at the end", by, len(rows), len(want))
			}
			for _, row := range rows {
				var lists []store.TaskFilter
				for i, r := range every {
					if row.Counts[i] != want[row.Key][i] {
						t.Errorf("%s of %q by %s in %v: %+v, the events tell %+v", r, row.Key, by, p, row.Counts[i], want[row.Key][i])
					}
					for _, part := range []store.Part{store.PartOf, store.PartCounted, store.PartMissed} {
						f := by.Filter(row.Key)
						f.Rate = store.CasesOf(r, part, p)
						lists = append(lists, f)
					}
				}
				sizes, err := c.CountTasks(t.Context(), supervisor.ID, lists)
				check(t, err)
				for i, r := range every {
					n := row.Counts[i]
					if got := sizes[3*i : 3*i+3]; !slices.Equal(got, []int{n.Of, n.Counted, n.Of - n.Counted}) {
						t.Errorf("%s of %q by %s: %+v, the lists are %v long", r, row.Key, by, n, got)
					}
				}
			}
		}
		cases, err := c.StatisticsCases(t.Context(), supervisor.Person, p)
		check(t, err)
		rows, err := c.Statistics(t.Context(), supervisor.Person, p, store.ByBody, store.Rates)
		check(t, err)
		for i, r := range store.Rates {
			var n store.RateCount
			for _, one := range cases {
				if one.Holds[i] != nil {
					n.Of++
					if *one.Holds[i] {
						n.Counted++
					}
				}
			}
			if sum := rows[len(rows)-1].Counts[i]; n != sum {
				t.Errorf("%s: the cases add up to %+v, the figure is %+v", r, n, sum)
			}
		}
	}
}

// watchFacts compares what is counted of the cases with what the record says, over and over until the function that it returns is called.
func (c *chances) watchFacts(t *testing.T) (done func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended, looks := make(chan error), 0
	go func() {
		for {
			n, err := c.RecountFacts(ctx, nil)
			if n > 0 {
				err = fmt.Errorf("look %d: %d cases were counted wrong", looks, n)
			}
			if err != nil {
				ended <- err
				return
			}
			looks++
			time.Sleep(20 * time.Millisecond)
		}
	}()
	return func() {
		t.Helper()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) || looks == 0 {
			t.Errorf("looked %d times while cases ran: %v", looks, err)
		}
		t.Logf("counted right at %d moments", looks)
	}
}

// recountFacts compares what is counted of each case with what the record says, and has it counted anew where somebody meddled.
func (c *chances) recountFacts(t *testing.T) {
	t.Helper()
	recount := func(want int) {
		t.Helper()
		done := 0
		n, err := c.RecountFacts(t.Context(), func(d, of int) {
			if done = d; of != want {
				t.Errorf("progress speaks of %d cases, want %d", of, want)
			}
		})
		check(t, err)
		if n != want || done != want {
			t.Errorf("%d cases counted anew, %d told of, want %d", n, done, want)
		}
	}
	recount(0)
	for _, meddle := range []string{
		`update case_facts set answered = not answered where case_id in (select case_id from case_facts order by 1 limit 2)`,
		`delete from case_facts where case_id in (select case_id from case_facts order by 1 limit 2)`,
	} {
		_, err := c.sql.Exec(t.Context(), meddle)
		check(t, err)
		breaks, err := c.VerifyRows(t.Context())
		check(t, err)
		if len(breaks) != 2 || breaks[0].Table != "case_facts" {
			t.Errorf("%s: %+v", meddle, breaks)
		}
		recount(2)
		recount(0)
	}
}

// recountGates compares what waits at each gate and what went through, and the days of the replies, with the events.
func (c *chances) recountGates(t *testing.T, all []told) {
	t.Helper()
	from := calendar.NewDate(2026, 3, 1)
	for _, g := range store.Gates {
		var waits, through int
		for _, is := range all {
			if is.stage == proposal.Stage(g) || g == store.PublicationGate && slices.Contains(slices.Collect(maps.Values(is.publications)), "unpublished") {
				waits++
			}
			if slices.ContainsFunc(is.past, func(e store.Event) bool {
				on := e.From == proposal.Stage(g) && e.From.Before(e.To) && e.To != proposal.Withdrawn || g == store.PublicationGate && e.Kind == string(proposal.Publish)
				return on && !calendar.DateOf(e.At).Before(from)
			}) {
				through++
			}
		}
		sizes, err := c.CountTasks(t.Context(), c.ID(proposal.Supervisor), []store.TaskFilter{
			{Box: store.Every, Gate: store.CasesAt(g)}, {Box: store.Every, Gate: store.CasesThrough(g, from)},
		})
		check(t, err)
		if sizes[0] != waits || sizes[1] != through {
			t.Errorf("%s: %d wait and %d went through, the events tell %d and %d", g, sizes[0], sizes[1], waits, through)
		}
	}
	p := store.Period{From: from, To: calendar.NewDate(2026, 7, 1)}
	days, err := c.AnswerDays(t.Context(), c.ID(proposal.Supervisor), store.TaskFilter{}, store.AnsweredRate, p)
	check(t, err)
	want := map[store.AnswerDays]int{}
	for _, is := range all {
		if of, _ := is.reckon(store.AnsweredRate, p, calendar.DateOf(c.now)); of {
			want[store.AnswerDays{Due: is.due, On: is.sent}]++
		}
	}
	for _, d := range days {
		if n := want[store.AnswerDays{Due: d.Due, On: d.On}]; d.N != n {
			t.Errorf("due %s, answered %s: %d cases, the events tell %d", d.Due, d.On, d.N, n)
		}
	}
	f := store.TaskFilter{Box: store.Every, Rate: store.CasesOf(store.AnsweredRate, store.PartOf, p), AnsweredBy: calendar.NewDate(2026, 5, 1)}
	sizes, err := c.CountTasks(t.Context(), c.ID(proposal.Supervisor), []store.TaskFilter{f})
	check(t, err)
	sent := 0
	for d, n := range want {
		if !d.On.IsZero() && !d.On.After(f.AnsweredBy) {
			sent += n
		}
	}
	if len(days) != len(want) || sizes[0] != sent {
		t.Errorf("%d days, want %d; %d answered by %s, want %d", len(days), len(want), sizes[0], f.AnsweredBy, sent)
	}
}

// At which station a case is, Postgres and the rules say alike.
func TestStationsAreThoseOfTheRules(t *testing.T) {
	w := newWorld(t)
	for _, stage := range append(proposal.Stages, proposal.Unregistered) {
		var step proposal.Step
		if err := w.sql.QueryRow(t.Context(), `select station_of($1)`, stage).Scan(&step); err != nil || step != stage.Step() {
			t.Errorf("%q is at %s, not %s: %v", stage, step, stage.Step(), err)
		}
	}
}

// recountAges compares since when each open case is where it is, and how long cases were at each station, with the events.
func (c *chances) recountAges(t *testing.T, all []told) {
	t.Helper()
	p := store.Period{From: calendar.NewDate(2026, 2, 1), To: calendar.NewDate(2026, 5, 31)}
	stays, here := map[store.Stay]int{}, map[proposal.Step][]calendar.Date{}
	for _, is := range all {
		var at proposal.Step
		var since calendar.Date
		ended := false
		for _, e := range is.past {
			ended = e.To.Ended()
			day := e.On
			if day.IsZero() {
				day = calendar.DateOf(e.At)
			}
			if to := e.To.Step(); to != at {
				if at != "" && !day.Before(p.From) && !day.After(p.To) {
					stays[store.Stay{Division: is.lead, Step: at, Arrived: since, Moved: day}]++
				}
				at, since = to, day
			}
		}
		if !ended {
			here[at] = append(here[at], since)
		}
	}
	got, err := c.Stays(t.Context(), p)
	check(t, err)
	for _, y := range got {
		n := y.N
		y.N = 0
		if stays[y] != n {
			t.Errorf("%+v: %d times, the events tell %d", y, n, stays[y])
		}
	}
	if len(got) != len(stays) || len(got) == 0 {
		t.Errorf("%d sorts of stay, the events tell %d", len(got), len(stays))
	}
	ages, err := c.Ages(t.Context(), c.ID(proposal.Supervisor), store.TaskFilter{Box: store.Every})
	check(t, err)
	found := map[proposal.Step][]calendar.Date{}
	for _, a := range ages {
		found[a.Step] = append(found[a.Step], a.Arrived)
	}
	from, to := calendar.NewDate(2026, 3, 1), calendar.NewDate(2026, 4, 30)
	for step, days := range here {
		slices.SortFunc(days, calendar.Date.Compare)
		if !slices.Equal(found[step], days) {
			t.Errorf("%s: cases are there since %v, the events tell %v", step, found[step], days)
		}
		within := len(slices.DeleteFunc(slices.Clone(days), func(d calendar.Date) bool { return d.Before(from) || d.After(to) }))
		sizes, err := c.CountTasks(t.Context(), c.ID(proposal.Supervisor), []store.TaskFilter{{Box: store.Every, Step: step, HereSince: from, HereBy: to}})
		check(t, err)
		if sizes[0] != within {
			t.Errorf("%s: the list of those that came from %s to %s has %d cases, the events tell %d", step, from, to, sizes[0], within)
		}
	}
}

// recountOwed compares by when replies were owed on each day of the past, and which were sent by then, with the events up to that day.
func (c *chances) recountOwed(t *testing.T, all []told) {
	t.Helper()
	got, err := c.OwedSince(t.Context(), nil, calendar.NewDate(2025, 1, 1))
	check(t, err)
	moved, left := 0, 0
	for day := calendar.NewDate(2026, 1, 1); day.Year == 2026; day = day.AddDays(5) {
		found, want := map[store.AnswerDays]int{}, map[store.AnswerDays]int{}
		for _, o := range got {
			if due := o.By(day); !due.IsZero() {
				d := store.AnswerDays{Due: due}
				if o.RepliedBy(day) {
					d.On = o.On
				}
				found[d] += o.N
			}
		}
		for _, is := range all {
			if !slices.Contains([]proposal.HandlingType{proposal.SoleHandling, proposal.LeadHandling, proposal.SplitHandling}, is.handling) {
				continue
			}
			gone := slices.ContainsFunc(is.past, func(e store.Event) bool {
				return (e.To == proposal.Returned || e.To == proposal.Withdrawn) && !calendar.DateOf(e.At).After(day)
			})
			if gone {
				left++
				continue
			}
			d := store.AnswerDays{}
			for i, due := range is.dues {
				if !due.Since.After(day) {
					d.Due = due.Due
					moved += i
				}
			}
			if !is.sent.After(day) {
				d.On = is.sent
			}
			if !d.Due.IsZero() {
				want[d]++
			}
		}
		for d, n := range want {
			if found[d] != n {
				t.Errorf("on %s: due %s, answered %s: %d cases, the events tell %d", day, d.Due, d.On, found[d], n)
			}
		}
		if len(found) != len(want) {
			t.Errorf("on %s: %d days, the events tell %d", day, len(found), len(want))
		}
	}
	if moved == 0 || left == 0 {
		t.Errorf("nothing was extended (%d) or left (%d)", moved, left)
	}
	none, err := c.OwedSince(t.Context(), []proposal.DivisionID{}, calendar.NewDate(2025, 1, 1))
	check(t, err)
	if len(none) > 0 {
		t.Errorf("of no division %d are told", len(none))
	}
}

// untold are the rates of which a bureau does not tell both sides.
func (c *chances) untold(all []told, p store.Period) []store.Rate {
	return slices.DeleteFunc(slices.Clone(store.EveryRate), func(r store.Rate) bool {
		sides := map[bool]bool{}
		for _, is := range all {
			if of, holds := is.reckon(r, p, calendar.DateOf(c.now)); of {
				sides[holds] = true
			}
		}
		return len(sides) == 2
	})
}

// Figures are of the cases that their reader may see.
func TestStatisticsAreOfWhatOneSees(t *testing.T) {
	w := newWorld(t)
	w.at(t, proposal.Answered)
	year := store.Period{From: calendar.NewDate(2026, 1, 1), To: calendar.NewDate(2026, 12, 31)}
	for role, want := range map[proposal.Role]int{proposal.Supervisor: 1, proposal.DivisionHead: 1, fixture.OtherHead: 0} {
		rows, err := w.Statistics(t.Context(), w.Bureau[role].Person, year, store.ByDivision, store.Rates)
		check(t, err)
		if got := rows[len(rows)-1].Counts[0].Of; got != want {
			t.Errorf("the figures of %s are of %d cases, want %d", role, got, want)
		}
	}
	refused(t, func() error {
		_, err := w.CountTasks(t.Context(), w.ID(proposal.Supervisor), []store.TaskFilter{{Box: store.Every, Rate: "in_time.of.2026"}})
		return err
	}(), proposal.InvalidInput)
}

// What was recorded later went through a gate on its official day.
func TestGatesCountTheOfficialDay(t *testing.T) {
	w := newWorld(t)
	id, r := w.registration()
	r.Late = true
	w.do(t, id, w.Register(r))
	w.advance(t, id, proposal.DivisionReview)
	pass := w.Next(t, w.Store, id)
	pass.On = calendar.NewDate(2026, 4, 10)
	w.do(t, id, pass)
	var lists []store.TaskFilter
	for _, from := range []calendar.Date{pass.On, pass.On.AddDays(1)} {
		lists = append(lists, store.TaskFilter{Box: store.Every, Gate: store.CasesThrough(store.Gate(proposal.DivisionReview), from)})
	}
	sizes, err := w.CountTasks(t.Context(), w.ID(proposal.Supervisor), lists)
	check(t, err)
	if !slices.Equal(sizes, []int{1, 0}) {
		t.Errorf("what went through on %s is counted as %v from that day and the next", pass.On, sizes)
	}
	refused(t, func() error {
		_, err := w.CountTasks(t.Context(), w.ID(proposal.Supervisor), []store.TaskFilter{{Box: store.Every, Gate: "drafting"}})
		return err
	}(), proposal.InvalidInput)
}

// A rule pack scores by the figures that the record counts, under the same names.
func TestScoredRatesAreCounted(t *testing.T) {
	var rates []proposal.ScoredRate
	for _, rate := range store.Rates {
		rates = append(rates, proposal.ScoredRate(rate))
	}
	if !slices.Equal(rates, proposal.ScoredRates) {
		t.Errorf("packs may score by %v, the record counts %v", proposal.ScoredRates, rates)
	}
}

// The name of a figure's cases is read back as it was written, whatever the code of a class is.
func TestCasesOfAFigureHaveAName(t *testing.T) {
	p := store.Period{From: calendar.NewDate(2026, 1, 1), To: calendar.NewDate(2026, 12, 31)}
	for _, r := range []store.Rate{store.AnsweredRate, store.ClassRate("A"), store.ClassRate("A.1"), store.ClassRate("甲")} {
		got, part, period, ok := store.CasesOf(r, store.PartMissed, p).Parts()
		if !ok || got != r || part != store.PartMissed || period != p {
			t.Errorf("%s is read as %s %s %v, %t", r, got, part, period, ok)
		}
	}
	for _, f := range []store.RateCases{"", "answered", "counted.2026-01-01.2026-12-31", "nothing.of.2026-01-01.2026-12-31"} {
		if _, _, _, ok := f.Parts(); ok {
			t.Errorf("%q names a figure", f)
		}
	}
}
