package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/jackc/pgx/v5"
)

// rulesChannel is where Postgres tells running programs that a rule pack was put in force, or withdrawn.
const rulesChannel = "banli_rules"

// Rules are the rule packs of now: those that come with the program and those of the database, which are read again while the program runs.
type Rules struct{ live[rulepack.Set] }

// Set is the packs of now. Nobody may change it.
func (r *Rules) Set() rulepack.Set { return *r.current.Load() }

// ByID is the pack with the id. One that is unknown may have been put in force a moment ago, through another program.
func (r *Rules) ByID(id string) (*proposal.Pack, bool) {
	if pack, ok := r.Set()[id]; ok || id == "" {
		return pack, ok
	}
	if err := r.reread(context.Background()); err != nil {
		r.store.Log.Warn("the rule packs cannot be read again", "err", err)
	}
	pack, ok := r.Set()[id]
	return pack, ok
}

// For is the pack of the profile that was valid on the day.
func (r *Rules) For(profile string, on calendar.Date) (*proposal.Pack, bool) {
	return r.Set().For(profile, on)
}

// all are those that a case may be pinned to.
func (r *Rules) all() iter.Seq[*proposal.Pack] { return maps.Values(r.Set()) }

func (s *Store) rules(ctx context.Context) (rulepack.Set, error) {
	kept, err := keptRules(ctx, s.pool)
	if err != nil {
		return nil, err
	}
	return rulepack.With(sources(kept))
}

// KeptRules is a rule pack of the database.
type KeptRules struct {
	ID     string
	Source string    // the file as it was put
	By     Name      // "" from the command line
	At     time.Time // UTC

	WithdrawnBy Name      // "" from the command line
	WithdrawnAt time.Time // UTC; zero: it holds
}

// KeptRules lists the rule packs of the database, the one that was put last first.
func (s *Store) KeptRules(ctx context.Context) ([]KeptRules, error) {
	kept, err := keptRules(ctx, s.pool)
	return kept, edge(err)
}

func keptRules(ctx context.Context, from interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
},
) ([]KeptRules, error) {
	rows, err := from.Query(ctx, `
		select r.id, r.source, coalesce(p.name, ''), coalesce(p.name_en, ''), r.at, coalesce(q.name, ''), coalesce(q.name_en, ''), w.at
		from rule_packs r left join people p on p.id = r.by left join rule_withdrawals w on w.pack = r.id left join people q on q.id = w.by
		order by r.no desc`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (k KeptRules, err error) {
		return k, row.Scan(&k.ID, &k.Source, &k.By.ZH, &k.By.EN, instant{&k.At}, &k.WithdrawnBy.ZH, &k.WithdrawnBy.EN, instant{&k.WithdrawnAt})
	})
}

// sources are the files of those that hold.
func sources(kept []KeptRules) map[string][]byte {
	files := map[string][]byte{}
	for _, k := range kept {
		if k.WithdrawnAt.IsZero() {
			files[k.ID] = []byte(k.Source)
		}
	}
	return files
}

// PutRules is [Edit.Rules] by itself, and makes the bureau follow the profile of the pack. The packs of this program have it when it returns.
func (s *Store) PutRules(ctx context.Context, by proposal.PersonID, source string) (pack *proposal.Pack, err error) {
	err = s.Edit(ctx, by, func(e *Edit) (err error) {
		if pack, err = e.Rules(ctx, source); err == nil {
			err = e.follow(ctx, pack.Profile)
		}
		return err
	})
	if err == nil {
		err = edge(s.Rules.reread(ctx))
	}
	return pack, err
}

// errTried takes back what was only tried.
var errTried = errors.New("tried")

// TryRules is [Store.PutRules] that changes nothing.
func (s *Store) TryRules(ctx context.Context, source string) (pack *proposal.Pack, err error) {
	err = s.Edit(ctx, "", func(e *Edit) (err error) {
		if pack, err = e.Rules(ctx, source); err == nil {
			err = errTried
		}
		return err
	})
	if errors.Is(err, errTried) {
		err = nil
	}
	return pack, err
}

// WithdrawRules takes back a rule pack that was put by mistake, before its first day. Its file stays on record, and its id is not used again. A bureau
// that is left without rules of the profile follows that of the rules which today's cases get. The packs of this program are without it when it returns.
//
// Refusals: NotFound; InvalidInput with one of the FieldCodes RulesBuiltIn, RulesBegun, RulesExtended, RulesPinned and RulesOfToday.
func (s *Store) WithdrawRules(ctx context.Context, by proposal.PersonID, id string) error {
	err := s.Edit(ctx, by, func(e *Edit) error { return e.withdrawRules(ctx, id) })
	if err == nil {
		err = edge(s.Rules.reread(ctx))
	}
	return err
}

