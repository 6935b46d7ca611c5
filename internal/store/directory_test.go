package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/directory"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

func deputy(name, group, phone string) directory.Entry {
	return directory.Entry{
		Kind: directory.Deputies, Level: assembly.CityLevel, Term: 16, Name: name, Group: group, Post: "铁西区工人村社区书记",
		Reach: directory.Reach{Phone: phone, Address: "铁西区兴华街1号", Postcode: "110021"},
	}
}

func (w *world) enter(t *testing.T, d directory.Entry) (id string) {
	t.Helper()
	check(t, w.Edit(t.Context(), w.ID(proposal.Admin), func(e *store.Edit) (err error) {
		id, err = e.SaveEntry(t.Context(), d)
		return err
	}))
	return id
}

// names lists what a filter finds.
func (w *world) names(t *testing.T, f store.DirectoryFilter) []string {
	t.Helper()
	items, total, err := w.Directory(t.Context(), f)
	check(t, err)
	names := []string{}
	for _, i := range items {
		if i.Reach != (directory.Reach{}) {
			t.Errorf("a list tells how %s is reached", i.Name)
		}
		names = append(names, i.Name+i.Group)
	}
	if f.Limit == 0 && total != len(names) {
		t.Errorf("%d of %d", len(names), total)
	}
	return names
}

// Entries are found by two characters of what they are known by, of their own assembly and term, and whoever has left is not offered.
func TestDirectory(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	one := w.enter(t, deputy("买买提·吐尔逊", "铁西团", "139 0000 0001"))
	w.enter(t, deputy("王伟", "和平团", ""))
	w.enter(t, deputy("王伟", "沈河团", ""))
	left := deputy("王伟", "大东团", "")
	left.EndedOn, left.EndNote = calendar.DateOf(w.now), "调离本市"
	gone := w.enter(t, left)
	before := deputy("王伟", "和平团", "")
	before.Term = 15
	w.enter(t, before)
	w.enter(t, directory.Entry{Kind: directory.CoUnits, Name: "市财政局", Reach: directory.Reach{Contact: "钱科长", Phone: "024-1"}})
	all := store.DirectoryFilter{Kind: directory.Deputies}
	for _, c := range []struct {
		with func(store.DirectoryFilter) store.DirectoryFilter
		want []string
	}{
		{func(f store.DirectoryFilter) store.DirectoryFilter { return f }, []string{"买买提·吐尔逊铁西团", "王伟和平团", "王伟沈河团", "王伟和平团", "王伟大东团"}},
		{func(f store.DirectoryFilter) store.DirectoryFilter { f.Query = "提•吐"; return f }, []string{"买买提·吐尔逊铁西团"}},
		{func(f store.DirectoryFilter) store.DirectoryFilter { f.Query = "王伟 沈河"; return f }, []string{"王伟沈河团"}},
		{func(f store.DirectoryFilter) store.DirectoryFilter {
			f.Query, f.Term, f.Offered = "王伟", 16, true
			return f
		}, []string{"王伟和平团", "王伟沈河团"}},
		{func(f store.DirectoryFilter) store.DirectoryFilter { f.Query = "第十五届 王伟"; return f }, []string{"王伟和平团"}},
		{func(f store.DirectoryFilter) store.DirectoryFilter { f.Level = assembly.DistrictLevel; return f }, []string{}},
		{func(f store.DirectoryFilter) store.DirectoryFilter { f.From, f.Limit = 1, 2; return f }, []string{"王伟和平团", "王伟沈河团"}},
		{func(f store.DirectoryFilter) store.DirectoryFilter {
			f.Kind, f.Query = directory.CoUnits, "财政"
			return f
		}, []string{"市财政局"}},
	} {
		if got := w.names(t, c.with(all)); !cmp.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.with(all), got, c.want)
		}
	}
	all.Query, all.Offered, all.From, all.Limit = "王伟", true, 9, 3
	if items, total, err := w.Directory(ctx, all); err != nil || len(items) != 0 || total != 3 {
		t.Errorf("past the end: %v, of %d, %v", items, total, err)
	}
	w.now = w.now.AddDate(0, 0, -1) // the day before they leave they are there
	if got := w.names(t, store.DirectoryFilter{Kind: directory.Deputies, Query: "大东", Offered: true}); len(got) != 1 {
		t.Errorf("who leaves tomorrow is offered today: %v", got)
	}
	err := w.Edit(ctx, "", func(e *store.Edit) error {
		_, err := e.SaveEntry(ctx, deputy("王伟", "和平团", "1"))
		return err
	})
	refused(t, err, proposal.InvalidInput)
	_, err = w.sql.Exec(ctx, `delete from directory_entries where id = $1`, gone)
	violates(t, err, "23001")

	// A look is told, and nobody sees what is not.
	entry, err := w.LookUp(ctx, w.ID(proposal.Liaison), one)
	if check(t, err); entry.Phone != "139 0000 0001" || entry.Postcode != "110021" {
		t.Errorf("%+v", entry)
	}
	if _, err := w.LookUpAll(ctx, "", directory.Deputies); err != nil {
		t.Error(err)
	}
	told, err := w.StaffChanges(ctx, store.ChangesOfDirectory, "", 2)
	if check(t, err); told.Items[0].Now["exported"] != 5.0 || told.Items[1].Now["seen"] != true || told.Items[1].Subject != "买买提·吐尔逊" || told.Items[1].By.ZH != w.Bureau[proposal.Liaison].Name.ZH {
		t.Errorf("told %+v", told)
	}
	if others, err := w.StaffChanges(ctx, store.ChangesOfBureau, "", 100); err != nil || len(others.Items) == 0 || others.Items[0].About == "directory" {
		t.Errorf("the changes of the bureau are lost among the directory's: %+v, %v", others.Items[0], err)
	}
	_, err = w.LookUp(ctx, "", "nobody")
	refused(t, err, proposal.NotFound)
	if _, broken, err := w.VerifyStaffChain(ctx); err != nil || broken != 0 {
		t.Errorf("broken at %d, %v", broken, err)
	}
}

