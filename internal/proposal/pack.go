package proposal

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/banli/banli/internal/calendar"
	"gopkg.in/yaml.v3"
)

// Pack is a rule pack: what varies by place, as data. A case keeps the pack that it was registered under.
type Pack struct {
	ID      string           `yaml:"id"`     // e.g. "shenyang-2020"; pinned to a case
	Name    string           `yaml:"name"`   // 沈阳市民政局办理规则
	Agency  string           `yaml:"agency"` // 机关全称, the signature of a reply
	Series  string           `yaml:"series"` // 机关代字 of the reply letters
	Limits  map[string]Limit `yaml:"limits"` // by key: "reply", "internal", "publication"
	Contact ContactRules     `yaml:"contact"`
	Signer  SignerRules      `yaml:"signer"`
	Classes []ResultClass    `yaml:"classes"`
	Grounds []Ground         `yaml:"grounds"`
}

// Limit is one time limit. Exactly one of the three counts is set.
type Limit struct {
	Name           string     `yaml:"name"` // the rule in words: 自交办之日起三个月内答复
	Months         int        `yaml:"months"`
	Workdays       int        `yaml:"workdays"`
	WorkdaysBefore int        `yaml:"workdays_before"` // so many working days before the reply limit
	Sources        []LawClaim `yaml:"sources"`         // newest first
}

// LawClaim is where a limit comes from, from a day on.
type LawClaim struct {
	From calendar.Date `yaml:"from"`
	Text string        `yaml:"text"` // 《代表法》（2015年修正）第四十二条
}

// UnmarshalYAML says in which line a claim is wrong, which the YAML reader does not for a date.
func (c *LawClaim) UnmarshalYAML(node *yaml.Node) error {
	for i := 0; i < len(node.Content); i += 2 {
		if key := node.Content[i]; key.Value != "from" && key.Value != "text" {
			return fmt.Errorf("line %d: unknown field %q", key.Line, key.Value)
		}
	}
	type plain LawClaim
	if err := node.Decode((*plain)(c)); err != nil {
		return fmt.Errorf("line %d: %w", node.Line, err)
	}
	return nil
}

// ContactRules say when a deputy counts as consulted (R2).
type ContactRules struct {
	CountingModes       []Mode `yaml:"counting_modes"`
	AttemptsBeforeWaive int    `yaml:"attempts_before_waive"`
}

// SignerRules say who signs (R7).
type SignerRules struct {
	Ordinary Role `yaml:"ordinary"`
	Key      Role `yaml:"key"` // key-supervised cases
}

// ResultClass is one of the result classes and what it demands (R4).
type ResultClass struct {
	Code     string   `yaml:"code"`
	Name     string   `yaml:"name"`
	Statuses []Status `yaml:"statuses"` // every point's status must be one of these
	Needs    Need     `yaml:"needs"`
}

// Need is what a result class demands besides the statuses.
type Need string

const (
	NeedsNothing    Need = ""
	NeedsCommitment Need = "commitment" // at least one dated commitment
	NeedsReason     Need = "reason"     // a reason for every point not solved
)

// Ground is a legal ground for not publishing (条例 14–16).
type Ground struct {
	Code string `yaml:"code"`
	Name string `yaml:"name"`
}

// Class returns the result class with the code.
func (p *Pack) Class(code string) (ResultClass, bool) {
	i := slices.IndexFunc(p.Classes, func(c ResultClass) bool { return c.Code == code })
	if i < 0 {
		return ResultClass{}, false
	}
	return p.Classes[i], true
}

// Ground returns the ground with the code.
func (p *Pack) Ground(code string) (Ground, bool) {
	i := slices.IndexFunc(p.Grounds, func(g Ground) bool { return g.Code == code })
	if i < 0 {
		return Ground{}, false
	}
	return p.Grounds[i], true
}

// SignerRole is who signs a reply in this state (R7).
func (p *Pack) SignerRole(s State) Role {
	if s.KeySupervised {
		return p.Signer.Key
	}
	return p.Signer.Ordinary
}

// Source is where the rule came from on that day; "" for a rule that is not a limit of the pack.
func (p *Pack) Source(rule string, on calendar.Date) string {
	for _, claim := range p.Limits[rule].Sources {
		if !on.Before(claim.From) {
			return claim.Text
		}
	}
	return ""
}

// span counts a limit of the pack from its start.
func (p *Pack) span(rule string, start calendar.Date, cal *calendar.Calendar) calendar.Span {
	limit := p.Limits[rule]
	if limit.Months > 0 {
		return cal.AddMonths(start, limit.Months)
	}
	return cal.AddWorkdays(start, limit.Workdays)
}

// InternalDue is the internal due date that the pack gives for a reply due on that day.
func (p *Pack) InternalDue(replyDue calendar.Date, cal *calendar.Calendar) calendar.Date {
	day := replyDue
	for left := p.Limits[string(InternalClock)].WorkdaysBefore; left > 0; {
		day = day.AddDays(-1)
		if cal.IsWorkday(day) {
			left--
		}
	}
	return day
}

//go:embed rules/*.yaml
var packFiles embed.FS

