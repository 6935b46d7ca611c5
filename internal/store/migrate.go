package store

import "context"

// Migrate brings the database's schema to the version of this program. Several processes may call it at once.
func Migrate(ctx context.Context, dsn string) error { return errNotYet }
