package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// DraftInfo is a saved version without its text.
type DraftInfo struct {
	Version int
	SHA256  string
	SavedBy proposal.PersonID
	SavedAt time.Time
}

// SavedDraft is a saved version of a reply.
type SavedDraft struct {
	DraftInfo
	Draft proposal.Draft
}

// savedVersion is what a save_draft event says, and what a repeated save answers.
type savedVersion struct {
	Version int    `json:"version"`
	SHA256  string `json:"sha256"`
}

// SaveDraft saves a new version of a reply, written on top of version base (0: none). The text of the latest version makes
// no new one. Refusals: InvalidInput; NotInStage unless the case is being drafted; Forbidden unless by its handler or who covers for them;
// StaleForm with By and At if somebody else has saved a version above base.
func (s *Store) SaveDraft(ctx context.Context, caseID string, by proposal.PersonID, actionID string, base int, d proposal.Draft) (SavedDraft, error) {
	return s.SaveTyped(ctx, caseID, by, actionID, TypedDraft{Base: base, Draft: d})
}

// SaveTyped is SaveDraft by an editor: the working copy that the editor knows of is then held by the version.
func (s *Store) SaveTyped(ctx context.Context, caseID string, by proposal.PersonID, actionID string, t TypedDraft) (SavedDraft, error) {
	if err := checkDraft(t.Draft); err != nil {
		return SavedDraft{}, err
	}
	var saved SavedDraft
	err := s.plain(ctx, by, caseID, actionID, func(l *lockedCase) error {
		var before savedVersion
		done, err := l.repeated(proposal.EventSaveDraft, &before)
		if err != nil {
			return err
		}
		if done {
			if before.SHA256 != t.Draft.SHA256() {
				return &proposal.Refusal{Code: proposal.SentOtherwise}
			}
			saved, err = l.draft(ctx, before.Version)
			return err
		}
		if err := l.mayDraft(); err != nil {
			return err
		}
		if err := l.leavesSomebody(ctx); err != nil {
			return err
		}
		if saved, err = l.cut(ctx, t.Base, t.Draft, actionID); err != nil {
			return err
		}
		return l.settleWork(ctx, saved, t)
	})
	if err != nil {
		return SavedDraft{}, err
	}
	return saved, nil
}

// mayDraft refuses those who may not write the reply, and everybody while it is not being written.
func (l *lockedCase) mayDraft() error {
	switch {
	case l.state.Handler != l.actor.ID && !covers(l.actor, l.state.Handler):
		if l.state.Stage != proposal.Drafting {
			return l.acted(proposal.NotInStage)
		}
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler}
	case l.state.Stage != proposal.Drafting:
		return l.acted(proposal.NotInStage)
	}
	return nil
}

// cut makes a version of a draft that was written on top of base. The text of the latest version makes no new one.
func (l *lockedCase) cut(ctx context.Context, base int, d proposal.Draft, actionID string) (SavedDraft, error) {
	latest, err := l.draft(ctx, latestVersion)
	if err != nil {
		return SavedDraft{}, err
	}
	if latest.SHA256 == d.SHA256() {
		return latest, nil
	}
	theirs, err := l.theirs(ctx, base)
	if err != nil {
		return SavedDraft{}, err
	}
	if theirs.Version != 0 {
		return SavedDraft{}, &proposal.Refusal{Code: proposal.StaleForm, By: theirs.SavedBy, At: theirs.SavedAt, Stage: l.state.Stage}
	}
	return l.cutOnTop(latest, d, actionID)
}

// cutOnTop makes a version above the latest, unless it has the same text.
func (l *lockedCase) cutOnTop(latest SavedDraft, d proposal.Draft, actionID string) (SavedDraft, error) {
	hash := d.SHA256()
	if latest.SHA256 == hash {
		return latest, nil
	}
	d.Version = latest.Version + 1
	saved := SavedDraft{DraftInfo{d.Version, hash, l.actor.ID, l.now().UTC().Truncate(time.Microsecond)}, d}
	return saved, l.saveDraft(saved, actionID)
}

