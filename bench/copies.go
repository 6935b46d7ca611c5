package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/jackc/pgx/v5"
)

const (
	firstYear  = 2011 // of the record; there is a calendar for the year before
	prototypes = 240  // finished cases that are recorded by the rules; the others are copies of them
	copied     = 20   // copies of each in one transaction
)

// copiedTables are those of a case that the pages read.
var copiedTables = []string{"cases", "events", "tasks", "case_actors", "consultations", "feedback", "points", "drafts", "document_numbers", "commitments", "case_facts"}

// finish records finished cases from the first year to a month and a half ago, until the record has so many. A few are recorded by the rules at the times of
// their days, and copied inside the database, with ids and numbers of their own: a million by the rules would take six hours.
func finish(ctx context.Context, record *store.Store, url string, crews []crew, many int) error {
	now := record.Now
	defer func() { record.Now = now }()
	days := calendar.DateOf(now()).AddDays(-45).Sub(calendar.NewDate(firstYear, 1, 4))
	for i := range prototypes {
		on := calendar.NewDate(firstYear, 1, 4).AddDays(days * i / prototypes)
		l, end := bygone(crews[i%len(crews)], i, on)
		for step, a := range slices.Concat(l.actions[:], l.sent(crews[i%len(crews)]), end) {
			at := on.AddDays(2 * step).Start().Add(10 * time.Hour)
			record.Now = func() time.Time { return at }
			if err := l.step(ctx, record, step, a); err != nil {
				return err
			}
		}
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `
		set session_replication_role = replica; set synchronous_commit = off;
		create temp table bygone as select id from cases where finished;
		create function pg_temp.copy(id uuid, k int) returns uuid language sql immutable as $$ select md5(id::text || k)::uuid $$`); err != nil {
		return err
	}
	// At a million, rows come into every index in no order, each into a page that is on disk: the indexes are made at the end.
	indexes, err := laidAside(ctx, conn)
	if err != nil {
		return err
	}
	begun := time.Now()
	for k := 1; k < many/prototypes; k += copied {
		if (k-1)%(5*copied) == 0 {
			say(fmt.Sprintf("%d of %d finished cases, %s", k*prototypes, many, time.Since(begun).Round(time.Second)))
		}
		if err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			for _, table := range copiedTables {
				if err := copyRows(ctx, tx, table, k, min(k+copied, many/prototypes)-1); err != nil {
					return fmt.Errorf("copy %s: %w", table, err)
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	say("indexes, " + time.Since(begun).Round(time.Second).String())
	for _, index := range append(indexes, `vacuum analyze`) { // what the autovacuum of a record that grew in fifteen years has done
		if _, err := conn.Exec(ctx, index); err != nil {
			return err
		}
	}
	return nil
}

// laidAside takes the indexes of the copied tables away, but for the keys, and returns the statements that make them again.
func laidAside(ctx context.Context, conn *pgx.Conn) (statements []string, err error) {
	rows, err := conn.Query(ctx, `
		select indexname, indexdef from pg_indexes
		where schemaname = 'public' and tablename = any ($1) and indexname not in (select conname from pg_constraint)`, copiedTables)
	if err != nil {
		return nil, err
	}
	var name, statement string
	var names []string
	if _, err := pgx.ForEachRow(rows, []any{&name, &statement}, func() error {
		names, statements = append(names, pgx.Identifier{name}.Sanitize()), append(statements, statement)
		return nil
	}); err != nil {
		return nil, err
	}
	_, err = conn.Exec(ctx, `drop index `+strings.Join(names, ", "))
	return statements, err
}

// copyRows adds the rows of the prototypes once more for each number from the first to the last.
func copyRows(ctx context.Context, tx pgx.Tx, table string, first, last int) error {
	rows, err := tx.Query(ctx, `
		select column_name from information_schema.columns
		where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER' and is_identity = 'NO'`, table)
	if err != nil {
		return err
	}
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	id, values := "case_id", make([]string, len(columns))
	if table == "cases" {
		id = "id"
	}
	for i, c := range columns {
		values[i] = "r." + c
		switch {
		case c == id || c == "action_id":
			values[i] = "pg_temp.copy(r." + c + ", k)"
		case c == "number":
			values[i] = "r.number || '-' || k"
		case table == "drafts" && c == "body": // no list reads what was written, and a million would fill the disk
			values[i] = "'。'"
		case table == "events" && (c == "input" || c == "outcome"):
			values[i] = "'{}'"
		case c == "serial":
			values[i] = fmt.Sprintf("r.serial + %d * k", prototypes)
		}
	}
	_, err = tx.Exec(ctx, fmt.Sprintf(`insert into %s (%s) select %s from %s r join bygone b on b.id = r.%s cross join generate_series(%d, %d) k`,
		table, strings.Join(columns, ", "), strings.Join(values, ", "), table, id, first, last))
	return err
}

// bygone is the i-th life from registration to its closure, assigned on that day, and what it does at the end.
func bygone(c crew, i int, on calendar.Date) (*life, []proposal.Action) {
	l := born(c, assembly.RegisterKey{Body: assembly.NPC, Level: assembly.CityLevel, Term: 15, Session: 1, Number: fmt.Sprintf("%04d", 1+i)}, on)
	ref, rating := proposal.StrandTarget{Ref: "1"}, proposal.Ratings[min(i%9, 1)]
	return l, []proposal.Action{
		{Kind: proposal.Publish, By: c.publisher, Input: &proposal.PublicationOrder{StrandTarget: ref, SHA256: l.draft.SHA256()}},
		{Kind: proposal.RecordFeedback, By: c.assembly, Input: &proposal.Feedback{
			StrandTarget: ref, Source: proposal.FeedbackFromAssembly, Attitude: rating, Result: rating,
		}},
		{Kind: proposal.Close, By: c.liaison, Input: &proposal.ClosureNote{}},
	}
}
