package store

import (
	"slices"

	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// toldNotice is a notice of the locked case that is not over.
type toldNotice struct {
	proposal.Notice
	id int64
}

func scanTold(row pgx.CollectableRow) (n toldNotice, err error) {
	return n, row.Scan(&n.id, &n.Kind, &n.Clock, &n.Ask, &n.Ref, &n.Role, &n.Division, &n.Person)
}

// notify keeps who must be told of the action, and ends what was told before and is true no more.
func (l *lockedCase) notify(next proposal.State, f proposal.Facts, e proposal.Event) {
	notices := proposal.Notices(l.state, next, l.action, f)
	for _, old := range l.told {
		switch {
		case old.Over(next, f.Pack):
			l.end(old, NoticeDone)
		case slices.ContainsFunc(notices, func(n proposal.Notice) bool { return n.Replaces(old.Notice) }):
			l.end(old, NoticeReplaced)
		}
	}
	if next.Stage != l.state.Stage {
		l.tellWatchers(notices, e)
	}
	for _, n := range notices {
		l.write.Queue(`
			insert into notices (case_id, event_no, kind, clock, ask, ref, days, role, division, person, by, at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			l.id, e.No, n.Kind, n.Clock, n.Ask, n.Ref, n.Days, n.Role, orNull(n.Division), orNull(n.Person), orNull(e.By), e.At)
	}
}

// tellWatchers tells those who watch the case that it moved, unless they hear of it anyway or did it. What they may not see, the
// reading of a notice keeps from them.
func (l *lockedCase) tellWatchers(notices []proposal.Notice, e proposal.Event) {
	hear := []proposal.PersonID{}
	for _, n := range notices {
		if n.Person != "" {
			hear = append(hear, n.Person)
		}
	}
	for _, old := range l.told {
		if old.Kind == proposal.NoticeWatched {
			l.end(old, NoticeReplaced)
		}
	}
	l.write.Queue(`
		insert into notices (case_id, event_no, kind, clock, ref, days, role, person, by, at)
		select $1, $2, $3, '', '', 0, '', person, $4, $5 from watches
		where case_id = $1 and person is distinct from $4 and person <> all ($6::uuid[])`,
		l.id, e.No, proposal.NoticeWatched, orNull(e.By), e.At, hear)
}

func (l *lockedCase) end(n toldNotice, how Over) {
	l.write.Queue(`update notices set over = $2 where id = $1`, n.id, how)
}
