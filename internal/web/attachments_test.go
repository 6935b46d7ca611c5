package web_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/standalone/postgres"
	"github.com/banli/banli/internal/testkit"
	"github.com/banli/banli/internal/testkit/fixture"
)

var scan = []byte("%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n")

// multipartForm is what a browser sends of a form with a file in it; no file without a name.
func multipartForm(t *testing.T, fields map[string]string, name string, data []byte) (body *bytes.Buffer, contentType string) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	for field, value := range fields {
		if err := w.WriteField(field, value); err != nil {
			t.Fatal(err)
		}
	}
	if name != "" {
		part, err := w.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		part.Write(data)
	}
	w.Close()
	return body, w.FormDataContentType()
}

func (b *browser) upload(path string, fields map[string]string, name string, data []byte) answer {
	b.t.Helper()
	body, contentType := multipartForm(b.t, fields, name, data)
	r, err := http.NewRequest(http.MethodPost, b.site.url+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Origin", b.site.url)
	return b.do(r)
}

func scanForm() map[string]string { return map[string]string{"action_id": newID(), "kind": "scan"} }

func TestAttachments(t *testing.T) {
	s := newSite(t)
	id := s.carry(t, fixture.Registration("0901", calendar.DateOf(time.Now()).AddDays(-3)), proposal.Drafting, replyText)
	path := "/cases/" + id
	handler := s.as(t, proposal.Handler)
	handler.get(path).says(t, http.StatusOK, "附件0件", "还没有附件", `enctype="multipart/form-data"`)

	const name = `征询意见表 "第一页".pdf`
	fields := scanForm()
	sum := sha256.Sum256(scan)
	for range 2 { // pressed twice
		p := handler.upload(path+"/attachments", fields, name, scan)
		p.says(t, http.StatusOK, "已存入附件", "附件1件", "征询意见表", "反馈表扫描件", "甲handler", hex.EncodeToString(sum[:])[:12])
	}
	links := handler.get(path).links(path + "/attachments/")
	if len(links) != 1 {
		t.Fatalf("links %v", links)
	}
	got := handler.get(links[0])
	for header, want := range map[string]string{
		"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store",
		"Content-Security-Policy": "sandbox; default-src 'none'",
	} {
		if got.header.Get(header) != want {
			t.Errorf("%s: %q, want %q", header, got.header.Get(header), want)
		}
	}
	disposition, args, err := mime.ParseMediaType(got.header.Get("Content-Disposition"))
	if err != nil || disposition != "attachment" || args["filename"] != name {
		t.Errorf("disposition %q %v %v", disposition, args, err)
	}
	if got.body != string(scan) {
		t.Errorf("given back %q", got.body)
	}

	c, err := s.Store.Case(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	added := 0
	for _, e := range c.Events {
		if e.Kind == proposal.EventAttach {
			added++
		}
	}
	if added != 1 {
		t.Errorf("%d events of one upload", added)
	}

	t.Run("wrong files", func(t *testing.T) { wrongFiles(t, handler, path) })
	t.Run("not stored", func(t *testing.T) { notStored(t, s, path) })
	t.Run("who may", func(t *testing.T) { whoMayAttach(t, s, path, links[0]) })
}

// wrongFiles are refused beside the field, with the case as it was.
func wrongFiles(t *testing.T, handler *browser, path string) {
	for _, c := range []struct {
		name string
		data []byte
		says string
	}{
		{"", nil, "请选一个文件"},
		{"空.pdf", nil, "请选一个文件"},
		{"程序.exe", []byte("MZ\x90\x00\x03"), "只收PDF"},
		{"程序.pdf", append([]byte("MZ\x90\x00"), make([]byte, 500)...), "只收PDF"},
		{"表.docx", scan, "对不上"},
		{"大.pdf", append(bytes.Clone(scan), make([]byte, 20<<20)...), "最多20MB"},
	} {
		p := handler.upload(path+"/attachments", scanForm(), c.name, c.data)
		p.says(t, http.StatusUnprocessableEntity, c.says, `aria-describedby="attachment-file-error"`, "附件1件")
	}
	p := handler.upload(path+"/attachments", map[string]string{"action_id": newID(), "kind": "virus"}, "表.pdf", scan)
	p.says(t, http.StatusUnprocessableEntity, `aria-describedby="attachment-kind-error"`, "附件1件")
	p = handler.upload(path+"/attachments", map[string]string{"action_id": newID(), "kind": "bad\x00"}, "表.pdf", scan)
	p.says(t, http.StatusBadRequest, "读不出的字")
	p = handler.upload(path+"/attachments", scanForm(), "很大.pdf", make([]byte, 81<<20))
	p.says(t, http.StatusRequestEntityTooLarge, "内容太长")
	english := &browser{t, handler.site, handler.Client}
	english.get("/language?to=en&back=/")
	english.upload(path+"/attachments", scanForm(), "", nil).says(t, http.StatusUnprocessableEntity, "Choose a file")
	english.get("/language?to=zh&back=/")
}

// notStored: while the record takes no files, that is said beside the field, nothing is half there, and a case that comes with one is registered all the same.
func notStored(t *testing.T, s *site, path string) {
	owner := func(statement string) {
		t.Helper()
		address, err := url.Parse(s.config.Database.URL)
		must(t, err)
		conn, err := pgx.Connect(t.Context(), testkit.Postgres(t).DSN(strings.TrimPrefix(address.Path, "/")))
		must(t, err)
		_, err = conn.Exec(t.Context(), statement)
		must(t, errors.Join(err, conn.Close(t.Context())))
	}
	handler, liaison, fields := s.as(t, proposal.Handler), s.as(t, proposal.Liaison), scanForm()
	owner(`revoke insert on attachments from ` + postgres.ProgramRole)
	handler.upload(path+"/attachments", fields, "表.pdf", scan).
		says(t, http.StatusServiceUnavailable, "程序和数据库对不上：文件没有存下", `aria-describedby="attachment-file-error"`, "附件1件")
	_, typed := liaison.get("/cases/new").form(t)
	registration := map[string]string{}
	for name, values := range with(typed, registrationForm("0904")) {
		registration[name] = strings.Join(values, "\n")
	}
	p := liaison.upload("/cases", registration, "原件.pdf", scan)
	p.says(t, http.StatusOK, "已登记", "文件没有存下", "附件0件")
	owner(`grant insert on attachments to ` + postgres.ProgramRole)
	handler.upload(path+"/attachments", fields, "表.pdf", scan).says(t, http.StatusOK, "已存入附件", "附件2件")
}

func whoMayAttach(t *testing.T, s *site, path, link string) {
	s.as(t, proposal.Supervisor).get(link).says(t, http.StatusOK)
	s.as(t, proposal.Supervisor).upload(path+"/attachments", scanForm(), "表.pdf", scan).says(t, http.StatusForbidden, "不由你做")
	for _, role := range []proposal.Role{proposal.Publisher, proposal.Admin, proposal.Auditor, proposal.Assembly} {
		s.as(t, role).get(link).says(t, http.StatusNotFound)
		p := s.as(t, role).upload(path+"/attachments", scanForm(), "表.pdf", scan)
		if p.status != http.StatusNotFound && p.status != http.StatusForbidden {
			t.Errorf("%s: %d", role, p.status)
		}
	}
	stranger := s.browser(t)
	if p := stranger.get(link); !strings.HasPrefix(p.path, "/login") {
		t.Errorf("without a session: %s", p.path)
	}
	stranger.upload(path+"/attachments", scanForm(), "表.pdf", scan).says(t, http.StatusUnauthorized, "工号")
	handler := s.as(t, proposal.Handler)
	handler.get(path+"/attachments/"+uuid.NewString()).says(t, http.StatusNotFound)
	handler.get(path+"/attachments/x").says(t, http.StatusNotFound)
	other := s.carry(t, fixture.Registration("0902", calendar.DateOf(time.Now()).AddDays(-3)), proposal.Drafting, replyText)
	handler.get(strings.Replace(link, path, "/cases/"+other, 1)).says(t, http.StatusNotFound)
}

// TestAPIAttachments adds, lists and fetches a file by program, and holds the answers against the document.
func TestAPIAttachments(t *testing.T) {
	s := newSite(t)
	p := s.program(t)
	id := s.carry(t, fixture.Registration("0903", calendar.DateOf(time.Now()).AddDays(-3)), proposal.Drafting, replyText)
	path := "/cases/" + id + "/attachments"
	request := func(role proposal.Role, method, path string, body io.Reader, contentType string) (*http.Response, []byte) {
		t.Helper()
		r, err := http.NewRequest(method, s.url+"/api/v1"+path, body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+p.tokens[role])
		r.Header.Set("Content-Type", contentType)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		data, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer, data
	}
	add := func(role proposal.Role, fields map[string]string, name string, data []byte) (*http.Response, []byte) {
		body, contentType := multipartForm(t, fields, name, data)
		return request(role, http.MethodPost, path, body, contentType)
	}

	fields := map[string]string{"id": newID(), "kind": "scan"}
	answer, made := add(proposal.Handler, fields, "意见表.pdf", scan)
	schema := p.of("paths", "/api/v1/cases/{id}/attachments", "post", "responses", "201", "content", "application/json", "schema")
	if wrong := p.check(schema, made); answer.StatusCode != http.StatusCreated || len(wrong) > 0 {
		t.Fatalf("%d %s %v", answer.StatusCode, made, wrong)
	}
	var file struct{ ID, Name, SHA256 string }
	if err := json.Unmarshal(made, &file); err != nil || file.Name != "意见表.pdf" {
		t.Fatalf("%s %v", made, err)
	}
	if _, again := add(proposal.Handler, fields, "意见表.pdf", scan); !bytes.Equal(again, made) {
		t.Errorf("sent again: %s", again)
	}
	got, data := request(proposal.Supervisor, http.MethodGet, strings.TrimPrefix(answer.Header.Get("Location"), "/api/v1"), nil, "")
	if got.StatusCode != http.StatusOK || !bytes.Equal(data, scan) || got.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("%d %s %q", got.StatusCode, got.Header.Get("Content-Type"), data)
	}
	if items := p.must(proposal.Liaison, "GET", path, nil)["items"].([]any); len(items) != 1 || items[0].(members)["id"] != file.ID {
		t.Errorf("listed %v", items)
	}

	for _, c := range []struct {
		fields    map[string]string
		name      string
		data      []byte
		field, is string
	}{
		{map[string]string{"id": newID(), "kind": "scan"}, "", nil, "file", "required"},
		{map[string]string{"id": newID(), "kind": "scan"}, "a.exe", []byte("MZ"), "file", "unknown_value"},
		{map[string]string{"id": "7", "kind": "scan"}, "a.pdf", scan, "id", "malformed"},
		{map[string]string{"id": newID(), "kind": "virus"}, "a.pdf", scan, "kind", "unknown_value"},
	} {
		answer, data := add(proposal.Handler, c.fields, c.name, c.data)
		var refusal struct {
			Fields []struct{ Field, Code string }
		}
		_ = json.Unmarshal(data, &refusal)
		if answer.StatusCode != http.StatusUnprocessableEntity || len(refusal.Fields) != 1 || refusal.Fields[0].Field != c.field || refusal.Fields[0].Code != c.is {
			t.Errorf("%v: %d %s", c, answer.StatusCode, data)
		}
	}
	if answer, data := add(proposal.Supervisor, map[string]string{"id": newID(), "kind": "scan"}, "a.pdf", scan); answer.StatusCode != http.StatusForbidden {
		t.Errorf("the supervisor: %d %s", answer.StatusCode, data)
	}
	p.refuses(http.StatusNotFound, "not_found", proposal.Publisher, "GET", path, "")
	p.refuses(http.StatusUnauthorized, "no_token", "", "GET", path, "")
}
