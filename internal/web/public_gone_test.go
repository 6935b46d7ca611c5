package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// The public reads the newest edition that is not taken down: after a correction the corrected one with its note, then a page
// that says that the reply was taken down.
func TestPublicReplyCorrectedAndTakenDown(t *testing.T) {
	s := newSite(t)
	id := s.carry(t, fixture.Registration("0731", calendar.DateOf(time.Now()).AddDays(-1)), proposal.Answered, replyText)
	s.beside(t, id, 1, sideStep{proposal.Publisher, proposal.Publish, nil, strandIs(proposal.PublicationStrand, proposal.StrandPublished)})
	b := s.browser(t)
	first := b.get("/public/" + id)
	first.says(t, http.StatusOK, "社区准入")
	s.beside(t, id, 2, sideStep{
		proposal.Publisher, proposal.CorrectPublication,
		url.Values{"redactions": {"社区准入"}, "note": {"隐去一处名称。"}},
		strandIs(proposal.PublicationStrand, proposal.StrandPublished),
	})
	corrected := b.get("/public/" + id)
	corrected.says(t, http.StatusOK, "隐去一处名称。")
	if strings.Contains(corrected.body, "社区准入") {
		t.Error("the corrected edition shows what was blacked out")
	}
	if cells := corrected.elements("reply-text", "td"); len(cells) != 4 || cells[0] != store.MaskedName+"目录" {
		t.Errorf("the cells of the corrected edition: %q", cells)
	}
	s.beside(t, id, 3, sideStep{
		proposal.Publisher, proposal.TakeDown, url.Values{"reason": {"内部的理由。"}}, strandIs(proposal.PublicationStrand, proposal.StrandTakenDown),
	})
	gone := b.get("/public/" + id)
	gone.says(t, http.StatusGone)
	if strings.Contains(gone.body, "内部的理由。") || strings.Contains(gone.body, "倪琛善") {
		t.Error("the page in its place tells more than that it was taken down")
	}
	if list := b.get("/public/"); strings.Contains(list.body, id) {
		t.Error("the list still leads to it")
	}
}
