package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ownerOf says as whom Postgres must run, which refuses to run as root: nil is
// this process's own account. As root it is whoever owns the cluster already,
// else postgres, else nobody.
func ownerOf(dir string) (*syscall.Credential, error) {
	info, err := os.Stat(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("look at the folder %s: %w", dir, err)
	}
	if err == nil {
		stat := info.Sys().(*syscall.Stat_t)
		switch {
		case os.Geteuid() != 0 && stat.Uid != uint32(os.Geteuid()):
			return nil, fmt.Errorf("the folder %s belongs to user %s: start Banli as that user, or as root", dir, userName(stat.Uid))
		case os.Geteuid() == 0 && stat.Uid != 0:
			return &syscall.Credential{Uid: stat.Uid, Gid: stat.Gid}, nil
		}
	}
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(account.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(account.Gid, 10, 32)
		if err := errors.Join(errUID, errGID); err != nil {
			return nil, fmt.Errorf("read the account %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("there is neither an account postgres nor nobody to run Postgres as, which refuses root: start Banli as an ordinary user")
}

func userName(uid uint32) string {
	if account, err := user.LookupId(strconv.Itoa(int(uid))); err == nil {
		return account.Username
	}
	return strconv.Itoa(int(uid))
}

// clusterMajor is the major version that made the cluster in dir; 0: there is
// no cluster yet.
func clusterMajor(dir string) (int, error) {
	text, err := os.ReadFile(filepath.Join(dir, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if errors.Is(err, fs.ErrPermission) {
		_, err := ownerOf(dir)
		if err != nil {
			return 0, err
		}
	}
	if err != nil {
		return 0, fmt.Errorf("read the version of the cluster: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("the folder %s holds a Postgres cluster of version %q, which Banli cannot read", dir, strings.TrimSpace(string(text)))
	}
	return major, nil
}

// ensureCluster makes the cluster unless it exists. It is made under another
// name and moved into place, so that an interrupted start leaves no half of one.
func ensureCluster(ctx context.Context, program installation, dir string, owner *syscall.Credential, cfg Config) error {
	if major, err := clusterMajor(dir); err != nil || major != 0 {
		return err
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("the folder %s is not empty and holds no Postgres cluster: move it away", dir)
	}
	cfg.Progress("Creating a Postgres " + strconv.Itoa(program.major) + " cluster in " + dir + " …")
	unfinished := dir + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return fmt.Errorf("remove what an interrupted start left: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	if err := makeOwned(unfinished, owner); err != nil {
		return err
	}
	cmd, release, err := command(program.path("initdb"), unfinished, owner)
	if err != nil {
		return err
	}
	defer release()
	// C.UTF-8: with plain C, pg_trgm and lower() see no letters beyond ASCII.
	cmd.Args = append(cmd.Args, "--username="+superuser, "--encoding=UTF8", "--locale=C.UTF-8",
		"--auth-local=trust", "--auth-host=reject", "--no-instructions")
	if cfg.Volatile {
		cmd.Args = append(cmd.Args, "--no-sync")
	}
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	runtime.LockOSThread() // see startChild
	output, err := cmd.CombinedOutput()
	runtime.UnlockOSThread()
	if ctx.Err() != nil { // Ctrl-C reaches initdb too
		return fmt.Errorf("starting Postgres was interrupted: %w", ctx.Err())
	}
	if err != nil {
		return fmt.Errorf("initdb could not make a Postgres cluster: %s", lastLine(string(output), err))
	}
	if err := os.Rename(unfinished, dir); err != nil {
		return fmt.Errorf("put the new Postgres cluster in place: %w", err)
	}
	return nil
}

// awaitPredecessor returns when no server process works on dir any more. After
// a kill -9 of Banli its Postgres is for a moment an orphan that is still ending;
// and the pid file of one that was killed too may by now name an unrelated
// process, at which Postgres would refuse to start.
func awaitPredecessor(ctx context.Context, dir string, progress func(string)) error {
	const patience = time.Minute
	pidFile := filepath.Join(dir, "postmaster.pid")
	for begun, told := time.Now(), false; ; {
		pid, err := readPID(pidFile)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", pidFile, err)
		}
		if !worksIn(pid, dir) {
			if err := os.Remove(pidFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("remove the stale %s: %w", pidFile, err)
			}
			return nil
		}
		if time.Since(begun) > patience {
			return fmt.Errorf("another Postgres (process %d) is working on %s: stop it with «kill -INT %d» and start again", pid, dir, pid)
		}
		if !told {
			told = true
			progress(fmt.Sprintf("Waiting for the Postgres of the last run (process %d) to finish …", pid))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("starting Postgres was interrupted: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// readPID reads the first line of a pid file; 0 when the line is not a number.
func readPID(file string) (int, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil {
		return 0, nil
	}
	return pid, nil
}

// worksIn reports whether the process has dir as its working directory, as every
// Postgres server process has its cluster.
func worksIn(pid int, dir string) bool {
	working, err := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return false
	}
	cluster, err := os.Stat(dir)
	return err == nil && os.SameFile(working, cluster)
}

// socketDir makes an empty directory for the socket, open to owner alone. It is
// not in the data folder: a socket's path has at most 107 bytes, and as root the
// account that runs Postgres may have no way into the data folder.
func socketDir(dir string, owner *syscall.Credential) (string, error) {
	const longest = 107 - len("/.s.PGSQL."+port)
	sum := sha256.Sum256([]byte(dir))
	name := fmt.Sprintf("banli-%d-%s", os.Geteuid(), hex.EncodeToString(sum[:6]))
	candidates := []string{os.TempDir(), "/tmp"}
	if owner == nil {
		candidates = append([]string{os.Getenv("XDG_RUNTIME_DIR")}, candidates...)
	} else {
		candidates = []string{"/run", "/tmp"} // reachable for owner, whatever TMPDIR says
	}
	var failures []error
	for _, parent := range candidates {
		path := filepath.Join(parent, name)
		if !filepath.IsAbs(path) || len(path) > longest {
			continue
		}
		err := clearOwn(path)
		if err == nil {
			err = makeOwned(path, owner)
		}
		if err == nil {
			return path, nil
		}
		failures = append(failures, err)
	}
	return "", fmt.Errorf("make a folder for the socket of Postgres: %w", errors.Join(failures...))
}

// clearOwn removes what a killed run left at path, and refuses to touch what
// somebody else put there: /tmp is open to all.
func clearOwn(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	uid := info.Sys().(*syscall.Stat_t).Uid
	if !info.IsDir() || (os.Geteuid() != 0 && uid != uint32(os.Geteuid())) {
		return fmt.Errorf("%s belongs to user %s: remove it", path, userName(uid))
	}
	return os.RemoveAll(path)
}

// makeOwned makes a directory that only owner (nil: we) may enter.
func makeOwned(path string, owner *syscall.Credential) error {
	if err := os.Mkdir(path, 0o700); err != nil {
		return fmt.Errorf("make the folder %s: %w", path, err)
	}
	if owner == nil {
		return nil
	}
	if err := os.Chown(path, int(owner.Uid), int(owner.Gid)); err != nil {
		return fmt.Errorf("hand %s to user %s: %w", path, userName(owner.Uid), err)
	}
	return nil
}

// openLog opens the server's log for appending and empties it when it has grown
// large: one start and stop is half a dozen lines.
func openLog(path string) (*os.File, error) {
	const large = 1 << 20
	flags := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if info, err := os.Stat(path); err == nil && info.Size() > large {
		flags |= os.O_TRUNC
	}
	return os.OpenFile(path, flags, 0o600)
}

// lastWords is the reason for a failed start, from what the log has after offset.
func lastWords(path string, offset int64) string {
	log, err := os.Open(path)
	if err != nil {
		return err.Error()
	}
	defer log.Close()
	text, err := io.ReadAll(io.NewSectionReader(log, offset, 1<<20))
	if err != nil {
		return err.Error()
	}
	for line := range strings.Lines(string(text)) {
		for _, level := range []string{"FATAL:", "PANIC:"} {
			_, message, found := strings.Cut(line, level)
			message = strings.TrimSpace(message)
			// What our own attempts to connect met is no reason.
			if found && !strings.HasPrefix(message, "the database system is ") {
				return message
			}
		}
	}
	return lastLine(string(text), errors.New("it said nothing"))
}

// lastLine is the last line of output that is not empty, else fallback.
func lastLine(output string, fallback error) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
		return last
	}
	return fallback.Error()
}
