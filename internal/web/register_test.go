package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
)

// postWith sends a form as a browser does that has a file in it.
func (b *browser) postWith(path string, form url.Values, name string, data []byte) answer {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	form = clone(form)
	form.Del("file")
	for field, values := range form {
		for _, v := range values {
			if err := w.WriteField(field, v); err != nil {
				b.t.Fatal(err)
			}
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, b.site.url+path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Origin", b.site.url)
	return b.do(r)
}

// A morning of registrations: the next one comes at once and knows the sitting, the original comes along.
func TestRegisteringOneAfterAnother(t *testing.T) {
	s := newSite(t)
	liaison := s.as(t, proposal.Liaison)
	path, form := liaison.get("/cases/new").form(t)
	form = with(form, registrationForm("0841"))
	form.Set("then", "next")

	wrong := liaison.postWith(path, form, "原件.exe", []byte("MZ"))
	wrong.says(t, http.StatusUnprocessableEntity, `aria-describedby="file-error"`, "0841")
	liaison.get("/?q=0841").says(t, http.StatusOK, "没有这样的件") // nothing was registered

	p := liaison.postWith(path, form, "原件.pdf", []byte("%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"))
	p.says(t, http.StatusOK, "第0841号已登记", "登记，接着登下一件")
	if !strings.HasPrefix(p.path, "/cases/new") {
		t.Fatalf("after a registration comes %s", p.path)
	}
	_, next := p.form(t)
	for field, want := range map[string]string{"number": "", "title": "", "term": "16", "session": "3", "assigned_on": registeredOn.String()} {
		if got := next.Get(field); got != want {
			t.Errorf("the next registration opens with %s %q, want %q", field, got, want)
		}
	}
	liaison.get("/?q=0841").says(t, http.StatusOK, "待办1件")
	page := liaison.get("/cases/" + workflows.CaseID(fixture.Registration("0841", calendar.Date{}).RegisterKey))
	page.says(t, http.StatusOK, "原件.pdf")

	next = with(next, registrationForm("0842"))
	opened := liaison.postWith("/cases", next, "", nil)
	if opened.says(t, http.StatusOK, "第0842号已登记"); !strings.HasPrefix(opened.path, "/cases/") || opened.path == "/cases/new" {
		t.Errorf("without asking for the next one comes %s", opened.path)
	}
}

// The summary of what is wrong follows the form.
func TestErrorsFollowTheForm(t *testing.T) {
	s := newSite(t)
	liaison := s.as(t, proposal.Liaison)
	path, form := liaison.get("/cases/new").form(t)
	p := liaison.post(path, form)
	p.says(t, http.StatusUnprocessableEntity)
	at := -1
	for _, name := range []string{"number", "term", "session", "assigned_on", "title", "text", "lead_deputy"} {
		i := strings.Index(p.body, `<li><a href="#`+name+`">`)
		if i < at {
			t.Errorf("%s stands before what comes earlier on the form (%d, %d)", name, i, at)
		}
		at = max(at, i)
	}
}

// An old case is entered in one form: what its file says is shown, what it does not say is said to be unknown, and nobody is asked for anything.
func TestFinishedCaseIsEntered(t *testing.T) {
	s := newSite(t)
	liaison := s.as(t, proposal.Liaison)
	path, form := liaison.get("/cases/new").form(t)
	form = with(form, registrationForm("0843"))
	form = with(form, url.Values{
		"late": {"1"}, "assigned_on": {"2019-02-20"}, "finished": {"1"}, "replied_on": {"2019-05-10"}, "reply_number": {"沈民函[2019]87号"}, "result": {"A类"}, "rating": {""},
	})
	form.Del("deputy_contact")

	refused := liaison.post(path, with(clone(form), url.Values{"late": {""}}))
	refused.says(t, http.StatusUnprocessableEntity, "已经办结的旧件才这样录", "沈民函[2019]87号")
	_, form = refused.form(t)
	refused = liaison.post(path, with(form, url.Values{"late": {"1"}, "replied_on": {"2019-02-19"}}))
	refused.says(t, http.StatusUnprocessableEntity, "不能早于2019年2月20日")
	_, form = refused.form(t)

	p := liaison.post(path, with(form, url.Values{"replied_on": {"2019-05-10"}}))
	p.says(t, http.StatusOK, "第0843号已登记", "已办结", "沈民函[2019]87号", "2019年5月10日", "A类")
	if strings.Contains(p.text(), "编号用印") || strings.Contains(p.text(), "已办结，") {
		t.Error("steps are shown that nobody took here, or a day that nobody knows")
	}
	if unknown := strings.Count(p.body, "档案没写"); unknown != 5 { // 签发人, 经办人, 评价, 办结日期, 档号
		t.Errorf("%d things are said to be unknown", unknown)
	}
	liaison.get("/").says(t, http.StatusOK, "待办0件")
	liaison.get("/cases?all=1").says(t, http.StatusOK, "第0843号")
	if n := s.as(t, proposal.Supervisor).get("/cases?within=overdue").rows(); n != 0 {
		t.Errorf("%d cases are overdue", n)
	}
	path, form = liaison.get("/cases/new").form(t)
	form = with(form, registrationForm("0844"))
	form = with(form, url.Values{"late": {"1"}, "assigned_on": {"2019-02-20"}, "finished": {"1"}, "reply_number": {"沈民函〔2019〕87号"}})
	liaison.post(path, form).says(t, http.StatusUnprocessableEntity, "reply_number-error")
}
