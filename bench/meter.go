package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// usage is what was used, in all or between two readings.
type usage struct {
	wall     time.Duration // while actions were sent; readings do not set it
	process  time.Duration // CPU of this process: callers, worker and Temporal server
	postgres time.Duration // CPU of the Postgres processes
	machine  time.Duration // CPU of everything on the machine
	stolen   time.Duration // CPU that the host gave to others
	elapsed  time.Duration // wall clock × CPUs
	wal      int64         // bytes
}

func (u usage) cpu() time.Duration { return u.process + u.postgres }

func (u *usage) add(v usage) {
	u.wall += v.wall
	u.process += v.process
	u.postgres += v.postgres
	u.machine += v.machine
	u.stolen += v.stolen
	u.elapsed += v.elapsed
	u.wal += v.wal
}

func (u usage) since(v usage) usage {
	return usage{
		process: u.process - v.process, postgres: u.postgres - v.postgres, machine: u.machine - v.machine,
		stolen: u.stolen - v.stolen, elapsed: u.elapsed - v.elapsed, wal: u.wal - v.wal,
	}
}

// meter reads what this process and its Postgres have used so far. It works on Linux only.
type meter struct {
	conn       *pgx.Conn
	postmaster int
}

func newMeter(ctx context.Context, dsn, cluster string) (*meter, error) {
	lock, err := os.ReadFile(filepath.Join(cluster, "postmaster.pid"))
	if err != nil {
		return nil, err
	}
	first, _, _ := bytes.Cut(lock, []byte("\n"))
	pid, err := strconv.Atoi(string(first))
	if err != nil {
		return nil, fmt.Errorf("read postmaster.pid: %w", err)
	}
	conn, err := pgx.Connect(ctx, dsn)
	return &meter{conn, pid}, err
}

func (m *meter) close() { _ = m.conn.Close(context.Background()) }

func (m *meter) read(ctx context.Context) (u usage, err error) {
	var self syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &self); err != nil {
		return u, err
	}
	u.process = time.Duration(self.Utime.Nano() + self.Stime.Nano())
	for _, p := range m.processes() {
		u.postgres += p.cpu
	}
	if u.machine, u.stolen, u.elapsed, err = machine(); err != nil {
		return u, err
	}
	return u, m.conn.QueryRow(ctx, `select (pg_current_wal_insert_lsn() - '0/0')::bigint`).Scan(&u.wal)
}

// tick is the unit of /proc: USER_HZ is 100 on every Linux that Go runs on.
const tick = time.Second / 100

// process is one of the Postgres processes. The postmaster's CPU includes that of its children that have ended.
type process struct {
	pid string
	cpu time.Duration
}

func (m *meter) processes() (all []process) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // it ended meanwhile; the postmaster has its CPU
		}
		// The fields after the name, which may itself hold blanks: 2 is the parent; 12 to 15 are ticks in user and system
		// mode, of the process and of its ended children.
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		pid := strings.Split(path, "/")[2]
		postmaster := pid == strconv.Itoa(m.postmaster)
		switch {
		case postmaster:
			all = append(all, process{pid, ticks(fields[11:15])})
		case fields[1] == strconv.Itoa(m.postmaster):
			all = append(all, process{pid, ticks(fields[11:13])})
		}
	}
	return all
}

func ticks(fields []string) (sum time.Duration) {
	for _, field := range fields {
		n, _ := strconv.ParseInt(field, 10, 64)
		sum += time.Duration(n) * tick
	}
	return sum
}

// machine reads the first line of /proc/stat: cpu user nice system idle iowait irq softirq steal ….
func machine() (busy, stolen, elapsed time.Duration, err error) {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, 0, 0, err
	}
	line, _, _ := strings.Cut(string(stat), "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 {
		return 0, 0, 0, fmt.Errorf("read /proc/stat: %q", line)
	}
	busy, stolen = ticks(fields[1:4])+ticks(fields[6:8]), ticks(fields[8:9])
	return busy, stolen, busy + stolen + ticks(fields[4:6]), nil
}

// memory is what this process holds in RAM, and what Postgres does, shared pages counted once.
func (m *meter) memory() (process, postgres int64) {
	process = kilobytes("/proc/self/smaps_rollup", "Rss:")
	for _, p := range m.processes() {
		postgres += kilobytes("/proc/"+p.pid+"/smaps_rollup", "Pss:")
	}
	return process, postgres
}

func kilobytes(path, label string) int64 {
	rollup, _ := os.ReadFile(path)
	for line := range strings.Lines(string(rollup)) {
		if rest, ok := strings.CutPrefix(line, label); ok {
			n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return n
		}
	}
	return 0
}
