// Package setup reads and writes a bureau as a file: its names and numbers, its rules, its divisions and its people. The same file makes a bureau or brings one
// up to date, and a running bureau can be written to one, so that a test system can be a copy of the real one.
//
// cmd/banli imports it.
package setup

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/wording"
	"gopkg.in/yaml.v3"
)

// File is the whole file. docs/bureau.schema.json describes it.
type File struct {
	Rules     []string        `yaml:"rules,omitempty"` // files of rule packs, each after the one that it extends
	Bureau    proposal.Bureau `yaml:"bureau"`
	Divisions []Division      `yaml:"divisions"` // in their order
	People    []Person        `yaml:"people"`
	Words     store.Wording   `yaml:"words,omitempty"` // of notices and mails, in the bureau's own: by language and key
}

// Division is a division of the bureau.
type Division struct {
	Code   proposal.DivisionID `yaml:"code"`
	Name   string              `yaml:"name"`
	NameEN string              `yaml:"name_en,omitempty"`
	Phone  string              `yaml:"phone,omitempty"` // that replies name, for whoever has none of their own
}

// Person is somebody with an account. No password is in the file.
type Person struct {
	Login    string                `yaml:"login"`
	Name     string                `yaml:"name"`
	NameEN   string                `yaml:"name_en,omitempty"`
	Division proposal.DivisionID   `yaml:"division,omitempty"`
	Roles    []proposal.Role       `yaml:"roles,flow"`
	Field    []proposal.DivisionID `yaml:"field,flow,omitempty"`
	Phone    string                `yaml:"phone,omitempty"`
	Email    string                `yaml:"email,omitempty"`
	Left     bool                  `yaml:"left,omitempty"` // nobody may log in as them any more
	Password string                `yaml:"-"`              // of an account that is made; "" leaves it as it was
}

// Wrong is one thing that is wrong with a file.
type Wrong struct {
	Line int
	Text string
}

// Error is everything that is wrong with a file, by line.
type Error []Wrong

