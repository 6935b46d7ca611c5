package kit

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// What a session tells of itself to whoever may end it.
const (
	sessionID    = "id" // names it; it lets nobody in
	sessionSince = "since"
	sessionSeen  = "seen"
	sessionFrom  = "from"
)

// Session is a login that still stands.
type Session struct {
	ID          string
	Since, Seen time.Time // UTC
	From        string    // the address it was opened from; "" if that is not known
	Here        bool      // the request belongs to it
	key         string    // of the table of sessions
}

// SessionsOf are the sessions of the person that stand, the one that was used last first.
func (s *Kit) SessionsOf(r *http.Request, who store.Person) ([]Session, error) {
	here := s.sessions.GetString(r.Context(), sessionID)
	var all []Session
	err := s.sessions.Iterate(r.Context(), func(ctx context.Context) error {
		if s.sessions.GetString(ctx, sessionPerson) != string(who.ID) || !s.stands(ctx, who) {
			return nil
		}
		one := Session{
			ID: s.sessions.GetString(ctx, sessionID), From: s.sessions.GetString(ctx, sessionFrom), key: s.sessions.Token(ctx),
			Since: time.Unix(s.sessions.GetInt64(ctx, sessionSince), 0).UTC(), Seen: time.Unix(s.sessions.GetInt64(ctx, sessionSeen), 0).UTC(),
		}
		one.Here = one.ID == here
		all = append(all, one)
		return nil
	})
	slices.SortFunc(all, func(a, b Session) int { return b.Seen.Compare(a.Seen) })
	return all, err
}

// EndSession ends a session of the person, which is told with who did it. One that is over already is not told. It refuses the session of the
// request itself: for that there is the logout.
func (s *Kit) EndSession(r *http.Request, by proposal.PersonID, who store.Person, id string) error {
	all, err := s.SessionsOf(r, who)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(one Session) bool { return one.ID == id })
	switch {
	case i < 0:
		return nil
	case all[i].Here:
		return ErrNotFound
	}
	// The manager would hash the key, which is a hash already.
	if err := s.sessions.Store.Delete(all[i].key); err != nil {
		return err
	}
	return s.store.TellEnded(r.Context(), by, who.ID, all[i].From)
}
