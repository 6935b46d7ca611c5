package api

import (
	"encoding/json"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/locale"
)

// The API's own types. A field without omitempty or omitzero is always there.

// Person is a person of the bureau, named in the reader's language.
type Person struct {
	ID   proposal.PersonID `json:"id"`
	Name string            `json:"name"`
}

// Division is a division, named in the reader's language.
type Division struct {
	Code proposal.DivisionID `json:"code"`
	Name string              `json:"name"`
}

// Task is one thing that a case asks for.
type Task struct {
	Ask       proposal.Ask        `json:"ask"`           // the stage, or what a strand waits for
	Ref       string              `json:"ref,omitempty"` // of the strand
	Due       calendar.Date       `json:"due,omitzero"`
	Role      proposal.Role       `json:"role"`
	Division  proposal.DivisionID `json:"division,omitempty"`
	Person    proposal.PersonID   `json:"person,omitempty"` // whose it is by name
	ClaimedBy *Person             `json:"claimed_by,omitempty"`
	ClaimedAt time.Time           `json:"claimed_at,omitzero"`
	OpenedAt  time.Time           `json:"opened_at"`
	MayClaim  bool                `json:"may_claim"` // the caller
}

// CaseRow is a case as lists show it.
type CaseRow struct {
	ID             string               `json:"id"`
	Key            assembly.RegisterKey `json:"key"`
	NumberName     string               `json:"number_name"`
	Title          string               `json:"title"`
	Subject        string               `json:"subject"`
	LeadDeputy     string               `json:"lead_deputy"`
	Late           bool                 `json:"late"` // entered after the fact
	Stage          proposal.Stage       `json:"stage"`
	Step           proposal.Step        `json:"step"`
	Lead           *Division            `json:"lead,omitempty"`
	Handler        *Person              `json:"handler,omitempty"`
	AssignedOn     calendar.Date        `json:"assigned_on"`
	ReplyDue       calendar.Date        `json:"reply_due,omitzero"`
	Due            calendar.Date        `json:"due,omitzero"` // of the earliest clock that still runs
	DueClock       proposal.ClockKind   `json:"due_clock,omitempty"`
	Overdue        bool                 `json:"overdue"`
	RungAt         time.Time            `json:"rung_at,omitzero"` // when running out was recorded
	LastAt         time.Time            `json:"last_at"`
	ReturnedFrom   proposal.Stage       `json:"returned_from,omitempty"`
	DocumentNumber string               `json:"document_number,omitempty"`
	Round          int                  `json:"round"`
	Masked         bool                 `json:"masked"`         // the caller may not know who the deputies are
	Task           *Task                `json:"task,omitempty"` // the one that the row is about
	Tasks          []Task               `json:"tasks"`
}

// CaseList is a page of cases.
type CaseList struct {
	Items []CaseRow `json:"items"`
	Next  string    `json:"next,omitempty"` // give it as after to read on
}

// TaskList is a page of one box of a desk.
type TaskList struct {
	Box   store.Box `json:"box"`
	Total int       `json:"total"`
	Items []CaseRow `json:"items"`
	Next  string    `json:"next,omitempty"`
}

// Point is one point of a suggestion.
type Point struct {
	No        int    `json:"no"`
	Text      string `json:"text"`
	Confirmed bool   `json:"confirmed"`
}

// Attempt is one attempt to reach the deputy.
type Attempt struct {
	No int `json:"no"` // by which correct_contact names it
	proposal.Consultation
	By Person `json:"by"`
}

// Version is a saved version of the reply.
type Version struct {
	Version int       `json:"version"`
	SHA256  string    `json:"sha256"`
	SavedBy Person    `json:"saved_by"`
	SavedAt time.Time `json:"saved_at"`
}

// Offer is something that the caller may do to the case now.
type Offer struct {
	Kind   proposal.Kind         `json:"kind"`
	To     []proposal.Stage      `json:"to"`               // where it may lead
	Side   bool                  `json:"side"`             // beside the main way
	Ref    string                `json:"ref,omitempty"`    // of the strand that it is about: input.ref of the action
	Status proposal.StrandStatus `json:"status,omitempty"` // of that strand
	For    proposal.PersonID     `json:"for,omitempty"`    // whom the caller would act for: for of the action
}

// Case is one case.
type Case struct {
	CaseRow
	State proposal.State `json:"state"`
	proposal.Described
	CoSigners     []string              `json:"co_signers"`
	Text          string                `json:"text"`
	HandlingType  proposal.HandlingType `json:"handling_type"`
	KeySupervised bool                  `json:"key_supervised"`
	Money         bool                  `json:"money"`
	Secrecy       bool                  `json:"secrecy"`
	Wish          proposal.OpennessWish `json:"wish"`
	RegisteredAt  time.Time             `json:"registered_at"`
	Points        []Point               `json:"points"`
	Consultations []Attempt             `json:"consultations"`
	Versions      []Version             `json:"versions"` // newest first
	Draft         *proposal.Draft       `json:"draft,omitempty"`
	Published     bool                  `json:"published"`
	Opinions      []Opinion             `json:"opinions"`
	Feedback      []Rating              `json:"feedback"`
	RatedBeside   []RatingBeside        `json:"co_signer_feedback"` // of each on each round the newest
	Commitments   []Commitment          `json:"commitments"`
	Editions      []Edition             `json:"editions"` // newest first
	Group         []GroupMember         `json:"group"`    // researched together
	Offers        []Offer               `json:"offers"`
}

