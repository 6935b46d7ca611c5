package rulepack

import (
	"fmt"
	"slices"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"gopkg.in/yaml.v3"
)

// Head is what a pack says of itself.
type Head struct {
	ID        string
	Profile   string
	Name      string
	ValidFrom calendar.Date
	Note      string // a comment under it, for whoever goes on writing
}

// NextID is an id for the next pack of a profile, none of those that were used before: own-3 after own-2.
func (s Set) NextID(profile string, before []string) string {
	n := 1
	for {
		id := fmt.Sprintf("%s-%d", profile, n)
		if _, taken := s[id]; !taken && !slices.Contains(before, id) {
			return id
		}
		n++
	}
}

// Following is the beginning of a file that says only what differs from the pack.
func Following(pack *proposal.Pack, h Head) (string, error) {
	data, err := yaml.Marshal(struct {
		ID        string `yaml:"id"`
		Profile   string `yaml:"profile"`
		Extends   string `yaml:"extends"`
		Name      string `yaml:"name"`
		ValidFrom string `yaml:"valid_from"`
	}{h.ID, h.Profile, pack.ID, h.Name, h.ValidFrom.String()})
	return string(data) + "\n# " + strings.Join(strings.Fields(h.Note), " ") + "\n", err
}

// Copied is the file of a pack of another place as the beginning of one's own: without the name and the numbers of that place.
func Copied(source string, h Head) (string, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(source), &doc); err != nil {
		return "", err
	}
	root := renamed(doc.Content[0])
	of := map[string]string{"id": h.ID, "profile": h.Profile, "name": h.Name, "valid_from": h.ValidFrom.String()}
	var kept []*yaml.Node
	for key, value := range pairs(root) {
		if said, ok := of[key.Value]; ok {
			value.Value = said
		}
		if !slices.Contains([]string{"agency", "series"}, key.Value) {
			kept = append(kept, key, value)
		}
	}
	root.Content = kept
	for _, node := range []*yaml.Node{&doc, root, kept[0]} { // what the file says of that place
		node.HeadComment, node.FootComment = "", ""
	}
	return written(&doc)
}

// pairs are the keys and values of a mapping.
func pairs(node *yaml.Node) func(yield func(key, value *yaml.Node) bool) {
	return func(yield func(key, value *yaml.Node) bool) {
		for i := 0; i+1 < len(node.Content); i += 2 {
			if !yield(node.Content[i], node.Content[i+1]) {
				return
			}
		}
	}
}
