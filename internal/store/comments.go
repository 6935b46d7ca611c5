package store

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/jackc/pgx/v5"
)

// Comment is what somebody said about a passage of the draft, with what was answered.
type Comment struct {
	ID        string // of the action that made it
	Version   int    // of the draft that it was made on
	Paragraph int    // index into replytext.Paragraphs of that version
	From, To  int    // rune offsets in the paragraph's Text
	Quote     string // the words at that place; "" for the whole paragraph
	Text      string
	By        proposal.PersonID
	At        time.Time
	Answers   []CommentAnswer // in order
}

// CommentAnswer is an answer to a comment; the one that settles it is the last.
type CommentAnswer struct {
	Text    string
	Settles bool
	By      proposal.PersonID
	At      time.Time
}

// Settled is the answer that settled it; nil while it is open.
func (c Comment) Settled() *CommentAnswer {
	if n := len(c.Answers); n > 0 && c.Answers[n-1].Settles {
		return &c.Answers[n-1]
	}
	return nil
}

// OpenComments are those that nobody has settled.
func (c *Case) OpenComments() []Comment {
	return slices.DeleteFunc(slices.Clone(c.Comments), func(c Comment) bool { return c.Settled() != nil })
}

// commented is what a comment event says.
type commented struct {
	Version   int    `json:"version"`
	Paragraph int    `json:"paragraph"`
	From      int    `json:"from"`
	Quote     string `json:"quote,omitempty"`
	Text      string `json:"text"`
}

// SaveComment keeps a comment, once for an action id. Version, Paragraph, From, Quote and Text come from the caller; if the words
// do not stand there in that version it is a comment on the whole paragraph. Refusals: InvalidInput; NotFound for who may not see all of
// the case, or no such version; Forbidden for who may not comment; NotInStage when the reply is signed.
func (s *Store) SaveComment(ctx context.Context, by proposal.PersonID, caseID, actionID string, c Comment) error {
	if err := checkWords("text", c.Text); err != nil {
		return err
	}
	return s.plain(ctx, by, caseID, actionID, func(l *lockedCase) error {
		if done, err := l.repeated(proposal.EventComment, &nothing{}); done || err != nil {
			return err
		}
		if err := l.mayComment(); err != nil {
			return err
		}
		draft, err := l.draft(ctx, c.Version)
		if err != nil {
			return err
		}
		paragraphs := replytext.Paragraphs(draft.Draft.Body)
		switch {
		case draft.Version == 0 || c.Version < 1:
			return errNotFound
		case c.Paragraph < 0 || c.Paragraph >= len(paragraphs):
			return invalid("paragraph", proposal.UnknownValue)
		}
		if text := []rune(paragraphs[c.Paragraph].Text); c.From < 0 || c.From+utf8.RuneCountInString(c.Quote) > len(text) ||
			string(text[c.From:c.From+utf8.RuneCountInString(c.Quote)]) != c.Quote {
			c.From, c.Quote = 0, ""
		}
		e, err := l.event(proposal.EventComment, l.actor.ID, actionID, commented{c.Version, c.Paragraph, c.From, c.Quote, c.Text}, s.Now())
		if err != nil {
			return err
		}
		if err := l.appendEvent(e, nothing{}); err != nil {
			return err
		}
		l.write.Queue(`
			insert into draft_comments (id, case_id, event_no, version, paragraph, from_rune, to_rune, quote, text, by, at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			e.ActionID, l.id, e.No, c.Version, c.Paragraph, c.From, c.From+utf8.RuneCountInString(c.Quote), c.Quote, c.Text, e.By, e.At)
		return nil
	})
}

// mayComment refuses who may not write beside the draft.
func (l *lockedCase) mayComment() error {
	switch {
	case !l.actor.SeesAll(l.state):
		return errNotFound
	case l.actor.MayComment(l.state):
		return nil
	case l.state.Stage.Before(proposal.Drafting) || !l.state.Stage.Before(proposal.Numbering):
		return l.acted(proposal.NotInStage)
	}
	return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.OfficeReviewer}
}

// commentAnswer is what the event of an answer says.
type commentAnswer struct {
	Comment string `json:"comment"`
	Text    string `json:"text"`
}

// AnswerComment keeps an answer to a comment, once for an action id; settles ends it. Refusals: InvalidInput; NotFound for no such
// comment on the case; Forbidden for who may not comment, or not settle; NotUnderWay with By and At when it is settled already.
func (s *Store) AnswerComment(ctx context.Context, by proposal.PersonID, caseID, actionID, comment, text string, settles bool) error {
	if err := checkWords("text", text); err != nil {
		return err
	}
	comment, err := parseID(comment)
	if err != nil {
		return err
	}
	kind := proposal.EventAnswerComment
	if settles {
		kind = proposal.EventSettleComment
	}
	return s.plain(ctx, by, caseID, actionID, func(l *lockedCase) error {
		if done, err := l.repeated(kind, &nothing{}); done || err != nil {
			return err
		}
		if err := l.mayComment(); err != nil {
			return err
		}
		var author, settledBy proposal.PersonID
		refusal := &proposal.Refusal{Code: proposal.NotUnderWay, Stage: l.state.Stage}
		err := l.conn.QueryRow(ctx, `
			select c.by::text, coalesce(a.by::text, ''), a.at from draft_comments c
			left join draft_comment_answers a on a.comment = c.id and a.settles
			where c.id = $1 and c.case_id = $2`, comment, l.id).Scan(&author, &settledBy, instant{&refusal.At})
		switch {
		case err != nil:
			return err
		case settledBy != "":
			refusal.By = settledBy
			return refusal
		case settles && !l.actor.MaySettle(l.state, author):
			return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler}
		}
		e, err := l.event(kind, l.actor.ID, actionID, commentAnswer{comment, text}, s.Now())
		if err != nil {
			return err
		}
		if err := l.appendEvent(e, nothing{}); err != nil {
			return err
		}
		l.write.Queue(`
			insert into draft_comment_answers (id, comment, case_id, event_no, text, settles, by, at) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			e.ActionID, comment, l.id, e.No, text, settles, e.By, e.At)
		return nil
	})
}

