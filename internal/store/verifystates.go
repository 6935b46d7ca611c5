package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// canonical is JSON in one form, whatever wrote it: Postgres keeps the members of an object in an order of its own.
func canonical(data []byte) (text string, members map[string]any, err error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&members); err != nil {
		return "", nil, fmt.Errorf("read what was kept: %w", err)
	}
	encoded, err := json.Marshal(members)
	return string(encoded), members, err
}

// stateHash is the hash of how a case stands, as its event tells it. It is of what is written there, not of what this program reads in it, so that it
// still holds when a state has members of which this program knows nothing yet or nothing any more.
func stateHash(state []byte) (string, error) {
	text, _, err := canonical(state)
	return hashOf([]byte(text)), err
}

// keptState is a row of case_states.
type keptState struct {
	At    time.Time       `json:"at"`
	State json.RawMessage `json:"state"`
}

// stood follows how a case stood after each of its events, and says at its end what is not as they tell.
type stood struct {
	id     string
	told   bool           // an event told it; each that moves the case does from then on
	last   kept           // of the last event after which it is known how the case stood
	texts  map[int]string // how it stood after how many actions
	now    string         // the last of them
	states []json.RawMessage
	breaks []RowBreak
}

func (s *stood) wrong(table, key string, reason RowReason) {
	s.breaks = append(s.breaks, RowBreak{Table: table, CaseID: s.id, Key: key, Reason: reason})
}

// event is the next event that moved the case, or of which a row says that it did; row is nil if there is none, to is "" if there is no event.
func (s *stood) event(no int, at time.Time, to proposal.Stage, tells kept, row *keptState) {
	key := fmt.Sprint(no)
	told := s.told
	s.told = told || tells.State != ""
	if row == nil {
		if tells.State != "" {
			s.wrong("case_states", key, RowMissing)
			s.last, s.now = tells, ""
		}
		return
	}
	text, members, err := canonical(row.State)
	switch {
	case to == "" || told && tells.State == "":
		s.wrong("case_states", key, RowAdded)
		return
	case err != nil, !at.Equal(row.At), members["stage"] != string(to), tells.State != "" && tells.State != hashOf([]byte(text)):
		s.wrong("case_states", key, RowChanged)
	}
	s.last, s.now = tells, text
	s.states = append(s.states, row.State)
	if seq, ok := members["seq"].(json.Number); ok {
		no, _ := seq.Int64()
		s.texts[int(no)] = text
	}
}

// end holds the row of the case against the last of them: how it stands, to what a recall would take it back, and the columns that follow from it.
func (s *stood) end(state, columns []byte) {
	_, members, err := canonical(state)
	prior, has := members["prior"]
	delete(members, "prior")
	now, _ := json.Marshal(members) // it was read
	if err != nil || s.now != "" && string(now) != s.now || !s.hasPrior(prior, has) || !s.columns(state, columns) {
		s.wrong("cases", "", RowChanged)
	}
}

// hasPrior reports whether a recall would take the case back to where it stood, as the last event tells.
func (s *stood) hasPrior(prior any, has bool) bool {
	if s.now == "" {
		return true // not known
	}
	text, _ := json.Marshal(prior)
	if s.last.State != "" {
		return has == (s.last.Prior > 0) && (!has || s.texts[s.last.Prior] == string(text))
	}
	if !has {
		return true
	}
	for _, stood := range s.texts {
		if stood == string(text) {
			return true
		}
	}
	return false
}

// columns reports whether columns are what the state says. Two due dates outlive their clock.
func (s *stood) columns(state, columns []byte) bool {
	var is proposal.State
	if json.Unmarshal(state, &is) != nil {
		return false
	}
	want := stateColumns(is)
	for i := len(s.states) - 1; i >= 0 && (want["reply_due"] == nil || want["internal_due"] == nil); i-- {
		var was proposal.State
		if json.Unmarshal(s.states[i], &was) != nil {
			return false
		}
		for _, due := range []string{"reply_due", "internal_due"} {
			if want[due] == nil {
				want[due] = stateColumns(was)[due]
			}
		}
	}
	for name, value := range want {
		if at, ok := value.(time.Time); ok {
			want[name] = at.UTC().Format(microseconds)
		}
	}
	return same(string(columns), want)
}

// microseconds is the layout of an instant as it is held against a row.
const microseconds = "2006-01-02 15:04:05.000000"

// columnsOfState are the columns of a case that follow from how it stands.
const columnsOfState = `jsonb_build_object('stage', stage, 'seq', seq, 'round', round, 'finished', finished,
		'key_supervised', key_supervised, 'money', money, 'secrecy', secrecy, 'cleared', cleared, 'merged_with', merged_with,
		'lead_division', lead_division, 'co_handling', co_handling, 'handler', handler, 'reply_due', reply_due, 'internal_due', internal_due,
		'due', nullif(due, 'infinity'), 'due_clock', due_clock, 'rung_at', to_char(rung_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
		'returned_from', returned_from, 'last_by', last_by, 'last_at', to_char(last_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
		'last_kind', last_kind, 'document_number', document_number, 'closed_on', closed_on)`

// statesOf are the events that tell how a case stood, or of which that is kept; at the end of each case comes its row.
const statesOf = `
	select coalesce(e.case_id, k.case_id)::text as id, coalesce(e.no, k.event_no) as no, e.at, coalesce(e.to_stage, ''), coalesce(e.input -> 'kept', '{}'),
		k.at, k.state, null::jsonb
	from events e full join case_states k on k.case_id = e.case_id and k.event_no = e.no
	where k.case_id is not null or e.input -> 'kept' -> 'state' is not null
	union all
	select id::text, null, null, '', '{}', null, state, ` + columnsOfState + `
	from cases
	order by id, no nulls last`

// verifyStates holds how the cases stood after each event, and stand now, against what the events tell of it.
func (s *Store) verifyStates(ctx context.Context) (breaks []RowBreak, err error) {
	rows, err := s.pool.Query(ctx, statesOf)
	if err != nil {
		return nil, edge(err)
	}
	var c stood
	var id string
	var no *int
	var at time.Time
	var to proposal.Stage
	var tells, state, columns []byte
	var row keptState
	_, err = pgx.ForEachRow(rows, []any{&id, &no, instant{&at}, &to, &tells, instant{&row.At}, &state, &columns}, func() error {
		if id != c.id {
			breaks = append(breaks, c.breaks...)
			c = stood{id: id, texts: map[int]string{}}
		}
		if no == nil {
			c.end(state, columns)
			return nil
		}
		var k kept
		if err := json.Unmarshal(tells, &k); err != nil {
			return nil // its hash does not hold either
		}
		if state == nil {
			c.event(*no, at, to, k, nil)
			return nil
		}
		row.State = bytes.Clone(state)
		c.event(*no, at, to, k, &row)
		return nil
	})
	return append(breaks, c.breaks...), edge(err)
}
