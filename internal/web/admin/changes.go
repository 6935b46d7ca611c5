package admin

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/banli/banli/internal/directory"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// changesPage is what was changed of the bureau itself, or who came in and out, the last first.
type changesPage struct {
	kit.Frame
	Of          store.ChangesOf
	Rows        []ChangeRow
	First, Next string // addresses of the newest and of older ones; "" if there are none
}

func (*changesPage) Template() string { return "changes.html" }

// ChangeRow is one change.
type ChangeRow struct {
	When, Who string
	Chained   string // its place in the chain and the beginning of its hash; "" for one of before there was a chain
	About     string // its words are changes.<About>
	Subject   string
	Path      string // of the subject; "" for one without a page of its own
	New       bool
	Parts     []ChangedPart
}

// ChangedPart is what one column of the record said before and says now; its words are changes.part.<Name>.
type ChangedPart struct{ Name, Was, Now string }

// besides are the columns that are not listed as changed, since the row itself says whom it is about and who did it.
var besides = []string{"id", "source", "code", "principal", "proxy", "person", "case_id", "made_by", "confirmed_by", "revoked_by", "sha256", "key", "kind", "pack"}

// noNews are the parts of what is no new thing, though nothing is told of before: a password that was set, a seal that was looked at or taken away, rules that
// were withdrawn. Of what stands in neverNew no part is one.
var (
	noNews   = []string{"set", "looked", "seen", "exported", "ended", "pack"}
	neverNew = []string{"retention", "factor", "provider"}
)

// isNew reports whether a change made something that was not there before.
func isNew(c store.StaffChange) bool {
	return c.Was == nil && !slices.Contains(neverNew, c.About) && !slices.ContainsFunc(noNews, func(part string) bool { return c.Now[part] != nil })
}

const (
	changesPerPage = 100
	hashShown      = 16 // of the 64 digits of a hash: enough to find it among those that were written outside
)

// ChangesList draws the page.
func (s *Room) ChangesList(w http.ResponseWriter, r *http.Request) error {
	if !kit.SeesChanges(kit.OfficerOf(r)) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Auditor}
	}
	words := s.Words(r)
	of := store.ChangesOfBureau
	for _, part := range []store.ChangesOf{store.ChangesOfLogins, store.ChangesOfDirectory} {
		if r.URL.Query().Has(string(part)) {
			of = part
		}
	}
	after := r.URL.Query().Get("after")
	changes, err := s.store.StaffChanges(r.Context(), of, after, changesPerPage)
	if err != nil {
		return err
	}
	divisions, err := s.store.Divisions(r.Context())
	if err != nil {
		return err
	}
	p := &changesPage{Frame: kit.Frame{Title: words.T("changes.title"), Section: "changes"}, Of: of}
	if after != "" {
		p.First = changesPath(of, "")
	}
	if changes.Next != "" {
		p.Next = changesPath(of, changes.Next)
	}
	for _, c := range changes.Items {
		row := ChangeRow{When: words.Moment(c.At), Who: words.Name(c.By), About: c.About, Subject: c.Subject, New: isNew(c)}
		if c.No > 0 {
			row.Chained = words.T("changes.chained", "No", c.No, "Hash", c.Hash[:hashShown])
		}
		if kind, ok := c.Now["kind"].(string); ok && c.About == "directory_look" && row.Subject == "" {
			row.Subject = words.T("directory." + kind)
		}
		if id, ok := c.Now["id"].(string); ok && c.About == "rules" {
			row.Path, row.Subject = rulesPath(id), id
			if pack, ok := s.store.Packs()[id]; ok {
				row.Subject = pack.Name
			}
		}
		if id, ok := c.Now["pack"].(string); ok {
			row.Path, row.Subject = rulesPath(id), id
		}
		if key, ok := c.Now["key"].(string); ok && c.About == "wording" {
			lang, key, _ := strings.Cut(key, "/")
			row.Path, row.Subject = wordingPath(key), words.T("changes.wording_in", "What", words.T("wording.of."+key), "Language", words.T("form.wording."+lang))
		}
		if row.Who == "" {
			row.Who = words.T("changes.command_line")
		}
		if of == store.ChangesOfLogins && row.Subject == "" {
			row.Subject = words.T("changes.nobody")
		}
		for _, name := range slices.Sorted(maps.Keys(c.Now)) {
			if slices.Contains(besides, name) {
				continue
			}
			if c.About == "bureau" && name == "login" {
				row.Parts = append(row.Parts, s.loginParts(words, divisions, c.Was[name], c.Now[name])...)
				continue
			}
			was, now := s.shownValue(words, divisions, name, c.Was[name]), s.shownValue(words, divisions, name, c.Now[name])
			if was == now {
				continue
			}
			if c.About == "directory" && slices.Contains(directory.Reaches, name) { // the change is told here, and a look at it is told elsewhere
				was, now = kept(words, was), kept(words, now)
			}
			row.Parts = append(row.Parts, ChangedPart{name, was, now})
		}
		p.Rows = append(p.Rows, row)
	}
	return s.Render(w, r, http.StatusOK, p)
}