// checkWords refuses words that are missing, or more than a note has.
func checkWords(field, text string) error {
	switch {
	case text == "":
		return invalid(field, proposal.FieldRequired)
	case utf8.RuneCountInString(text) > proposal.MaxNote:
		return &proposal.Refusal{Code: proposal.InvalidInput, Fields: []proposal.FieldError{{Field: field, Code: proposal.FieldTooLong, Max: proposal.MaxNote}}}
	}
	return nil
}

func (c *Case) queueComments(b *pgx.Batch, id string) {
	b.Queue(`
		select id::text, version, paragraph, from_rune, to_rune, quote, text, by::text, at
		from draft_comments where case_id = $1 order by event_no`, id).
		Query(func(rows pgx.Rows) (err error) {
			c.Comments, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (m Comment, err error) {
				return m, row.Scan(&m.ID, &m.Version, &m.Paragraph, &m.From, &m.To, &m.Quote, &m.Text, &m.By, instant{&m.At})
			})
			return err
		})
	b.Queue(`select comment::text, text, settles, by::text, at from draft_comment_answers where case_id = $1 order by event_no`, id).
		Query(func(rows pgx.Rows) error {
			var comment string
			var a CommentAnswer
			_, err := pgx.ForEachRow(rows, []any{&comment, &a.Text, &a.Settles, &a.By, instant{&a.At}}, func() error {
				i := slices.IndexFunc(c.Comments, func(m Comment) bool { return m.ID == comment })
				c.Comments[i].Answers = append(c.Comments[i].Answers, a)
				return nil
			})
			return err
		})
}
