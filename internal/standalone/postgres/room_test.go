package postgres_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/banli/banli/internal/standalone/postgres"
)

// A server that ends on a full disk is started again once there is room, and until then it is said what is missing.
func TestAFullDiskIsWaitedOut(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=160M,mode=0755"); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
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
	s, err := postgres.Start(t.Context(), postgres.Config{Dir: filepath.Join(disk, "pg"), Volatile: true, Progress: func(line string) { said <- line }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	fill, err := os.Create(filepath.Join(disk, "fill"))
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
	awaits("there is no room on the disk")
	if err := os.Remove(fill.Name()); err != nil {
		t.Fatal(err)
	}
	awaits("Postgres is back")
	if err := s.Exec(t.Context(), `create table kept (n int)`); err != nil {
		t.Error(err)
	}
}
