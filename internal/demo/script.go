package demo

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

// script is one case of data/cases: what the deputy asks, what the bureau answers, how far it has come and by which detours.
type script struct {
	// As on the register. Body, level, term and session have defaults.
	Number     string                `yaml:"number"`
	Body       assembly.Body         `yaml:"body"`
	Level      assembly.Level        `yaml:"level"`
	Term       int                   `yaml:"term"`
	Session    int                   `yaml:"session"`
	Between    bool                  `yaml:"between"` // 闭会期间
	Title      string                `yaml:"title"`   // without the formula
	Deputy     string                `yaml:"deputy"`
	With       []string              `yaml:"with"`
	Delegation string                `yaml:"delegation"`
	Category   string                `yaml:"category"`
	Handling   proposal.HandlingType `yaml:"handling"`
	Key        bool                  `yaml:"key"` // 重点督办
	Money      bool                  `yaml:"money"`
	Secrecy    bool                  `yaml:"secrecy"`
	LeadUnit   string                `yaml:"lead_unit"` // where ours is the co-handling bureau
	Ours       []int                 `yaml:"ours"`      // of a split case
	Wish       proposal.OpennessWish `yaml:"wish"`
	Why        string                `yaml:"why"` // the suggestion's own reasons

	Division proposal.DivisionID   `yaml:"division"`
	Co       []proposal.DivisionID `yaml:"co"`
	Handler  string                `yaml:"handler"` // login; empty: the case does not come that far

	// When: one of these, or late. Working days from today, of the clock that is named; Assigned is calendar days ago.
	Legal    *int    `yaml:"legal"`
	Internal *int    `yaml:"internal"`
	Assigned *int    `yaml:"assigned"`
	Contact  *int    `yaml:"contact"`
	Named    bool    `yaml:"named"` // the assigning body names the legal due day
	Late     *ledger `yaml:"late"`

	// How far: the stage that the case waits in, and what happened on the way.
	Stage      proposal.Stage `yaml:"stage"`
	Returned   string         `yaml:"returned"` // why the leader in charge returned the routing opinion
	First      *refusal       `yaml:"first"`    // the division that was asked first
	Missed     int            `yaml:"missed"`   // calls that nobody answered
	CallBack   bool           `yaml:"call_back"`
	Waived     string         `yaml:"waived"` // why the consultation was waived
	Words      string         `yaml:"words"`  // what the deputy said
	Draft      bool           `yaml:"draft"`  // a draft is saved, not submitted
	Back       *sendBack      `yaml:"back"`
	ClosedText *closedText    `yaml:"closed_text"` // not to be published
	Claimed    bool           `yaml:"claimed"`

	// Branches.
	Before      proposal.Kind `yaml:"before"`      // the step that is waited for, where the stage alone does not say
	Return      *returning    `yaml:"return"`      // 退件
	Withdrawn   string        `yaml:"withdrawn"`   // 撤案: the letter
	CoWaits     bool          `yaml:"co_waits"`    // the co-handling divisions have been asked and have not answered
	Extend      *extension    `yaml:"extend"`      // 延期
	Urged       string        `yaml:"urged"`       // 催办
	Silent      bool          `yaml:"silent"`      // the deputy never rated
	Unsatisfied []string      `yaml:"unsatisfied"` // what the deputy said of the replies that did not do

	Points  []point     `yaml:"points"`
	Class   string      `yaml:"class"`
	Promise *promise    `yaml:"promise"`
	Reply   []paragraph `yaml:"reply"` // the whole reply, where it is not composed from the points
}

// ledger is what a late registration (补录) brings: official dates. They are given one by one, or follow from three.
type ledger struct {
	Assigned  int `yaml:"assigned"`  // calendar days ago
	Signed    int `yaml:"signed"`    // working days ago
	Published int `yaml:"published"` // working days ago

	AssignedOn calendar.Date                   `yaml:"assigned_on"`
	Dates      map[proposal.Kind]calendar.Date `yaml:"dates"`
	Call       string                          `yaml:"call"` // time of day of the consultation
	Serial     int                             `yaml:"serial"`
}

type refusal struct {
	Division proposal.DivisionID `yaml:"division"`
	Reason   string              `yaml:"reason"`
}

