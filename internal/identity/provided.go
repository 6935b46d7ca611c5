package identity

import "time"

// Provided is who somebody is, as the house's own provider of logins says. What it says of names and groups it may say otherwise tomorrow; issuer and subject
// stay.
type Provided struct {
	Issuer, Subject string
	Session         string // of the provider's, by which it may end what was begun with it; "" if it has no name
	Username, Name  string
	Email           string // "" unless the provider has seen that it is theirs
	Groups          []string
	Grouped         bool      // the provider said of which groups they are, be it of none
	Factors         []string  // by what they proved it: acr, then amr
	At              time.Time // when they did, UTC; zero if the provider does not say
}
