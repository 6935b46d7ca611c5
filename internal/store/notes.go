package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// MaxNote is how long a note may be, in characters.
const MaxNote = 2000

// Note is what a colleague wrote about a case (备注). It is never changed: who takes one back writes another.
type Note struct {
	No       int // of its event
	Text     string
	Mentions []proposal.PersonID
	By       proposal.PersonID
	At       time.Time
}

// noted is what a note's event says. Its number answers a repeated one.
type noted struct {
	Text     string              `json:"text"`
	Mentions []proposal.PersonID `json:"mentions,omitempty"`
}

type notedAs struct {
	No int `json:"no"`
}

// AddNote writes a note and tells those whom it mentions. It returns the number of its event. Refusals: NotFound to those who do
// not see the whole case; InvalidInput with the field text, or mentions.<n> with MentionedCannotSee for somebody who does not see it either.
func (s *Store) AddNote(ctx context.Context, by proposal.PersonID, caseID, actionID, text string, mentions []proposal.PersonID) (no int, err error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return 0, invalid("text", proposal.FieldRequired)
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return 0, invalid("text", proposal.FieldMalformed)
	case utf8.RuneCountInString(text) > MaxNote:
		refusal := invalid("text", proposal.FieldTooLong)
		refusal.Fields[0].Max = MaxNote
		return 0, refusal
	}
	var as notedAs
	err = s.plain(ctx, by, caseID, actionID, func(l *lockedCase) error {
		if !l.actor.SeesAll(l.state) {
			return errNotFound
		}
		if done, err := l.repeated(proposal.EventNote, &as); done || err != nil {
			var before noted
			if done && (json.Unmarshal(l.prior.input, &before) != nil || before.Text != text) {
				return &proposal.Refusal{Code: proposal.SentOtherwise}
			}
			return err
		}
		told, err := l.mentioned(ctx, mentions, s.Now())
		if err != nil {
			return err
		}
		e, err := l.event(proposal.EventNote, l.actor.ID, actionID, noted{text, told}, s.Now())
		if err != nil {
			return err
		}
		as.No = e.No
		if err := l.appendEvent(e, as); err != nil {
			return err
		}
		l.write.Queue(`insert into notes (case_id, event_no, text, mentions, by, at) values ($1, $2, $3, $4, $5, $6)`,
			l.id, e.No, text, notNil(told), e.By, e.At)
		for _, person := range told {
			if person == l.actor.ID {
				continue // who mentions themselves knows
			}
			l.write.Queue(`
				insert into notices (case_id, event_no, kind, clock, ref, days, role, person, by, at)
				values ($1, $2, $3, '', '', 0, '', $4, $5, $6)`, l.id, e.No, proposal.NoticeMention, person, e.By, e.At)
		}
		return nil
	})
	return as.No, err
}

// mentioned are the people with the ids, each once. All must see the whole case, or telling them would show them what is not for
// their eyes.
func (l *lockedCase) mentioned(ctx context.Context, ids []proposal.PersonID, now time.Time) (told []proposal.PersonID, err error) {
	known := map[proposal.PersonID]proposal.Person{}
	rows, err := l.conn.Query(ctx, selectRules+`where p.active and p.id::text = any ($3::text[]) and p.id <> $4`,
		l.id, calendar.DateOf(now), ids, DeputyAccount)
	if err != nil {
		return nil, err
	}
	people, err := collectRules(rows)
	for _, p := range people {
		known[p.ID] = p
	}
	var wrong []proposal.FieldError
	for i, id := range ids {
		p, ok := known[id]
		switch {
		case ok && !p.SeesAll(l.state), !ok && !slices.Contains(told, id):
			wrong = append(wrong, proposal.FieldError{Field: fmt.Sprintf("mentions.%d", i), Code: proposal.MentionedCannotSee})
		case ok:
			told = append(told, id)
			delete(known, id)
		}
	}
	if len(wrong) > 0 {
		return nil, &proposal.Refusal{Code: proposal.InvalidInput, Fields: wrong}
	}
	return told, err
}

func (c *Case) queueNotes(b *pgx.Batch, id string) {
	b.Queue(`select event_no, text, mentions::text[], by::text, at from notes where case_id = $1 order by event_no`, id).
		Query(func(rows pgx.Rows) (err error) {
			c.Notes, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (n Note, err error) {
				return n, row.Scan(&n.No, &n.Text, &n.Mentions, &n.By, instant{&n.At})
			})
			return err
		})
}
