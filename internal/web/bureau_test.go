package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/go-cmp/cmp"
)

// An administrator changes what the bureau says of itself; every page has it at once, and the change is told in words.
func TestBureauIsChanged(t *testing.T) {
	s := newSite(t)
	admin := s.as(t, proposal.Admin)
	was, err := s.Store.Bureau(t.Context(), calendar.Date{})
	if err != nil {
		t.Fatal(err)
	}
	path, form := admin.get("/bureau").form(t)
	form.Set("name", "")
	form.Set("profile", "mars")
	form.Set("phone", "024-00000000")
	form.Set("links", "市人民政府 https://www.example.gov.cn\n省人大 javascript:alert(1)")
	admin.post(path, form).says(t, http.StatusUnprocessableEntity, "这里要填", "请从给出的里面选一个", "024-00000000", "第2行读不出来", "javascript:alert(1)")

	form.Set("name", "和平区民政局")
	form.Set("level", "district")
	form.Set("place", "和平区")
	form.Set("cppcc", "政协和平区委员会")
	form.Set("profile", "national")
	form.Set("series", "和民函")
	form.Set("series_cppcc", "和民提")
	form.Set("given", "outside")
	form.Set("icp", "辽ICP备00000000号")
	form.Set("identifier", "2101020000")
	form.Set("links", strings.Repeat("市人民政府 https://www.example.gov.cn\n", proposal.MaxLinks+1))
	admin.post(path, form).says(t, http.StatusUnprocessableEntity, "最多8个链接")
	form.Set("links", "市人民政府 https://www.example.gov.cn\n\n　民政部 官网  https://www.mca.example/a?b=1\n")
	form.Set("site_title", "办理结果")
	form.Set("contact", "和平区某路1号")
	admin.post(path, form).says(t, http.StatusOK, "本单位的资料存下了", "和平区民政局", "和民提")
	got, err := s.Store.Bureau(t.Context(), calendar.Date{})
	if err != nil {
		t.Fatal(err)
	}
	want := was
	want.Name, want.Level, want.Place, want.Phone, want.Profile = "和平区民政局", assembly.DistrictLevel, "和平区", "024-00000000", "national"
	want.Assemblies.CPPCC = "政协和平区委员会"
	want.Series = []proposal.NumberSeries{{Body: assembly.CPPCC, Code: "和民提", Given: proposal.OutsideNumber}, {Code: "和民函", Given: proposal.OutsideNumber}}
	want.Site = proposal.Site{
		Title: "办理结果", Contact: "和平区某路1号", Identifier: "2101020000", ICP: "辽ICP备00000000号",
		Links: []proposal.Link{{Name: "市人民政府", URL: "https://www.example.gov.cn"}, {Name: "民政部 官网", URL: "https://www.mca.example/a?b=1"}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the bureau is not as it was typed:\n%s", d)
	}
	s.browser(t).get("/public/").says(t, http.StatusOK, "和平区民政局", "咨询电话：024-00000000", "网站标识码：2101020000", "辽ICP备00000000号", "办理结果", "和平区某路1号", `<a lang="zh-CN" href="https://www.mca.example/a?b=1" rel="noreferrer">民政部 官网</a>`)

	changes := admin.get("/changes")
	changes.says(t, http.StatusOK, "全国通用办理规则", "和民提", "公文系统编", "区", "辽ICP备00000000号", "甲admin")
	for _, raw := range []string{"national", "outside", "district"} {
		if strings.Contains(changes.text(), raw) {
			t.Errorf("a change is told by the record's own word %q", raw)
		}
	}

	// Series that the page cannot say stay as the file has them.
	got.Series = []proposal.NumberSeries{{Handling: proposal.CoHandling, Given: proposal.WithoutNumber}, {Code: "和民函"}}
	if err := s.Store.SaveBureau(t.Context(), "", got); err != nil {
		t.Fatal(err)
	}
	p := admin.get("/bureau")
	p.says(t, http.StatusOK, "banli setup", "和民函")
	path, form = p.form(t)
	form.Set("short", "区民政局")
	admin.post(path, form).says(t, http.StatusOK, "本单位的资料存下了")
	after, err := s.Store.Bureau(t.Context(), calendar.Date{})
	if got.Short = "区民政局"; err != nil || !cmp.Equal(got, after) {
		t.Errorf("%v\n%s", err, cmp.Diff(got, after))
	}
	admin.get("/bureau?lang=en").says(t, http.StatusOK)
}
