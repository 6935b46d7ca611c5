package admin

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/kit"
)

// changesPage is what was changed of the bureau itself, the last first.
type changesPage struct {
	kit.Frame
	Rows []ChangeRow
}

func (*changesPage) Template() string { return "changes.html" }

// ChangeRow is one change.
type ChangeRow struct {
	When, Who string
	About     string // its words are changes.<About>
	Subject   string
	New       bool
	Parts     []ChangedPart
}

// ChangedPart is a column of the record, before and after. The columns go by their names there: what each means here depends on the table.
type ChangedPart struct{ Name, Was, Now string }

const changesShown = 300

// ChangesList draws the page.
func (s *Room) ChangesList(w http.ResponseWriter, r *http.Request) error {
	if !kit.SeesChanges(kit.OfficerOf(r)) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Auditor}
	}
	words := s.Words(r)
	changes, err := s.store.StaffChanges(r.Context(), changesShown)
	if err != nil {
		return err
	}
	p := &changesPage{Frame: kit.Frame{Title: words.T("changes.title"), Section: "changes"}}
	for _, c := range changes {
		row := ChangeRow{When: words.Moment(c.At), Who: words.Name(c.By), About: c.About, Subject: c.Subject, New: c.Was == nil}
		if row.Who == "" {
			row.Who = words.T("changes.command_line")
		}
		for _, name := range slices.Sorted(maps.Keys(c.Now)) {
			if was, now := c.Was[name], c.Now[name]; !reflect.DeepEqual(was, now) && name != "id" && shownValue(now)+shownValue(was) != "" {
				row.Parts = append(row.Parts, ChangedPart{name, shownValue(was), shownValue(now)})
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return s.Render(w, r, http.StatusOK, p)
}

func shownValue(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case []any, map[string]any:
		text, err := json.Marshal(v)
		if err != nil || string(text) == "[]" {
			return ""
		}
		return string(text)
	}
	return fmt.Sprint(value)
}
