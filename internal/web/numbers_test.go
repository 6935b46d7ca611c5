package web_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
)

var firstNumber = regexp.MustCompile(`\d+`)

// shownNumber is the first number that a reader sees in an element.
func shownNumber(n *html.Node) (number int, ok bool) {
	var text strings.Builder
	var read func(*html.Node)
	read = func(n *html.Node) {
		if n.Type == html.TextNode {
			text.WriteString(n.Data + " ")
		}
		if n.Type == html.ElementNode && strings.Contains(attr(n, "class"), "visually-hidden") {
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			read(c)
		}
	}
	read(n)
	found := firstNumber.FindString(text.String())
	number, err := strconv.Atoi(found)
	return number, err == nil
}

var anID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)

// boosted reports whether htmx fetches what a link leads to.
func boosted(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if boost := attr(n, "hx-boost"); boost != "" {
			return boost == "true"
		}
		for _, a := range n.Attr {
			if a.Key == "download" || a.Key == "target" {
				return false
			}
		}
	}
	return false
}

// numberPages are the pages that one may go to without a case; what is not for a role is passed over.
var numberPages = []string{
	"/", "/?box=active", "/?box=done", "/?box=watched", "/?view=supervised&box=whole&supervised=1", "/cases", "/cases?all=1", "/cases?division=-", "/cases?within=overdue",
	"/home", "/overview", "/statistics", "/statistics?by=topic", "/statistics?by=term", "/statistics?by=class", "/statistics/table", "/statistics/table?by=mode", "/statistics/evaluation", "/operation", "/outgoing", "/signing", "/notices", "/views", "/bulk", "/proxies", "/paragraphs", "/calendar", "/settings",
}

// A number is the length of the list that it opens, on every page and for every role. A link that opens no page but a file is left to the browser:
// htmx would fetch it and show nothing.
func TestNumbersAreTheirLists(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	for i, stage := range []proposal.Stage{
		proposal.Registered, proposal.Assigning, proposal.Accepting, proposal.Consulting, proposal.Drafting, proposal.OfficeReview, proposal.SignOff,
		proposal.Numbering, proposal.Answered, proposal.Closed,
	} {
		days := -3
		if i%3 == 0 {
			days = -200
		}
		id := s.carry(t, fixture.Registration("085"+strconv.Itoa(i), today.AddDays(days)), stage, draftText)
		if i%2 == 1 && !stage.Ended() {
			if _, err := s.Cases.Act(t.Context(), id, s.bureau.Action(proposal.Urge, proposal.Supervisor, &proposal.UrgeNote{Text: "请抓紧。"})); err != nil {
				t.Fatal(err)
			}
		}
	}
	links := regexp.MustCompile(`^/(cases)?(\?|$)`)
	numbers, followed := 0, map[string]bool{}
	for _, role := range proposal.Roles {
		b := s.as(t, role)
		opened := map[string]int{}
		for _, page := range numberPages {
			p := b.get(page)
			if p.status != http.StatusOK {
				continue // not for this role
			}
			walk(p.doc, func(n *html.Node) {
				path := attr(n, "href")
				if kind := anID.ReplaceAllString(strings.SplitN(path, "?", 2)[0], "{id}"); n.Data == "a" && strings.HasPrefix(path, "/") && !followed[kind] && boosted(n) {
					followed[kind] = true
					if to := b.get(path); to.status == http.StatusOK && !strings.HasPrefix(to.header.Get("Content-Type"), "text/html") {
						t.Errorf("%s: %s, a file, lacks hx-boost=\"false\" on %s", role, path, page)
					}
				}
				want, ok := shownNumber(n)
				if n.Data != "a" || !links.MatchString(path) || !ok || strings.Contains(attr(n, "class"), "chip") { // a chip says a year
					return
				}
				got, known := opened[path]
				if !known {
					list := b.get(path)
					list.says(t, http.StatusOK)
					walk(list.doc, func(h *html.Node) {
						if attr(h, "id") == "list-total" {
							got, _ = shownNumber(h)
						}
					})
					if rows := list.rows(); rows != got {
						t.Errorf("%s: %s is headed %d and lists %d", role, path, got, rows)
					}
					opened[path] = got
				}
				numbers++
				if got != want {
					t.Errorf("%s: %s says %d of %s, which lists %d", role, page, want, path, got)
				}
			})
		}
	}
	if numbers < 100 {
		t.Errorf("only %d numbers were walked", numbers)
	}
}