func (e Error) Error() string {
	var lines []string
	for _, w := range e {
		lines = append(lines, fmt.Sprintf("line %d: %s", w.Line, w.Text))
	}
	return strings.Join(lines, "\n")
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?line (\d+): (.*)$`)

// Parse reads a file. The error is an [Error] with everything that is wrong. The bureau must follow one of the packs, or of those in the file, that has
// rules on the day.
func Parse(data []byte, packs rulepack.Set, today calendar.Date) (File, error) {
	var f File
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil {
		return f, unreadable(err)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return f, unreadable(err)
	}
	c := check{root: root.Content[0]}
	packs = c.rules(f.Rules, packs)
	c.bureau(f.Bureau, func(profile string) bool {
		_, known := packs.For(profile, today)
		return known
	})
	c.divisions(f.Divisions)
	for i, g := range f.Bureau.Login.Groups {
		if g.Division != "" {
			c.division(f, fmt.Sprintf("bureau.login.groups.%d.division", i), g.Division)
		}
	}
	c.people(f)
	c.words(f.Words)
	if len(c.wrong) > 0 {
		slices.SortStableFunc(c.wrong, func(a, b Wrong) int { return a.Line - b.Line })
		return f, c.wrong
	}
	return f, nil
}

func unreadable(err error) error {
	if errors.Is(err, io.EOF) {
		return Error{{1, "the file is empty"}}
	}
	texts := []string{err.Error()}
	if several := (*yaml.TypeError)(nil); errors.As(err, &several) {
		texts = several.Errors
	}
	var wrong Error
	for _, text := range texts {
		w := Wrong{1, text}
		if at := yamlLine.FindStringSubmatch(text); at != nil {
			w.Line, _ = strconv.Atoi(at[1])
			w.Text = at[2]
		}
		wrong = append(wrong, w)
	}
	return wrong
}

type check struct {
	root  *yaml.Node
	wrong Error
}

// fail notes an error at the line of the field, or of the nearest part of its path that there is.
func (c *check) fail(path, format string, args ...any) {
	_, line := c.find(path)
	c.wrong = append(c.wrong, Wrong{line, path + ": " + fmt.Sprintf(format, args...)})
}

// find is the node of a path and its line, or the nearest part of the path that there is.
func (c *check) find(path string) (node *yaml.Node, line int) {
	return c.at(strings.Split(path, ".")...)
}

// at is find for parts that may have a dot in them.
func (c *check) at(parts ...string) (node *yaml.Node, line int) {
	node, line = c.root, c.root.Line
	for _, part := range parts {
		var next *yaml.Node
		if i, err := strconv.Atoi(part); err == nil && node.Kind == yaml.SequenceNode && i < len(node.Content) {
			next = node.Content[i]
			line = next.Line
		}
		for k := 0; node.Kind == yaml.MappingNode && k+1 < len(node.Content); k += 2 {
			if node.Content[k].Value == part {
				next, line = node.Content[k+1], node.Content[k].Line
			}
		}
		if next == nil {
			break
		}
		node = next
	}
	return node, line
}

// plain are the codes that a field of the bureau may be refused with, in words.
var plain = map[proposal.FieldCode]string{
	proposal.FieldRequired: "required", proposal.FieldMalformed: "cannot be read as what is wanted here", proposal.FieldTooLong: "too long",
	proposal.UnknownValue: "unknown value", proposal.TooManyEntries: "too many",
}

// bureauPaths are where the file has what the bureau's check calls otherwise.
var bureauPaths = map[string]string{
	"npc": "assemblies.npc", "cppcc": "assemblies.cppcc", "site_title": "site.title", "contact": "site.contact", "identifier": "site.identifier", "icp": "site.icp",
	"police": "site.police", "links": "site.links", "login_name": "login.name", "login_name_en": "login.name_en", "groups": "login.groups", "factors": "login.factors",
}

// rules are the packs with those of the file. What is wrong with one is said at its own line.
func (c *check) rules(files []string, packs rulepack.Set) rulepack.Set {
	packs = maps.Clone(packs)
	for i, source := range files {
		at := fmt.Sprintf("rules.%d", i)
		_, err := packs.Put([]byte(source))
		var wrong rulepack.Errors
		errors.As(err, &wrong)
		for _, w := range wrong {
			node, line := c.find(at)
			if node.Style == yaml.LiteralStyle {
				line += w.Line
			}
			c.wrong = append(c.wrong, Wrong{line, at + ": " + w.Error()})
		}
	}
	return packs
}

func (c *check) bureau(b proposal.Bureau, known func(string) bool) {
	for _, w := range b.Check() {
		text := plain[w.Code]
		if w.Field == "level" {
			text = fmt.Sprintf("one of %v is wanted", assembly.Levels)
		}
		path := cmp.Or(bureauPaths[w.Field], w.Field)
		if w.Field == "links" && w.Code == proposal.FieldMalformed {
			path, text = fmt.Sprintf("%s.%d", path, w.Max-1), "a name and an address that begins with http:// or https:// are wanted"
		}
		if w.Field == "groups" && w.Code == proposal.FieldMalformed {
			path, text = fmt.Sprintf("%s.%d", path, w.Max-1), "the name of a group and its roles are wanted"
		}
		c.fail("bureau."+path, "%s", text)
	}
	if b.Profile != "" && !known(b.Profile) {
		c.fail("bureau.profile", "there is no rule pack of profile %q that is valid today", b.Profile)
	}
}

func (c *check) divisions(all []Division) {
	for i, d := range all {
		at := fmt.Sprintf("divisions.%d", i)
		c.text(at+".code", string(d.Code), true)
		c.text(at+".name", d.Name, true)
		c.text(at+".name_en", d.NameEN, false)
		c.text(at+".phone", d.Phone, false)
		if slices.ContainsFunc(all[:i], func(before Division) bool { return before.Code == d.Code }) {
			c.fail(at+".code", "%q is taken", d.Code)
		}
	}
}

func (c *check) people(f File) {
	for i, p := range f.People {
		at := fmt.Sprintf("people.%d", i)
		for _, field := range [][2]string{{"login", p.Login}, {"name", p.Name}} {
			c.text(at+"."+field[0], field[1], true)
		}
		for _, field := range [][2]string{{"name_en", p.NameEN}, {"phone", p.Phone}, {"email", p.Email}} {
			c.text(at+"."+field[0], field[1], false)
		}
		if slices.ContainsFunc(f.People[:i], func(before Person) bool {
			return strings.EqualFold(strings.TrimSpace(before.Login), strings.TrimSpace(p.Login))
		}) {
			c.fail(at+".login", "%q is taken", p.Login)
		}
		if p.Division != "" {
			c.division(f, at+".division", p.Division)
		}
		for n, d := range p.Field {
			c.division(f, fmt.Sprintf("%s.field.%d", at, n), d)
		}
		for n, role := range p.Roles {
			if !slices.Contains(proposal.Roles, role) {
				c.fail(fmt.Sprintf("%s.roles.%d", at, n), "unknown role %q; known: %v", role, proposal.Roles)
			}
		}
		if len(p.Roles) == 0 {
			c.fail(at+".roles", "required")
		}
		if address, err := mail.ParseAddress(p.Email); p.Email != "" && (err != nil || address.Address != p.Email) {
			c.fail(at+".email", "%q is no mail address", p.Email)
		}
	}
}

func (c *check) words(all store.Wording) {
	for _, lang := range slices.Sorted(maps.Keys(all)) {
		for _, key := range slices.Sorted(maps.Keys(all[lang])) {
			for _, f := range wording.Check(lang, key, all[lang][key]) {
				_, line := c.at("words", lang, key)
				c.wrong = append(c.wrong, Wrong{line, fmt.Sprintf("words.%s.%s: %s", lang, key, f)})
			}
		}
	}
}

func (c *check) text(path, text string, required bool) {
	switch {
	case required && strings.TrimSpace(text) == "":
		c.fail(path, "required")
	case len([]rune(text)) > proposal.MaxLine:
		c.fail(path, "longer than %d characters", proposal.MaxLine)
	case strings.ContainsRune(text, 0):
		c.fail(path, "holds a character that is no text")
	}
}

func (c *check) division(f File, path string, code proposal.DivisionID) {
	if !slices.ContainsFunc(f.Divisions, func(d Division) bool { return d.Code == code }) {
		c.fail(path, "there is no division %q in this file", code)
	}
}

// Apply brings the record to what the file says. Divisions and people that it does not name stay as they are, and so do passwords.
func (f File) Apply(ctx context.Context, e *store.Edit) error {
	for i, source := range f.Rules {
		if _, err := e.Rules(ctx, source); err != nil {
			return fmt.Errorf("rules %d: %w", i+1, err)
		}
	}
	if err := e.Bureau(ctx, f.Bureau); err != nil {
		return err
	}
	for i, d := range f.Divisions {
		if err := e.UpsertDivision(ctx, store.Division{Code: d.Code, Name: store.Name{ZH: d.Name, EN: d.NameEN}, Sort: i + 1, Phone: d.Phone}); err != nil {
			return fmt.Errorf("division %s: %w", d.Code, err)
		}
	}
	for _, p := range f.People {
		if _, err := e.UpsertPerson(ctx, store.Person{
			Person: proposal.Person{Roles: p.Roles, Division: p.Division, Field: p.Field},
			Login:  p.Login, Name: store.Name{ZH: p.Name, EN: p.NameEN}, Phone: p.Phone, Email: p.Email, Active: !p.Left,
		}, p.Password); err != nil {
			return fmt.Errorf("person %s: %w", p.Login, err)
		}
	}
	return e.Words(ctx, f.Words)
}

// Export is the file of a running bureau.
func Export(ctx context.Context, s *store.Store) (f File, err error) {
	if f.Bureau, err = s.Bureau(ctx, calendar.Date{}); err != nil {
		return f, err
	}
	if f.Words, err = s.OwnWords(ctx); err != nil {
		return f, err
	}
	kept, err := s.KeptRules(ctx)
	if err != nil {
		return f, err
	}
	for _, k := range slices.Backward(kept) {
		if k.WithdrawnAt.IsZero() {
			f.Rules = append(f.Rules, k.Source)
		}
	}
	divisions, err := s.Divisions(ctx)
	if err != nil {
		return f, err
	}
	divisions = store.AtWork(divisions) // a copy has no cases of the closed ones
	for _, d := range divisions {
		f.Divisions = append(f.Divisions, Division{d.Code, d.Name.ZH, d.Name.EN, d.Phone})
	}
	closed := func(code proposal.DivisionID) bool {
		return !slices.ContainsFunc(divisions, func(d store.Division) bool { return d.Code == code })
	}
	for i, g := range f.Bureau.Login.Groups {
		if closed(g.Division) {
			f.Bureau.Login.Groups[i].Division = ""
		}
	}
	people, err := s.People(ctx)
	for _, p := range people {
		if p.Field = slices.DeleteFunc(p.Field, closed); closed(p.Division) { // of who left before it was
			p.Division = ""
		}
		f.People = append(f.People, Person{
			Login: p.Login, Name: p.Name.ZH, NameEN: p.Name.EN, Division: p.Division, Roles: p.Roles, Field: p.Field, Phone: p.Phone, Email: p.Email,
			Left: !p.Active,
		})
	}
	return f, err
}

// Write is the file as text.
func (f File) Write(w io.Writer) error {
	enc := yaml.NewEncoder(w)
	enc.SetIndent(2)
	return errors.Join(enc.Encode(f), enc.Close())
}
