package store

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/chinese"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// registered is what the events of a case say of its columns in the register, under the names of the columns.
type registered struct {
	assembly.RegisterKey
	Title         string                `json:"title"`
	Subject       string                `json:"subject"`
	Described     proposal.Described    `json:"described"`
	LeadDeputy    string                `json:"lead_deputy"`
	CoSigners     []string              `json:"co_signers"`
	DeputyContact string                `json:"deputy_contact"`
	SecondContact string                `json:"second_contact"`
	Text          string                `json:"original_text"`
	HandlingType  proposal.HandlingType `json:"handling_type"`
	Wish          proposal.OpennessWish `json:"wish"`
	Late          bool                  `json:"late"`
	AssignedOn    calendar.Date         `json:"assigned_on"`
	RegisteredAt  int64                 `json:"registered_at"` // in microseconds, as Postgres keeps it
}

// point is a point of a case as a row keeps it.
type point struct {
	Text      string `json:"text"`
	Confirmed bool   `json:"confirmed"`
}

// registerRow is what the register says of case c: its row, and its points.
const (
	registerRow = `to_jsonb(r) || jsonb_build_object('registered_at', (extract(epoch from c.registered_at) * 1000000)::bigint),
		coalesce((select jsonb_agg(jsonb_build_object('no', no, 'text', text, 'confirmed', confirmed) order by no) from points where case_id = c.id), '[]')`
	registerColumns = `
	cross join lateral (
		select c.body, c.level, c.term, c.session, c.intersession, c.number, c.title, c.subject, c.described, c.lead_deputy, c.co_signers,
			c.deputy_contact, c.second_contact, c.original_text, c.handling_type, c.wish, c.late, c.assigned_on) r`
)

// registerOf are the rows of the register and its points, each with the events that say what stands in them. Whether the points are still confirmed once
// a talk was corrected is for the rules to say: it is taken from how the case stood.
const registerOf = `
	select c.id::text, ` + registerRow + `,
		e.no, e.kind, (extract(epoch from e.at) * 1000000)::bigint, e.input, m.was, m.value,
		coalesce(k.state -> 'consulted', 'false')::boolean, coalesce(b.state -> 'consulted', 'false')::boolean, b.state is not null
	from cases c` + registerColumns + `
	join events e on e.case_id = c.id and e.kind in ('register', 'amend', 'contact', 'correct_contact', 'reopen')
	left join amendments m on m.case_id = e.case_id and m.event_no = e.no
	left join case_states k on e.kind = 'correct_contact' and k.case_id = e.case_id and k.event_no = e.no
	left join lateral (
		select state from case_states where case_id = k.case_id and event_no < k.event_no order by event_no desc limit 1) b on true
	order by c.id, e.no`

// replay follows what the events of one case say of the register.
type replay struct {
	id, row, points string
	is              proposal.RegisterRow
	assigned        calendar.Date // as the row has it: a case that is assigned again keeps its day until something is corrected
	at              int64
	confirmed       []bool
	unsure          bool // whether the points are confirmed: how the case stood was not kept
	breaks          []RowBreak
}

// verifyRegister says anew, from its registration, its corrections and the talks, what the register says of each case: the columns of the row, the points
// and what each correction put in the place of what.
func (s *Store) verifyRegister(ctx context.Context) (breaks []RowBreak, err error) {
	rows, err := s.pool.Query(ctx, registerOf)
	if err != nil {
		return nil, edge(err)
	}
	var r replay
	var id, kind string
	var row, points, input []byte
	var no int
	var at int64
	var was, value *string
	var consulted, before, known bool
	_, err = pgx.ForEachRow(rows, []any{&id, &row, &points, &no, &kind, &at, &input, &was, &value, &consulted, &before, &known}, func() error {
		if id != r.id {
			breaks = append(breaks, r.end()...)
			r = replay{id: id, row: string(row), points: string(points)}
		}
		r.event(proposal.Kind(kind), no, at, input, was, value, consulted, before, known)
		return nil
	})
	return append(breaks, r.end()...), edge(err)
}

