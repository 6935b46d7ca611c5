package store

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/banli/banli/internal/proposal"
)

// linkLife is how long a deputy may use a link.
const linkLife = 60 * 24 * time.Hour

// DeputyLink is what a one-time link leads to: one round of one case.
type DeputyLink struct {
	CaseID    string
	Round     int
	ExpiresAt time.Time
	UsedAt    time.Time // when the deputy rated; zero if not yet
}

// madeLink is what a deputy_link event says: never the secret.
type madeLink struct {
	Round     int       `json:"round"`
	ExpiresAt time.Time `json:"expires_at"`
}

// MakeDeputyLink makes a link by which the deputy rates the present round, and returns its secret: it is shown once, only its
// hash is kept, and a repeated action id is refused as AlreadyUnderWay. Refusals: Forbidden unless by the liaison; NotUnderWay
// where no rating is waited for.
func (s *Store) MakeDeputyLink(ctx context.Context, by proposal.PersonID, caseID, actionID string) (secret string, link DeputyLink, err error) {
	secret = rand.Text() + rand.Text()
	err = s.plain(ctx, by, caseID, actionID, func(l *lockedCase) error {
		if done, err := l.repeated(proposal.EventDeputyLink, &nothing{}); err != nil {
			return err
		} else if done {
			return &proposal.Refusal{Code: proposal.AlreadyUnderWay}
		}
		if !l.actor.Has(proposal.Liaison) {
			return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Liaison}
		}
		strands := l.state.StrandsOf(proposal.FeedbackStrand)
		if len(strands) == 0 {
			return &proposal.Refusal{Code: proposal.NotUnderWay}
		}
		if r := strands[len(strands)-1]; r.Status != proposal.StrandAsked && r.Status != proposal.StrandSilent {
			return &proposal.Refusal{Code: proposal.NotUnderWay, Status: r.Status, By: r.Last.By, At: r.Last.At, Did: r.Last.Kind}
		}
		now := s.Now().UTC().Truncate(time.Microsecond)
		link = DeputyLink{CaseID: l.id, Round: max(1, l.state.Round), ExpiresAt: now.Add(linkLife)}
		e, err := l.event(proposal.EventDeputyLink, l.actor.ID, actionID, madeLink{link.Round, link.ExpiresAt}, now)
		if err != nil {
			return err
		}
		l.write.Queue(`
			insert into deputy_links (sha256, case_id, round, made_by, made_at, expires_at) values ($1, $2, $3, $4, $5, $6)`,
			secretHash(secret), l.id, link.Round, e.By, now, link.ExpiresAt)
		return l.appendEvent(e, nothing{})
	})
	if err != nil {
		return "", DeputyLink{}, err
	}
	return secret, link, nil
}