// theirs is the newest version above base that somebody else saved; its version is 0 if there is none.
func (l *lockedCase) theirs(ctx context.Context, base int) (d DraftInfo, err error) {
	err = l.conn.QueryRow(ctx, `
		select version, sha256, saved_by::text, saved_at from drafts
		where case_id = $1 and version > $2 and saved_by <> $3 order by version desc limit 1`, l.id, base, l.actor.ID).
		Scan(&d.Version, &d.SHA256, &d.SavedBy, instant{&d.SavedAt})
	return d, optional(err)
}

// covers reports whether the person acts for the other today.
func covers(p proposal.Person, other proposal.PersonID) bool {
	_, ok := p.As(other)
	return ok
}

// checkDraft adds to the rules' check what only the table knows.
func checkDraft(d proposal.Draft) error {
	if d.Openness != "" && !slices.Contains(proposal.Opennesses, d.Openness) {
		return invalid("openness", proposal.UnknownValue)
	}
	return d.Check()
}

func (l *lockedCase) saveDraft(saved SavedDraft, actionID string) error {
	version := savedVersion{saved.Version, saved.SHA256}
	e, err := l.event(proposal.EventSaveDraft, l.actor.ID, actionID, version, saved.SavedAt)
	if err != nil {
		return err
	}
	if err := l.insertDraft(saved); err != nil {
		return err
	}
	return l.appendEvent(e, version)
}

func (l *lockedCase) insertDraft(saved SavedDraft) error {
	d := saved.Draft
	answers, err := json.Marshal(d.Answers)
	if err != nil {
		return fmt.Errorf("encode answers: %w", err)
	}
	commitments, err := json.Marshal(d.Commitments)
	if err != nil {
		return fmt.Errorf("encode commitments: %w", err)
	}
	l.write.Queue(`
		insert into drafts (case_id, version, body, contact_name, contact_phone, answers, class, commitments, openness, ground,
			reason, sha256, saved_by, saved_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		l.id, saved.Version, d.Body, d.ContactName, d.ContactPhone, answers, d.Class, commitments, d.Openness, d.Ground,
		d.Reason, saved.SHA256, saved.SavedBy, saved.SavedAt)
	return nil
}

// latestVersion asks queueDraft for the newest version.
const latestVersion = 0

// queueDraft asks for one version of a draft; found is called if there is one.
func queueDraft(b *pgx.Batch, caseID string, version int, found func(SavedDraft)) {
	queueDraftIn(b, `case_id = $1 and ($2 = 0 or version = $2)`, found, caseID, version)
}

// queueDraftIn asks for the newest of the versions that the condition picks.
func queueDraftIn(b *pgx.Batch, where string, found func(SavedDraft), args ...any) {
	b.Queue(`
		select version, body, contact_name, contact_phone, answers, class, commitments, openness, ground, reason, sha256,
			saved_by::text, saved_at
		from drafts where `+where+` order by version desc limit 1`, args...).
		QueryRow(func(row pgx.Row) error {
			var s SavedDraft
			d := &s.Draft
			err := row.Scan(&d.Version, &d.Body, &d.ContactName, &d.ContactPhone, &d.Answers, &d.Class, &d.Commitments,
				&d.Openness, &d.Ground, &d.Reason, &s.SHA256, &s.SavedBy, instant{&s.SavedAt})
			if err == nil {
				s.Version = d.Version
				found(s)
			}
			return optional(err)
		})
}

// draft reads a version inside the transaction.
func (l *lockedCase) draft(ctx context.Context, version int) (saved SavedDraft, err error) {
	var b pgx.Batch
	queueDraft(&b, l.id, version, func(d SavedDraft) { saved = d })
	return saved, l.conn.SendBatch(ctx, &b).Close()
}

// Draft returns one version.
func (s *Store) Draft(ctx context.Context, caseID string, version int) (SavedDraft, error) {
	id, err := parseID(caseID)
	if err != nil || version < 1 {
		return SavedDraft{}, errNotFound
	}
	var b pgx.Batch
	var saved SavedDraft
	queueDraft(&b, id, version, func(d SavedDraft) { saved = d })
	if err := s.pool.SendBatch(ctx, &b).Close(); err != nil {
		return SavedDraft{}, edge(err)
	}
	if saved.Version == 0 {
		return SavedDraft{}, errNotFound
	}
	return saved, nil
}
