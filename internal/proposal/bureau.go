package proposal

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// Bureau is the public body that answers here: what it says of itself, and whose rules it follows.
type Bureau struct {
	Name          string         `json:"name" yaml:"name"`                   // 机关全称: on every page, and the signature of its replies
	NameEN        string         `json:"name_en" yaml:"name_en"`             // on the screens in English
	Short         string         `json:"short" yaml:"short"`                 // 简称
	ShortEN       string         `json:"short_en" yaml:"short_en"`           //
	Level         Level          `json:"level" yaml:"level"`                 // of the place
	Place         string         `json:"place" yaml:"place"`                 // 沙河市
	Phone         string         `json:"phone" yaml:"phone"`                 // whom to ask
	Series        []NumberSeries `json:"series" yaml:"series"`               // 机关代字, where the rule pack says none
	Profile       string         `json:"profile" yaml:"profile"`             // of the rule packs that new registrations are pinned to
	Demonstration bool           `json:"demonstration" yaml:"demonstration"` // nothing in it is in earnest, and every page says so
}

// Of is the pack as the bureau follows it. Rules that are a place's own may say in whose name and under which 机关代字 its replies go out, such as those
// of the government; rules that many bureaus follow, such as the national ones, leave it to the bureau.
func (p *Pack) Of(b Bureau) *Pack {
	own := *p
	own.Agency = cmp.Or(p.Agency, b.Name)
	if len(p.Series) == 0 {
		own.Series = b.Series
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
	oneOf(&c, "level", b.Level, Levels)
	c.text("place", b.Place, true, MaxLine)
	c.text("phone", b.Phone, false, MaxLine)
	c.text("profile", b.Profile, true, MaxLine)
	for _, s := range b.Series {
		if s.Code == "" || utf8.RuneCountInString(s.Code) > MaxSeries || s.Body != "" && !slices.Contains(Bodies, s.Body) {
			c.add("series", FieldMalformed)
			return c
		}
	}
	if slices.ContainsFunc(Bodies, func(body Body) bool { return seriesOf(b.Series, body) == "" }) {
		c.add("series", FieldRequired)
	}
	return c
}

// MaxSeries bounds a 机关代字, in characters.
const MaxSeries = 20

// seriesOf is the first 机关代字 that fits; "" if none does.
func seriesOf(series []NumberSeries, body Body) string {
	i := slices.IndexFunc(series, func(s NumberSeries) bool { return s.Body == "" || s.Body == body })
	if i < 0 {
		return ""
	}
	return series[i].Code
}