// event is the next event that the register may have followed. was and value are what its correction keeps, nil for none; consulted, before and known say of
// a talk that was corrected whether the deputy counted as reached after and before it, if that was kept.
func (r *replay) event(kind proposal.Kind, no int, at int64, input []byte, was, value *string, consulted, before, known bool) {
	switch in := proposal.NewInput(kind).(type) {
	case *proposal.Registration:
		if json.Unmarshal(input, in) == nil {
			r.register(in, at)
		}
	case *proposal.Amendment:
		if json.Unmarshal(input, in) == nil {
			r.amend(in, no, input, was, value)
		}
	case *proposal.Consultation:
		if json.Unmarshal(input, in) == nil && in.Outcome == proposal.ContactReached {
			r.is.Points, r.is.Wish, r.confirmed, r.unsure = in.Points, in.Wish, in.Confirmed(), false
		}
	case *proposal.ContactCorrection:
		switch {
		case !known:
			r.unsure = true
		case consulted != before:
			for i := range r.confirmed {
				r.confirmed[i] = consulted
			}
		}
	case *proposal.Reopening:
		if json.Unmarshal(input, in) == nil && !in.AssignedOn.IsZero() {
			r.is.AssignedOn = in.AssignedOn
		}
	}
}

func (r *replay) register(in *proposal.Registration, at int64) {
	r.is.Registration, r.assigned, r.at = *in, in.AssignedOn, at
	r.is.Title = assembly.TitleAsAssigned(in.Title)
	r.is.LeadDeputy, r.is.CoSigners, r.is.Points = chinese.FoldName(in.LeadDeputy), foldNames(in.CoSigners), in.PointTexts()
	r.confirmed = make([]bool, len(r.is.Points))
}

// fromState are the facts that the state of a case says, which other actions change too: what one was stands in the event since it is told there.
var fromState = []proposal.Fact{
	proposal.FactAssignedOn, proposal.FactHandling, proposal.FactKey, proposal.FactMoney, proposal.FactSecrecy, proposal.FactOurs, proposal.FactDueOn,
	proposal.FactInternalDue, proposal.FactDispatchedOn,
}

func (r *replay) amend(in *proposal.Amendment, no int, input []byte, was, value *string) {
	var told struct {
		Kept kept `json:"kept"`
	}
	_ = json.Unmarshal(input, &told) // it was read before
	before := r.is.Says(in.Fact)
	if told.Kept.Was != nil {
		before = *told.Kept.Was
	} else if was != nil && (slices.Contains(fromState, in.Fact) || in.Fact.OfArchive()) {
		before = *was
	}
	points := r.is.Points
	r.is.Correct(in.Fact, in.Value)
	r.assigned = r.is.AssignedOn
	saidNow := r.is.Says(in.Fact)
	r.is.Title = assembly.TitleAsAssigned(r.is.Title)
	if was != nil && (*was != before || *value != saidNow) { // one that is missing is named by its event
		r.breaks = append(r.breaks, RowBreak{Table: "amendments", CaseID: r.id, Key: fmt.Sprint(no), Reason: RowChanged})
	}
	if in.Fact != proposal.FactPoints {
		return
	}
	confirmed := make([]bool, len(r.is.Points))
	for i, text := range r.is.Points {
		for j, old := range points {
			confirmed[i] = confirmed[i] || old == text && r.confirmed[j]
		}
	}
	r.confirmed = confirmed
}

// end says what of the row and the points is not as the events have it.
func (r *replay) end() []RowBreak {
	if r.id == "" {
		return nil
	}
	key := r.is.RegisterKey.Canonical()
	want := registered{
		key, assembly.TitleAsAssigned(r.is.Title), assembly.BareSubject(r.is.Title), r.is.Described, r.is.LeadDeputy, notNil(r.is.CoSigners),
		r.is.DeputyContact, r.is.SecondContact, r.is.Text, r.is.HandlingType, r.is.Wish, r.is.Late, r.assigned, r.at,
	}
	if !same(r.row, want) {
		r.breaks = append(r.breaks, RowBreak{Table: "cases", CaseID: r.id, Reason: RowChanged})
	}
	type numbered struct {
		No int `json:"no"`
		point
	}
	points := []numbered{}
	for i, text := range r.is.Points {
		points = append(points, numbered{i + 1, point{text, r.confirmed[i]}})
	}
	got := r.points
	if r.unsure {
		var kept []numbered
		if json.Unmarshal([]byte(got), &kept) == nil && len(kept) == len(points) {
			for i := range points {
				points[i].Confirmed = kept[i].Confirmed
			}
		}
	}
	if !same(got, points) {
		r.breaks = append(r.breaks, RowBreak{Table: "points", CaseID: r.id, Reason: RowChanged})
	}
	return r.breaks
}

// same reports whether JSON says what a value says, in whatever order.
func same(got string, want any) bool {
	encoded, err := json.Marshal(want)
	var a, b any
	return err == nil && json.Unmarshal([]byte(got), &a) == nil && json.Unmarshal(encoded, &b) == nil && reflect.DeepEqual(a, b)
}
