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

// builtIn are the files of the rule packs that come with the program, by name.
var builtIn = sync.OnceValue(func() map[string][]byte {
	names, err := fs.Glob(packFiles, "rules/*.yaml")
	if err != nil {
		panic(err)
	}
	sources := map[string][]byte{}
	for _, name := range names {
		if sources[name], err = packFiles.ReadFile(name); err != nil {
			panic(err)
		}
	}
	return sources
})

// BuiltIn are the rule packs that come with the program, by id. Nobody may change it: see [With].
var BuiltIn = sync.OnceValue(func() Set {
	packs := Set{}
	if wrong := packs.Read(builtIn()); len(wrong) > 0 {
		panic(errors.Join(wrong...))
	}
	return packs
})

// With are the packs that come with the program and those of the files, given by name. The error says everything that is wrong with them.
func With(sources map[string][]byte) (Set, error) {
	packs := maps.Clone(BuiltIn())
	return packs, errors.Join(packs.Read(sources)...)
}

// General reports whether rules of the profile come with the program for whoever has none of its own: no agency signs in them. A later release may
// bring more of them.
func General(profile string) bool {
	packs := BuiltIn().Of(profile)
	return len(packs) > 0 && packs[0].Agency == ""
}

// BuiltInSource is the file of a pack that comes with the program.
func BuiltInSource(id string) (source string, ok bool) {
	files := packFolder{}
	for name, data := range builtIn() {
		files.put(name, data)
	}
	name := files.fileOf(id)
	return string(builtIn()[name]), name != ""
}

// ByID returns the pack with the id.
func (s Set) ByID(id string) (*proposal.Pack, bool) {
	pack, ok := s[id]
	return pack, ok
}

// For is the pack of the profile that was valid on the day: the one that came into force last. Before the first of them began, what that one extends was.
func (s Set) For(profile string, on calendar.Date) (*proposal.Pack, bool) {
	packs := s.Of(profile)
	for _, pack := range slices.Backward(packs) {
		if !on.Before(pack.ValidFrom) {
			return pack, true
		}
	}
	if len(packs) == 0 {
		return nil, false
	}
	base := s[packs[0].Extends]
	for base != nil && on.Before(base.ValidFrom) {
		base = s[base.Extends]
	}
	return base, base != nil
}

// Profiles lists, of each profile that has rules on the day, its pack that came into force last, or else the first that is to come; in the order of
// their names.
func (s Set) Profiles(on calendar.Date) (packs []*proposal.Pack) {
	profiles := map[string]bool{}
	for _, pack := range s {
		profiles[pack.Profile] = true
	}
	for _, profile := range slices.Sorted(maps.Keys(profiles)) {
		pack, ok := s.For(profile, on)
		if ok && pack.Profile != profile {
			pack = s.Of(profile)[0]
		}
		if ok {
			packs = append(packs, pack)
		}
	}
	return packs
}

// Of lists the packs of a profile, the first to come into force first.
func (s Set) Of(profile string) (packs []*proposal.Pack) {
	for _, pack := range s {
		if pack.Profile == profile {
			packs = append(packs, pack)
		}
	}
	slices.SortFunc(packs, func(a, b *proposal.Pack) int { return a.ValidFrom.Compare(b.ValidFrom) })
	return packs
}

// Extended reports whether another pack extends the one with the id.
func (s Set) Extended(id string) bool {
	for _, pack := range s {
		if pack.Extends == id {
			return true
		}
	}
	return false
}

// Add adds a pack. Its id must be new, and so must its first day within its profile: [Set.For] would not know which. The
// same pack again is nothing new. The error is an [Error] without a line.
func (s Set) Add(pack *proposal.Pack) error {
	if same, taken := s[pack.ID]; taken {
		if reflect.DeepEqual(same, pack) {
			return nil
		}
		return Error{Path: "id", Fault: idTaken, Args: []any{pack.ID}}
	}
	for _, other := range s {
		if other.Profile == pack.Profile && other.ValidFrom == pack.ValidFrom {
			return Error{Path: "valid_from", Fault: sameDay, Args: []any{other.ID}}
		}
	}
	s[pack.ID] = pack
	return nil
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
		_, err := s.Put(sources[name])
		if wrong := Errors(nil); errors.As(err, &wrong) {
			files.explain(name, wrong)
			failed = append(failed, FileError{name, err})
		}
	}
	return failed
}

// Put adds the pack of a file. Any error is an [Errors].
func (s Set) Put(source []byte) (*proposal.Pack, error) {
	pack, err := Parse(source, s)
	if err == nil {
		err = s.Add(pack)
	}
	if clash := (Error{}); errors.As(err, &clash) {
		return nil, Errors{clash.in(source)}
	}
	return pack, err
}

// NotInTime refuses the pack of a file because of its first day: cases that were assigned on the day are under the other pack already.
func NotInTime(source []byte, assigned calendar.Date, under string) Errors {
	return Errors{Error{Path: "valid_from", Fault: casesUnder, Args: []any{assigned, under}}.in(source)}
}

// NoneToday refuses the pack of a file that would leave a bureau that follows its profile without rules today.
func NoneToday(source []byte, profile string) Errors {
	return Errors{Error{Path: "valid_from", Fault: noRulesToday, Args: []any{profile}}.in(source)}
}

// TakenBack refuses the pack of a file because its id is that of one which was withdrawn.
func TakenBack(source []byte, id string) Errors {
	return Errors{Error{Path: "id", Fault: idWithdrawn, Args: []any{id}}.in(source)}
}

// NotYours refuses the pack of a file because its profile is one of those that come with the program.
func NotYours(source []byte, profile string) Errors {
	return Errors{Error{Path: "profile", Fault: notYours, Args: []any{profile}}.in(source)}
}

// in is the error with the line of its field in a file that could be read.
func (e Error) in(source []byte) Error {
	e.Line = lineOf(source, e.Path)
	return e
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
	wrong[i].Fault, wrong[i].Args = baseWrong, []any{f[name].Extends, way[0]}
	if slices.Contains(way, name) {
		wrong[i].Fault, wrong[i].Args = circle, []any{name, strings.Join(way[:slices.Index(way, name)+1], " extends ")}
	}
}
