package store

import (
	"context"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/proposal"
)

// CaseHead is as much of a case as is told where something else is listed: moved deadlines, typed words.
type CaseHead struct {
	Key     assembly.RegisterKey
	Subject string
	State   proposal.State
}

// CaseHeads reads the heads of several cases at once. What names no case is left out.
func (s *Store) CaseHeads(ctx context.Context, ids []string) (map[string]CaseHead, error) {
	var known []string
	for _, id := range ids {
		if id, err := parseID(id); err == nil {
			known = append(known, id)
		}
	}
	rows, err := s.pool.Query(ctx, `
		select id::text, body, level, term, session, intersession, number, subject, state from cases where id = any($1::uuid[])`, known)
	if err != nil {
		return nil, edge(err)
	}
	heads := map[string]CaseHead{}
	var id string
	for rows.Next() {
		var h CaseHead
		k := &h.Key
		if err := rows.Scan(&id, &k.Body, &k.Level, &k.Term, &k.Session, &k.Intersession, &k.Number, &h.Subject, &h.State); err != nil {
			rows.Close()
			return nil, edge(err)
		}
		heads[id] = h
	}
	return heads, edge(rows.Err())
}
