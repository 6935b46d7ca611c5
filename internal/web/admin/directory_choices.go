package admin

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/directory"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// DirectoryChoice is an entry as it is offered beside the field in which its name is typed: nothing in it says how it is reached.
type DirectoryChoice struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Says string `json:"says"` // what tells it from another of the name
}

// DirectoryChosen is what the choice fills in. The look at it is told.
type DirectoryChosen struct {
	Name  string `json:"name"`
	Group string `json:"group"`
	Phone string `json:"phone"`
	Other string `json:"other"` // the second number, else the address
	Says  string `json:"says"`  // who is to be asked for at a unit, and where
}

// A choice is offered once so many characters are typed, so many at a time.
const (
	choiceNeeds = 2
	choicesMost = 8
)

// chooses is who asks, if they may choose from the directory that the address names. Whoever registers chooses deputies and members; whoever works in the
// bureau chooses units.
func chooses(r *http.Request) (*store.Person, directory.Kind, error) {
	who, kind := kit.OfficerOf(r), directory.Kind(r.PathValue("kind"))
	may := kit.OfBureau(*who)
	if kind.OfPeople() {
		may = kit.KeepsDirectory(who)
	}
	switch {
	case !slices.Contains(directory.Kinds, kind):
		return nil, "", &proposal.Refusal{Code: proposal.NotFound}
	case !may:
		return nil, "", &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Liaison}
	}
	return who, kind, nil
}

// DirectoryChoices lists whom what was typed may mean, as JSON.
func (s *Room) DirectoryChoices(w http.ResponseWriter, r *http.Request) error {
	_, kind, err := chooses(r)
	if err != nil {
		return err
	}
	words, query := s.Words(r), r.URL.Query()
	choices := []DirectoryChoice{}
	f := store.DirectoryFilter{Kind: kind, Query: strings.TrimSpace(query.Get("q")), Offered: true, Limit: choicesMost}
	if kind.OfPeople() {
		f.Level = assembly.Level(query.Get("level"))
		if f.Term, err = strconv.Atoi(query.Get("term")); err != nil || f.Term < 0 || f.Term > 99 {
			f.Term = 0 // not typed yet: of every term
		}
	}
	if utf8.RuneCountInString(f.Query) >= choiceNeeds {
		items, _, err := s.store.Directory(r.Context(), f)
		if err != nil {
			return err
		}
		for _, i := range items {
			says := []string{}
			for _, part := range []string{i.Group, i.Post, assemblyWords(words, i.Entry)} {
				if part != "" {
					says = append(says, part)
				}
			}
			choices = append(choices, DirectoryChoice{i.ID, i.Name, strings.Join(says, " · ")})
		}
	}
	return kit.WriteJSON(w, http.StatusOK, choices)
}

// DirectoryChoose gives what the chosen entry fills in, as JSON. It is a POST, because it leaves a line in the record.
func (s *Room) DirectoryChoose(w http.ResponseWriter, r *http.Request) error {
	who, kind, err := chooses(r)
	if err != nil {
		return err
	}
	if _, err := s.itemOf(r, kind); err != nil {
		return err
	}
	e, err := s.store.LookUp(r.Context(), who.ID, r.PathValue("entry"))
	if err != nil {
		return err
	}
	chosen := DirectoryChosen{Name: e.Name, Group: e.Group, Phone: e.Phone, Other: e.Second}
	if chosen.Other == "" {
		chosen.Other = strings.TrimSpace(e.Address + " " + e.Postcode)
	}
	if !kind.OfPeople() {
		chosen.Says = strings.TrimSpace(e.Contact + " " + e.Phone)
	}
	return kit.WriteJSON(w, http.StatusOK, chosen)
}
