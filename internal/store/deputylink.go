package store

import (
	"context"
	"crypto/rand"
	"slices"
	"strconv"
	"time"

	"github.com/banli/banli/internal/proposal"
)

// linkLife is how long a deputy may use a link.
const linkLife = 60 * 24 * time.Hour

// DeputyLink is what a one-time link leads to: one round of one case, for one who signed it.
type DeputyLink struct {
	CaseID    string
	Round     int
	CoSigner  string // "": the lead
	ExpiresAt time.Time
	UsedAt    time.Time // when the deputy rated; zero if not yet
}

// madeLink is what a deputy_link event says: never the secret.
type madeLink struct {
	Round     int       `json:"round"`
	CoSigner  string    `json:"co_signer,omitempty"`
	ExpiresAt time.Time `json:"expires_at"`
}

// MakeDeputyLink makes a link by which a co-signer, or the lead if none is named, rates the present round, and returns its secret: it is shown
// once, only its hash is kept, and a repeated action id is refused as AlreadyUnderWay. Refusals: Forbidden unless by the liaison; InvalidInput
// for who did not sign; NotUnderWay where no rating is waited for.
func (s *Store) MakeDeputyLink(ctx context.Context, by proposal.PersonID, caseID, coSigner, actionID string) (secret string, link DeputyLink, err error) {
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
		link = DeputyLink{CaseID: l.id, Round: max(1, l.state.Round), CoSigner: coSigner}
		if err := l.awaitsRating(ctx, link); err != nil {
			return err
		}
		now := s.Now().UTC().Truncate(time.Microsecond)
		link.ExpiresAt = now.Add(linkLife)
		e, err := l.event(proposal.EventDeputyLink, l.actor.ID, actionID, madeLink{link.Round, link.CoSigner, link.ExpiresAt}, now)
		if err != nil {
			return err
		}
		l.write.Queue(`
			insert into deputy_links (sha256, case_id, round, co_signer, made_by, made_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)`,
			secretHash(secret), l.id, link.Round, link.CoSigner, e.By, now, link.ExpiresAt)
		return l.appendEvent(e, nothing{})
	})
	if err != nil {
		return "", DeputyLink{}, err
	}
	return secret, link, nil
}

// awaitsRating refuses a link by which nothing could be rated.
func (l *lockedCase) awaitsRating(ctx context.Context, link DeputyLink) error {
	strands := l.state.StrandsOf(proposal.FeedbackStrand)
	if len(strands) == 0 {
		return &proposal.Refusal{Code: proposal.NotUnderWay}
	}
	r := strands[len(strands)-1]
	over := &proposal.Refusal{Code: proposal.NotUnderWay, Status: r.Status, By: r.Last.By, At: r.Last.At, Did: r.Last.Kind}
	if link.CoSigner == "" {
		if r.Status != proposal.StrandAsked && r.Status != proposal.StrandSilent {
			return over
		}
		return nil
	}
	if r.Status == proposal.StrandCancelled || r.Ref != strconv.Itoa(link.Round) {
		return over
	}
	if slices.Index(l.proposers, link.CoSigner) < 1 {
		return &proposal.Refusal{Code: proposal.InvalidInput, Fields: []proposal.FieldError{{Field: "for", Code: proposal.UnknownValue}}}
	}
	var rated bool
	err := l.conn.QueryRow(ctx, `select exists (select from co_signer_ratings where case_id = $1 and round = $2 and co_signer = $3)`,
		l.id, link.Round, link.CoSigner).Scan(&rated)
	if rated {
		return &proposal.Refusal{Code: proposal.NotUnderWay, Status: proposal.StrandRated}
	}
	return err
}
