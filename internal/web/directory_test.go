package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/directory"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/sheet"
	"github.com/banli/banli/internal/store"
)

// looks counts the looks into the directory that are told.
func (s *site) looks(t *testing.T) (n int) {
	t.Helper()
	changes, err := s.Store.StaffChanges(t.Context(), store.ChangesOfDirectory, "", 500)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes.Items {
		if c.About == "directory_look" {
			n++
		}
	}
	return n
}

// A deputy is added, looked up, changed and ended; the telephone is nowhere but behind a look that is told.
func TestDirectoryByHand(t *testing.T) {
	s := newSite(t)
	liaison := s.as(t, proposal.Liaison)
	p := liaison.get("/directory/deputies/new")
	p.says(t, http.StatusOK, "加人大代表", "代表团或界别")
	path, form := p.form(t)
	form.Set("name", "买买提•吐尔逊")
	liaison.post(path, form).says(t, http.StatusUnprocessableEntity, "届", "这里要填")
	form.Set("term", "第十七届")
	form.Set("postcode", "1100")
	form.Set("phone", "139 0000 7777")
	liaison.post(path, form).says(t, http.StatusUnprocessableEntity, "邮编是6位数字", "139 0000 7777")
	form.Set("postcode", "110000")
	saved := liaison.post(path, form)
	saved.says(t, http.StatusOK, "资料存下了", "买买提·吐尔逊", "市人大十七届")
	if strings.Contains(saved.body, "7777") || strings.Contains(liaison.get("/directory/deputies?q=提·吐").body, "7777") {
		t.Error("the telephone stands where nobody asked for it")
	}
	liaison.post("/directory/deputies/new", form).says(t, http.StatusUnprocessableEntity, "名录里已经有了")
	if n := s.looks(t); n != 0 {
		t.Errorf("%d looks at nothing", n)
	}
	look := liaison.post(saved.path+"/look", url.Values{})
	look.says(t, http.StatusOK, "139 0000 7777")
	if n := s.looks(t); n != 1 {
		t.Errorf("%d looks are told, want 1", n)
	}
	path, form = look.form(t)
	form.Set("ended_on", "2026-03-01")
	form.Set("end_note", "调离")
	form.Set("phone", "139 0000 8888")
	liaison.post(path, form).says(t, http.StatusOK, "起不再选用：调离")
	liaison.get("/directory/deputies?q=没有这个人").says(t, http.StatusOK, "没有符合的")
	liaison.get(strings.Replace(saved.path, "deputies", "members", 1)).says(t, http.StatusNotFound)
	liaison.get("/directory/friends").says(t, http.StatusNotFound)

	changes := s.as(t, proposal.Auditor).get("/changes?directory")
	changes.says(t, http.StatusOK, "买买提·吐尔逊", "不在这里显示", "查看了联系方式", "调离")
	if strings.Contains(changes.body, "7777") || strings.Contains(changes.body, "8888") {
		t.Error("the record of changes shows telephones without a look")
	}
}