// changesPath is the address of the changes of a part that follow one.
func changesPath(of store.ChangesOf, after string) string {
	query := url.Values{}
	if of != store.ChangesOfBureau {
		query.Set(string(of), "")
	}
	if after != "" {
		query.Set("after", after)
	}
	if len(query) == 0 {
		return "/changes"
	}
	return "/changes?" + query.Encode()
}

// loginParts are what was changed of what is taken from the provider of logins.
func (s *Room) loginParts(words *locale.Words, divisions []store.Division, was, now any) (parts []ChangedPart) {
	before, _ := was.(map[string]any)
	after, _ := now.(map[string]any)
	for _, name := range []string{"name", "name_en", "groups", "makes_accounts", "factors", "no_passwords"} {
		was, now := s.shownValue(words, divisions, name, before[name]), s.shownValue(words, divisions, name, after[name])
		if was != now {
			parts = append(parts, ChangedPart{"login_" + name, was, now})
		}
	}
	return parts
}

// kept stands for a value that is not shown.
func kept(words *locale.Words, value string) string {
	if value == "" {
		return ""
	}
	return words.T("changes.kept")
}

// shownValue is a value of the record in words: codes by what they stand for, moments by the clock of the place.
func (s *Room) shownValue(words *locale.Words, divisions []store.Division, column string, value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case bool:
		return words.T(fmt.Sprintf("changes.%t", v))
	case []any:
		var all []string
		for _, one := range v {
			all = append(all, s.shownValue(words, divisions, column, one))
		}
		return words.List(all)
	case map[string]any:
		var all []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if one := s.shownValue(words, divisions, key, v[key]); one != "" {
				all = append(all, one)
			}
		}
		return words.List(all)
	case string:
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return words.Moment(at)
		}
		switch i := slices.IndexFunc(divisions, func(d store.Division) bool { return string(d.Code) == v }); {
		case v == "":
			return ""
		case column == "came":
			return words.T("changes.came." + v)
		case column == "factor":
			return words.T("changes.factor." + v)
		case column == "did":
			return words.T("changes.provider." + v)
		case column == "way":
			return words.T("second.way." + v)
		case column == "roles" || column == "second_factor":
			return words.T("role." + v)
		case column == "level" || column == "body" || column == "handling" || column == "given":
			return words.T(column + "." + v)
		case column == "profile":
			return cmp.Or(s.rulesName(v), v) // rules that are no longer in force bear the name that they were chosen by
		case i >= 0 && (column == "division" || column == "field" || column == "taken_over_by"):
			return words.Name(divisions[i].Name)
		}
		return v
	}
	return fmt.Sprint(value)
}