func (e *Edit) withdrawRules(ctx context.Context, id string) error {
	kept, packs, err := e.lockRules(ctx)
	if err != nil {
		return err
	}
	pack, ok := packs[id]
	if !ok {
		return errNotFound
	}
	today, wrong := calendar.DateOf(e.now), proposal.FieldError{Field: "rules"}
	if !slices.ContainsFunc(kept, func(k KeptRules) bool { return k.ID == id }) {
		wrong.Code = proposal.RulesBuiltIn
	} else if !today.Before(pack.ValidFrom) {
		wrong.Code, wrong.Date = proposal.RulesBegun, pack.ValidFrom
	} else if packs.Extended(id) {
		wrong.Code = proposal.RulesExtended
	} else if err := e.tx.QueryRow(ctx, `select count(*) from cases where state ->> 'pack' = $1`, id).Scan(&wrong.Max); err != nil {
		return err
	} else if wrong.Max > 0 {
		wrong.Code = proposal.RulesPinned
	}
	if wrong.Code == "" {
		bureau, err := e.bureau(ctx)
		if err != nil {
			return err
		}
		before, _ := packs.For(bureau.Profile, today)
		delete(packs, id)
		after, ok := packs.For(bureau.Profile, today)
		if !ok && before != nil {
			after, _ = packs.For(before.Profile, today)
			err = e.follow(ctx, before.Profile)
		}
		if err != nil {
			return err
		}
		if after != before {
			wrong.Code = proposal.RulesOfToday
		}
	}
	if wrong.Code != "" {
		return &proposal.Refusal{Code: proposal.InvalidInput, Fields: []proposal.FieldError{wrong}}
	}
	if _, err := e.tx.Exec(ctx, `insert into rule_withdrawals (pack, at, by) values ($1, $2, $3)`, id, e.now, orNull(e.by)); err != nil {
		return err
	}
	_, err = e.tx.Exec(ctx, `select pg_notify($1, $2)`, rulesChannel, id)
	return err
}

// lockRules reads the packs and keeps others from changing them: two at a time might each be sound and not both be.
func (e *Edit) lockRules(ctx context.Context) (kept []KeptRules, packs rulepack.Set, err error) {
	if _, err = e.tx.Exec(ctx, `select pg_advisory_xact_lock('rule_packs'::regclass::oid::bigint)`); err == nil {
		kept, err = keptRules(ctx, e.tx)
	}
	if err == nil {
		packs, err = rulepack.With(sources(kept))
	}
	return kept, packs, err
}

// OpenUnder counts the unfinished cases by the rule pack that they are under.
func (s *Store) OpenUnder(ctx context.Context) (map[string]int, error) {
	rows, err := s.pool.Query(ctx, `select state ->> 'pack', count(*) from cases where not finished group by 1`)
	if err != nil {
		return nil, edge(err)
	}
	open := map[string]int{}
	var pack string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&pack, &n}, func() error { open[pack] = n; return nil })
	return open, edge(err)
}

// Rules puts a rule pack in force: cases that are assigned from its first day on are pinned to it, if the bureau follows its profile. The same file again changes nothing. Running programs hear of it at the commit.
//
// The error is a [rulepack.Errors] for a file that is wrong, that would change what a case is under already, or that leaves the bureau without rules today.
func (e *Edit) Rules(ctx context.Context, source string) (*proposal.Pack, error) {
	kept, packs, err := e.lockRules(ctx)
	if err != nil {
		return nil, err
	}
	known := len(packs)
	pack, err := packs.Put([]byte(source))
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(kept, func(k KeptRules) bool { return k.ID == pack.ID && !k.WithdrawnAt.IsZero() }) {
		return nil, rulepack.TakenBack([]byte(source), pack.ID)
	}
	if len(packs) > known {
		err = e.putRules(ctx, packs, pack, source)
	}
	return pack, err
}

func (e *Edit) putRules(ctx context.Context, packs rulepack.Set, pack *proposal.Pack, source string) error {
	if rulepack.General(pack.Profile) {
		return rulepack.NotYours([]byte(source), pack.Profile)
	}
	if _, ok := packs.For(pack.Profile, calendar.DateOf(e.now)); !ok {
		return rulepack.NoneToday([]byte(source), pack.Profile)
	}
	// A case keeps its pack, so of two that were assigned on one day neither may come under other rules than the other.
	var siblings []string
	var until calendar.Date
	for _, other := range packs.Of(pack.Profile) {
		if other != pack {
			siblings = append(siblings, other.ID)
		}
		if other.ValidFrom.After(pack.ValidFrom) && until.IsZero() {
			until = other.ValidFrom
		}
	}
	var under string
	var assigned calendar.Date
	err := e.tx.QueryRow(ctx, `
		select state ->> 'pack', assigned_on from cases
		where state ->> 'pack' = any ($1) and assigned_on >= $2 and ($3::date is null or assigned_on < $3)
		order by assigned_on desc limit 1`, notNil(siblings), pack.ValidFrom, until).Scan(&under, &assigned)
	if err == nil {
		return rulepack.NotInTime([]byte(source), assigned, under)
	} else if !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	if _, err := e.tx.Exec(ctx, `insert into rule_packs (id, source, at, by) values ($1, $2, $3, $4)`, pack.ID, source, e.now, orNull(e.by)); err != nil {
		return err
	}
	_, err = e.tx.Exec(ctx, `select pg_notify($1, $2)`, rulesChannel, pack.ID)
	return err
}

