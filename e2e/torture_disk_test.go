package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// diskFaults are those of a disk that can be filled.
var diskFaults = []fault{
	{"the disk is full", func(r *rack, lasts time.Duration) { r.disk.full(r, lasts, func() {}) }},
	{"the disk is full until the database ends", func(r *rack, lasts time.Duration) { r.disk.full(r, lasts, r.wearOut) }},
}

// smallDisk is the disk of everything that the machine keeps, if it is a disk of its own. There is a file in its way.
type smallDisk struct {
	folder string
	caseID string            // the one that files are added to
	files  map[string]string // that were acknowledged: id → SHA-256
}

// newSmallDisk mounts one. ok is false where that is not allowed.
func newSmallDisk(t *testing.T) (d *smallDisk, ok bool) {
	t.Helper()
	d = &smallDisk{folder: t.TempDir(), files: map[string]string{}}
	if err := syscall.Mount("tmpfs", d.folder, "tmpfs", 0, "size=2G,mode=0755"); err != nil {
		t.Logf("the disk is not filled: no small one can be mounted here: %v", err)
		return nil, false
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(d.folder, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return d, true
}

// full leaves no room on the disk while something happens, and for as long as it lasts. A file that somebody adds to a case meanwhile is refused, and
// kept when it is sent again.
func (d *smallDisk) full(r *rack, lasts time.Duration, happens func()) {
	file := r.newFile()
	ballast := d.fill(r.t)
	defer os.Remove(ballast)
	if status, said := r.attach(file); status/100 == 2 {
		r.t.Errorf("a file of %d bytes was kept on a full disk", len(file.data))
	} else if status != 0 && (status != http.StatusServiceUnavailable || refusalCode(said) != proposal.EngineUnavailable) {
		r.t.Errorf("a file for a full disk is answered %d %s", status, said)
	}
	happens()
	time.Sleep(lasts)
	os.Remove(ballast)
	for begun := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		status, said := r.attach(file)
		if status/100 == 2 {
			sum := sha256.Sum256(file.data)
			d.files[file.id] = hex.EncodeToString(sum[:])
			return
		}
		if time.Since(begun) > patience {
			r.t.Errorf("with room again, a file is answered %d %s", status, said)
			return
		}
	}
}

// fill takes all room there is.
func (d *smallDisk) fill(t *testing.T) (ballast string) {
	file, err := os.Create(filepath.Join(d.folder, "ballast"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	at := int64(0)
	for part := int64(16 << 20); part >= 4<<10; {
		switch err := syscall.Fallocate(int(file.Fd()), 0, at, part); {
		case err == nil:
			at += part
		case errors.Is(err, syscall.ENOSPC):
			part /= 2
		case !errors.Is(err, syscall.EINTR):
			t.Fatal(err)
		}
	}
	return file.Name()
}

// wearOut has the database use up the room that it has set aside for its log of changes, until it ends.
func (r *rack) wearOut() {
	waits := func() int { return strings.Count(r.machine.said.String(), "there is no room on the disk") }
	before := waits()
	for begun := time.Now(); waits() == before; time.Sleep(10 * time.Millisecond) {
		if conn, err := pgx.Connect(r.t.Context(), r.machine.database); err == nil {
			for err == nil {
				_, err = conn.Exec(r.t.Context(), `select pg_logical_emit_message(true, 'torture', 'x')`)
				if err == nil {
					_, err = conn.Exec(r.t.Context(), `select pg_switch_wal()`)
				}
			}
			conn.Close(r.t.Context())
		}
		if time.Since(begun) > patience {
			r.t.Error("the database does not end on a full disk")
			return
		}
	}
}

// newFile is one that no page that is free by chance has room for.
func (r *rack) newFile() (file attachment) {
	d := r.disk
	if d.caseID == "" {
		registration := fixture.Registration("9999", calendar.DateOf(time.Now()))
		d.caseID = workflows.CaseID(registration.RegisterKey)
		c := &tortured{id: d.caseID, registration: registration}
		action := r.bureau.Register(registration)
		for begun := time.Now(); r.act(c, action, r.sites[0]).unknown; time.Sleep(100 * time.Millisecond) {
			if time.Since(begun) > patience {
				r.t.Fatal("a case for files is not registered")
			}
		}
	}
	file = attachment{id: uuid.NewString(), data: make([]byte, 8<<20)}
	_, _ = rand.NewChaCha8([32]byte([]byte(file.id)[:32])).Read(file.data)
	copy(file.data, "%PDF-1.4\n")
	return file
}

type attachment struct {
	id   string // of the action that brings it
	data []byte
}

// attach sends a file once. status is 0 if there was no answer.
func (r *rack) attach(file attachment) (status int, said []byte) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "原件.pdf")
	if err == nil {
		_, err = part.Write(file.data)
	}
	if err := errors.Join(err, form.WriteField("id", file.id), form.WriteField("kind", string(store.OriginalFile)), form.Close()); err != nil {
		panic(err) // memory takes everything
	}
	return r.send(http.MethodPost, r.sites[0]+"/api/v1/cases/"+r.disk.caseID+"/attachments", r.bureau.ID(proposal.Liaison), form.FormDataContentType(), body.Bytes())
}

// filesAgree: of files there are those that were acknowledged, whole, each with its event.
func (r *rack) filesAgree(conn *pgx.Conn) {
	rows, err := conn.Query(r.t.Context(), `
		select id::text, encode(sha256(data), 'hex'), (select count(*) from events where action_id = attachments.id) from attachments`)
	if err != nil {
		r.t.Fatal(err)
	}
	kept, events := map[string]string{}, 0
	var id, sum string
	var told int
	if _, err := pgx.ForEachRow(rows, []any{&id, &sum, &told}, func() error {
		kept[id] = sum
		if told != 1 {
			r.t.Errorf("the file %s has %d events", id, told)
		}
		return nil
	}); err != nil {
		r.t.Fatal(err)
	}
	if fmt.Sprint(kept) != fmt.Sprint(r.disk.files) {
		r.t.Errorf("files are kept %v, acknowledged %v", kept, r.disk.files)
	}
	if err := conn.QueryRow(r.t.Context(), `select count(*) from events where kind = $1`, proposal.EventAttach).Scan(&events); err != nil || events != len(kept) {
		r.t.Errorf("%d files by %d events, %v", len(kept), events, err)
	}
}