// returning asks the assigning body to take the case back.
type returning struct {
	Reason  string `yaml:"reason"`
	Duty    string `yaml:"duty"`
	Unit    string `yaml:"unit"`
	Verdict string `yaml:"verdict"`
	Granted bool   `yaml:"granted"`
}

// extension asks for a later day; Done says how far that has come.
type extension struct {
	Workdays int           `yaml:"workdays"` // from the legal due day
	Reason   string        `yaml:"reason"`
	Done     proposal.Kind `yaml:"done"` // its last step
}

type sendBack struct {
	From   proposal.Stage `yaml:"from"`
	To     proposal.Stage `yaml:"to"`
	Reason string         `yaml:"reason"`
	Adds   string         `yaml:"adds"` // what the next version adds
}

type closedText struct {
	Ground string `yaml:"ground"`
	Reason string `yaml:"reason"`
}

type point struct {
	Ask    string               `yaml:"ask"`
	Head   string               `yaml:"head"`
	Say    string               `yaml:"say"`
	Status proposal.PointStatus `yaml:"status"`
	Reason string               `yaml:"reason"`
}

type promise struct {
	Text string        `yaml:"text"`
	Days int           `yaml:"days"` // from today
	On   calendar.Date `yaml:"on"`
	Kept string        `yaml:"kept"` // how it was kept
}

// paragraph is a paragraph of a reply and the points that it answers.
type paragraph struct {
	Text string `yaml:"text"`
	For  []int  `yaml:"for"`
}

// scripts are all cases, in the order of their files.
var scripts = sync.OnceValue(func() []*script {
	var all []*script
	dir, err := files.ReadDir("data/cases")
	if err != nil {
		panic(err)
	}
	for _, file := range dir {
		var some []*script
		read("data/cases/"+file.Name(), &some)
		all = append(all, some...)
	}
	for _, c := range all {
		c.complete()
	}
	return all
})

// complete fills in what most cases share: the sitting of the city's assembly in 2026, handled alone, publication agreed to.
func (c *script) complete() {
	if c.Body == "" {
		c.Body = assembly.NPC
	}
	if c.Level == "" {
		c.Level = assembly.CityLevel
	}
	if c.Term == 0 {
		c.Term = map[assembly.Body]int{assembly.NPC: 17, assembly.CPPCC: 16}[c.Body]
	}
	if c.Session == 0 {
		c.Session = 5
	}
	if c.Handling == "" {
		c.Handling = proposal.SoleHandling
	}
	if c.Wish == "" {
		c.Wish = proposal.WishesOpen
	}
}

func (c *script) key() assembly.RegisterKey {
	return assembly.RegisterKey{
		Body: c.Body, Level: c.Level, Term: c.Term, Session: c.Session, Intersession: c.Between, Number: c.Number,
	}
}

// title is the case's own; the scripts leave out the formula that they share.
func (c *script) title() string { return "关于" + c.Title + "的" + c.key().Noun() }

func (c *script) asks() []string {
	var asks []string
	for _, p := range c.Points {
		asks = append(asks, p.Ask)
	}
	return asks
}

// seed varies words and hours from case to case, always in the same way.
func (c *script) seed() int {
	sum := 0
	for _, r := range c.Number + c.Deputy {
		sum = (sum*31 + int(r)) % 100_003
	}
	return sum
}

// pick chooses one of the wordings for this case.
func (c *script) pick(wordings ...string) string {
	return wordings[c.seed()/len(wordings[0])%len(wordings)]
}

// proposer is what kind of body handed the proposal in.
func (c *script) proposer() assembly.ProposerKind {
	switch {
	case strings.HasSuffix(c.Deputy, "委") && c.byGroup():
		return assembly.PartyProposer
	case c.byGroup():
		return assembly.GroupProposer
	}
	return assembly.MemberProposer
}

// byGroup reports whether a party, group or sector handed the proposal in, not a person.
func (c *script) byGroup() bool {
	return slices.ContainsFunc([]string{"委", "组", "界"}, func(tail string) bool { return strings.HasSuffix(c.Deputy, tail) })
}

// phone is the deputy's, made up.
func (c *script) phone() string { return fmt.Sprintf("139 0000 %04d", c.seed()%10_000) }
