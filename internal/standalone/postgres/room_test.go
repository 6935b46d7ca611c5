package postgres_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/banli/banli/internal/standalone/postgres"
)

// A server that ends on a full disk is started again once there is room, and until then it is said what is missing: where the cluster lies, and where its
// log of changes does.
func TestAFullDiskIsWaitedOut(t *testing.T) {
	disk, changes := smallDisk(t, "160M"), smallDisk(t, "160M")
	said := make(chan string, 20)
	awaits := func(words string) {
		t.Helper()
		for {
			select {
			case line := <-said:
				if strings.Contains(line, words) {
					return
				}
			case <-time.After(time.Minute):
				t.Fatalf("it does not say %q", words)
			}
		}
	}
	begin := func() *postgres.Server {
		t.Helper()
		s, err := postgres.Start(t.Context(), postgres.Config{Dir: filepath.Join(disk, "pg"), Volatile: true, Progress: func(line string) { said <- line }})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if err := begin().Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(disk, "pg", "pg_wal")
	if out, err := exec.Command("sh", "-ec", `cp -a "$0" "$1"; rm -r "$0"; ln -s "$1/pg_wal" "$0"; chmod 755 "$1/.."`, log, changes).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s := begin()
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	for _, full := range []string{disk, changes} {
		fill, err := os.Create(filepath.Join(full, "fill"))
		if err != nil {
			t.Fatal(err)
		}
		for part := make([]byte, 1<<20); err == nil; {
			_, err = fill.Write(part)
		}
		fill.Close()
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
		if err := syscall.Kill(serverOf(t, filepath.Join(disk, "pg")), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		awaits("there is no room on the disk of " + full)
		if err := os.Remove(fill.Name()); err != nil {
			t.Fatal(err)
		}
		awaits("Postgres is back")
	}
	if err := s.Exec(t.Context(), `create table kept (n int)`); err != nil {
		t.Error(err)
	}
}

// Without room nothing is begun, and it is said what is missing.
func TestNoStartWithoutRoom(t *testing.T) {
	disk := smallDisk(t, "100M")
	dir := filepath.Join(disk, "pg")
	s, err := postgres.Start(t.Context(), postgres.Config{Dir: dir, Volatile: true})
	if err == nil {
		_ = s.Stop(context.Background())
	}
	if want := "there is no room on the disk of " + disk + ": 100 MB are free, and 128 MB are needed to start: make room, then start again"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if left, err := os.ReadDir(disk); err != nil || len(left) > 0 {
		t.Errorf("it left %v, %v", left, err)
	}
	if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT, "size=160M"); err != nil {
		t.Fatal(err)
	}
	if err := start(t, dir).Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT, "size=100M"); err != nil {
		t.Fatal(err)
	}
	s, err = postgres.Start(t.Context(), postgres.Config{Dir: dir, Volatile: true})
	if err == nil {
		_ = s.Stop(context.Background())
	}
	if err == nil || !strings.Contains(err.Error(), "and 64 MB are needed to start") {
		t.Errorf("a cluster that is there already: %v", err)
	}
}

// smallDisk is a folder that is a disk of its own.
func smallDisk(t *testing.T, size string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size="+size+",mode=0755"); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return folder
}
