package demo

import (
	"context"
	"fmt"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/directory"
	"github.com/banli/banli/internal/store"
)

// outside is a unit or a body that the bureau has to do with.
type outside struct {
	Kind    directory.Kind `yaml:"kind"`
	Name    string         `yaml:"name"`
	Contact string         `yaml:"contact"`
	Phone   string         `yaml:"phone"`
}

// enter fills the directories with those who brought the cases, and those who share or assign them. What is there stays as somebody may have changed it.
func (l *loader) enter(ctx context.Context) error {
	var units []outside
	read("data/directory.yaml", &units)
	var entries []directory.Entry
	for _, u := range units {
		entries = append(entries, directory.Entry{Kind: u.Kind, Name: u.Name, Reach: directory.Reach{Contact: u.Contact, Phone: u.Phone}})
	}
	for _, c := range scripts() {
		if key := c.key(); c.proposer() == assembly.MemberProposer && !c.Secrecy {
			entries = append(entries, directory.Entry{
				Kind: directory.OfBody(key.Body), Level: key.Level, Term: key.Term, Name: c.Deputy, Group: c.Delegation, Reach: directory.Reach{Phone: c.phone()},
			})
		}
	}
	return l.store.Edit(ctx, "", func(e *store.Edit) error {
		there := map[string]bool{}
		for _, kind := range directory.Kinds {
			known, err := e.Entries(ctx, kind)
			if err != nil {
				return err
			}
			for _, k := range known {
				there[whose(k)] = true
			}
		}
		for _, entry := range entries {
			if there[whose(entry)] {
				continue
			}
			there[whose(entry)] = true
			if _, err := e.SaveEntry(ctx, entry); err != nil {
				return fmt.Errorf("directory, %s: %w", entry.Name, err)
			}
		}
		return nil
	})
}

// whose tells entries apart; nobody of the demonstration has a namesake.
func whose(e directory.Entry) string { return fmt.Sprint(e.Kind, e.Level, e.Term, e.Name) }
