package proposal

import (
	_ "embed"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"
)

//go:embed outlines.yaml
var outlinesFile []byte

// outline is how the letters of one assembly open and close; the second of each pair is for a proposer that is no single person.
type outline struct {
	Opening     string `yaml:"opening"`
	OpeningBody string `yaml:"opening_body"`
	Thanks      string `yaml:"thanks"`
	ThanksBody  string `yaml:"thanks_body"`
}

var outlines = sync.OnceValue(func() map[Body]outline {
	var all map[Body]outline
	if err := yaml.Unmarshal(outlinesFile, &all); err != nil {
		panic(err) // it is part of the program
	}
	return all
})

// Outline is what a reply has before anybody writes it: how it opens, its points as headings 一、二、三 in order, how it closes.
// Whom to ask about it stands in fields of the draft.
type Outline struct {
	Opening  string
	Headings []string
	Thanks   string
}

// OutlineOf makes the outline of a reply from the register.
func OutlineOf(body Body, proposer ProposerKind, subject string, points []string) Outline {
	o := outlines()[body]
	opening, thanks := o.Opening, o.Thanks
	if proposer != "" && proposer != Member {
		opening, thanks = o.OpeningBody, o.ThanksBody
	}
	made := Outline{Opening: strings.ReplaceAll(opening, "{subject}", Subject(subject)), Thanks: thanks}
	for i, point := range points {
		made.Headings = append(made.Headings, ChineseNumeral(i+1)+"、"+strings.TrimRight(foldBlanks(point), "。；;，,"))
	}
	return made
}

// Body is the outline as the text of a draft.
func (o Outline) Body() string {
	lines := append([]string{o.Opening}, o.Headings...)
	return strings.Join(append(lines, o.Thanks), "\n")
}
