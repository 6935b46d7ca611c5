package inbox

import (
	"context"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// Store is what is read and written of the record here.
type Store interface {
	Notices(ctx context.Context, person proposal.PersonID, f store.NoticeFilter) (store.Page[store.Notice], error)
	ReadNotice(ctx context.Context, person proposal.PersonID, id int64) error
	ReadNotices(ctx context.Context, person proposal.PersonID, upTo int64) error
	SaveSettings(ctx context.Context, person proposal.PersonID, c store.Settings) error
	Settings(ctx context.Context, person proposal.PersonID) (store.Settings, error)
	Undelivered(ctx context.Context, person proposal.PersonID) ([]store.UndeliveredMail, error)
	WatchRules(ctx context.Context) (proposal.WatchRules, error)
	UnreadNotices(ctx context.Context, person proposal.PersonID) (n int, err error)
}