// Opinion is a co-opinion as it stands. Its status is that of its strand in state.
type Opinion struct {
	Ref      string `json:"ref"`
	Unit     string `json:"unit"`
	Round    int    `json:"round"`
	Question string `json:"question"`
	Points   []int  `json:"points"` // none: all
	Text     string `json:"text,omitempty"`
	Figures  string `json:"figures,omitempty"`
	Contact  string `json:"contact,omitempty"`
	Publish  bool   `json:"publish"`
}

// Rating is what the deputy said of one round.
type Rating struct {
	Round    int                     `json:"round"`
	Source   proposal.FeedbackSource `json:"source"`
	Attitude proposal.Rating         `json:"attitude"`
	Result   proposal.Rating         `json:"result"`
	Words    string                  `json:"words,omitempty"`
	At       time.Time               `json:"at"`
}

// RatingBeside is what one who signed besides the lead said of one round.
type RatingBeside struct {
	CoSigner string `json:"co_signer"`
	Rating
}

// Commitment is what a reply promised.
type Commitment struct {
	Ref   string        `json:"ref"`
	Text  string        `json:"text"`
	DueOn calendar.Date `json:"due_on"` // as promised; its clock in state says by when it is due now
}

// Edition is an edition of the public text.
type Edition struct {
	Edition     int           `json:"edition"`
	Round       int           `json:"round"`
	Version     int           `json:"version"`
	PublishedOn calendar.Date `json:"published_on"`
	Note        string        `json:"note,omitempty"`
	TakenDownAt time.Time     `json:"taken_down_at,omitzero"`
	Reason      string        `json:"reason,omitempty"`
}

// GroupMember is another case of a group.
type GroupMember struct {
	ID         string         `json:"id"`
	NumberName string         `json:"number_name"`
	Subject    string         `json:"subject"`
	Stage      proposal.Stage `json:"stage"`
	Leads      bool           `json:"leads"`
}

// Event is one line of a case's record.
type Event struct {
	No    int               `json:"no"`
	Kind  string            `json:"kind"`
	By    *Person           `json:"by,omitempty"`  // absent: a clock
	For   proposal.PersonID `json:"for,omitempty"` // whom they covered for
	At    time.Time         `json:"at"`
	On    calendar.Date     `json:"on,omitzero"` // official date, of a late registration
	From  proposal.Stage    `json:"from"`
	To    proposal.Stage    `json:"to"`
	Input json.RawMessage   `json:"input,omitempty"` // absent for who may not see what was said
	Hash  string            `json:"hash"`
}

// EventList is a case's whole record.
type EventList struct {
	Items []Event `json:"items"`
}

// Position is where an action left a case.
type Position struct {
	Case   string             `json:"case"`
	Stage  proposal.Stage     `json:"stage"`
	Seq    int                `json:"seq"`
	Clock  proposal.ClockKind `json:"clock,omitempty"` // that rings next
	RingAt time.Time          `json:"ring_at,omitzero"`
}

func personOf(w *locale.Words, id proposal.PersonID, name store.Name) *Person {
	if id == "" {
		return nil
	}
	return &Person{id, w.Name(name)}
}

func (s *Room) caseRow(call *Call, c store.CaseRow) CaseRow {
	row := CaseRow{
		ID: c.CaseID, Key: c.Key, NumberName: c.Key.NumberName(), Title: c.Title, Subject: c.Subject,
		LeadDeputy: c.LeadDeputy, Late: c.Late, Stage: c.Stage, Step: c.Stage.Step(),
		Handler:    personOf(call.words, c.Handler, c.HandlerName),
		AssignedOn: c.AssignedOn, ReplyDue: c.ReplyDue, Due: c.Due, DueClock: c.DueClock,
		Overdue: !c.Due.IsZero() && c.Due.Before(calendar.DateOf(s.Now())), RungAt: c.Rung, LastAt: c.LastAt,
		ReturnedFrom: c.ReturnedFrom, DocumentNumber: c.Number,
	}
	if c.Lead != "" {
		row.Lead = &Division{c.Lead, call.words.Name(c.LeadName)}
	}
	row.Round, row.Masked, row.Tasks = c.Round, c.Masked, []Task{}
	for _, t := range c.Tasks {
		row.Tasks = append(row.Tasks, taskOf(call, t))
	}
	if c.Task != nil {
		t := taskOf(call, *c.Task)
		row.Task = &t
	}
	return row
}

func taskOf(call *Call, t store.Task) Task {
	return Task{
		Ask: t.Ask, Ref: t.Ref, Due: t.Due, Role: t.Role, Division: t.Division, Person: t.Person,
		ClaimedBy: personOf(call.words, t.ClaimedBy, t.ClaimedName), ClaimedAt: t.ClaimedAt, OpenedAt: t.OpenedAt,
		MayClaim: t.ClaimedBy == "" && t.Rules().MayClaim(call.who.Person),
	}
}

func (s *Room) caseRows(call *Call, cases []store.CaseRow) []CaseRow {
	rows := []CaseRow{}
	for _, c := range cases {
		rows = append(rows, s.caseRow(call, c))
	}
	return rows
}
