// Package postgres runs a private Postgres cluster as a child of this process:
// it finds (or installs) the server, makes the cluster, starts it on a Unix
// socket that only this user can reach, and stops it. It never listens on TCP.
//
// It must stay light: testkit and every test of internal/store start it, so it
// must never import the Temporal server.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// superuser is the one role of the cluster. The socket's directory is closed to
// everyone but its owner, so the role has no password.
const superuser = "banli"

// ProgramRole is the role of the program, which owns nothing.
const ProgramRole = "banli_program"

// port only names the socket file (.s.PGSQL.5432); nothing listens on it.
const port = "5432"

// Config says where a cluster lives.
type Config struct {
	// Dir holds the cluster. It is made (mode 0700) when it does not exist; its
	// parent is made too. The server's log is Dir + ".log".
	Dir string
	// Volatile turns every fsync off. For tests: a power cut corrupts the cluster.
	Volatile bool
	// Progress hears, in one plain line each, about steps that take long, and
	// about a server process that ended by itself. nil: nobody listens.
	Progress func(string)
}

// Server is a running cluster.
type Server struct {
	dir    string
	socket string
	ended  chan struct{}
	stop   context.CancelFunc

	mu    sync.Mutex // held while a process is being started or stopped
	child *child
}

// Start brings the cluster in cfg.Dir up and returns once it takes connections.
// A server process that ends by itself is started again.
// The Postgres process dies with this one, however this one dies. The caller
// makes sure that nobody else starts the same folder (internal/standalone holds
// a lock for that). Every error is one plain line.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	if cfg.Progress == nil {
		cfg.Progress = func(string) {}
	}
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("find the folder %s: %w", cfg.Dir, err)
	}
	program, err := locate(ctx, dir, cfg.Progress)
	if err != nil {
		return nil, err
	}
	owner, err := ownerOf(dir)
	if err != nil {
		return nil, err
	}
	if err := checkRoom(dir); err != nil {
		return nil, err
	}
	if err := ensureCluster(ctx, program, dir, owner, cfg); err != nil {
		return nil, err
	}
	if err := awaitPredecessor(ctx, dir, cfg.Progress); err != nil {
		return nil, err
	}
	socket, err := socketDir(dir, owner)
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, socket: socket, ended: make(chan struct{})}
	if err := s.launch(ctx, program, owner, cfg); err != nil {
		os.RemoveAll(socket)
		return nil, err
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	go s.keep(running, program, owner, cfg)
	return s, nil
}

// keep starts the server process again when it ends by itself: somebody killed
// it, or the kernel needed its memory. The folder and the socket stay, so that
// whoever was connected connects again. It gives up on a process that does not
// come up, and on one that ends for the third time within a minute. While there
// is no room on the disk it waits.
func (s *Server) keep(ctx context.Context, program installation, owner *syscall.Credential, cfg Config) {
	defer close(s.ended)
	var before, last time.Time // when it ended the last two times
	for {
		<-s.child.exited
		now := time.Now()
		if ctx.Err() != nil {
			return
		}
		if disk, free := tightest(s.dir); free < room {
			cfg.Progress(fmt.Sprintf("Postgres has ended, and there is no room on the disk of %s: %d MB are free. Make room: with %d MB it is started again by itself.",
				disk, free>>20, room>>20))
			if !awaitRoom(ctx, s.dir) {
				return
			}
		} else if now.Sub(before) < time.Minute {
			cfg.Progress("Postgres has ended for the third time within a minute; its log is " + s.dir + ".log")
			return
		}
		before, last = last, now
		cfg.Progress("Postgres has ended by itself and is started again …")
		err := s.relaunch(ctx, program, owner, cfg)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			cfg.Progress(err.Error())
			return
		}
		cfg.Progress("Postgres is back.")
	}
}

// room is what must be free on the disk for Postgres to start after a crash: it
// writes before it takes connections, to its log of changes in parts of 16 MB.
const room = 64 << 20

// roomForNew is what must be free for a cluster to be made, and filled with the
// databases of Banli and of its engine.
const roomForNew = 128 << 20

// checkRoom refuses to start without room on the disk: the last words of an
// initdb that fails for want of it are about something else.
func checkRoom(dir string) error {
	major, err := clusterMajor(dir)
	if err != nil {
		return err
	}
	needs, disk := int64(roomForNew), filepath.Dir(dir)
	free := freeAt(disk)
	if major != 0 {
		needs = room
		disk, free = tightest(dir)
	}
	if free < needs {
		return fmt.Errorf("there is no room on the disk of %s: %d MB are free, and %d MB are needed to start: make room, then start again",
			disk, free>>20, needs>>20)
	}
	return nil
}

