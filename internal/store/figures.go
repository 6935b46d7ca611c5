package store

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Figure says where a figure of the reply comes from.
type Figure struct {
	Words  string // as they stand in the reply: 274项减至22项
	Source string
	URL    string // http or https; "" if the source is not on the web
	By     proposal.PersonID
	At     time.Time
}

// figureEvent is what the event of a figure says.
type figureEvent struct {
	Words  string `json:"words"`
	Source string `json:"source"`
	URL    string `json:"url,omitempty"`
}

// SaveFigure keeps where a figure comes from, once for an action id; said again of the same words, the newest counts. Refusals:
// InvalidInput; NotFound, Forbidden and NotInStage as in SaveComment.
func (s *Store) SaveFigure(ctx context.Context, by proposal.PersonID, caseID, actionID string, f Figure) error {
	if err := checkFigure(f); err != nil {
		return err
	}
	return s.plain(ctx, by, caseID, actionID, func(l *lockedCase) error {
		if done, err := l.repeated(proposal.EventFigure, &nothing{}); done || err != nil {
			return err
		}
		if err := l.mayComment(); err != nil {
			return err
		}
		e, err := l.event(proposal.EventFigure, l.actor.ID, actionID, figureEvent{f.Words, f.Source, f.URL}, s.Now())
		if err != nil {
			return err
		}
		if err := l.appendEvent(e, nothing{}); err != nil {
			return err
		}
		l.write.Queue(`insert into figures (id, case_id, event_no, words, source, url, by, at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			e.ActionID, l.id, e.No, f.Words, f.Source, f.URL, e.By, e.At)
		return nil
	})
}

func checkFigure(f Figure) error {
	var wrong []proposal.FieldError
	for field, text := range map[string]string{"words": f.Words, "source": f.Source} {
		switch {
		case strings.TrimSpace(text) == "":
			wrong = append(wrong, proposal.FieldError{Field: field, Code: proposal.FieldRequired})
		case utf8.RuneCountInString(text) > proposal.MaxLine:
			wrong = append(wrong, proposal.FieldError{Field: field, Code: proposal.FieldTooLong, Max: proposal.MaxLine})
		}
	}
	if at, err := url.Parse(f.URL); f.URL != "" && (err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https") || len(f.URL) > proposal.MaxNote {
		wrong = append(wrong, proposal.FieldError{Field: "url", Code: proposal.FieldMalformed})
	}
	if len(wrong) > 0 {
		slices.SortFunc(wrong, func(a, b proposal.FieldError) int { return strings.Compare(b.Field, a.Field) })
		return &proposal.Refusal{Code: proposal.InvalidInput, Fields: wrong}
	}
	return nil
}

// queueFigures reads what was said last of each.
func (c *Case) queueFigures(b *pgx.Batch, id string) {
	b.Queue(`
		select words, source, url, by::text, at from figures f
		where case_id = $1 and not exists (select from figures l where l.case_id = $1 and l.words = f.words and l.event_no > f.event_no)
		order by event_no`, id).
		Query(func(rows pgx.Rows) (err error) {
			c.Figures, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (f Figure, err error) {
				return f, row.Scan(&f.Words, &f.Source, &f.URL, &f.By, instant{&f.At})
			})
			return err
		})
}

// Sourced are the words for which it was said where they come from.
func (c *Case) Sourced() []string {
	var words []string
	for _, f := range c.Figures {
		words = append(words, f.Words)
	}
	return words
}
