package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/banli/banli/internal/heads"
	"github.com/banli/banli/internal/store"
)

// WriteCase writes the record of a case into a new file, which VerifyCase reads without the database, with the signed heads of a file and the fingerprint of
// the key that signed them; both paths may be empty. The file holds names and telephones, and only its owner may read it.
func WriteCase(ctx context.Context, database, id, path, headsPath, publicKey string, out io.Writer) error {
	record, err := store.Open(ctx, database)
	if err != nil {
		return err
	}
	defer record.Close()
	r, err := record.CaseRecord(ctx, id)
	if err != nil {
		return err
	}
	if headsPath != "" {
		if _, err := readHeads(headsPath, publicKey); err != nil {
			return err
		}
		signed, err := os.ReadFile(headsPath)
		if err != nil {
			return err
		}
		public, err := readPublicKey(publicKey)
		if err != nil {
			return err
		}
		if r.Key, err = heads.Fingerprint(public); err != nil {
			return err
		}
		r.Heads = string(signed[:bytes.LastIndexByte(signed, '\n')+1]) // without a line that is being written
	}
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d events, %d versions and %d attachments are in %s; banli verify --file reads it anywhere\n", len(r.Events), len(r.Drafts), len(r.Attachments), path)
	return nil
}

// VerifyCase verifies a file of WriteCase by itself, then against the heads in it, if the public key is given, and against those of a file that was kept apart,
// if that is. It says what it cannot know.
func VerifyCase(path, headsPath, publicKey string, out io.Writer) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	r, err := store.ReadCaseRecord(file)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	chain, rows := r.Verify()
	wrong := sayBreaks(out, chain.Breaks, rows)
	var signed []heads.Head
	if publicKey != "" && r.Heads+r.Key != "" {
		public, err := readPublicKey(publicKey)
		if err != nil {
			return err
		}
		if fingerprint, err := heads.Fingerprint(public); err != nil || r.Key != fingerprint {
			return errors.Join(err, fmt.Errorf("%s: its heads are signed with the key %q, and the one that was given is %s", path, r.Key, fingerprint))
		}
		if signed, err = heads.Read([]byte(r.Heads), public); err != nil {
			return fmt.Errorf("%s, its heads: %w", path, err)
		}
		if !strings.HasSuffix(r.Heads, "\n") {
			return fmt.Errorf("%s: its heads do not end where one does", path)
		}
	}
	if headsPath != "" {
		apart, err := readHeads(headsPath, publicKey)
		if err != nil {
			return err
		}
		signed = append(signed, apart...)
	}
	held, last := 0, time.Time{}
	for _, h := range signed {
		if h.At.After(last) {
			last = h.At
		}
		held = max(held, h.Cases[r.CaseID].No)
		if r.NotAsSigned(h) {
			fmt.Fprintf(out, "case %s, event %d: not as it was signed at %s\n", r.CaseID, h.Cases[r.CaseID].No, h.At.Local().Format(time.DateTime))
			wrong++
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%s is not the record of the case, in %d places", path, wrong)
	}
	fmt.Fprintf(out, "case %s: %d events, %d versions, %d attachments: every hash holds\n", r.CaseID, len(r.Events), len(r.Drafts), len(r.Attachments))
	switch {
	case publicKey == "":
		fmt.Fprintln(out, "No public key was given: whoever wrote the file could have made all its hashes anew, or left out the last events.")
	case held == 0:
		fmt.Fprintln(out, "No signed head names this case: whoever wrote the file could have made all its hashes anew, or left out the last events.")
	default:
		fmt.Fprintf(out, "Events 1 to %d are as they were signed; the last head is of %s. Of what was done since no signature tells, nor whether heads after it were left out: --heads with a file that was kept apart does.\n", held, last.Local().Format(time.DateTime))
	}
	fmt.Fprintln(out, "What was printed under the seal and what stood on the public site is not in the file.")
	return nil
}

// sayBreaks names what is not as it was, and counts it.
func sayBreaks(out io.Writer, chain []store.Break, rows []store.RowBreak) int {
	for _, b := range chain {
		fmt.Fprintf(out, "case %s, event %d: %s\n", b.CaseID, b.No, b.Reason)
	}
	for _, r := range rows {
		fmt.Fprintf(out, "%s %s %s: %s\n", r.Table, r.CaseID, r.Key, r.Reason)
	}
	return len(chain) + len(rows)
}
