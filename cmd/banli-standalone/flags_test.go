package main

import (
	"testing"

	"github.com/alecthomas/kong"
	"github.com/banli/banli/internal/app"
)

// The help says of each flag with which one machine is started why it is no setting of a page.
func TestFlagsSayWhy(t *testing.T) {
	program, err := kong.New(&commands, kong.Groups(app.FlagGroups))
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range program.Model.Children {
		if command.Name != "up" {
			continue
		}
		for _, flag := range command.Flags {
			if flag.Group == nil || flag.Group.Description == "" {
				t.Errorf("%s --%s does not say why it is a flag", command.Name, flag.Name)
			}
		}
	}
}
