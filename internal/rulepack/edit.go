package rulepack

import (
	"bytes"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Said is a value that a file is to say at a path: limits.reply, signer.ordinary.
type Said struct {
	Path  string
	Value any
}

// Rewritten is a file that can be read, with other values; what else it says stays, with its comments. A section that it lacks is added at its end.
func Rewritten(source string, said ...Said) (string, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(source), &doc); err != nil {
		return "", err
	}
	root := renamed(doc.Content[0])
	for _, one := range said {
		var value yaml.Node
		if err := value.Encode(one.Value); err != nil {
			return "", err
		}
		pruned(&value)
		put(root, strings.Split(one.Path, "."), &value)
	}
	return written(&doc)
}

// put sets a part of a mapping, and makes the mappings that lead to it.
func put(node *yaml.Node, path []string, value *yaml.Node) {
	for key, old := range pairs(node) {
		switch {
		case key.Value != path[0]:
		case len(path) == 1:
			value.LineComment, value.FootComment = old.LineComment, old.FootComment
			*old = *value
			return
		default:
			put(old, path[1:], value)
			return
		}
	}
	key := &yaml.Node{Kind: yaml.ScalarNode, Value: path[0]}
	child := value
	if len(path) > 1 {
		child = &yaml.Node{Kind: yaml.MappingNode}
		put(child, path[1:], value)
	}
	node.Content = append(node.Content, key, child)
}

// pruned leaves out what a value does not say.
func pruned(node *yaml.Node) {
	if node.Kind == yaml.MappingNode {
		var kept []*yaml.Node
		for key, value := range pairs(node) {
			pruned(value)
			if nothing := value.Kind == yaml.ScalarNode && slices.Contains([]string{"", "0", "null"}, value.Value) || value.Kind != yaml.ScalarNode && len(value.Content) == 0; !nothing {
				kept = append(kept, key, value)
			}
		}
		node.Content = kept
		return
	}
	for _, item := range node.Content {
		pruned(item)
	}
}

// written is a document as text.
func written(doc *yaml.Node) (string, error) {
	var text bytes.Buffer
	enc := yaml.NewEncoder(&text)
	enc.SetIndent(2)
	if err := enc.Encode(doc); err != nil {
		return "", err
	}
	return strings.TrimSpace(text.String()) + "\n", enc.Close()
}
