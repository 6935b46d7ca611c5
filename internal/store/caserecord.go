package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/banli/banli/internal/heads"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// CaseRecord is the record of one case as it is handed over to be verified without the database. Its events say everything that was said; beside them
// stands what they name by a hash alone: the versions of the reply, attachments, and how the case stood; and what was made of them: its row, its points and
// what corrections put in the place of what. Heads and Key are nothing where no heads are signed.
type CaseRecord struct {
	CaseID      string           `json:"case_id"`
	Count       int              `json:"count"` // of events, as the row of the case promises
	Head        string           `json:"head"`  // hash of the last of them, likewise
	Events      []HashedEvent    `json:"events"`
	Drafts      []HashedDraft    `json:"drafts"`
	Attachments []AttachmentData `json:"attachments"`
	Register    json.RawMessage  `json:"register"` // what the row of the case says of the register
	Points      json.RawMessage  `json:"points"`
	Amendments  []Amended        `json:"amendments"`
	States      []StateAfter     `json:"states"`
	State       json.RawMessage  `json:"state"`   // how the case stands, as its row says
	Columns     json.RawMessage  `json:"columns"` // of the row, which follow from it
	Heads       string           `json:"heads"`   // the file of signed heads as it was then, with those of other cases: without them none could be missed
	Key         string           `json:"key"`     // fingerprint of the key that signed them
}

// HashedDraft is a version of the reply with the hash that was reviewed and signed.
type HashedDraft struct {
	proposal.Draft
	SHA256 string `json:"sha256"`
}

// AttachmentData is the content of an attachment; its name and its kind stand in the event.
type AttachmentData struct {
	ID   string `json:"id"` // of the action that added it
	Data []byte `json:"data"`
}

// Amended is what a correction put in the place of what, as a form shows them.
type Amended struct {
	No    int    `json:"no"` // of its event
	Was   string `json:"was"`
	Value string `json:"value"`
}

// StateAfter is how the case stood after an event.
type StateAfter struct {
	No int `json:"no"`
	keptState
}

// CaseRecord reads the record of a case in one snapshot. An unknown id is a refusal, NotFound.
func (s *Store) CaseRecord(ctx context.Context, id string) (CaseRecord, error) {
	r := CaseRecord{Events: []HashedEvent{}, Drafts: []HashedDraft{}, Attachments: []AttachmentData{}, Amendments: []Amended{}, States: []StateAfter{}}
	id, err := parseID(id)
	if err != nil {
		return r, err
	}
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, chained+` where c.id = $1 order by e.no`, id)
		if err != nil {
			return err
		}
		err = eachChained(rows, func(id string, count int, head string, e HashedEvent) {
			r.CaseID, r.Count, r.Head = id, count, head
			if e.No > 0 {
				e.Input = slices.Clone(e.Input)
				r.Events = append(r.Events, e)
			}
		})
		if err != nil {
			return err
		}
		if r.CaseID == "" {
			return errNotFound
		}
		if err := tx.QueryRow(ctx, `select `+registerRow+`, c.state, `+columnsOfState+` from cases c`+registerColumns+` where c.id = $1`, id).
			Scan(&r.Register, &r.Points, &r.State, &r.Columns); err != nil {
			return err
		}
		if rows, err = tx.Query(ctx, `select event_no, was, value from amendments where case_id = $1 order by event_no`, id); err != nil {
			return err
		}
		if r.Amendments, err = pgx.AppendRows(r.Amendments, rows, pgx.RowToStructByPos[Amended]); err != nil {
			return err
		}
		if rows, err = tx.Query(ctx, `select event_no, at, state from case_states where case_id = $1 order by event_no`, id); err != nil {
			return err
		}
		if r.States, err = pgx.AppendRows(r.States, rows, func(row pgx.CollectableRow) (s StateAfter, err error) {
			return s, row.Scan(&s.No, instant{&s.At}, &s.State)
		}); err != nil {
			return err
		}
		if rows, err = tx.Query(ctx, `
			select version, body, contact_name, contact_phone, answers, class, commitments, openness, ground, reason, sha256
			from drafts where case_id = $1 order by version`, id); err != nil {
			return err
		}
		if r.Drafts, err = pgx.AppendRows(r.Drafts, rows, func(row pgx.CollectableRow) (d HashedDraft, err error) {
			err = row.Scan(&d.Version, &d.Body, &d.ContactName, &d.ContactPhone, &d.Answers, &d.Class, &d.Commitments, &d.Openness, &d.Ground, &d.Reason, &d.SHA256)
			return d, err
		}); err != nil {
			return err
		}
		if rows, err = tx.Query(ctx, `select id::text, data from attachments where case_id = $1 order by uploaded_at, id`, id); err != nil {
			return err
		}
		r.Attachments, err = pgx.AppendRows(r.Attachments, rows, func(row pgx.CollectableRow) (a AttachmentData, err error) {
			err = row.Scan(&a.ID, &a.Data)
			return a, err
		})
		return err
	})
	return r, edge(err)
}

