package replytext

import (
	_ "embed"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/chinese"
)

//go:embed outlines.yaml
var outlinesFile []byte

// outline is how the replies of one assembly open and close; the second of each pair is for a proposer that is no single person.
// The points are restated in the opening, if there are any.
type outline struct {
	Opening     string `yaml:"opening"`
	OpeningBody string `yaml:"opening_body"`
	Points      string `yaml:"points"`
	Thanks      string `yaml:"thanks"`
	ThanksBody  string `yaml:"thanks_body"`
}

var outlines = sync.OnceValue(func() map[string]outline {
	var all map[string]outline
	if err := yaml.Unmarshal(outlinesFile, &all); err != nil {
		panic(err) // it is part of the program
	}
	return all
})

// Outline is what a reply has before anybody writes it: how it opens, with the points restated, its points as headings 一、二、三 in
// order, how it closes.
// Whom to ask about it stands in fields of the draft.
type Outline struct {
	Opening  string
	Headings []string
	Thanks   string
}

// OutlineOf makes the outline of a reply from the register.
func OutlineOf(key assembly.RegisterKey, proposer assembly.ProposerKind, title string, points []string) Outline {
	o := outlines()[string(key.Body)]
	if proposer != "" && proposer != assembly.MemberProposer {
		o.Opening, o.Thanks = o.OpeningBody, o.ThanksBody
	}
	return o.of(key, title, points)
}

// OpinionOutline makes the outline of an opinion (会办意见), which goes to the unit that leads.
func OpinionOutline(key assembly.RegisterKey, title string, points []string) Outline {
	return outlines()["opinion"].of(key, title, points)
}

func (o outline) of(key assembly.RegisterKey, title string, points []string) Outline {
	opening := o.Opening
	var restated []string
	made := Outline{Thanks: o.Thanks}
	for i, point := range points {
		point = strings.TrimRight(chinese.FoldBlanks(point), "。；;，,")
		made.Headings = append(made.Headings, chinese.Numeral(i+1)+"、"+point)
		if len(points) > 1 {
			point = chinese.Numeral(i+1) + "是" + point
		}
		restated = append(restated, point)
	}
	if len(restated) > 0 {
		opening = strings.ReplaceAll(opening, "{points}", strings.ReplaceAll(o.Points, "{points}", strings.Join(restated, "；")))
	}
	made.Opening = strings.NewReplacer("{title}", quoted(key, title), "{points}", "").Replace(opening)
	return made
}

// quoted is a title inside a sentence: as it is if it ends in what the case is called, else in 《》 with the number and what the
// case is called behind it, as in 《关于…的建议》（第L54号提案）.
func quoted(key assembly.RegisterKey, title string) string {
	title = assembly.TitleAsAssigned(title)
	if strings.HasPrefix(title, "关于") && strings.HasSuffix(title, key.Noun()) {
		return title
	}
	if !strings.HasPrefix(title, "《") {
		title = "《" + title + "》"
	}
	return title + "（" + key.NumberName() + key.Noun() + "）"
}
