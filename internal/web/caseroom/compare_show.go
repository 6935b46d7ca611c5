package caseroom

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/compare"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/web/reply"
)

// comparePage shows two versions of a reply side by side; on a phone, one within the other.
type comparePage struct {
	kit.Frame
	ID, Number, Official string
	Note                 string             // how they differ, or why there is nothing to compare
	Compare              *reply.CompareView // nil: there are no two
	Versions             []reply.VersionView
}

func (*comparePage) Template() string { return "compare.html" }

// CompareShow compares any two versions, ?a= and ?b=. Without them it begins with the version that the reader saw last, else with
// the one before the newest.
func (s *Room) CompareShow(w http.ResponseWriter, r *http.Request) error {
	f, err := s.openVersions(r)
	if err != nil {
		return err
	}
	words := s.Words(r)
	p := &comparePage{
		Frame: kit.Frame{Title: words.T("compare.title", "Number", words.Number(f.Key)), Section: "tasks"},
		ID:    f.CaseID, Number: words.Number(f.Key), Official: f.Title, Versions: reply.Versions(words, f),
	}
	switch len(p.Versions) {
	case 0:
		p.Note = words.T("draft.none")
		return s.Render(w, r, http.StatusOK, p)
	case 1:
		p.Note = words.T("compare.alone")
		return s.Render(w, r, http.StatusOK, p)
	}
	before, err := s.store.SeeDraft(r.Context(), kit.OfficerOf(r).ID, f.CaseID, f.Draft.Version)
	if err != nil {
		return err
	}
	from, to, err := s.twoVersions(r, f, before)
	if err != nil {
		return err
	}
	p.Compare = reply.CompareDrafts(f, words, from, to)
	p.Note = p.Compare.Summary
	if p.Compare.Same {
		p.Note = words.T("compare.same")
	}
	if err := s.nameChanges(r.Context(), words, f, p.Compare); err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, p)
}

// openVersions opens a case whose reply the officer may read in all its versions; there may be none yet.
func (s *Room) openVersions(r *http.Request) (*casefile.File, error) {
	who := kit.OfficerOf(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return nil, err
	}
	if !f.As(who.Person).SeesAll(f.State) {
		return nil, kit.ErrNotFound
	}
	return f, nil
}

// openReply opens a case for somebody who may read its reply in all its versions.
func (s *Room) openReply(r *http.Request) (*casefile.File, error) {
	f, err := s.openVersions(r)
	if err != nil {
		return nil, err
	}
	if f.Draft == nil {
		return nil, kit.ErrNotFound
	}
	return f, nil
}

// twoVersions are those asked for, the older first.
func (s *Room) twoVersions(r *http.Request, f *casefile.File, seen store.Seen) (from, to store.SavedDraft, err error) {
	a, b := seen.Version, f.Draft.Version
	if a == 0 {
		a = max(1, b-1)
	}
	a, b = asked(r.URL.Query(), "a", a), asked(r.URL.Query(), "b", b)
	if from, err = s.version(r, f, min(a, b)); err == nil {
		to, err = s.version(r, f, max(a, b))
	}
	return from, to, err
}

func asked(v url.Values, name string, otherwise int) int {
	if n, err := strconv.Atoi(v.Get(name)); err == nil {
		return n
	}
	return otherwise
}

// version reads a version of the reply as the officer may see it.
func (s *Room) version(r *http.Request, f *casefile.File, version int) (store.SavedDraft, error) {
	if version == f.Draft.Version {
		return *f.Draft, nil
	}
	d, err := s.store.Draft(r.Context(), f.CaseID, version)
	return f.Shown(d), err
}

// nameChanges says of each changed paragraph who changed it: the first version after the older one that has it as it became.
func (s *Room) nameChanges(ctx context.Context, w *locale.Words, f *casefile.File, v *reply.CompareView) error {
	var steps []store.SavedDraft
	for _, d := range slices.Backward(f.Drafts) {
		if d.Version <= v.From.Version || d.Version > v.To.Version {
			continue
		}
		if len(steps) == mostSteps {
			return nil
		}
		step, err := s.store.Draft(ctx, f.CaseID, d.Version)
		if err != nil {
			return err
		}
		steps = append(steps, f.Shown(step))
	}
	for i := range v.Rows {
		row := &v.Rows[i]
		if !row.Changed {
			continue
		}
		before, after := text(row.Before()), text(row.After())
		for _, step := range steps {
			lines := strings.Split(step.Draft.Body, "\n")
			if after != "" && slices.Contains(lines, after) || after == "" && !slices.Contains(lines, before) {
				row.Who = w.Name(f.People[step.SavedBy])
				break
			}
		}
	}
	return nil
}

// mostSteps is how many versions lie between two that are told whose each change is; more are not read.
const mostSteps = 12

func text(runs []compare.Run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.Text)
	}
	return b.String()
}