// follow makes the profile the bureau's, if there is a bureau.
func (e *Edit) follow(ctx context.Context, profile string) error {
	b, err := e.bureau(ctx)
	if err != nil || b.Name == "" {
		return err
	}
	b.Profile = profile
	return e.Bureau(ctx, b)
}

// bureau is as it is now; without a name before the set-up.
func (e *Edit) bureau(ctx context.Context) (b proposal.Bureau, err error) {
	var batch pgx.Batch
	queueBureau(&batch, `$1::date`, &b, calendar.Date{})
	return b, e.tx.SendBatch(ctx, &batch).Close()
}

// RulesSource is the file of a rule pack of the database.
func (s *Store) RulesSource(ctx context.Context, id string) (source string, ok bool, err error) {
	err = s.pool.QueryRow(ctx, `select source from rule_packs where id = $1`, id).Scan(&source)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", false, nil
	}
	return source, err == nil, edge(err)
}

// WhatIfCase is a case for which something would be different under another rule pack.
type WhatIfCase struct {
	OpenState
	Effects []proposal.PackEffect
}

// Due is the day by which an effect is sorted: the new due day of a clock, else that of the case; no date for a case without one.
func (c WhatIfCase) Due(e proposal.PackEffect) calendar.Date {
	if due := c.State.DueNow(); e.Due.IsZero() && due != nil {
		return due.Due()
	}
	return e.Due
}

// WhatIfKind is a kind of case, and what would be different for a new one under another rule pack.
type WhatIfKind struct {
	Body         assembly.Body
	Intersession bool
	Effects      []proposal.PackEffect
}

// WhatIfNew lists the kinds of case for which something would be different if a new one, assigned on the first day of the pack, were under it instead of
// the other.
func (s *Store) WhatIfNew(ctx context.Context, from, to *proposal.Pack) (kinds []WhatIfKind, err error) {
	days, err := s.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	bureau, err := s.Bureau(ctx, calendar.Date{})
	if err != nil {
		return nil, err
	}
	for _, body := range assembly.Bodies {
		for _, intersession := range []bool{false, true} {
			r := proposal.Registration{AssignedOn: to.ValidFrom, HandlingType: proposal.SoleHandling}
			r.Body, r.Level, r.Intersession = body, bureau.Level, intersession
			if effects := proposal.WhatIfNew(r, from.Of(bureau), to.Of(bureau), days); len(effects) > 0 {
				kinds = append(kinds, WhatIfKind{body, intersession, effects})
			}
		}
	}
	return kinds, nil
}

// WhatIf lists the unfinished cases for which something would be different if they were under the pack instead of their own, the first to fall due first,
// and counts all that are unfinished. Nothing is changed.
func (s *Store) WhatIf(ctx context.Context, pack *proposal.Pack) (cases []WhatIfCase, unfinished int, err error) {
	days, err := s.Calendar(ctx)
	if err != nil {
		return nil, 0, err
	}
	bureau, err := s.Bureau(ctx, calendar.Date{})
	if err != nil {
		return nil, 0, err
	}
	pack = pack.Of(bureau)
	unfinished, err = s.eachOpen(ctx, bureau, func(o OpenState, own *proposal.Pack) {
		if effects := proposal.WhatIf(o.State, o.Draft, own, pack, days); len(effects) > 0 {
			cases = append(cases, WhatIfCase{o, effects})
		}
	})
	if err != nil {
		return nil, 0, err
	}
	first := func(c WhatIfCase) calendar.Date {
		due := c.Due(c.Effects[0])
		for _, e := range c.Effects[1:] {
			if day := c.Due(e); day.Before(due) {
				due = day
			}
		}
		return due
	}
	slices.SortStableFunc(cases, func(a, b WhatIfCase) int { return cmp.Or(first(a).Compare(first(b)), cmp.Compare(a.Number, b.Number)) })
	return cases, unfinished, nil
}

// eachOpen goes through the cases that are not finished, each with its own rules, and counts them.
func (s *Store) eachOpen(ctx context.Context, bureau proposal.Bureau, look func(OpenState, *proposal.Pack)) (n int, err error) {
	const page = 200
	packs := map[string]*proposal.Pack{}
	for after := ""; ; {
		open, err := s.OpenStates(ctx, after, page)
		if err != nil {
			return 0, err
		}
		for _, o := range open {
			if packs[o.State.Pack] == nil {
				own, ok := s.Pack(o.State.Pack)
				if !ok {
					return 0, fmt.Errorf("rule pack %q of case %s is not there", o.State.Pack, o.CaseID)
				}
				packs[o.State.Pack] = own.Of(bureau)
			}
			look(o, packs[o.State.Pack])
		}
		if n += len(open); len(open) < page {
			return n, nil
		}
		after = open[len(open)-1].CaseID
	}
}
