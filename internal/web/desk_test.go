package web_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/ledger"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/testkit/fixture"
)

// The desk as an officer without JavaScript uses it: filters, columns, views, the next case, watching, keys.
func TestDesk(t *testing.T) {
	s := newSite(t)
	path := s.register(t, "0601")
	s.register(t, "0602")
	id := strings.TrimPrefix(path, "/cases/")
	b := s.as(t, proposal.Liaison)

	b.get("/").says(t, http.StatusOK, "待办2件", `id="row-`+id+`-registered-"`, "没人认领", "认领")
	b.get("/?q=0601&body=npc").says(t, http.StatusOK, "待办1件", "人大建议")
	b.get("/?q=0601&body=cppcc").says(t, http.StatusOK, "没有这样的件", "去掉政协提案", "有1件")
	for _, nonsense := range []string{"/?box=none", "/?year=x", "/?step=dance", "/?sort=mine", "/?after=x", "/?only=me"} {
		b.get(nonsense).says(t, http.StatusNotFound)
	}
	for _, path := range []string{"/?box=active", "/?box=done", "/?box=watched", "/?box=whole", "/?sort=number", "/?sort=touched&show=300", "/keys", "/views", "/?view=promised&only=promised&box=whole"} {
		b.get(path).says(t, http.StatusOK)
	}

	b.post("/desk", url.Values{"columns": {"stage", "number"}, "sort": {"number"}, "back": {"/"}}).says(t, http.StatusOK, "环节")
	if p := b.get("/"); strings.Contains(p.text(), "因何在我") && !strings.Contains(p.body, `value="why">`) {
		t.Error("a column that was not chosen is there")
	}
	b.post("/desk", url.Values{"columns": {"colour"}}).says(t, http.StatusUnprocessableEntity)
	b.post("/desk", url.Values{"columns": {"number", "next", "why"}, "back": {"/"}})

	p := b.get("/views?save=" + url.QueryEscape("q=0601"))
	to, form := p.form(t)
	b.post(to, form).says(t, http.StatusUnprocessableEntity, "“0601”") // without a name; what it filters by is kept
	form.Set("name", "零六")
	b.post(to, form).says(t, http.StatusOK, "视图“零六”已存", "零六1件")
	_, again := b.get("/views?save=q%3Dx").form(t)
	again.Set("name", "零六")
	b.post(to, again).says(t, http.StatusUnprocessableEntity, "同名")
	b.post("/views/"+form.Get("id")+"/remove", nil).says(t, http.StatusOK, "视图已删")

	save := b.get("/cases?all=1&q=0601").links("/views?save=") // the list of the bureau's cases is saved as well
	if all := b.get("/cases?all=1").links("/views?save="); len(save) != 1 || len(all) != 0 {
		t.Fatalf("a filter of the bureau's cases is saved by %v, no filter by %v", save, all)
	}
	to, form = b.get(save[0]).form(t)
	form.Set("name", "全局零六")
	if p := b.post(to, form); !strings.HasPrefix(p.path, "/cases?all=1&q=0601&view=") || p.rows() != 1 {
		t.Errorf("the view of the bureau's cases opens %d at %s", p.rows(), p.path)
	} else {
		p.says(t, http.StatusOK, "全局零六1件")
	}
	b.get("/views").says(t, http.StatusOK, "全部案件", "“0601”")

	b.post(path+"/watch", url.Values{"back": {"/?box=watched"}}).says(t, http.StatusOK, "第0601号已关注", "关注1件")
	b.post(path+"/unwatch", url.Values{"back": {"/?box=watched"}}).says(t, http.StatusOK, "关注0件")

	if p := b.get("/next"); p.path != "/" {
		t.Errorf("a link took a case: %s", p.path)
	}
	first := b.post("/next", nil)
	if again := b.post("/next", nil); !strings.HasPrefix(first.path, "/cases/") || again.path != first.path {
		t.Errorf("the next case is %s, then %s", first.path, again.path)
	}
	b.get("/").says(t, http.StatusOK, "认领的 放回")
	b.post(first.path+"/release", url.Values{"task": {strings.TrimPrefix(first.path, "/cases/") + "~registered~"}, "back": {"/"}}).says(t, http.StatusOK, "已放回")
	if p := s.as(t, proposal.Auditor).post("/next", nil); p.path != "/" {
		t.Errorf("an auditor is sent to %s", p.path)
	}
	b.get("/display?keys=off&back=/keys").says(t, http.StatusOK, `data-keys="off"`, "单个字母的按键关着")
}

// Five hundred tasks on one page go through a slow line.
func TestFiveHundredTasksAreLight(t *testing.T) {
	s := newSite(t)
	for i := range 501 {
		r := fixture.Registration(fmt.Sprintf("%04d", i), registeredOn.AddDays(i%40))
		r.Title = fmt.Sprintf("关于第%d批老旧小区引入居民自治管理、明确街道托底责任并建立长效维护资金的建议", i)
		if err := s.record(t, r); err != nil {
			t.Fatal(err)
		}
	}
	b := s.as(t, proposal.Liaison)
	p := b.get("/?show=500")
	p.says(t, http.StatusOK, "待办501件", "第1—500件，共501件")
	if n := strings.Count(p.body, `<tr class="row`); n != 500 {
		t.Errorf("%d rows", n)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(p.body))
	z.Close()
	if packed.Len() > 100_000 {
		t.Errorf("%d bytes compressed", packed.Len())
	}
	t.Logf("%d bytes, %d compressed", len(p.body), packed.Len())
	b.get("/").says(t, http.StatusOK, "再看100件", "第1—100件，共501件", "101—200", "501—501")
}

// record registers a case in the record alone: lists need no engine.
func (s *site) record(t *testing.T, r *proposal.Registration) error {
	t.Helper()
	cases := &activities.Cases{Ledger: s.Store, Calendar: calendar.National, Packs: builtInPacks{}, Now: time.Now}
	id := uuid.NewSHA1(uuid.NameSpaceURL, []byte(r.RegisterKey.String())).String()
	action := s.bureau.Register(r)
	if err := s.Store.SaveAction(t.Context(), id, action); err != nil {
		return err
	}
	outcome, err := cases.Record(t.Context(), ledger.Command{CaseID: id, ActionID: action.ID, Kind: action.Kind})
	if err == nil && outcome.Refusal != nil {
		return outcome.Refusal
	}
	return err
}

type builtInPacks struct{}

func (builtInPacks) ByID(id string) (*proposal.Pack, bool) {
	pack, ok := rulepack.BuiltIn()[id]
	return pack, ok
}

func (p builtInPacks) For(string, calendar.Date) (*proposal.Pack, bool) { return p.ByID("shenyang-1") }

// Beside the list stands what the focused row is: what is asked, what happened, and the way to what is to be done. It is no look at
// the case, and shows nobody more than the case's page does.
func TestBriefOfARow(t *testing.T) {
	s := newSite(t)
	id := s.carry(t, fixture.Registration("0821", calendar.DateOf(time.Now()).AddDays(-3)), proposal.Drafting, draftText)
	handler := s.as(t, proposal.Handler)
	handler.get("/cases/"+id+"/brief").says(t, http.StatusOK, "第0821号", "关于缓解社工压力提高社工待遇的建议", "/cases/"+id, "起草")
	if got := handler.get("/").body; !strings.Contains(got, `id="brief"`) {
		t.Error("the list has no place for it")
	}
	s.as(t, proposal.Publisher).get("/cases/"+id+"/brief").says(t, http.StatusNotFound)
}