// A list is read, shown with what is wrong in which row, imported, and exported as it was; the same list again changes nothing.
func TestDirectoryIsImported(t *testing.T) {
	s := newSite(t)
	admin := s.as(t, proposal.Admin)
	cells, err := sheet.Read([]byte(admin.get("/directory/deputies/template.xlsx").body))
	if err != nil || len(cells) != 1 {
		t.Fatalf("the empty list: %v, %v", err, cells)
	}
	file := func(rows ...[]string) []byte {
		t.Helper()
		data, err := sheet.Write(sheet.Table{Name: "名录", Rows: append([][]string{cells[0]}, rows...)})
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	// 级别, 届, 姓名, 代表团, 单位及职务, 电话
	right := [][]string{{"市", "17", "倪琛善", "铁西团", "社工", "139 0000 0392"}, {"市", "17", "王伟", "和平团"}, {"市", "17", "王伟", "沈河团"}}
	wrong := [][]string{{"城", "17", "孙丽"}, {"市", "", "李四"}, {"市", "17", "王伟", "和平团"}}
	p := admin.upload("/directory/deputies/import", nil, "名录.xlsx", file(append(right, wrong...)...))
	p.says(t, http.StatusOK, "6行：能导入3行，要改3行", "级别 城", "届", "表里还有一行是同一个")
	if _, total, err := s.Store.Directory(t.Context(), store.DirectoryFilter{Kind: directory.Deputies}); err != nil || total != 0 {
		t.Errorf("looking at a list imports it: %d, %v", total, err)
	}
	path, form := p.form(t)
	admin.post(path, form).says(t, http.StatusOK, "新增3条，更新0条", "王伟", "沈河团")
	admin.upload("/directory/deputies/import", nil, "名录.xlsx", file(right...)).says(t, http.StatusOK, "能导入0行，要改0行，没有变化3行")
	admin.upload("/directory/deputies/import", nil, "名录.xlsx", file([]string{"市", "17", "王伟", ""})).says(t, http.StatusOK, "几位同名的")
	admin.upload("/directory/units/import", nil, "名录.xlsx", file(right...)).says(t, http.StatusUnprocessableEntity, "没有这些列：单位名称")

	before := s.looks(t)
	again, err := sheet.Read([]byte(admin.post("/directory/deputies/list.xlsx", url.Values{}).body))
	if err != nil || len(again) != 4 || !slices.ContainsFunc(again, func(row []string) bool {
		return strings.Join(row, "、") == "市、17、倪琛善、铁西团、社工、139 0000 0392"
	}) {
		t.Errorf("exported %v, %v", again, err)
	}
	if n := s.looks(t); n != before+1 {
		t.Errorf("an export leaves %d lines", n-before)
	}
}

// Whoever registers is offered deputies after two characters, without a telephone; it comes with the choice, which is told.
func TestChoosingFromTheDirectory(t *testing.T) {
	s := newSite(t)
	save := func(d directory.Entry) (id string) {
		t.Helper()
		err := s.Store.Edit(t.Context(), "", func(e *store.Edit) (err error) {
			id, err = e.SaveEntry(t.Context(), d)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	deputy := directory.Entry{Kind: directory.Deputies, Level: assembly.CityLevel, Term: 17, Name: "倪琛善", Group: "铁西团", Reach: directory.Reach{Phone: "139 0000 0392", Address: "兴华街1号", Postcode: "110021"}}
	id := save(deputy)
	gone := deputy
	gone.Name, gone.EndedOn = "王琛善", calendar.NewDate(2026, 1, 1)
	save(gone)
	deputy.Term, deputy.Phone = 16, "139 0000 1600"
	save(deputy)
	unit := save(directory.Entry{Kind: directory.CoUnits, Name: "市财政局", Reach: directory.Reach{Contact: "钱科长", Phone: "024-00000105"}})

	liaison := s.as(t, proposal.Liaison)
	choices := func(b *browser, path string) (found []struct{ ID, Name, Says string }) {
		t.Helper()
		a := b.get(path)
		if a.status != http.StatusOK || strings.Contains(a.body, "0392") || strings.Contains(a.body, "00000105") {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
		if err := json.Unmarshal([]byte(a.body), &found); err != nil {
			t.Fatal(err)
		}
		return found
	}
	if got := choices(liaison, "/directory/deputies/choices?level=city&term=17&q="+url.QueryEscape("琛善")); len(got) != 1 || got[0].ID != id || !strings.Contains(got[0].Says, "铁西团") {
		t.Errorf("%+v", got)
	}
	if got := choices(liaison, "/directory/deputies/choices?level=city&term=&q="+url.QueryEscape("琛善")); len(got) != 2 {
		t.Errorf("before the term is typed: %+v", got)
	}
	if got := choices(liaison, "/directory/deputies/choices?q="+url.QueryEscape("倪")); len(got) != 0 {
		t.Errorf("after one character: %+v", got)
	}
	if n := s.looks(t); n != 0 {
		t.Errorf("%d looks while nothing is chosen", n)
	}
	var chosen struct{ Name, Group, Phone, Other, Says string }
	if err := json.Unmarshal([]byte(liaison.post("/directory/deputies/"+id+"/choose", url.Values{}).body), &chosen); err != nil {
		t.Fatal(err)
	}
	if chosen.Phone != "139 0000 0392" || chosen.Group != "铁西团" || chosen.Other != "兴华街1号 110021" || s.looks(t) != 1 {
		t.Errorf("%+v, %d looks", chosen, s.looks(t))
	}
	// A handler who asks a unit for its opinion chooses among units, and sees whom to ask for there; deputies are not theirs to look up.
	handler := s.as(t, proposal.Handler)
	if got := choices(handler, "/directory/units/choices?q="+url.QueryEscape("财政")); len(got) != 1 || got[0].ID != unit {
		t.Errorf("%+v", got)
	}
	handler.post("/directory/units/"+unit+"/choose", url.Values{}).says(t, http.StatusOK, "钱科长 024-00000105")
	handler.post("/directory/deputies/"+unit+"/choose", url.Values{}).says(t, http.StatusForbidden)
	handler.post("/directory/units/"+id+"/choose", url.Values{}).says(t, http.StatusNotFound)

	// Every address, by every role.
	for _, role := range proposal.Roles {
		keeps := role == proposal.Liaison || role == proposal.Admin
		ofBureau := role != proposal.Assembly
		b := s.as(t, role)
		for path, may := range map[string]bool{
			"/directory/deputies": keeps, "/directory/deputies/new": keeps, "/directory/deputies/" + id: keeps, "/directory/units/" + unit: keeps,
			"/directory/deputies/import": keeps, "/directory/deputies/template.xlsx": keeps,
			"/directory/deputies/choices?q=ab": keeps, "/directory/units/choices?q=ab": ofBureau,
		} {
			if a := b.get(path); (a.status == http.StatusOK) != may || !may && a.status != http.StatusForbidden {
				t.Errorf("%s gets %d from %s", role, a.status, path)
			}
		}
		for path, may := range map[string]bool{
			"/directory/deputies/list.xlsx": keeps, "/directory/deputies/" + id + "/look": keeps, "/directory/deputies/" + id + "/choose": keeps,
			"/directory/units/" + unit + "/choose": ofBureau,
		} {
			before := s.looks(t)
			a := b.post(path, url.Values{})
			if (a.status == http.StatusOK) != may || !may && (a.status != http.StatusForbidden || strings.Contains(a.body, "0392")) {
				t.Errorf("%s gets %d from %s", role, a.status, path)
			}
			if told := s.looks(t) - before; may != (told == 1) {
				t.Errorf("%s at %s: %d looks are told", role, path, told)
			}
		}
		for _, path := range []string{"/directory/deputies/new", "/directory/deputies/" + id, "/directory/deputies/import", "/directory/deputies/import/rows"} {
			if a := b.post(path, url.Values{}); !keeps && a.status != http.StatusForbidden {
				t.Errorf("%s gets %d from %s", role, a.status, path)
			}
		}
	}
}

// Programs keep the directories too: by the same rules, with the same record of looks.
func TestDirectoryByTheAPI(t *testing.T) {
	s := newSite(t)
	p := s.program(t)
	entry := map[string]any{"kind": "deputies", "level": "city", "term": 17, "name": "倪琛善", "group": "铁西团", "reach": map[string]any{"phone": "139 0000 0392"}}
	kept := p.must(proposal.Liaison, "POST", "/directory", entry)
	id, _ := kept["id"].(string)
	if kept["reach"] != nil || kept["has_phone"] != true {
		t.Errorf("kept %v", kept)
	}
	list := p.must(proposal.Admin, "GET", "/directory?kind=deputies&q="+url.QueryEscape("琛善"), nil)
	if items := list["items"].([]any); len(items) != 1 || list["total"] != 1.0 || items[0].(map[string]any)["reach"] != nil {
		t.Errorf("listed %v", list)
	}
	before := s.looks(t)
	if shown := p.must(proposal.Liaison, "GET", "/directory/"+id, nil); shown["reach"].(map[string]any)["phone"] != "139 0000 0392" || s.looks(t) != before+1 {
		t.Errorf("shown %v, %d looks", shown, s.looks(t)-before)
	}
	entry["term"], entry["ended_on"] = 18, "2026-03-01"
	if changed := p.must(proposal.Admin, "PUT", "/directory/"+id, entry); changed["term"] != 18.0 || changed["ended_on"] != "2026-03-01" {
		t.Errorf("changed %v", changed)
	}
	for _, c := range []struct {
		role               proposal.Role
		method, path, body string
		status             int
	}{
		{proposal.Handler, "GET", "/directory?kind=deputies", "", http.StatusForbidden},
		{proposal.Assembly, "GET", "/directory/" + id, "", http.StatusForbidden},
		{proposal.Supervisor, "POST", "/directory", `{"kind": "units", "name": "市财政局"}`, http.StatusForbidden},
		{proposal.Liaison, "POST", "/directory", `{"kind": "units", "name": "市财政局", "post": "局长"}`, http.StatusUnprocessableEntity},
		{proposal.Liaison, "POST", "/directory", `{"kind": "units", "name": "市财政局", "level": "city"}`, http.StatusUnprocessableEntity},
		{proposal.Liaison, "POST", "/directory", `{"kind": "assigners", "name": "市政府督查室", "term": 17}`, http.StatusUnprocessableEntity},
		{proposal.Liaison, "POST", "/directory", `{"kind": "deputies", "name": "李四", "level": "city"}`, http.StatusUnprocessableEntity},
		{proposal.Liaison, "PUT", "/directory/nobody", `{"kind": "units", "name": "市财政局"}`, http.StatusNotFound},
	} {
		if status, answer := p.send(c.role, c.method, c.path, c.body); status != c.status {
			t.Errorf("%s %s as %s: %d %v", c.method, c.path, c.role, status, answer)
		}
	}
}
