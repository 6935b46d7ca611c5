package app

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/heads"
	"github.com/banli/banli/internal/store"
)

// Heads says where signed heads of the record are kept.
type Heads struct {
	File string `name:"heads" env:"BANLI_HEADS" type:"path" placeholder:"FILE" help:"A file outside the database to which a signed head of the record is added each day. banli verify --heads holds the record against it."`
	Key  string `name:"heads-key" env:"BANLI_HEADS_KEY" type:"path" placeholder:"FILE" help:"Key that signs them (Ed25519, PEM). It is made if it is not there, with its public half in FILE.pub."`
}

// Validate refuses one file without the other.
func (h *Heads) Validate() error {
	if (h.File == "") != (h.Key == "") {
		return errors.New("--heads and --heads-key go together")
	}
	return nil
}

// signHeads adds a head a day, on the day's first look, until the context ends.
func (a *App) signHeads(ctx context.Context) {
	file := heads.File{Path: a.config.Heads.File, KeyPath: a.config.Heads.Key}
	a.rounds(ctx, headsRound, "no signed head of the record is written today to "+file.Path, func(ctx context.Context) error {
		now := time.Now()
		_, err := file.Append(now, func(last time.Time) bool { return calendar.DateOf(last).Before(calendar.DateOf(now)) }, func() (heads.Record, error) {
			return a.Store.ChainHeads(ctx)
		})
		return err
	})
}

// headsRound is how soon after midnight the day's head is there, at the latest.
const headsRound = 15 * time.Minute

// VerifyHeads holds the record against the signed heads of a file.
func VerifyHeads(ctx context.Context, database, path, publicKey string, out io.Writer) error {
	all, err := readHeads(path, publicKey)
	if err != nil {
		return err
	}
	record, err := store.Open(ctx, database)
	if err != nil {
		return err
	}
	defer record.Close()
	wrong := 0
	for _, h := range all {
		cases, changes, err := record.NotAsSigned(ctx, h)
		if err != nil {
			return err
		}
		for _, id := range cases {
			fmt.Fprintf(out, "case %s, event %d: not as it was signed at %s\n", id, h.Cases[id].No, h.At.Local().Format(time.DateTime))
		}
		if !changes {
			fmt.Fprintf(out, "changes of the bureau itself, number %d: not as it was signed at %s\n", h.Changes.No, h.At.Local().Format(time.DateTime))
			wrong++
		}
		wrong += len(cases)
	}
	if wrong > 0 {
		return fmt.Errorf("the record is not what was signed, in %d places", wrong)
	}
	fmt.Fprintf(out, "signed heads: %d, the last of %s; the record holds what they say\n", len(all), all[len(all)-1].At.Local().Format(time.DateTime))
	return nil
}

// readHeads reads a file of signed heads. An error names what is not as the key signed it; a file without any is one.
func readHeads(path, publicKey string) ([]heads.Head, error) {
	public, err := readPublicKey(publicKey)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	all, err := heads.Read(data, public)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s holds no head", path)
	}
	return all, nil
}

func readPublicKey(path string) (ed25519.PublicKey, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	public, err := heads.PublicKey(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return public, nil
}
