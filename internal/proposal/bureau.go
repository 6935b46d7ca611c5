package proposal

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/banli/banli/internal/assembly"
)

// Bureau is the public body that answers here: what it says of itself, and whose rules it follows.
type Bureau struct {
	Name          string         `json:"name" yaml:"name"`                                  // 机关全称: on every page, and the signature of its replies
	NameEN        string         `json:"name_en" yaml:"name_en"`                            // on the screens in English
	Short         string         `json:"short" yaml:"short"`                                // 简称
	ShortEN       string         `json:"short_en" yaml:"short_en"`                          //
	Level         assembly.Level `json:"level" yaml:"level"`                                // of the place
	Place         string         `json:"place" yaml:"place"`                                // 沙河市
	Phone         string         `json:"phone" yaml:"phone"`                                // whom to ask
	Assemblies    Assemblies     `json:"assemblies" yaml:"assemblies"`                      // as they are called there
	Series        []NumberSeries `json:"series" yaml:"series"`                              // 机关代字, where the rule pack says none
	Site          Site           `json:"site" yaml:"site,omitempty"`                        // at the foot of its public pages
	Profile       string         `json:"profile" yaml:"profile"`                            // of the rule packs that new registrations are pinned to
	SecondFactor  []Role         `json:"second_factor" yaml:"second_factor,flow,omitempty"` // who logs in with more than a password, and proves it again when signing
	Login         Login          `json:"login" yaml:"login,omitempty"`                      // what is taken from the house's own provider of logins
	Demonstration bool           `json:"demonstration" yaml:"demonstration"`                // nothing in it is in earnest, and every page says so
}

// Assemblies are the names of the two that send cases to the bureau, such as 和平区人大 and 政协和平区委员会; "" where the short word will do.
type Assemblies struct {
	NPC   string `json:"npc" yaml:"npc"`
	CPPCC string `json:"cppcc" yaml:"cppcc"`
}

// Site is what a public body's site says of itself besides its name; "" for what it need not say.
type Site struct {
	Title      string `json:"title,omitempty" yaml:"title,omitempty"`     // beside the bureau's name, in place of 建议提案办理公开
	Contact    string `json:"contact,omitempty" yaml:"contact,omitempty"` // a line at the foot: where and how to reach the bureau
	Identifier string `json:"identifier" yaml:"identifier,omitempty"`     // 网站标识码
	ICP        string `json:"icp" yaml:"icp,omitempty"`                   // ICP备案号
	Police     string `json:"police" yaml:"police,omitempty"`             // 公安备案号
	Links      []Link `json:"links,omitempty" yaml:"links,omitempty"`     // 相关链接, in their order
}

// Link leads from the public pages to another site.
type Link struct {
	Name string `json:"name" yaml:"name"`
	URL  string `json:"url" yaml:"url"` // http or https
}

// MaxLinks is how many links stand at the foot of a public page at most: it is no list of contents.
const MaxLinks = 8

// sound reports whether a reader can follow the link and knows where to.
func (l Link) sound() bool {
	u, err := url.Parse(l.URL)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && !strings.ContainsAny(l.URL, " \t\n") &&
		strings.TrimSpace(l.Name) != "" && !strings.ContainsAny(l.Name, "\n\x00") && utf8.RuneCountInString(l.Name) <= MaxLine && utf8.RuneCountInString(l.URL) <= MaxLine
}

// of is what an assembly is called in the letters of the bureau.
func (a Assemblies) of(body assembly.Body) string {
	if body == assembly.CPPCC {
		return cmp.Or(a.CPPCC, "政协")
	}
	return cmp.Or(a.NPC, "人大")
}

// AssemblyPart stands, in rules that many bureaus follow, for the name by which a bureau calls its assembly.
const AssemblyPart = "{assembly}"