// What the directory says later never rewrites a case; whoever telephones is told the newer number, of nobody but that deputy.
func TestACaseKeepsItsNumber(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.Consulting)
	view := func() store.DeputyContact {
		t.Helper()
		c, err := w.ViewContact(ctx, id, w.ID(proposal.Handler))
		check(t, err)
		return c
	}
	kept := fixture.Registration("1", calendar.DateOf(w.now)).DeputyContact
	if got := view(); got.Number != kept || got.Now != "" {
		t.Errorf("nobody is in the directory: %+v", got)
	}
	d := deputy("倪琛善", "铁西团", "139 0000 0392")
	d.ID = w.enter(t, d)
	if got := view(); got.Now != "" {
		t.Errorf("the same number, grouped: %+v", got)
	}
	_, err := w.sql.Exec(ctx, `update cases set deputy_contact = '139-0000 0392' where id = $1`, id)
	check(t, err)
	if got := view(); got.Now != "" {
		t.Errorf("the same number, grouped another way: %+v", got)
	}
	_, err = w.sql.Exec(ctx, `update cases set deputy_contact = $2 where id = $1`, id, kept)
	check(t, err)
	d.Phone = "139 1111 0392"
	w.enter(t, d)
	if got := view(); got.Number != kept || got.Now != "139 1111 0392" {
		t.Errorf("%+v", got)
	}
	twin := deputy("倪琛善", "和平团", "139 2222 0392")
	twin.ID = w.enter(t, twin)
	if got := view(); got.Now != "" {
		t.Errorf("of two by one name nothing tells which: %+v", got)
	}
	twin.EndedOn = calendar.DateOf(w.now)
	w.enter(t, twin)
	if got := view(); got.Now != "139 1111 0392" {
		t.Errorf("the other has left: %+v", got)
	}
}
