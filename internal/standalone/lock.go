package standalone

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// lock keeps a second process off the data folder. The kernel lets it go when
// this process ends, however it ends; children do not inherit it.
type lock struct {
	file   *os.File
	holder holder
}

// holder is what the lock file says of the process that has it.
type holder struct {
	PID       int       `json:"pid"`
	Started   time.Time `json:"started"`
	Addresses []string  `json:"addresses"`
	Database  string    `json:"database"`
}

// HeldError says that another Banli runs on the same data folder.
type HeldError struct {
	DataDir   string
	PID       int // 0 when the holder has not said
	Started   time.Time
	Addresses []string
	Database  string // how to reach its database; "" when it is not up yet
}

func (e *HeldError) Error() string {
	text := fmt.Sprintf("Banli is already running on %s", e.DataDir)
	if e.PID != 0 {
		text += fmt.Sprintf(" (process %d, since %s", e.PID, e.Started.Local().Format("2006-01-02 15:04"))
		if len(e.Addresses) > 0 {
			text += ", " + strings.Join(e.Addresses, ", ")
		}
		text += ")"
	}
	return text + ": stop it first, or choose another folder with --data"
}

// acquire takes the lock of the folder or fails with *HeldError.
func acquire(dataDir string) (*lock, error) {
	file, err := os.OpenFile(filepath.Join(dataDir, "banli.lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		defer file.Close()
		return nil, heldBy(dataDir, file)
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	l := &lock{file: file, holder: holder{PID: os.Getpid(), Started: time.Now()}}
	if err := l.describe(nil); err != nil {
		file.Close()
		return nil, err
	}
	return l, nil
}

func heldBy(dataDir string, file *os.File) error {
	held := &HeldError{DataDir: dataDir}
	var by holder
	if text, err := io.ReadAll(file); err == nil && json.Unmarshal(text, &by) == nil {
		held.PID, held.Started, held.Addresses, held.Database = by.PID, by.Started, by.Addresses, by.Database
	}
	return held
}

// describe writes who holds the lock and where it can be reached.
func (l *lock) describe(addresses []string) error {
	l.holder.Addresses = slices.DeleteFunc(slices.Clone(addresses), func(a string) bool { return a == "" })
	text, err := json.Marshal(l.holder)
	if err != nil {
		return fmt.Errorf("describe the lock's holder: %w", err)
	}
	if err := l.file.Truncate(0); err != nil {
		return fmt.Errorf("write the lock: %w", err)
	}
	if _, err := l.file.WriteAt(append(text, '\n'), 0); err != nil {
		return fmt.Errorf("write the lock: %w", err)
	}
	return nil
}

// release lets the folder go. The file stays: removing it would race with the
// next process that is just locking it.
func (l *lock) release() { l.file.Close() }