// ReadCaseRecord reads a record that was written as JSON. It refuses what no record has, since nothing would hold it.
func ReadCaseRecord(from io.Reader) (r CaseRecord, err error) {
	decoder := json.NewDecoder(from)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		return r, fmt.Errorf("this is no record of a case: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return r, errors.New("something follows the record of the case")
	}
	if _, err := parseID(r.CaseID); err != nil {
		return r, errors.New("the record says of no case that it is its own")
	}
	if len(r.Register) == 0 {
		return r, errors.New("the record does not say what the register says: an older program wrote it, or somebody took that out")
	}
	return r, nil
}

// Verify does with the record what VerifyChain and VerifyRows do with the whole, as far as one case goes.
func (r CaseRecord) Verify() (ChainReport, []RowBreak) {
	v := verifier{}
	v.next(r.CaseID, r.Count, r.Head)
	for _, e := range r.Events {
		if e.CaseID != r.CaseID && !v.broken {
			v.breaks(v.no+1, Changed)
		}
		v.check(e.Event, e.Hash)
	}
	v.next("", 0, "")
	return v.report, slices.Concat(r.verifyRegister(), r.verifyStates(), r.verifyDrafts(), r.verifyAttachments())
}

func (r CaseRecord) breaks(table, key string, reason RowReason) RowBreak {
	return RowBreak{Table: table, CaseID: r.CaseID, Key: key, Reason: reason}
}

// verifyRegister does for the case what Store.verifyRegister does for all.
func (r CaseRecord) verifyRegister() []RowBreak {
	of := replay{id: r.CaseID, row: string(r.Register), points: string(r.Points)}
	amended := r.Amendments
	for _, e := range r.Events {
		var was, value *string
		if e.Kind == string(proposal.Amend) {
			if len(amended) == 0 || amended[0].No != e.No {
				of.breaks = append(of.breaks, r.breaks("amendments", fmt.Sprint(e.No), RowMissing))
			} else {
				was, value = &amended[0].Was, &amended[0].Value
				amended = amended[1:]
			}
		}
		consulted, before, known := r.reached(e.No)
		of.event(proposal.Kind(e.Kind), e.No, e.At.UnixMicro(), e.Input, was, value, consulted, before, known)
	}
	for _, a := range amended {
		of.breaks = append(of.breaks, r.breaks("amendments", fmt.Sprint(a.No), RowAdded))
	}
	return of.end()
}

// reached says whether the deputy counted as reached after an event and before it, if that was kept.
func (r CaseRecord) reached(no int) (after, before, known bool) {
	i := slices.IndexFunc(r.States, func(s StateAfter) bool { return s.No == no })
	if i < 1 {
		return false, false, false
	}
	var is, was struct {
		Consulted bool `json:"consulted"`
	}
	if json.Unmarshal(r.States[i].State, &is) != nil || json.Unmarshal(r.States[i-1].State, &was) != nil {
		return false, false, false // named where the states are held
	}
	return is.Consulted, was.Consulted, true
}