// tightest is where a cluster has the least room, and how many bytes are free
// there: an administrator may have put its log of changes on a disk of its own.
func tightest(dir string) (disk string, free int64) {
	disk, free = dir, freeAt(dir)
	if changes, err := filepath.EvalSymlinks(filepath.Join(dir, "pg_wal")); err == nil && freeAt(changes) < free {
		disk, free = changes, freeAt(changes)
	}
	return disk, free
}

// freeAt is how many bytes are free on the disk of a folder. A disk that does
// not say counts as one with room.
func freeAt(dir string) int64 {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		return room
	}
	return int64(disk.Bavail) * disk.Bsize
}

// awaitRoom returns when there is room on the disk again; false if ctx ended first.
func awaitRoom(ctx context.Context, dir string) bool {
	for {
		if _, free := tightest(dir); free >= room {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(time.Second):
		}
	}
}

// relaunch is launch for a cluster whose last process may not have let go yet.
func (s *Server) relaunch(ctx context.Context, program installation, owner *syscall.Credential, cfg Config) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := awaitPredecessor(ctx, s.dir, cfg.Progress); err != nil {
		return err
	}
	return s.launch(ctx, program, owner, cfg)
}

// launch starts the server process, again for a few seconds while the shared
// memory of a killed predecessor is still held by its last backends.
func (s *Server) launch(ctx context.Context, program installation, owner *syscall.Credential, cfg Config) error {
	const patience = 10 * time.Second
	for begun := time.Now(); ; {
		reason, err := s.tryLaunch(ctx, program, owner, cfg)
		if err == nil {
			return nil
		}
		if !strings.Contains(reason, "pre-existing shared memory block") || time.Since(begun) > patience {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (s *Server) tryLaunch(ctx context.Context, program installation, owner *syscall.Credential, cfg Config) (reason string, err error) {
	log, err := openLog(s.dir + ".log")
	if err != nil {
		return "", fmt.Errorf("open the log of Postgres: %w", err)
	}
	defer log.Close()
	before, err := log.Seek(0, 2)
	if err != nil {
		return "", fmt.Errorf("open the log of Postgres: %w", err)
	}
	cmd, release, err := command(program.path("postgres"), s.dir, owner)
	if err != nil {
		return "", err
	}
	defer release()
	for _, setting := range s.settings(cfg.Volatile) {
		cmd.Args = append(cmd.Args, "-c", setting)
	}
	cmd.Stdout, cmd.Stderr = log, log
	// An immediate shutdown, which nothing can hold up; the next start replays the log.
	cmd.SysProcAttr.Pdeathsig = syscall.SIGQUIT
	// Ctrl-C in a terminal goes to the whole group: Postgres must outlive the program's own shutdown.
	cmd.SysProcAttr.Setpgid = true

	if s.child, err = startChild(cmd); err != nil {
		return "", fmt.Errorf("start %s: %w", program.path("postgres"), err)
	}
	if err := s.awaitReady(ctx, cfg.Progress); err != nil {
		hurry, cancel := context.WithCancel(ctx)
		cancel()
		_ = s.child.end(hurry)
		reason := lastWords(s.dir+".log", before)
		if ctx.Err() != nil {
			return reason, fmt.Errorf("starting Postgres was interrupted: %w", ctx.Err())
		}
		return reason, fmt.Errorf("starting Postgres failed: %s (its log is %s.log)", reason, s.dir)
	}
	return "", nil
}

// settings are given on the command line so that they always hold, whatever
// version of Banli made the cluster.
func (s *Server) settings(volatile bool) []string {
	all := []string{
		"listen_addresses=",
		"port=" + port,
		"unix_socket_directories=" + s.socket,
		"cluster_name=banli",
		// Temporal's four services keep a pool each for two databases.
		"max_connections=250",
		"timezone=UTC",
		"log_timezone=UTC",
		"log_line_prefix=%m [%p] ",
		// Failed statements come back to the program, which logs what matters; here
		// they would put personal data into a file that nobody guards.
		"log_min_messages=log",
		"log_min_error_statement=panic",
		"log_checkpoints=off",
		// Compiling a 100 ms statistic costs more than it saves.
		"jit=off",
	}
	if volatile {
		all = append(all, "fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=64MB")
	}
	return all
}

// awaitReady returns when the server takes connections, or with an error when
// its process has ended or ctx is done. Replaying the log after a crash may
// take minutes: that is waited for.
func (s *Server) awaitReady(ctx context.Context, progress func(string)) error {
	begun, told := time.Now(), false
	for {
		conn, err := pgx.Connect(ctx, s.DSN("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		var refusal *pgconn.PgError
		if errors.As(err, &refusal) && refusal.Code != "57P03" { // cannot_connect_now: it is starting
			return err
		}
		if !told && time.Since(begun) > 3*time.Second {
			told = true
			progress("Postgres is still starting (after a crash it repairs its files first) …")
		}
		select {
		case <-s.child.exited:
			return errors.New("the process ended")
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// DSN is how pgx reaches a database of this cluster.
func (s *Server) DSN(database string) string {
	query := url.Values{"host": {s.socket}, "port": {port}, "sslmode": {"disable"}}
	return (&url.URL{
		Scheme: "postgres", User: url.User(superuser), Path: "/" + database, RawQuery: query.Encode(),
	}).String()
}

// ProgramDSN is how the program reaches a database that the superuser owns and lets it work with.
func (s *Server) ProgramDSN(database string) string {
	dsn, err := url.Parse(s.DSN(database))
	if err != nil {
		panic(err) // it was made a line before
	}
	dsn.User = url.User(ProgramRole)
	return dsn.String()
}

// EnsureProgramRole creates the role if it is not there yet. It has no password, as the superuser has none.
func (s *Server) EnsureProgramRole(ctx context.Context) error {
	return s.Exec(ctx, "DO $$ BEGIN CREATE ROLE "+ProgramRole+" LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
}

// Socket is the directory of the Unix socket, for clients that take no DSN.
func (s *Server) Socket() string { return s.socket }

// User is the role that owns everything in the cluster.
func (s *Server) User() string { return superuser }

// EnsureDatabase creates the database if it is not there yet. With fill, it is
// created under another name, handed to fill, and renamed when fill is done: a
// database that exists is complete, wherever an earlier start was killed.
func (s *Server) EnsureDatabase(ctx context.Context, name string, fill func(unfinished string) error) error {
	exists, err := s.hasDatabase(ctx, name)
	if err != nil || exists {
		return err
	}
	final := pgx.Identifier{name}.Sanitize()
	if fill == nil {
		return s.Exec(ctx, "CREATE DATABASE "+final)
	}
	unfinished := name + "_unfinished"
	quoted := pgx.Identifier{unfinished}.Sanitize()
	if err := s.Exec(ctx, "DROP DATABASE IF EXISTS "+quoted+" WITH (FORCE)"); err != nil {
		return err
	}
	if err := s.Exec(ctx, "CREATE DATABASE "+quoted); err != nil {
		return err
	}
	if err := fill(unfinished); err != nil {
		return err
	}
	return s.Exec(ctx, "ALTER DATABASE "+quoted+" RENAME TO "+final)
}

func (s *Server) hasDatabase(ctx context.Context, name string) (exists bool, err error) {
	conn, err := pgx.Connect(ctx, s.DSN("postgres"))
	if err != nil {
		return false, fmt.Errorf("connect to Postgres: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists)
	if err != nil {
		return false, fmt.Errorf("look for the database %s: %w", name, err)
	}
	return exists, nil
}

// Exec runs one statement of housekeeping (CREATE DATABASE and its like), which
// must not run inside a transaction, in the cluster's maintenance database.
func (s *Server) Exec(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, s.DSN("postgres"))
	if err != nil {
		return fmt.Errorf("connect to Postgres: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("run %q: %w", statement, err)
	}
	return nil
}

// Ended is closed when no server process runs any more, and none will be started.
func (s *Server) Ended() <-chan struct{} { return s.ended }

// Stop shuts the server down cleanly, closing connections that are still open.
// When ctx ends first it is stopped without its last checkpoint, which the next
// start makes up for. Stopping twice is harmless.
func (s *Server) Stop(ctx context.Context) error {
	s.stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	defer os.RemoveAll(s.socket)
	return s.child.end(ctx)
}

// command prepares one of the server's programs to run on a cluster as owner.
// As root the folder is handed over as an open descriptor: the account that runs
// Postgres then needs no way through the folders above it, which are often
// closed (/root, a data folder of mode 0700). release closes our copy.
func command(program, dir string, owner *syscall.Credential) (cmd *exec.Cmd, release func(), err error) {
	cmd = exec.Command(program)
	cmd.Dir = "/"
	// English messages, because some are read here; no PG* variable of the caller's leaks in.
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: owner}
	if owner == nil {
		cmd.Args = append(cmd.Args, "-D", dir)
		return cmd, func() {}, nil
	}
	handle, err := os.Open(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("open the folder %s: %w", dir, err)
	}
	cmd.ExtraFiles = []*os.File{handle} // becomes descriptor 3
	cmd.Args = append(cmd.Args, "-D", "/proc/self/fd/3")
	return cmd, func() { handle.Close() }, nil
}
