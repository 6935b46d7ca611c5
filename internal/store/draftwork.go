package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// TypedDraft is what an editor sends: the whole draft, and from where it goes on.
type TypedDraft struct {
	Base  int    // the version that it was written on top of; 0 before the first
	Rev   int    // the revision of the working copy that the editor last saw; 0 for none
	Tab   string // the window, by an id that it chose
	Seq   int    // counts what this window has sent
	Draft proposal.Draft
	Acks  map[string]string // reasons why a reminder stays, by the key of the finding
}

// Work is a person's working copy of a draft: what was typed last, whether or not a version holds it.
type Work struct {
	Person  proposal.PersonID
	Base    int
	Rev     int
	Loose   bool // no version holds its words
	SavedAt time.Time
	Draft   proposal.Draft
	Acks    map[string]string

	tab    string
	seq    int
	cut    int
	since  time.Time
	sha256 string
}

// work is how the words of a working copy are kept.
type work struct {
	Draft proposal.Draft    `json:"draft"`
	Acks  map[string]string `json:"acks,omitempty"`
}

// KeptWork is what became of an autosave.
type KeptWork struct {
	Work   Work
	Latest DraftInfo // the newest version; its number is 0 before the first
	Cut    int       // the version that was cut from it now; 0 for none
	Theirs DraftInfo // a version that came in between, with words that were not seen here: nothing becomes a version over it unawares
	Behind bool      // nothing was kept: another window of the same person wrote in between, and Theirs is what it wrote
	Moved  *proposal.Refusal
}

// cutAfter is how long words may stay without a version. A working copy lives until it is written over: a version is for ever.
const cutAfter = 10 * time.Minute

// KeepWork keeps what somebody typed, without an event: it is their own until a version is cut from it. A version is cut if asked
// for, and when the words have been in none for ten minutes. A request that was answered before changes nothing. Words are kept
// even when the case has moved on (Moved tells by whom) or somebody else has saved a version (Theirs); but not over words of
// another window of the same person that this one has not seen (Behind). Refusals: InvalidInput; Forbidden unless by the handler or who
// covers for them; NotInStage for whoever no longer has the case.
func (s *Store) KeepWork(ctx context.Context, caseID string, by proposal.PersonID, t TypedDraft, cut bool) (KeptWork, error) {
	if err := checkDraft(t.Draft); err != nil {
		return KeptWork{}, err
	}
	if len(t.Tab) > 64 || t.Seq < 0 || t.Rev < 0 || t.Base < 0 {
		return KeptWork{}, invalid("rev", proposal.FieldMalformed)
	}
	var kept KeptWork
	err := s.plain(ctx, by, caseID, workID(caseID, by, t.Tab, t.Seq), func(l *lockedCase) error {
		kept = KeptWork{}
		if err := l.mayDraft(); err != nil && !errors.As(err, &kept.Moved) {
			return err
		} else if kept.Moved != nil && (kept.Moved.Code != proposal.NotInStage || l.state.Handler != l.actor.ID) {
			return err
		}
		before, err := l.work(ctx)
		if err != nil {
			return err
		}
		next := before.with(t, l.now().UTC().Truncate(time.Microsecond))
		switch {
		case before.Rev > 0 && before.tab == t.Tab && t.Seq <= before.seq: // sent again
			next = before
		case before.Rev > 0 && before.tab != t.Tab && before.Rev != t.Rev && before.sha256 != next.sha256:
			kept.Behind = true
			return l.rescue(ctx, &kept, before)
		default:
			next.Person = l.actor.ID
		}
		return l.keep(ctx, &kept, before, next, cut)
	})
	if err != nil {
		return KeptWork{}, err
	}
	return kept, nil
}

// with is the working copy after what was typed.
func (w Work) with(t TypedDraft, now time.Time) Work {
	next := Work{
		Base: t.Base, Rev: w.Rev + 1, SavedAt: now, Draft: t.Draft, Acks: t.Acks, tab: t.Tab, seq: t.Seq, cut: w.cut, since: w.since,
		sha256: t.Draft.SHA256(),
	}
	if w.Rev == w.cut { // a version holds everything before this
		next.since = now
	}
	if w.Rev == w.cut && w.sha256 == next.sha256 {
		next.cut = next.Rev // the reasons beside the text changed, or nothing
	}
	next.Draft.Version = 0
	next.Loose = next.cut < next.Rev
	return next
}

// keep writes the working copy, cuts a version of it if it is time, and says how things stand.
func (l *lockedCase) keep(ctx context.Context, kept *KeptWork, before, next Work, cut bool) error {
	latest, err := l.draft(ctx, latestVersion)
	if err != nil {
		return err
	}
	if kept.Theirs, err = l.theirs(ctx, next.Base); err != nil {
		return err
	}
	kept.Latest = latest.DraftInfo
	due := next.Loose && (cut || next.SavedAt.Sub(next.since) >= cutAfter)
	if due && kept.Theirs.Version == 0 && kept.Moved == nil {
		saved, err := l.cut(ctx, next.Base, next.Draft, workID(l.id, l.actor.ID, next.tab, next.seq))
		if err != nil {
			return err
		}
		if saved.Version > latest.Version {
			kept.Cut = saved.Version
		}
		kept.Latest, next.Base, next.cut, next.Loose = saved.DraftInfo, saved.Version, next.Rev, false
	}
	kept.Work = next
	if next.Rev == before.Rev && next.cut == before.cut {
		return nil
	}
	return l.writeWork(next)
}

