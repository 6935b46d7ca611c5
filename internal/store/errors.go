package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"
)

var errNotFound = &proposal.Refusal{Code: proposal.NotFound}

// edge is what an error of Postgres becomes where it leaves the package: nothing found is NotFound, no database is
// EngineUnavailable, with a cause where it takes an administrator; text or a number that Postgres cannot hold is InvalidInput. The cause stays in the chain, for the log.
func edge(err error) error {
	refusal := (*proposal.Refusal)(nil)
	switch {
	case err == nil, errors.As(err, &refusal):
		return err
	case errors.Is(err, context.Canceled):
		return err // the caller has gone; nobody is told
	case errors.Is(err, pgx.ErrNoRows):
		return errNotFound
	case strings.Contains(err.Error(), "maximum value for int"): // no column counts so far, and the driver's error has no type
		return fmt.Errorf("%w: %w", invalid("", proposal.FieldMalformed), err)
	case unreachable(err):
		return fmt.Errorf("%w: %w", &proposal.Refusal{Code: proposal.EngineUnavailable}, err)
	}
	if cause := causeOf(err); cause != "" {
		return fmt.Errorf("%w: %w", &proposal.Refusal{Code: proposal.EngineUnavailable, Cause: cause}, err)
	}
	if violation := (*pgconn.PgError)(nil); errors.As(err, &violation) {
		if refusal := refusalOf(violation); refusal != nil {
			return fmt.Errorf("%w: %w", refusal, err)
		}
	}
	return fmt.Errorf("store: %w", err)
}

// unreachable reports whether the error says that the database is not there, or not able to answer now.
func unreachable(err error) bool {
	if failed := (*pgconn.ConnectError)(nil); errors.As(err, &failed) {
		return true
	}
	if refused := (*pgconn.PgError)(nil); errors.As(err, &refused) {
		switch {
		case strings.HasPrefix(refused.Code, "08"), // connection exception
			strings.HasPrefix(refused.Code, "57P"),           // shutting down, crashed, starting, database dropped
			refused.Code == "53200", refused.Code == "53300", // out of memory, connections
			refused.Code == "55P03", // a lock that somebody holds for too long
			refused.Code == "25P03": // our own transaction was left idle and ended
			return true
		}
		return false
	}
	network := net.Error(nil)
	return errors.As(err, &network) || errors.Is(err, puddle.ErrClosedPool) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || pgconn.SafeToRetry(err)
}

// causeOf is why Postgres will not do it at the next try either; "" if it may, or if the error says nothing of the kind.
func causeOf(err error) proposal.Cause {
	refused := (*pgconn.PgError)(nil)
	if !errors.As(err, &refused) {
		return ""
	}
	switch refused.Code {
	case "53100":
		return proposal.DiskFull
	case "25006":
		return proposal.ReadOnly
	case "42P01", "42703", "42883", "3F000", "42501": // no such table, column, function, schema; no right to it
		return proposal.SchemaApart
	}
	return ""
}

// refusalOf tells in the rules' words what a broken constraint means to the person who broke it; nil for those that only a
// defect can break.
func refusalOf(violation *pgconn.PgError) *proposal.Refusal {
	switch {
	case violation.Code == "22003": // a number that no column holds
		return invalid("", proposal.FieldMalformed)
	case violation.Code == "22021": // a byte that is not text; the rules look at most fields, not at lists of codes
		return invalid("", proposal.FieldMalformed)
	case violation.ConstraintName == "events_action_id", violation.ConstraintName == "actions_pkey":
		return invalid("action_id", proposal.FieldMalformed) // used for something else before
	case violation.ConstraintName == "people_division_fkey":
		return invalid("division", proposal.UnknownValue)
	case violation.ConstraintName == "people_login_key":
		return invalid("login", proposal.NameTaken)
	case violation.ConstraintName == "directory_entries_once":
		return invalid("name", proposal.NameTaken)
	case violation.ConstraintName == "provider_logins_awaited":
		return invalid("username", proposal.NameTaken)
	case violation.ConstraintName == "people_roles":
		return invalid("roles", proposal.UnknownValue)
	}
	return nil
}

func invalid(field string, code proposal.FieldCode) *proposal.Refusal {
	return &proposal.Refusal{Code: proposal.InvalidInput, Fields: []proposal.FieldError{{Field: field, Code: code}}}
}

// parseID returns the canonical form of a UUID, the one that Postgres gives back and that hashes are taken over. What is no
// UUID names nothing.
func parseID[ID ~string](id ID) (ID, error) {
	parsed, err := uuid.Parse(string(id))
	if err != nil || len(id) != len(parsed.String()) { // it reads urn:uuid:… and braces too, which nobody else knows
		return "", errNotFound
	}
	return ID(parsed.String()), nil
}

// parseActionID is parseID for ids that a caller chooses, which may be wrong but not unknown, and are never the system's.
func parseActionID(id string) (string, error) {
	parsed, err := parseID(id)
	if err != nil || proposal.IsSystemID(parsed) {
		return "", invalid("action_id", proposal.FieldMalformed)
	}
	return parsed, nil
}

// orNull makes a missing value NULL.
func orNull[T comparable](value T) any {
	if value == *new(T) {
		return nil
	}
	return value
}
