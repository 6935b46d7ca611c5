package proposal

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/banli/banli/internal/calendar"
)

// PackSet are rule packs by id.
type PackSet map[string]*Pack

//go:embed rules/*.yaml
var packFiles embed.FS

// Packs are the rule packs that come with the program, by id. Nobody may change it: see LoadPacks.
var Packs = sync.OnceValue(func() PackSet {
	files, err := fs.Sub(packFiles, "rules")
	if err != nil {
		panic(err)
	}
	packs := PackSet{}
	if err := packs.load(files); err != nil {
		panic(err)
	}
	return packs
})

// LoadPacks reads the rule packs of a folder (*.yaml) and returns them with those that come with the program. A pack whose
// id is taken is refused: cases are pinned to ids.
func LoadPacks(files fs.FS) (PackSet, error) {
	packs := maps.Clone(Packs())
	return packs, packs.load(files)
}

// ByID returns the pack with the id.
func (s PackSet) ByID(id string) (*Pack, bool) {
	pack, ok := s[id]
	return pack, ok
}

// For is the pack of the profile that was valid on the day: the one that came into force last.
func (s PackSet) For(profile string, on calendar.Date) (*Pack, bool) {
	var found *Pack
	for _, pack := range s {
		if pack.Profile == profile && !on.Before(pack.ValidFrom) && (found == nil || found.ValidFrom.Before(pack.ValidFrom)) {
			found = pack
		}
	}
	return found, found != nil
}

// Add adds a pack. Its id must be new, and so must its first day within its profile: [PackSet.For] would not know which.
func (s PackSet) Add(pack *Pack) error {
	if _, taken := s[pack.ID]; taken {
		return fmt.Errorf("id: there is a pack %q already", pack.ID)
	}
	for _, other := range s {
		if other.Profile == pack.Profile && other.ValidFrom == pack.ValidFrom {
			return fmt.Errorf("valid_from: %q of the same profile is valid from that day too", other.ID)
		}
	}
	s[pack.ID] = pack
	return nil
}

// load adds the packs of a folder, each after the one that it extends. Everything wrong in every file is reported.
func (s PackSet) load(files fs.FS) error {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return err
	}
	sources := map[string][]byte{}
	for _, name := range names {
		if sources[name], err = fs.ReadFile(files, name); err != nil {
			return err
		}
	}
	return errors.Join(s.Read(sources)...)
}

// FileError is an error of a named file.
type FileError struct {
	File string
	Err  error
}

// Error lists what is wrong as file:line: message, a line for each.
func (e FileError) Error() string {
	var wrong PackErrors
	if !errors.As(e.Err, &wrong) {
		return e.File + ": " + e.Err.Error()
	}
	var lines []string
	for _, one := range wrong {
		lines = append(lines, fmt.Sprintf("%s:%d: %s", e.File, one.Line, one.Error()))
	}
	return strings.Join(lines, "\n")
}

func (e FileError) Unwrap() error { return e.Err }

// Read adds the packs of the files, given by name, until no more can be: one waits for the one that it extends. The errors
// are [FileError]s.
func (s PackSet) Read(sources map[string][]byte) []error {
	left := slices.Sorted(maps.Keys(sources))
	for {
		var failed []error
		var waiting []string
		for _, name := range left {
			pack, err := ParsePack(sources[name], s)
			if err == nil {
				err = s.Add(pack)
			}
			if err != nil {
				waiting, failed = append(waiting, name), append(failed, FileError{name, err})
			}
		}
		if len(waiting) == 0 || len(waiting) == len(left) {
			return failed
		}
		left = waiting
	}
}