// Of is the pack as the bureau follows it. Rules that are a place's own may say in whose name and under which 机关代字 its replies go out, such as those
// of the government; rules that many bureaus follow, such as the national ones, leave it to the bureau.
func (p *Pack) Of(b Bureau) *Pack {
	own := *p
	own.Agency = cmp.Or(p.Agency, b.Name)
	if len(p.Series) == 0 {
		own.Series = b.Series
	}
	own.Reply = maps.Clone(p.Reply)
	for body, rules := range p.Reply {
		copies := slices.Clone(rules.Copies)
		for i, to := range copies {
			copies[i] = strings.ReplaceAll(to, AssemblyPart, b.Assemblies.of(body))
		}
		rules.Copies = copies
		own.Reply[body] = rules
	}
	return &own
}

// Check finds what is wrong with what a bureau says of itself; nil for nothing. Whether the profile exists only a program knows that has read the packs.
func (b Bureau) Check() []FieldError {
	var c checker
	c.text("name", b.Name, true, MaxLine)
	c.text("name_en", b.NameEN, false, MaxLine)
	c.text("short", b.Short, true, MaxLine)
	c.text("short_en", b.ShortEN, false, MaxLine)
	oneOf(&c, "level", b.Level, assembly.Levels)
	c.text("place", b.Place, true, MaxLine)
	c.text("phone", b.Phone, false, MaxLine)
	c.text("npc", b.Assemblies.NPC, false, MaxLine)
	c.text("cppcc", b.Assemblies.CPPCC, false, MaxLine)
	c.text("site_title", b.Site.Title, false, MaxLine)
	c.text("contact", b.Site.Contact, false, MaxLine)
	c.text("identifier", b.Site.Identifier, false, MaxLine)
	c.text("icp", b.Site.ICP, false, MaxLine)
	c.text("police", b.Site.Police, false, MaxLine)
	switch i := slices.IndexFunc(b.Site.Links, func(l Link) bool { return !l.sound() }); {
	case len(b.Site.Links) > MaxLinks:
		c = append(c, FieldError{Field: "links", Code: TooManyEntries, Max: MaxLinks})
	case i >= 0:
		c = append(c, FieldError{Field: "links", Code: FieldMalformed, Max: i + 1}) // which of them
	}
	c.text("profile", b.Profile, true, MaxLine)
	for _, role := range b.SecondFactor {
		oneOf(&c, "second_factor", role, Roles)
	}
	b.Login.check(&c)
	for _, s := range b.Series {
		if !s.sound() {
			c.add("series", FieldMalformed)
			return c
		}
	}
	if slices.ContainsFunc(assembly.Bodies, func(body assembly.Body) bool { _, lacking := WithoutSeries(b.Series, body); return lacking }) {
		c.add("series", FieldRequired)
	}
	return c
}

// AsksSecondFactor reports whether one of the roles is among those of which the bureau asks a second factor.
func (b Bureau) AsksSecondFactor(roles []Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(b.SecondFactor, r) })
}

// MaxSeries bounds a 机关代字, in characters.
const MaxSeries = 20

// sound reports whether the series can number a reply, or says that there is no number.
func (s NumberSeries) sound() bool {
	return (s.Code == "") == (s.Given == WithoutNumber) && utf8.RuneCountInString(s.Code) <= MaxSeries && (s.Body == "" || slices.Contains(assembly.Bodies, s.Body)) &&
		(s.Handling == "" || slices.Contains(HandlingTypes, s.Handling)) && (s.Given == "" || slices.Contains(NumberGivers, s.Given))
}

// seriesOf is the first series that fits; the zero one if none does.
func seriesOf(series []NumberSeries, body assembly.Body, handling HandlingType) NumberSeries {
	i := slices.IndexFunc(series, func(s NumberSeries) bool {
		return (s.Body == "" || s.Body == body) && (s.Handling == "" || s.Handling == handling)
	})
	if i < 0 {
		return NumberSeries{}
	}
	found := series[i]
	found.Given = cmp.Or(found.Given, OurNumber)
	return found
}

// WithoutSeries finds a way of handling a case of the body for which there is no series.
func WithoutSeries(series []NumberSeries, body assembly.Body) (HandlingType, bool) {
	i := slices.IndexFunc(HandlingTypes, func(h HandlingType) bool { return h != ReadingOnly && seriesOf(series, body, h) == NumberSeries{} })
	if i < 0 {
		return "", false
	}
	return HandlingTypes[i], true
}
