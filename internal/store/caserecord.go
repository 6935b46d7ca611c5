package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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
// stands what they name by a hash alone: the versions of the reply, and attachments. Heads and Key are nothing where no heads are signed.
type CaseRecord struct {
	CaseID      string           `json:"case_id"`
	Count       int              `json:"count"` // of events, as the row of the case promises
	Head        string           `json:"head"`  // hash of the last of them, likewise
	Events      []HashedEvent    `json:"events"`
	Drafts      []HashedDraft    `json:"drafts"`
	Attachments []AttachmentData `json:"attachments"`
	Heads       string           `json:"heads"` // the file of signed heads as it was then, with those of other cases: without them none could be missed
	Key         string           `json:"key"`   // fingerprint of the key that signed them
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

// CaseRecord reads the record of a case in one snapshot. An unknown id is a refusal, NotFound.
func (s *Store) CaseRecord(ctx context.Context, id string) (CaseRecord, error) {
	r := CaseRecord{Events: []HashedEvent{}, Drafts: []HashedDraft{}, Attachments: []AttachmentData{}}
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
	return v.report, append(r.verifyDrafts(), r.verifyAttachments()...)
}

func (r CaseRecord) breaks(table, key string, reason RowReason) RowBreak {
	return RowBreak{Table: table, CaseID: r.CaseID, Key: key, Reason: reason}
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
		sum := sha256.Sum256(a.Data)
		delete(added, a.ID)
		switch {
		case !told:
			breaks = append(breaks, r.breaks("attachments", a.ID, RowAdded))
		case hash != hex.EncodeToString(sum[:]):
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
