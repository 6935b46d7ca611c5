package store_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// R16: of several wrong names each is masked as the right one is, wherever it was written while it stood; a wrong telephone is shown to
// nobody, like the right one.
func TestWrongNamesAreMasked(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id, r := w.registration()
	r.Secrecy, r.ContactTime = true, "上午方便"
	w.do(t, id, w.Register(r))
	w.advance(t, id, proposal.OfficeReview)
	handler := w.ID(proposal.Handler)
	for _, name := range []string{"倪琛缮", "倪深善", "倪琛喜"} {
		w.mends(t, id, proposal.FactLeadDeputy, name)
		_, err := w.AddNote(ctx, handler, id, newID(), name+"代表来过电话", nil)
		check(t, err)
	}
	w.mends(t, id, proposal.FactCoSigners, "王桂栏\n赵立")
	w.mends(t, id, proposal.FactCoSigners, "王桂篮")
	w.mends(t, id, proposal.FactContact, "13900001111")
	w.mends(t, id, proposal.FactContact, "13900002222")
	w.mends(t, id, proposal.FactContactTime, "下午方便")
	wrong := []string{"倪琛善", "倪琛缮", "倪深善", "倪琛喜", "王桂兰", "王桂栏", "赵立", "王桂篮"}
	w.do(t, id, w.Action(proposal.AddReviewer, proposal.OfficeReviewer, &proposal.AddedReviewer{
		Person: w.ID(proposal.LegalReviewer), Reason: strings.Join(wrong, "、"),
	}))
	w.do(t, id, w.Action(proposal.Urge, proposal.Supervisor, &proposal.UrgeNote{Text: strings.Join(wrong, "、")}))
	supervisor, legal := w.Bureau[proposal.Supervisor].Person, w.ID(proposal.LegalReviewer)
	c := w.read(t, id)
	wrong = append(wrong, r.ContactTime, "下午方便")
	for _, word := range wrong {
		if all := encoded(t, c); !strings.Contains(all, word) {
			t.Errorf("%s stands nowhere: nothing is tried with it", word)
		}
	}
	phones := []string{"13900001111", "13900002222"}
	for _, phone := range phones {
		if strings.Contains(encoded(t, c), phone) {
			t.Errorf("%s is shown without a logged look", phone)
		}
	}
	if !c.ShowTo(supervisor) || !c.Masked {
		t.Fatal("the supervisor knows the names")
	}
	notices, err := w.Notices(ctx, legal, store.NoticeFilter{Limit: 500})
	check(t, err)
	page, err := w.SearchCases(ctx, supervisor, store.CaseFilter{})
	check(t, err)
	reasons, err := w.TaskReasons(ctx, page.Items)
	check(t, err)
	if reasons[id].UrgeWords == "" || len(notices.Items) == 0 {
		t.Fatal("no words to mask")
	}
	for what, shown := range map[string]any{"case": c, "notices": notices, "reasons": reasons} {
		for _, word := range wrong {
			if all := encoded(t, shown); strings.Contains(all, word) {
				t.Errorf("%s: %s is read", what, word)
			}
		}
	}
	facts, err := w.DraftFacts(ctx, id)
	check(t, err)
	for _, phone := range append(phones, r.DeputyContact) {
		if !strings.Contains(facts.Entry.Phone, phone) {
			t.Errorf("a reply may show %s", phone)
		}
	}
}

// A name that was blacked out of the public page stays so when it is corrected, also where the text had it right.
func TestCorrectedNameStaysBlackedOut(t *testing.T) {
	w := newWorld(t)
	id, r := w.registration()
	right := r.LeadDeputy
	w.do(t, id, w.Register(r))
	w.advance(t, id, proposal.Drafting)
	d := fixture.Draft(2)
	d.Body = strings.Replace(d.Body, "感谢您", "感谢"+right+"代表", 1)
	saved, err := w.SaveDraft(t.Context(), id, w.ID(proposal.Handler), newID(), 0, d)
	check(t, err)
	w.do(t, id, w.Action(proposal.Submit, proposal.Handler, &proposal.Submission{Version: saved.Version, SHA256: saved.SHA256}))
	w.advance(t, id, proposal.OpennessReview)
	w.do(t, id, w.Action(proposal.DecideOpenness, proposal.OpennessReviewer, &proposal.OpennessDecision{
		Openness: proposal.PartlyOpenReply, Ground: "third_party", Reason: "涉及个人。", Redactions: []string{right, "5450元"},
	}))
	w.advance(t, id, proposal.Closed)
	w.mends(t, id, proposal.FactLeadDeputy, "倪琛缮")
	w.mends(t, id, proposal.FactTitle, "关于月发5450元给倪琛缮们的建议")
	p, err := w.PublicReply(t.Context(), id)
	check(t, err)
	page, err := w.PublicList(t.Context(), store.PublicFilter{})
	check(t, err)
	if all := encoded(t, []any{p, page}); p.Edition != 3 || strings.Contains(all, "倪琛缮") || strings.Contains(all, right) || strings.Contains(all, "5450元") {
		t.Errorf("edition %d: %s", p.Edition, all)
	}
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	check(t, err)
	return string(data)
}
