package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/proposal"
)

// foreign are the words that a case of each body must never be told in, and what is quoted with them in it: titles of offices, of
// laws and of rules, and the name of the public site, where the replies to both stand.
var foreign = map[assembly.Body]struct{ never, quoted *regexp.Regexp }{
	assembly.CPPCC: {regexp.MustCompile(`.{0,12}代表.{0,12}`), regexp.MustCompile(`人大代表工作委员会|《代表法》|内与代表首次联系`)},
	assembly.NPC:   {regexp.MustCompile(`.{0,12}(委员|提案|界别).{0,12}`), regexp.MustCompile(`委员会|政协委员|建议提案办理(公开)?`)},
}

// row is what the rows of a list say, without their heads.
func (a answer) row() (text string) {
	walk(a.doc, func(n *html.Node) {
		if n.Data == "tr" && attr(n, "class") != "" {
			text += textOf(n) + " "
		}
	})
	return strings.Join(strings.Fields(text), " ")
}

var doLink = regexp.MustCompile(`href="(/cases/[^"]*)?(\?do=[a-z_]+[^"#]*)`)

// TestEachBodyHasItsWords carries a case of the congress and one of the CPPCC from registration to closure, and reads what those
// who act are shown of it on the way, each form that is offered, and when it is answered and closed what everybody is shown: its page, its row
// in a list and what is told beside that, the notices, the news of an open page, the pages of the proposer and of the public.
func TestEachBodyHasItsWords(t *testing.T) {
	for body, words := range foreign {
		t.Run(string(body), func(t *testing.T) {
			s := newSite(t)
			liaison := s.as(t, proposal.Liaison)
			to, form := liaison.get("/cases/new").form(t)
			form["body"] = []string{string(body)}
			registered := liaison.post(to, with(form, registrationForm("0391")))
			registered.says(t, http.StatusOK, "已登记")
			path := registered.path
			watcher := s.as(t, proposal.Supervisor).live("")
			told, read := map[string]bool{}, map[string]bool{}
			look := func(what, text string) {
				t.Helper()
				for _, part := range words.never.FindAllString(words.quoted.ReplaceAllString(text, ""), -1) {
					if !told[part] {
						t.Errorf("%s: %s", what, part)
					}
					told[part] = true
				}
			}
			page := func(role proposal.Role) {
				b := s.as(t, role)
				p := b.get(path)
				if p.status != http.StatusOK {
					return
				}
				look(string(role), p.text())
				for _, m := range doLink.FindAllStringSubmatch(p.body, -1) {
					if form := string(role) + m[2]; !read[form] {
						read[form] = true
						look(form, b.get(path+strings.ReplaceAll(m[2], "&amp;", "&")).text())
					}
				}
			}
			everybody := func() {
				for _, role := range proposal.Roles {
					page(role)
					b := s.as(t, role)
					look(string(role)+", beside the list", b.get(path+"/brief").text())
					for _, list := range []string{"/", "/?box=active", "/?box=done"} {
						look(string(role)+", "+list, b.get(list).row())
					}
				}
			}
			for _, st := range mainLine(string(s.bureau.ID(proposal.Handler))) {
				page(st.who)
				p := s.press(t, path, st)
				look("after "+string(st.then), p.text())
				if st.then == proposal.Answered && st.who == proposal.Publisher {
					everybody()
					made := liaison.post(path+"/deputy-link", url.Values{})
					made.says(t, http.StatusOK, "承办单位 沈阳市民政局")
					look("the link", made.text())
					look("the proposer", s.browser(t).get(deputyAddress.FindStringSubmatch(made.text())[1]).text())
				}
			}
			everybody()
			state, err := s.Store.State(t.Context(), strings.TrimPrefix(path, "/cases/"))
			if err != nil || state.Stage != proposal.Closed {
				t.Errorf("the case came as far as %s: %v", state.Stage, err)
			}
			for _, role := range proposal.Roles {
				look("notices", s.as(t, role).get("/notices").part("notices"))
			}
			news := 0
			for len(watcher) > 0 {
				for _, item := range (<-watcher).Items {
					look("the news of a watcher", item.What+" "+item.Moved)
					news++
				}
			}
			if news < 8 {
				t.Errorf("%d news of the whole way", news)
			}
			look("public", s.browser(t).get("/public/"+strings.TrimPrefix(path, "/cases/")).text())
		})
	}
}
