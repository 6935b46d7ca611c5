package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/setup"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// Whoever has the printed address sets the bureau up, in pages that can be left and taken up again, and nobody else does.
func TestFirstStart(t *testing.T) {
	s := newSite(t)
	if address, _, err := s.SetupAddress(t.Context()); err != nil || address != "" {
		t.Fatalf("an administrator can log in, and there is an address all the same: %q, %v", address, err)
	}
	admin := s.bureau[proposal.Admin]
	admin.Active = false
	_, err := s.Store.UpsertPerson(t.Context(), admin, "")
	if err != nil {
		t.Fatal(err)
	}
	address := func() string {
		t.Helper()
		address, until, err := s.SetupAddress(t.Context())
		if err != nil || !strings.HasPrefix(address, s.url+"/setup/") || until.Before(time.Now().Add(23*time.Hour)) {
			t.Fatalf("the address is %q until %v, %v", address, until, err)
		}
		return strings.TrimPrefix(address, s.url)
	}
	first := address()
	b := s.browser(t)
	p := b.get(first)
	p.says(t, http.StatusOK, "建立本单位", "沈阳市民政局") // the record knows it: only the administrator is missing
	if p.path != first+"/administrator" || p.header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("comes to %s, %v", p.path, p.header)
	}

	p = b.get(first + "/bureau")
	path, form := p.form(t)
	form.Set("name", "")
	form.Set("place", "和平区")
	p = b.post(path, form)
	p.says(t, http.StatusUnprocessableEntity, "这里要填", "单位全称：这里要填")
	if p = b.get(first); p.path != first+"/bureau" {
		t.Errorf("with the name missing, comes to %s", p.path)
	}
	form.Set("name", "和平区民政局")
	form.Set("level", "district")
	if p = b.post(path, form); p.path != first+"/assemblies" {
		t.Errorf("goes on to %s: %s", p.path, p.text())
	}

	// Somewhere else, after the program was started again: another address, the same words. The first opens nothing any more.
	second := address()
	b.get(first).says(t, http.StatusNotFound, "这个地址打不开了")
	b.post(first+"/administrator", url.Values{"person": {"某人"}}).says(t, http.StatusNotFound, "这个地址打不开了")
	b.get("/setup/"+strings.Repeat("A", 26)).says(t, http.StatusNotFound, "这个地址打不开了")
	b = s.browser(t)
	b.get(second+"/bureau").says(t, http.StatusOK, "和平区民政局")
	_, form = b.get(second + "/assemblies").form(t)
	form.Set("npc", "和平区人大")
	form.Set("cppcc", "政协和平区委员会")
	b.post(second+"/assemblies", form).says(t, http.StatusOK, "办理规则和文号")
	_, form = b.get(second + "/rules").form(t)
	form.Set("profile", "mars")
	form.Set("series", "和民函")
	b.post(second+"/rules", form).says(t, http.StatusUnprocessableEntity, "请从给出的里面选一个")
	form.Set("profile", "national")
	b.post(second+"/rules", form).says(t, http.StatusOK, "第一位管理员", "和民函", "全国通用办理规则")

	form = url.Values{"person": {"王芳"}, "login": {"wangfang"}, "password": {"short"}, "password_again": {"short"}}
	b.post(second+"/administrator", form).says(t, http.StatusUnprocessableEntity, "至少8个字符")
	form.Set("password", "correct horse")
	p = b.post(second+"/administrator", form)
	p.says(t, http.StatusUnprocessableEntity, "两遍不一样", "王芳")
	if strings.Contains(p.body, "correct horse") {
		t.Error("the password is shown again")
	}
	form.Set("password_again", "correct horse")
	b.post(second+"/administrator", form).says(t, http.StatusOK, "登录")
	b.get(second).says(t, http.StatusNotFound, "这个地址打不开了")
	b.post("/login", url.Values{"account": {"wangfang"}, "password": {"correct horse"}}).says(t, http.StatusOK, "和平区民政局", "王芳")
	bureau, err := s.Store.Bureau(t.Context(), calendar.Date{})
	if err != nil || bureau.Name != "和平区民政局" || bureau.Level != assembly.DistrictLevel || bureau.Assemblies.CPPCC != "政协和平区委员会" ||
		len(bureau.Series) != 1 || bureau.Series[0].Code != "和民函" || bureau.Profile != "national" {
		t.Errorf("the bureau is %+v, %v", bureau, err)
	}
	if address, _, err := s.SetupAddress(t.Context()); err != nil || address != "" {
		t.Errorf("there is an address again: %q, %v", address, err)
	}
}

// A bureau is made from a file, as banli setup does, gets another division through the API, and a suggestion comes to its public page under the
// bureau's own name, number and signature without anybody opening a page before.
func TestABureauByFileAndAPI(t *testing.T) {
	s := newSite(t)
	file := `bureau:
  name: 和平区民政局
  short: 区民政局
  level: district
  place: 和平区
  phone: "23468800"
  assemblies: { npc: 和平区人大, cppcc: 政协和平区委员会 }
  series: [{ body: cppcc, code: 和民提函 }, { code: 和民函 }]
  profile: national
divisions:
  - { code: office, name: 办公室 }
  - { code: jiceng, name: 基层政权科 }
  - { code: yanglao, name: 养老服务科 }
people:
`
	for _, role := range slices.Sorted(maps.Keys(s.bureau)) {
		p := s.bureau[role]
		file += fmt.Sprintf("  - { login: %s, name: 某%s, division: %q, roles: %s, field: [%s], phone: %q }\n", p.Login, p.Login, p.Division, p.Roles,
			strings.Join(strings.Fields(strings.Trim(fmt.Sprint(p.Field), "[]")), ", "), p.Phone)
	}
	today := calendar.DateOf(time.Now())
	bureau, err := setup.Parse([]byte(file), s.Store.Packs(), today)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Store.Edit(t.Context(), "", func(e *store.Edit) error { return bureau.Apply(t.Context(), e) }); err != nil {
		t.Fatal(err)
	}
	p := s.program(t)
	divisions := p.must(proposal.Admin, "POST", "/divisions", members{"name": "规划财务科", "sort": 4})["items"].([]any)
	if last := divisions[len(divisions)-1].(members); len(divisions) != 4 || last["name"] != "规划财务科" {
		t.Errorf("the divisions are %v", divisions)
	}

	r := fixture.Registration("0012", today.AddDays(-3))
	r.Level = assembly.DistrictLevel
	id := p.must(proposal.Liaison, "POST", "/cases", members{"id": newID(), "input": r})["case"].(string)
	p.carry(id)
	number := fmt.Sprintf("和民函〔%d〕1号", today.Year)
	reply := p.must("", "GET", "/public/"+id, nil)
	if reply["agency"] != "和平区民政局" || reply["document_number"] != number || reply["division"] != "基层政权科" {
		t.Errorf("published by %v, %v, as %v", reply["agency"], reply["division"], reply["document_number"])
	}
	page := s.browser(t).get("/public/" + id)
	page.says(t, http.StatusOK, number, `<p class="signature">和平区民政局</p>`, "承办处室", "基层政权科")
	if strings.Contains(page.body, "沈阳") {
		t.Errorf("another place stands on its public page:\n%s", page.text())
	}
}