// Packs are the rule packs that come with the program, by id.
var Packs = sync.OnceValue(func() map[string]*Pack {
	packs := map[string]*Pack{}
	files, err := packFiles.ReadDir("rules")
	if err != nil {
		panic(err)
	}
	for _, file := range files {
		data, err := packFiles.ReadFile("rules/" + file.Name())
		if err != nil {
			panic(err)
		}
		pack, err := ParsePack(data)
		if err != nil {
			panic(fmt.Errorf("rules/%s: %w", file.Name(), err))
		}
		packs[pack.ID] = pack
	}
	return packs
})

// ParsePack reads a rule pack from YAML. Unknown fields, unknown values and missing parts are errors that name the line
// or the field.
func ParsePack(data []byte) (*Pack, error) {
	var p Pack
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&p); errors.Is(err, io.EOF) {
		return nil, errors.New("line 1: the rule pack is empty")
	} else if err != nil {
		return nil, err
	}
	for _, check := range []func() error{p.checkNames, p.checkLimits, p.checkPeople, p.checkClasses, p.checkGrounds} {
		if err := check(); err != nil {
			return nil, err
		}
	}
	return &p, nil
}

func (p *Pack) checkNames() error {
	for _, required := range [][2]string{{"id", p.ID}, {"name", p.Name}, {"agency", p.Agency}, {"series", p.Series}} {
		if strings.TrimSpace(required[1]) == "" {
			return fmt.Errorf("%s: required", required[0])
		}
	}
	return nil
}

func (p *Pack) checkLimits() error {
	for key := range p.Limits {
		if !slices.Contains(ClockKinds, ClockKind(key)) {
			return fmt.Errorf("limits.%s: no clock counts it", key)
		}
	}
	for _, kind := range ClockKinds {
		if err := p.Limits[string(kind)].check(kind == InternalClock); err != nil {
			return fmt.Errorf("limits.%s: %w", kind, err)
		}
	}
	return nil
}

func (l Limit) check(countsBack bool) error {
	counts := []int{l.Months, l.Workdays, l.WorkdaysBefore}
	set := slices.DeleteFunc(slices.Clone(counts), func(n int) bool { return n == 0 })
	switch {
	case len(set) != 1 || set[0] < 0:
		return errors.New("exactly one of months, workdays, workdays_before is required, above zero")
	case set[0] > maxCount:
		return fmt.Errorf("a limit of more than %d is a slip", maxCount)
	case countsBack != (l.WorkdaysBefore > 0):
		return errors.New("the internal limit, and no other, counts back with workdays_before")
	case len(l.Sources) == 0:
		return errors.New("sources: required")
	}
	for i, claim := range l.Sources {
		switch {
		case claim.From.IsZero() || strings.TrimSpace(claim.Text) == "":
			return fmt.Errorf("sources.%d: from and text are required", i)
		case i > 0 && !claim.From.Before(l.Sources[i-1].From):
			return fmt.Errorf("sources.%d: newest first", i) // Source takes the first that fits
		}
	}
	return nil
}

// maxCount bounds a limit, in months or working days: the longest that the law knows is six months.
const maxCount = 366

func (p *Pack) checkPeople() error {
	if p.Contact.AttemptsBeforeWaive < 1 {
		return errors.New("contact.attempts_before_waive: at least 1")
	}
	if err := known("contact.counting_modes", p.Contact.CountingModes, Modes); err != nil {
		return err
	}
	// Whoever else the pack named, the table would let nobody sign.
	row, _ := transition(Sign, SignOff)
	if err := known("signer.ordinary", []Role{p.Signer.Ordinary}, row.Who.Roles); err != nil {
		return err
	}
	return known("signer.key", []Role{p.Signer.Key}, row.Who.Roles)
}

func (p *Pack) checkClasses() error {
	if len(p.Classes) == 0 {
		return errors.New("classes: required")
	}
	for i, c := range p.Classes {
		field := fmt.Sprintf("classes.%d", i)
		taken := slices.ContainsFunc(p.Classes[:i], func(other ResultClass) bool { return other.Code == c.Code })
		if taken || c.Code == "" || c.Name == "" {
			return fmt.Errorf("%s: a code of its own and a name are required", field)
		}
		if err := known(field+".statuses", c.Statuses, Statuses); err != nil {
			return err
		}
		if err := known(field+".needs", []Need{c.Needs}, []Need{NeedsNothing, NeedsCommitment, NeedsReason}); err != nil {
			return err
		}
	}
	return nil
}

func (p *Pack) checkGrounds() error {
	if len(p.Grounds) == 0 {
		return errors.New("grounds: required")
	}
	for i, g := range p.Grounds {
		taken := slices.ContainsFunc(p.Grounds[:i], func(other Ground) bool { return other.Code == g.Code })
		if taken || g.Code == "" || g.Name == "" {
			return fmt.Errorf("grounds.%d: a code of its own and a name are required", i)
		}
	}
	return nil
}

// known holds a field of the pack to the values that the code knows, at least one of them.
func known[T ~string](field string, values, allowed []T) error {
	if len(values) == 0 {
		return fmt.Errorf("%s: required", field)
	}
	for _, v := range values {
		if !slices.Contains(allowed, v) {
			return fmt.Errorf("%s: unknown value %q", field, v)
		}
	}
	return nil
}
