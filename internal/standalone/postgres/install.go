package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oldest is the first major version that Banli is tested with.
const oldest = 15

// installation is one Postgres server on this machine.
type installation struct {
	bin   string // where initdb and postgres are
	major int
}

func (i installation) path(program string) string { return filepath.Join(i.bin, program) }

// locate chooses the server for the cluster in dir: the version that made it,
// or the newest for a new one. When this machine has none at all and we may, it
// installs the distribution's package.
func locate(ctx context.Context, dir string, progress func(string)) (installation, error) {
	made, err := clusterMajor(dir)
	if err != nil {
		return installation{}, err
	}
	all := installed()
	if len(all) == 0 {
		if err := install(ctx, progress); err != nil {
			return installation{}, err
		}
		if all = installed(); len(all) == 0 {
			return installation{}, fmt.Errorf("this system's package postgresql is older than %d: install Postgres %d or newer, %s", oldest, oldest, bringYourOwn)
		}
	}
	if made == 0 {
		return all[0], nil
	}
	var majors []string
	for _, one := range all {
		if one.major == made {
			return one, nil
		}
		majors = append(majors, strconv.Itoa(one.major))
	}
	return installation{}, fmt.Errorf("the data in %s was written by Postgres %d, and this machine has Postgres %s: install postgresql-%d, or move the data over with pg_upgrade",
		dir, made, strings.Join(majors, ", "), made)
}

// installed lists the servers that are new enough, newest first.
func installed() []installation {
	bins, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // Debian keeps them off PATH
	if postgres, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(postgres); err == nil {
			bins = append(bins, filepath.Dir(real))
		}
	}
	slices.Sort(bins)
	var all []installation
	for _, bin := range slices.Compact(bins) {
		one := installation{bin: bin}
		if _, err := exec.LookPath(one.path("initdb")); err != nil {
			continue
		}
		version, err := exec.Command(one.path("postgres"), "--version").Output()
		if err != nil {
			continue
		}
		if one.major = majorOf(string(version)); one.major >= oldest {
			all = append(all, one)
		}
	}
	slices.SortFunc(all, func(a, b installation) int { return b.major - a.major })
	return all
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// majorOf reads the answer of postgres --version; 0 when it makes no sense.
func majorOf(version string) int {
	match := versionPattern.FindStringSubmatch(version)
	if match == nil {
		return 0
	}
	major, _ := strconv.Atoi(match[1])
	return major
}

const (
	bringYourOwn = "or bring your own with «banli serve» and «banli worker»"
	byHand       = "no Postgres 15 or newer on this machine: install it (Debian, Ubuntu: sudo apt-get install postgresql), " + bringYourOwn
)

// noDebianCluster keeps the package from making and starting a cluster of its own.
const noDebianCluster = "/etc/postgresql-common/createcluster.d/banli-install.conf"

// install puts the distribution's package on this machine when we are root on a
// Debian or Ubuntu; otherwise its error says what to do by hand.
func install(ctx context.Context, progress func(string)) error {
	apt, err := exec.LookPath("apt-get")
	if err != nil || os.Geteuid() != 0 {
		return errors.New(byHand)
	}
	progress("There is no Postgres 15 or newer here: installing the package postgresql with apt-get (about a minute) …")
	if err := os.MkdirAll(filepath.Dir(noDebianCluster), 0o755); err != nil {
		return fmt.Errorf("install Postgres: %w", err)
	}
	if err := os.WriteFile(noDebianCluster, []byte("create_main_cluster = false\n"), 0o644); err != nil {
		return fmt.Errorf("install Postgres: %w", err)
	}
	defer os.Remove(noDebianCluster)
	for _, args := range [][]string{
		{"update", "-qq"},
		{"install", "-qq", "--yes", "--no-install-recommends", "postgresql"},
	} {
		progress("  apt-get " + strings.Join(args, " "))
		cmd := exec.CommandContext(ctx, apt, args...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8")
		// Ctrl-C: let the package manager end in its own way.
		cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
		var output bytes.Buffer
		cmd.Stdout, cmd.Stderr = &output, &output
		if err := cmd.Run(); ctx.Err() != nil {
			return fmt.Errorf("installing Postgres was interrupted: %w", ctx.Err())
		} else if err != nil {
			return fmt.Errorf("apt-get %s failed: %s. %s", args[0], lastLine(output.String(), err), byHand)
		}
	}
	return nil
}
