package store

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/wording"
	"github.com/jackc/pgx/v5"
)

// wordingChannel is where Postgres tells running programs that the bureau has put something in other words.
const wordingChannel = "banli_wording"

// Wording is the bureau's own words by language and key of the catalogue.
type Wording map[string]map[string]string

// Wordings are the bureau's own words of now, which are read again while the program runs.
type Wordings struct{ live[Wording] }

// Own is the bureau's own text of a key; "" where it says what comes with the program.
func (w *Wordings) Own(lang, key string) string { return (*w.current.Load())[lang][key] }

func (s *Store) wording(ctx context.Context) (Wording, error) {
	own := Wording{}
	rows, err := s.pool.Query(ctx, `select split_part(key, '/', 1), split_part(key, '/', 2), text from wordings where text <> ''`)
	if err != nil {
		return nil, err
	}
	var lang, key, text string
	_, err = pgx.ForEachRow(rows, []any{&lang, &key, &text}, func() error {
		if own[lang] == nil {
			own[lang] = map[string]string{}
		}
		// One that this program would not take was sound for another; the reader gets the words that come with this one.
		if len(wording.Check(lang, key, text)) == 0 {
			own[lang][key] = text
		}
		return nil
	})
	return own, err
}

// OwnWords are the words of now, also those that this program has not heard of yet.
func (s *Store) OwnWords(ctx context.Context) (Wording, error) {
	own, err := s.wording(ctx)
	return own, edge(err)
}

// SetWords is [Edit.Words] by itself. This program speaks so when it returns.
func (s *Store) SetWords(ctx context.Context, by proposal.PersonID, words Wording) error {
	if err := s.Edit(ctx, by, func(e *Edit) error { return e.Words(ctx, words) }); err != nil {
		return err
	}
	return edge(s.Wordings.reread(ctx))
}

// Words puts texts in the bureau's own words; "" goes back to those that come with the program. The same again changes nothing. Running programs hear
// of it at the commit. The error is [wording.Faults] for texts that are wrong.
func (e *Edit) Words(ctx context.Context, words Wording) error {
	var wrong wording.Faults
	var batch pgx.Batch
	inOrder := func(a, b string) int {
		return cmp.Or(cmp.Compare(slices.Index(wording.Languages, a), slices.Index(wording.Languages, b)), cmp.Compare(a, b))
	}
	for _, lang := range slices.SortedFunc(maps.Keys(words), inOrder) {
		for _, key := range slices.Sorted(maps.Keys(words[lang])) {
			text := words[lang][key]
			wrong = append(wrong, wording.Check(lang, key, text)...)
			batch.Queue(`
				insert into wordings (key, text) select $1, $2 where $2 <> '' or exists (select from wordings where key = $1)
				on conflict (key) do update set text = excluded.text where wordings.text <> excluded.text`, lang+"/"+key, text)
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	batch.Queue(`select pg_notify($1, '')`, wordingChannel)
	return e.tx.SendBatch(ctx, &batch).Close()
}