// verifyStates does for the case what Store.verifyStates does for all.
func (r CaseRecord) verifyStates() []RowBreak {
	of := stood{id: r.CaseID, texts: map[int]string{}}
	states := r.States
	for _, e := range r.Events {
		var told struct {
			Kept kept `json:"kept"`
		}
		if json.Unmarshal(e.Input, &told) != nil {
			continue // its hash does not hold either
		}
		if len(states) > 0 && states[0].No == e.No {
			of.event(e.No, e.At, e.To, told.Kept, &states[0].keptState)
			states = states[1:]
		} else if told.Kept.State != "" {
			of.event(e.No, e.At, e.To, told.Kept, nil)
		}
	}
	for _, s := range states { // also of those that stand in another order
		of.event(s.No, s.At, "", kept{}, &s.keptState)
	}
	of.end(r.State, r.Columns)
	return of.breaks
}

// verifyDrafts holds the versions against the events that saved them, or that put an edited text in the place of the one in review. They have numbers
// from 1 on, without gaps.
func (r CaseRecord) verifyDrafts() (breaks []RowBreak) {
	saved, edited := map[int]string{}, map[string]int{}
	for _, e := range r.Events {
		var said struct {
			Version int             `json:"version"`
			SHA256  string          `json:"sha256"`
			Edited  *proposal.Draft `json:"edited"`
		}
		if json.Unmarshal(e.Input, &said) != nil {
			continue // its hash does not hold either
		}
		switch {
		case e.Kind == proposal.EventSaveDraft:
			saved[said.Version] = said.SHA256
		case said.Edited != nil:
			edited[said.Edited.Body]++
		}
	}
	for i, d := range r.Drafts {
		hash, told := saved[d.Version]
		delete(saved, d.Version)
		if told {
			told = hash == d.SHA256
		} else if told = edited[d.Body] > 0; told {
			edited[d.Body]--
		}
		if reason := wrongDraft(d.Draft, d.SHA256, false, told && d.Version == i+1); reason != "" {
			breaks = append(breaks, r.breaks("drafts", fmt.Sprint(d.Version), reason))
		}
	}
	for _, version := range slices.Sorted(maps.Keys(saved)) {
		breaks = append(breaks, r.breaks("drafts", fmt.Sprint(version), RowMissing))
	}
	for _, n := range edited {
		for range n {
			breaks = append(breaks, r.breaks("drafts", "edited in review", RowMissing))
		}
	}
	return breaks
}

// verifyAttachments holds the content of attachments against the events that added them.
func (r CaseRecord) verifyAttachments() (breaks []RowBreak) {
	added := map[string]string{} // hash by action
	for _, e := range r.Events {
		var file attached
		if e.Kind == proposal.EventAttach && json.Unmarshal(e.Input, &file) == nil {
			added[e.ActionID] = file.SHA256
		}
	}
	for _, a := range r.Attachments {
		hash, told := added[a.ID]
		delete(added, a.ID)
		switch {
		case !told:
			breaks = append(breaks, r.breaks("attachments", a.ID, RowAdded))
		case hash != hashOf(a.Data):
			breaks = append(breaks, r.breaks("attachments", a.ID, RowChanged))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(added)) {
		breaks = append(breaks, r.breaks("attachments", id, RowMissing))
	}
	return breaks
}

// NotAsSigned reports whether a head says something of the case that its record does not hold.
func (r CaseRecord) NotAsSigned(h heads.Head) bool {
	place, named := h.Cases[r.CaseID]
	return named && (place.No < 1 || place.No > len(r.Events) || r.Events[place.No-1].Hash != place.Hash)
}
