package store

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// standstill remembers what the rules said of every open case: whether it has a way on today, and who is missing. To ask them of thousands
// of cases takes seconds; a case is asked again when something happened to it, and all are when the people or the rules are others.
type standstill struct {
	mu    sync.Mutex
	of    string // the people and the rules that were asked
	cases map[string]standing
}

// standing is what was found when the case had so many events.
type standing struct {
	events  int
	stuck   bool
	lacking []proposal.Role // each once
}

// standings asks the rules of the open cases that they were not asked of yet.
func (s *Store) standings(ctx context.Context) (map[string]standing, error) {
	staff, err := s.Staff(ctx)
	if err != nil {
		return nil, err
	}
	of, err := s.askedOf(staff)
	if err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, `select id::text, event_count from cases where not finished`)
	if err != nil {
		return nil, edge(err)
	}
	events := map[string]int{}
	var id string
	var count int
	_, err = pgx.ForEachRow(rows, []any{&id, &count}, func() error {
		events[id] = count
		return nil
	})
	if err != nil {
		return nil, edge(err)
	}
	s.still.mu.Lock()
	defer s.still.mu.Unlock()
	known := map[string]standing{}
	var changed []string
	for id, count := range events {
		if was, ok := s.still.cases[id]; ok && was.events == count && s.still.of == of {
			known[id] = was
		} else {
			changed = append(changed, id)
		}
	}
	for batch := range slices.Chunk(changed, maxPageSize) {
		if err := s.ask(ctx, staff, batch, known); err != nil {
			return nil, err
		}
	}
	s.still.of, s.still.cases = of, known
	return known, nil
}

// askedOf names the people and the rules, so that others have another name.
func (s *Store) askedOf(staff proposal.Staff) (string, error) {
	people, err := json.Marshal(staff)
	if err != nil {
		return "", err
	}
	return string(people) + strings.Join(slices.Sorted(maps.Keys(s.Packs())), " "), nil
}

// ask adds what the rules say of the cases. A case whose rules nobody knows is not said to be stuck: another program may know them.
func (s *Store) ask(ctx context.Context, staff proposal.Staff, ids []string, known map[string]standing) error {
	rows, err := s.pool.Query(ctx, `select id::text, state, event_count from cases where id = any ($1::uuid[])`, ids)
	if err != nil {
		return edge(err)
	}
	var id string
	for rows.Next() {
		var state proposal.State
		var found standing
		if err := rows.Scan(&id, &state, &found.events); err != nil {
			rows.Close()
			return edge(err)
		}
		if pack, ok := s.Rules.ByID(state.Pack); ok && staff.Stuck(state, pack) {
			found.stuck = true
			for _, t := range staff.Unmanned(state, pack) {
				if !slices.Contains(found.lacking, t.Role) {
					found.lacking = append(found.lacking, t.Role)
				}
			}
		}
		known[id] = found
	}
	return edge(rows.Err())
}

// StuckCases are the open cases that have no way on today (R21), by id.
func (s *Store) StuckCases(ctx context.Context) ([]string, error) {
	all, err := s.standings(ctx)
	ids := []string{}
	for id, c := range all {
		if c.stuck {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids, err
}

// Lacking are, by role, the ids of the open cases that wait today for somebody of the role while nobody can do it (R21).
func (s *Store) Lacking(ctx context.Context) (map[proposal.Role][]string, error) {
	all, err := s.standings(ctx)
	lacking := map[proposal.Role][]string{}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		for _, role := range all[id].lacking {
			lacking[role] = append(lacking[role], id)
		}
	}
	return lacking, err
}
