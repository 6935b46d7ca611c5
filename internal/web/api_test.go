package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
)

// program is a client of the API. Every answer it gets is held against the document that the server serves, and so is
// every body that was accepted.
type program struct {
	t      *testing.T
	site   *site
	tokens map[proposal.Role]string
	schemas
}

func (s *site) program(t *testing.T) *program {
	t.Helper()
	p := &program{t: t, site: s, tokens: map[proposal.Role]string{}}
	for role, person := range s.bureau {
		_, secret, err := s.Store.CreateToken(t.Context(), person.ID, "test", time.Now().Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		p.tokens[role] = secret
	}
	r, err := http.Get(s.url + "/api/v1/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if err := json.NewDecoder(r.Body).Decode(&p.document); err != nil {
		t.Fatal(err)
	}
	return p
}

// send makes a request and returns its status and the parsed answer.
func (p *program) send(role proposal.Role, method, path, body string) (int, map[string]any) {
	p.t.Helper()
	r, err := http.NewRequest(method, p.site.url+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if role != "" {
		r.Header.Set("Authorization", "Bearer "+p.tokens[role])
	}
	r.Header.Set("Accept-Language", "en-GB, zh;q=0.5")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	p.compare(method, path, answer, body, data)
	var parsed map[string]any
	if err := json.Unmarshal(data, &parsed); err != nil {
		p.t.Errorf("%s %s: %v\n%.300s", method, path, err, data)
	}
	return answer.StatusCode, parsed
}

// compare holds a request and its answer against the document.
func (p *program) compare(method, path string, answer *http.Response, sent string, data []byte) {
	p.t.Helper()
	if kind := answer.Header.Get("Content-Type"); kind != "application/json; charset=utf-8" {
		p.t.Errorf("%s %s: content type %q", method, path, kind)
	}
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split("/api/v1"+path, "/")
	if len(parts) > 4 {
		parts[4] = "{id}"
	}
	described, _ := p.of("paths", strings.Join(parts, "/"), strings.ToLower(method)).(map[string]any)
	operation := schemas{described}
	status := answer.Status[:3]
	var schema any
	switch {
	case answer.StatusCode >= 400:
		schema = p.of("components", "schemas", "Error")
	case described == nil:
		p.t.Errorf("%s %s is not documented", method, path)
		return
	default:
		schema = operation.of("responses", status, "content", "application/json", "schema")
	}
	for _, wrong := range p.check(schema, data) {
		p.t.Errorf("%s %s, %s: %s", method, path, status, wrong)
	}
	if answer.StatusCode < 400 && sent != "" {
		for _, wrong := range p.check(operation.of("requestBody", "content", "application/json", "schema"), []byte(sent)) {
			p.t.Errorf("%s %s takes a body that its schema forbids: %s", method, path, wrong)
		}
	}
}

// must sends what has to be accepted.
func (p *program) must(role proposal.Role, method, path string, body any) map[string]any {
	p.t.Helper()
	text := ""
	if body != nil {
		text = encode(p.t, body)
	}
	status, answer := p.send(role, method, path, text)
	if status >= 300 {
		p.t.Fatalf("%s %s as %s: %d %v\n%s", method, path, role, status, answer, text)
	}
	return answer
}

func encode(t *testing.T, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// refuses sends what has to be refused, and returns the refusal.
func (p *program) refuses(status int, code string, role proposal.Role, method, path, body string) map[string]any {
	p.t.Helper()
	got, answer := p.send(role, method, path, body)
	if got != status || answer["code"] != code {
		p.t.Errorf("%s %s as %q with %.80s: %d %v, want %d %s", method, path, role, body, got, answer["code"], status, code)
	}
	if title, _ := answer["title"].(string); title == "" || strings.Contains(title, ".") {
		p.t.Errorf("%s %s: title %q", method, path, title)
	}
	return answer
}

type members = map[string]any

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func registration(number string) members {
	r := fixture.Registration(number, calendar.DateOf(time.Now()).AddDays(-3))
	r.ContactTime = "工作日上午"
	return members{"id": newID(), "input": r}
}

// act sends the action that leads on, or any other.
func action(a proposal.Action) members {
	return members{"id": a.ID, "kind": a.Kind, "input": a.Input}
}

// TestAPICarriesACase takes a case through the whole process by JSON alone.
func TestAPICarriesACase(t *testing.T) {
	s := newSite(t)
	p := s.program(t)
	me := p.must(proposal.Handler, "GET", "/me", nil)
	if me["login"] != "handler" {
		t.Errorf("me is %v", me)
	}

	entry := registration("0601")
	made := p.must(proposal.Liaison, "POST", "/cases", entry)
	id := made["case"].(string)
	if again := p.must(proposal.Liaison, "POST", "/cases", entry); encode(t, again) != encode(t, made) {
		t.Errorf("sent again: %v, first %v", again, made)
	}
	path := "/cases/" + id
	if todo := p.must(proposal.Liaison, "GET", "/tasks?box=todo", nil); todo["total"] != 1.0 {
		t.Errorf("the liaison's box: %v", todo)
	}
	claimed := p.must(proposal.Liaison, "POST", path+"/claim", members{"id": newID()})
	if who := claimed["task"].(members)["claimed_by"].(members); who["name"] != "liaison" {
		t.Errorf("claimed by %v", who)
	}
	p.must(proposal.Liaison, "POST", path+"/release", members{"id": newID()})

	p.carry(id)

	closed := p.must(proposal.Supervisor, "GET", path, nil)
	if closed["stage"] != "closed" || closed["published"] != true || len(closed["offers"].([]any)) != 0 {
		t.Errorf("closed case: stage %v, published %v, offers %v", closed["stage"], closed["published"], closed["offers"])
	}
	if closed["contact_time"] != "工作日上午" || closed["delegation"] != "和平代表团" {
		t.Errorf("registered, and not shown: %v, %v", closed["contact_time"], closed["delegation"])
	}
	shown := p.must(proposal.Publisher, "GET", path, nil)
	if shown["contact_time"] != nil {
		t.Errorf("the publisher reads when to call the deputy: %v", shown["contact_time"])
	}
	if shown["text"] != "" || len(shown["points"].([]any))+len(shown["consultations"].([]any))+len(shown["versions"].([]any)) > 0 {
		t.Errorf("the publisher sees %v", shown)
	}
	for _, e := range p.must(proposal.Publisher, "GET", path+"/events", nil)["items"].([]any) {
		if said := e.(members)["input"]; said != nil {
			t.Errorf("the publisher reads %v", said)
		}
	}
	events := p.must(proposal.Auditor, "GET", path+"/events", nil)["items"].([]any)
	if first, last := events[0].(members), events[len(events)-1].(members); first["kind"] != "register" || last["kind"] != "close" {
		t.Errorf("events from %v to %v", first["kind"], last["kind"])
	}
	p.must(proposal.Supervisor, "GET", "/cases?q=0601&stage=closed", nil)
	list := p.must("", "GET", "/public?q=0601", nil)["items"].([]any)
	if len(list) != 1 {
		t.Fatalf("%d published replies", len(list))
	}
	reply := p.must("", "GET", "/public/"+id, nil)
	if reply["body"] != fixture.Draft(2).Body || reply["document_number"] == "" {
		t.Errorf("published %v", reply)
	}
}

// carry takes a case from where it stands to its end.
func (p *program) carry(id string) {
	p.t.Helper()
	for {
		state, err := p.site.Store.State(p.t.Context(), id)
		if err != nil {
			p.t.Fatal(err)
		}
		if state.Stage == proposal.Closed {
			return
		}
		if state.Stage == proposal.Drafting {
			p.draft("/cases/" + id)
			continue
		}
		a := p.site.bureau.Next(p.t, p.site.Store, id)
		for role, person := range p.site.bureau {
			if person.ID == a.By {
				p.must(role, "POST", "/cases/"+id+"/actions", action(a))
			}
		}
	}
}

// draft saves an unfinished version, is told what it lacks, finishes it and sends it to review.
func (p *program) draft(path string) {
	p.t.Helper()
	first := p.must(proposal.Handler, "PUT", path+"/draft", members{"id": newID(), "draft": members{"body": "写了一半。"}})
	if len(first["findings"].([]any)) == 0 {
		p.t.Error("nothing is missing in an unfinished draft")
	}
	p.must(proposal.Handler, "GET", path, nil) // an unfinished draft is as the schema says, too
	d := fixture.Draft(2)
	second := p.must(proposal.Handler, "PUT", path+"/draft", members{"id": newID(), "base_version": first["version"], "draft": members{
		"body": d.Body, "contact_name": d.ContactName, "contact_phone": d.ContactPhone, "answers": d.Answers, "class": d.Class, "openness": d.Openness,
	}})
	if found := second["findings"].([]any); len(found) > 0 {
		p.t.Errorf("missing: %v", found)
	}
	p.must(proposal.Handler, "POST", path+"/actions", members{
		"id": newID(), "kind": proposal.Submit, "input": members{"version": second["version"], "sha256": second["sha256"]},
	})
}

// TestAPIRefuses sends what is wrong in every way and expects to be told so by name, with nothing changed.
func TestAPIRefuses(t *testing.T) {
	s := newSite(t)
	p := s.program(t)
	id := p.must(proposal.Liaison, "POST", "/cases", registration("0611"))["case"].(string)
	path := "/cases/" + id
	before := encode(t, p.must(proposal.Supervisor, "GET", path, nil))

	for _, c := range []struct{ method, path, body, field, code string }{
		{"POST", path + "/actions", `{"id":"` + newID() + `","kind":"close","note":"x"}`, "note", "unknown_field"},
		{"POST", path + "/actions", `{"id":"` + newID() + `","kind":"close","input":{"nots":"x"}}`, "input.nots", "unknown_field"},
		{"POST", path + "/actions", `{"id":"` + newID() + `","kind":"close","ID":"7"}`, "ID", "unknown_field"},
		{"POST", path + "/actions", `{"id":"` + newID() + `","kind":"abolish"}`, "kind", "unknown_value"},
		{"POST", path + "/actions", `{"id":"` + newID() + `","kind":"ring","input":{"clock":"reply"}}`, "kind", "unknown_value"},
		{"POST", path + "/actions", `{"id":"` + newID() + `","kind":"register"}`, "kind", "unknown_value"},
		{"POST", path + "/actions", `{"id":"7","kind":"propose_assignment","input":{"lead":"jiceng"}}`, "id", "malformed"},
		{"POST", path + "/actions", `{"kind":"propose_assignment","input":{"lead":"jiceng"}}`, "id", "required"},
		{"POST", path + "/actions", `{"id":"` + newID() + `","kind":"propose_assignment"}`, "input.lead", "required"},
		{"POST", path + "/actions", `{"id":"` + newID() + `","kind":"propose_assignment","input":{"lead":"","opinion":""}}`, "input.lead", "required"},
		{"POST", path + "/actions", `{"id":"` + newID() + `","kind":"propose_assignment","input":{"lead":7}}`, "input.lead", "malformed"},
		{"POST", path + "/actions", `{"id":"` + newID() + `","kind":"propose_assignment","input":{"lead":null}}`, "input.lead", "malformed"},
		{"POST", path + "/actions", `{"id":"` + newID() + `","kind":"propose_assignment","input":{"lead":"jiceng","lead":"yanglao"}}`, "input", "malformed"},
		{"POST", path + "/actions", `{"id":"` + newID() + `","kind":"propose_assignment","input":{"lead":"jiceng","opinion":"\ud800"}}`, "input.opinion", "malformed"},
		{"POST", path + "/actions", `{"id":"` + newID() + `","kind":"propose_assignment","input":{"lead":"jiceng","opinion":"\u0000"}}`, "input.opinion", "malformed"},
		{"POST", path + "/actions", `{"id":"` + newID() + `","kind":"propose_assignment","input":{"lead":"jiceng","internal_due":"2026-02-30"}}`, "input.internal_due", "malformed"},
		{"POST", path + "/actions", `{"id":"` + newID() + `","kind":"propose_assignment","input":{"lead":"jiceng","co_handling":[1]}}`, "input.co_handling.0", "malformed"},
		{"POST", path + "/actions", `{"id":"` + newID() + `","kind":"propose_assignment","base_seq":"1","input":{"lead":"jiceng"}}`, "base_seq", "malformed"},
		{"POST", path + "/actions", `[]`, "", "malformed"},
		{"PUT", path + "/draft", `{"id":"` + newID() + `","draft":{"bodi":"x"}}`, "draft.bodi", "unknown_field"},
		{"POST", path + "/claim", `{"id":"x"}`, "id", "malformed"},
		{"GET", "/tasks?box=later", "", "box", "unknown_value"},
		{"GET", "/tasks?bux=todo", "", "bux", "unknown_field"},
		{"GET", "/tasks?limit=many", "", "limit", "malformed"},
		{"GET", "/tasks?after=nonsense", "", "after", "malformed"},
		{"GET", "/cases?due_by=yesterday", "", "due_by", "malformed"},
		{"GET", "/cases?stage=limbo", "", "stage", "unknown_value"},
		{"GET", "/public?year=MMXX", "", "year", "malformed"},
	} {
		answer := p.refuses(http.StatusUnprocessableEntity, "invalid", proposal.Liaison, c.method, c.path, c.body)
		fields, _ := answer["fields"].([]any)
		if len(fields) != 1 || fields[0].(members)["field"] != c.field || fields[0].(members)["code"] != c.code {
			t.Errorf("%s: %v, want %s %s", c.body, fields, c.field, c.code)
		}
	}

	assign := encode(t, members{"id": newID(), "kind": "propose_assignment", "input": members{"lead": "jiceng"}})
	p.refuses(http.StatusBadRequest, "not_text", proposal.Liaison, "POST", path+"/actions", "{\"id\":\"\xff\"}")
	p.refuses(http.StatusBadRequest, "not_json", proposal.Liaison, "POST", path+"/actions", `{"id":`)
	p.refuses(http.StatusRequestEntityTooLarge, "too_large", proposal.Liaison, "POST", path+"/actions", `{"id":"`+strings.Repeat("长", 1<<20)+`"}`)
	p.refuses(http.StatusUnauthorized, "no_token", "", "POST", path+"/actions", assign)
	p.refuses(http.StatusUnauthorized, "no_token", "", "GET", "/me", "")
	p.refuses(http.StatusMethodNotAllowed, "no_method", proposal.Liaison, "DELETE", path, "")
	p.refuses(http.StatusNotFound, "not_found", proposal.Liaison, "GET", "/nowhere", "")
	p.refuses(http.StatusNotFound, "not_found", proposal.Liaison, "GET", "/cases/"+uuid.NewString(), "")
	p.refuses(http.StatusNotFound, "not_found", proposal.Handler, "GET", path, "") // not theirs to see yet
	p.refuses(http.StatusNotFound, "not_found", "", "GET", "/public/"+id, "")
	p.refuses(http.StatusForbidden, "forbidden", proposal.Supervisor, "POST", path+"/actions", assign)
	p.refuses(http.StatusForbidden, "forbidden", proposal.Handler, "POST", "/cases", encode(t, registration("0612")))
	if after := encode(t, p.must(proposal.Supervisor, "GET", path, nil)); after != before {
		t.Errorf("refusals changed the case:\n%s\n%s", before, after)
	}

	taken := p.refuses(http.StatusConflict, "already_registered", proposal.Liaison, "POST", "/cases", encode(t, registration("0611")))
	if taken["case"] != id {
		t.Errorf("the number is borne by %v, want %s", taken["case"], id)
	}
	p.refuses(http.StatusUnprocessableEntity, "invalid", proposal.Liaison, "POST", path+"/actions", assign) // the supervisor's id
	p.must(proposal.Liaison, "POST", path+"/actions", members{"id": newID(), "kind": "propose_assignment", "input": members{"lead": "jiceng"}})
	stale := p.refuses(http.StatusConflict, "stale", proposal.LeaderInCharge, "POST", path+"/actions",
		encode(t, members{"id": newID(), "kind": "approve_assignment", "base_seq": 1}))
	if by, _ := stale["by"].(members); by == nil || by["name"] != "liaison" || stale["did"] != "propose_assignment" || stale["at"] == nil {
		t.Errorf("who was first: %v", stale)
	}
	p.refuses(http.StatusConflict, "not_in_stage", proposal.Liaison, "POST", path+"/actions",
		encode(t, members{"id": newID(), "kind": "propose_assignment", "input": members{"lead": "yanglao"}}))
}