// rescue makes a version of a working copy that another window is about to write over, on top of whatever there is.
func (l *lockedCase) rescue(ctx context.Context, kept *KeptWork, w Work) error {
	latest, err := l.draft(ctx, latestVersion)
	if err != nil {
		return err
	}
	kept.Latest, kept.Work, kept.Theirs = latest.DraftInfo, w, latest.DraftInfo
	if !w.Loose || kept.Moved != nil {
		return nil
	}
	latest, err = l.cutOnTop(latest, w.Draft, workID(l.id, l.actor.ID, w.tab, w.seq))
	if err != nil {
		return err
	}
	w.Base, w.cut, w.Loose = latest.Version, w.Rev, false
	kept.Latest, kept.Work, kept.Theirs = latest.DraftInfo, w, latest.DraftInfo
	return l.writeWork(w)
}

func (l *lockedCase) writeWork(w Work) error {
	content, err := json.Marshal(work{w.Draft, w.Acks})
	if err != nil {
		return fmt.Errorf("encode a working copy: %w", err)
	}
	l.write.Queue(`
		insert into draft_work (case_id, person, base, content, sha256, tab, seq, rev, cut, since, saved_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		on conflict (case_id, person) do update set base = $3, content = $4, sha256 = $5, tab = $6, seq = $7, rev = $8, cut = $9,
			since = $10, saved_at = $11`,
		l.id, l.actor.ID, w.Base, content, w.sha256, w.tab, w.seq, w.Rev, w.cut, w.since, w.SavedAt)
	return nil
}

// settleWork tells the working copy that a version holds it, unless another window has written words there that the version lacks.
func (l *lockedCase) settleWork(ctx context.Context, saved SavedDraft, t TypedDraft) error {
	w, err := l.work(ctx)
	if err != nil || w.Rev == 0 {
		return err
	}
	knows := t.Tab != "" && w.tab == t.Tab || w.Rev == t.Rev
	if !knows && w.sha256 != saved.SHA256 {
		return nil
	}
	now := l.now().UTC().Truncate(time.Microsecond)
	next := w.with(TypedDraft{Base: saved.Version, Tab: w.tab, Seq: max(w.seq, t.Seq), Draft: saved.Draft}, now)
	next.cut, next.Base = next.Rev, saved.Version
	if t.Acks != nil {
		next.Acks = t.Acks
	} else {
		next.Acks = w.Acks
	}
	return l.writeWork(next)
}

// workID is the action id of a version that is cut from one state of a working copy: cut twice, it is one version.
func workID(caseID string, person proposal.PersonID, tab string, seq int) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, fmt.Appendf(nil, "draft-work %s %s %s %d", caseID, person, tab, seq)).String()
}

const workColumns = `person::text, base, content, sha256, tab, seq, rev, cut, since, saved_at`

func scanWork(row pgx.Row) (Work, error) {
	var w Work
	var content []byte
	err := row.Scan(&w.Person, &w.Base, &content, &w.sha256, &w.tab, &w.seq, &w.Rev, &w.cut, instant{&w.since}, instant{&w.SavedAt})
	if err != nil {
		return Work{}, err
	}
	var words work
	if err := json.Unmarshal(content, &words); err != nil {
		return Work{}, fmt.Errorf("read a working copy: %w", err)
	}
	w.Draft, w.Acks, w.Loose = words.Draft, words.Acks, w.cut < w.Rev
	return w, nil
}

// work is the actor's own; its revision is 0 if there is none.
func (l *lockedCase) work(ctx context.Context) (Work, error) {
	w, err := scanWork(l.conn.QueryRow(ctx, `select `+workColumns+` from draft_work where case_id = $1 and person = $2`, l.id, l.actor.ID))
	return w, optional(err)
}

// Work is a person's own working copy; its revision is 0 if there is none.
func (s *Store) Work(ctx context.Context, caseID string, by proposal.PersonID) (Work, error) {
	id, err := parseID(caseID)
	if err != nil {
		return Work{}, errNotFound
	}
	w, err := scanWork(s.pool.QueryRow(ctx, `select `+workColumns+` from draft_work where case_id = $1 and person = $2`, id, by))
	return w, edge(optional(err))
}

// CutWorks makes versions of what others have typed on a draft and no version holds, so that whoever opens the editor begins with
// it. Each version is its writer's. Words that can become no version (a newer one is in the way, the writer may no longer write)
// stay where they are. It returns how many versions were cut.
func (s *Store) CutWorks(ctx context.Context, caseID string, opener proposal.PersonID) (int, error) {
	id, err := parseID(caseID)
	if err != nil {
		return 0, errNotFound
	}
	rows, err := s.pool.Query(ctx, `
		select `+workColumns+` from draft_work where case_id = $1 and person <> $2 and cut < rev order by saved_at`, id, opener)
	if err != nil {
		return 0, edge(err)
	}
	works, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Work, error) { return scanWork(row) })
	if err != nil {
		return 0, edge(err)
	}
	cut := 0
	for _, w := range works {
		kept, err := s.KeepWork(ctx, caseID, w.Person, TypedDraft{Tab: w.tab, Seq: w.seq, Draft: w.Draft}, true) // sent again: only cut
		if refusal := (*proposal.Refusal)(nil); errors.As(err, &refusal) && refusal.Code != proposal.EngineUnavailable {
			continue
		}
		if err != nil {
			return cut, err
		}
		if kept.Cut != 0 {
			cut++
		}
	}
	return cut, nil
}
