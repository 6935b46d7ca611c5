package kit

import (
	"context"
	"encoding/json"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/identity"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// Store is what is read and written of the record here.
type Store interface {
	Authenticate(ctx context.Context, login string, plain string, from, browser string) (store.Login, error)
	BodyOf(ctx context.Context, caseID string) (assembly.Body, error)
	BrowserPerson(ctx context.Context, browser string) (person proposal.PersonID, err error)
	Bureau(ctx context.Context, signed calendar.Date) (proposal.Bureau, error)
	Calendar(ctx context.Context) (*calendar.Calendar, error)
	EnterByProvider(ctx context.Context, who identity.Provided, from string) (person store.Person, what store.LoginEvent, err error)
	Factors(ctx context.Context, person proposal.PersonID) ([]store.Factor, error)
	ForgetTyped(ctx context.Context, person proposal.PersonID, caseID string, form string, ref string, on []string) error
	LinkAtProvider(ctx context.Context, person proposal.PersonID, who identity.Provided) (linked bool, err error)
	Person(ctx context.Context, id proposal.PersonID) (store.Person, error)
	PersonAtProvider(ctx context.Context, who identity.Provided) (person proposal.PersonID, err error)
	Ping(ctx context.Context) error
	Takes(ctx context.Context) error
	ProveByCode(ctx context.Context, who store.Person, typed, from string) (store.Proved, error)
	ProveByPasskey(ctx context.Context, person proposal.PersonID, id []byte, key json.RawMessage) (proof string, err error)
	ProveByProvider(ctx context.Context, person proposal.PersonID, at time.Time) (proof string, err error)
	RememberBrowser(ctx context.Context, person proposal.PersonID, browser string) (secret string, err error)
	SaveDisplay(ctx context.Context, person proposal.PersonID, d store.Display) error
	TellAtProvider(ctx context.Context, person proposal.PersonID, what store.LoginEvent, username, from string) error
	TellEnded(ctx context.Context, by, person proposal.PersonID, from string) error
	TellLogin(ctx context.Context, person proposal.PersonID, what store.LoginEvent, from string) error
	UnreadNotices(ctx context.Context, person proposal.PersonID) (n int, err error)
}
