package proposal

// Seals returns for whom the person would print the reply under the seal (用印), "" for themselves. The seal is the liaison's, who numbers and sends the
// reply, and nobody else's; it comes under a text that is signed and numbered, and never under a draft.
func (p Person) Seals(s State) (as PersonID, refusal *Refusal) {
	if s.Signer == "" || s.Number == (DocumentNumber{}) || s.Stage.Before(Dispatching) || s.Stage == Returned || s.Stage == Withdrawn {
		return "", &Refusal{Code: NotInStage, Stage: s.Stage}
	}
	if p.Has(Liaison) {
		return "", nil
	}
	for _, principal := range p.Covers {
		if principal.Person().Has(Liaison) {
			return principal.ID, nil
		}
	}
	return "", &Refusal{Code: Forbidden, Role: Liaison}
}
