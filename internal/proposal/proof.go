package proposal

import "time"

// Who signs proves once more who they are, where the bureau asks that of their role, or where they have a second factor of their own: an open session is not
// enough to bind the bureau (ours; ADR 0020).

// SecondFactor is what is known of the second factor of an actor.
type SecondFactor struct {
	Has   bool
	Proof Proof     // the one that the action names; zero if it names none, or another's
	Sent  time.Time // when the action was sent: it may be applied much later, when the engine was away
}

// Proof says that somebody has proved who they are.
type Proof struct {
	Way string    // totp, passkey, recovery or provider
	At  time.Time // UTC
}

// ProofLasts is how long before a signature the proof may have been made.
const ProofLasts = 10 * time.Minute

// Signs reports whether the action puts a name to the text of a reply (签发、会签).
func (k Kind) Signs() bool { return k == Sign || k == CountersignDraft }

// proved refuses a signature without a fresh proof.
func (a Action) proved(f Facts) *Refusal {
	if !a.Kind.Signs() {
		return nil
	}
	as, _ := f.Actor.As(a.For) // nobody's roles unless they cover for somebody
	asked := f.Second.Has || f.Bureau.AsksSecondFactor(f.Actor.Roles) || f.Bureau.AsksSecondFactor(as.Roles)
	if !asked || f.Second.fresh() {
		return nil
	}
	return refuse(ProofNeeded)
}

func (s SecondFactor) fresh() bool {
	age := s.Sent.Sub(s.Proof.At)
	return !s.Proof.At.IsZero() && age >= 0 && age <= ProofLasts
}

// ProvedBy is by what the signer has proved who they are; "" for an action that is no signature, or has no fresh proof.
func (a Action) ProvedBy(f Facts) string {
	if !a.Kind.Signs() || !f.Second.fresh() {
		return ""
	}
	return f.Second.Proof.Way
}
