// Package rulepack reads rule packs from YAML: it checks what a file says before any case is registered under it, holds the packs of a
// program together, and compares two of them. What a pack means for a case is decided in package proposal.
package rulepack

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"gopkg.in/yaml.v3"
)

// Set are rule packs by id.
type Set map[string]*proposal.Pack

//go:embed rules/*.yaml
var packFiles embed.FS

// BuiltIn are the rule packs that come with the program, by id. Nobody may change it: see Load.
var BuiltIn = sync.OnceValue(func() Set {
	files, err := fs.Sub(packFiles, "rules")
	if err != nil {
		panic(err)
	}
	packs := Set{}
	if err := packs.load(files); err != nil {
		panic(err)
	}
	return packs
})

// Load reads the rule packs of a folder (*.yaml) and returns them with those that come with the program. A pack
// whose id another one has is refused: cases are pinned to ids.
func Load(files fs.FS) (Set, error) {
	packs := maps.Clone(BuiltIn())
	return packs, packs.load(files)
}

// ByID returns the pack with the id.
func (s Set) ByID(id string) (*proposal.Pack, bool) {
	pack, ok := s[id]
	return pack, ok
}

// For is the pack of the profile that was valid on the day: the one that came into force last.
func (s Set) For(profile string, on calendar.Date) (*proposal.Pack, bool) {
	var found *proposal.Pack
	for _, pack := range s {
		if pack.Profile == profile && !on.Before(pack.ValidFrom) && (found == nil || found.ValidFrom.Before(pack.ValidFrom)) {
			found = pack
		}
	}
	return found, found != nil
}

// InForce lists, of each profile, the pack that was valid on the day; the profiles in the order of their names.
func (s Set) InForce(on calendar.Date) (packs []*proposal.Pack) {
	profiles := map[string]bool{}
	for _, pack := range s {
		profiles[pack.Profile] = true
	}
	for _, profile := range slices.Sorted(maps.Keys(profiles)) {
		if pack, ok := s.For(profile, on); ok {
			packs = append(packs, pack)
		}
	}
	return packs
}

// Add adds a pack. Its id must be new, and so must its first day within its profile: [Set.For] would not know which. The
// same pack again is nothing new. The error is an [Error] without a line.
func (s Set) Add(pack *proposal.Pack) error {
	if same, taken := s[pack.ID]; taken {
		if reflect.DeepEqual(same, pack) {
			return nil
		}
		return Error{Path: "id", Message: fmt.Sprintf("there is another rule pack %q already; cases are pinned to ids", pack.ID)}
	}
	for _, other := range s {
		if other.Profile == pack.Profile && other.ValidFrom == pack.ValidFrom {
			return Error{Path: "valid_from", Message: fmt.Sprintf("%q of the same profile is valid from that day too", other.ID)}
		}
	}
	s[pack.ID] = pack
	return nil
}

// load adds the packs of a folder, each after the one that it extends. Everything wrong in every file is reported.
func (s Set) load(files fs.FS) error {
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
	var wrong Errors
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

// Read adds the packs of the files, given by name, in whatever order: each after the one that it extends. The errors are
// [FileError]s of [Errors].
func (s Set) Read(sources map[string][]byte) []error {
	files := packFolder{}
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		files.put(name, sources[name])
	}
	names := slices.SortedFunc(maps.Keys(sources), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(files.bases(a)), len(files.bases(b))), cmp.Compare(a, b))
	})
	var failed []error
	for _, name := range names {
		pack, err := Parse(sources[name], s)
		if err == nil {
			err = s.Add(pack)
		}
		var clash Error
		var wrong Errors
		switch {
		case errors.As(err, &clash):
			clash.Line = lineOf(sources[name], clash.Path)
			err = Errors{clash}
		case errors.As(err, &wrong):
			files.explain(name, wrong)
		}
		if err != nil {
			failed = append(failed, FileError{name, err})
		}
	}
	return failed
}

// packFolder is what files of rule packs, by name, say of themselves before they are read.
type packFolder map[string]packHead

type packHead struct {
	ID      string `yaml:"id"`
	Extends string `yaml:"extends"`
}

func (f packFolder) put(name string, data []byte) {
	var head packHead
	_ = yaml.Unmarshal(data, &head) // Parse says what is wrong with it
	f[name] = head
}

// fileOf is the file of the pack with the id, "" if none is.
func (f packFolder) fileOf(id string) string {
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if f[name].ID == id && id != "" {
			return name
		}
	}
	return ""
}

// bases lists the files that a file builds on, the nearest first; if they go in a circle, the one that closes it is the last.
func (f packFolder) bases(name string) []string {
	var way []string
	for {
		next := f.fileOf(f[name].Extends)
		if next == "" {
			return way
		}
		circle := slices.Contains(way, next)
		way, name = append(way, next), next
		if circle {
			return way
		}
	}
}

// explain says why there is no pack that the file extends, if there is a file of it.
func (f packFolder) explain(name string, wrong Errors) {
	i := slices.IndexFunc(wrong, func(e Error) bool { return e.Path == "extends" })
	way := f.bases(name)
	if i < 0 || len(way) == 0 {
		return
	}
	wrong[i].Message = fmt.Sprintf("%q cannot be had: %s is wrong", f[name].Extends, way[0])
	if slices.Contains(way, name) {
		wrong[i].Message = fmt.Sprintf("goes in a circle: %s extends %s", name, strings.Join(way[:slices.Index(way, name)+1], " extends "))
	}
}
