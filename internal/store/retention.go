package store

import (
	"context"
	"encoding/json"
	"time"
)

// Retention is for how many days what the chains do not cover is kept once it has done its work. What they cover is kept for ever.
type Retention struct {
	Refused int // actions that were refused or never decided, with the words that were sent
	Mails   int // mails that went out, or could not
	Reports int // reports of the reconciliation, but for the last
	Links   int // links for passwords, after they ran out
}

// outdated are the statements that take away what is older than a moment, by the name under which it is told how many there were. An action that was applied is
// what an event says, and one that is not decided yet may wait for the engine as long as proofs are kept; the row of a mail keeps it from being sent again for a notice that is still news, and no notice is news for as long as a mail is kept.
var outdated = []struct {
	name, statement string
	days            func(Retention) int
}{
	{"refused", `delete from actions a where saved_at < $1 and not exists (select from events e where e.action_id = a.id)`, func(r Retention) int { return max(r.Refused, int(proofsKept/(24*time.Hour))) }},
	{"mails", `delete from mails where ended_at < $1`, func(r Retention) int { return max(r.Mails, int(noticeWindow/(24*time.Hour))) }},
	{"reports", `delete from drift_reports where at < $1 and id < (select max(id) from drift_reports)`, func(r Retention) int { return r.Reports }},
	{"links", `delete from password_links where expires_at < $1`, func(r Retention) int { return r.Links }},
	{"sessions", endSessions, func(Retention) int { return 0 }},
}

// endSessions takes away the sessions that ended before a moment. Each login does so too.
const endSessions = `delete from sessions where expiry < $1`

// Sweep takes away what is older than it is to be kept, and tells in the chain of what was changed of the bureau how much of each there was.
func (s *Store) Sweep(ctx context.Context, keep Retention) (map[string]int64, error) {
	swept := map[string]int64{}
	err := s.Edit(ctx, "", func(e *Edit) error {
		for _, o := range outdated {
			tag, err := e.tx.Exec(ctx, o.statement, e.now.AddDate(0, 0, -o.days(keep)))
			if err != nil {
				return err
			}
			if tag.RowsAffected() > 0 {
				swept["swept_"+o.name] = tag.RowsAffected()
			}
		}
		if len(swept) == 0 {
			return nil
		}
		told, err := json.Marshal(swept)
		if err == nil {
			_, err = e.tx.Exec(ctx, `select tell_staff('retention', '', null, $1, null)`, told)
		}
		return err
	})
	return swept, err
}
