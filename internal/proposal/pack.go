package proposal

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"sync"

	"github.com/banli/banli/internal/calendar"
	"gopkg.in/yaml.v3"
)

// Pack is a rule pack: what varies by place, as data. A case keeps the pack that it was registered under.
type Pack struct {
	ID       string           `yaml:"id"`     // e.g. "shenyang-2020"; pinned to a case
	Name     string           `yaml:"name"`   // 沈阳市民政局办理规则
	Agency   string           `yaml:"agency"` // 机关全称, the signature of a reply
	Series   string           `yaml:"series"` // 机关代字 of the reply letters
	Limits   map[string]Limit `yaml:"limits"` // by key: "reply", "internal", "publication"
	Contact  ContactRules     `yaml:"contact"`
	Signer   SignerRules      `yaml:"signer"`
	Classes  []ResultClass    `yaml:"classes"`
	Grounds  []Ground         `yaml:"grounds"`
	Handling []HandlingType   `yaml:"handling"` // the types the bureau uses, in the order of the form
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
	if err := dec.Decode(&p); err != nil {
		return nil, err
	}
	return &p, p.check()
}

func (p *Pack) check() error {
	switch {
	case p.ID == "", p.Agency == "", p.Series == "":
		return fmt.Errorf("id, agency and series are required")
	case p.Contact.AttemptsBeforeWaive < 1 || len(p.Contact.CountingModes) == 0:
		return fmt.Errorf("contact: attempts_before_waive and counting_modes are required")
	case !slices.Contains(Roles, p.Signer.Ordinary) || !slices.Contains(Roles, p.Signer.Key):
		return fmt.Errorf("signer: unknown role")
	case len(p.Classes) == 0 || len(p.Grounds) == 0:
		return fmt.Errorf("classes and grounds are required")
	}
	for _, kind := range ClockKinds {
		l, ok := p.Limits[string(kind)]
		if counts := min(l.Months, 1) + min(l.Workdays, 1) + min(l.WorkdaysBefore, 1); !ok || counts != 1 || len(l.Sources) == 0 {
			return fmt.Errorf("limits.%s: one of months, workdays, workdays_before, and a source, are required", kind)
		}
		if (l.WorkdaysBefore > 0) != (kind == InternalClock) {
			return fmt.Errorf("limits.%s: only the internal limit counts back, with workdays_before", kind)
		}
	}
	for _, c := range p.Classes {
		for _, s := range c.Statuses {
			if !slices.Contains(Statuses, s) {
				return fmt.Errorf("class %s: unknown status %q", c.Code, s)
			}
		}
	}
	return nil
}
