package admin

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// rulesPage lists the rule packs: those that the bureau follows, and those that can be copied.
type rulesPage struct {
	kit.Frame
	Ours   []RulesRow // the last to come into force first
	Others []RulesRow
	Back   []RulesRow // those that were withdrawn
	Keeper bool       // may put rules in force
	Next   string     // where the rules that follow the newest are begun
}

func (*rulesPage) Template() string { return "rules.html" }

// RulesRow is a rule pack in the list.
type RulesRow struct {
	ID, Path, Name string
	From           string // its first day
	State          string // whether new cases get it, in words
	Now            bool   // they do
	Put            string // who put it in force, in words
	Open           int    // unfinished cases under it
	Copy           string // where a copy is begun
}

// RulesList draws the page.
func (s *Room) RulesList(w http.ResponseWriter, r *http.Request) error {
	if !kit.ReadsRules(kit.OfficerOf(r)) {
		return kit.ErrNotFound
	}
	words, today := s.Words(r), calendar.DateOf(s.Now())
	bureau, err := s.store.Bureau(r.Context(), calendar.Date{})
	if err != nil {
		return err
	}
	kept, err := s.store.KeptRules(r.Context())
	if err != nil {
		return err
	}
	open, err := s.store.OpenUnder(r.Context())
	if err != nil {
		return err
	}
	packs := s.store.Packs()
	now := idOfNow(packs, bureau, today)
	p := &rulesPage{Frame: kit.Frame{Title: words.T("rules.title"), Section: "rules"}, Keeper: kit.OfficerOf(r).Has(proposal.Admin)}
	for _, profile := range packs.Profiles(today) {
		for _, pack := range slices.Backward(packs.Of(profile.Profile)) {
			row := RulesRow{
				ID: pack.ID, Path: rulesPath(pack.ID), Name: pack.Name, From: words.FullDay(pack.ValidFrom), Now: pack.ID == now,
				Put: putWords(words, pack.ID, kept), Open: open[pack.ID], Copy: beginPath(pack.ID),
			}
			if pack.Profile != bureau.Profile && pack.ID != now {
				p.Others = append(p.Others, row)
				continue
			}
			row.State = stateWords(words, packs, pack, now, today)
			p.Ours = append(p.Ours, row)
		}
	}
	for _, k := range kept {
		if !k.WithdrawnAt.IsZero() {
			p.Back = append(p.Back, RulesRow{ID: k.ID, Path: rulesPath(k.ID), State: backWords(words, k), Put: putWords(words, k.ID, kept)})
		}
	}
	if newest := packs.Of(bureau.Profile); len(newest) > 0 {
		p.Next = beginPath(newest[len(newest)-1].ID)
	}
	return s.Render(w, r, http.StatusOK, p)
}

func rulesPath(id string) string { return "/rules/" + url.PathEscape(id) }

func beginPath(id string) string { return "/rules/new?from=" + url.QueryEscape(id) }

// putWords say who put a pack in force.
func putWords(w *locale.Words, id string, kept []store.KeptRules) string {
	i := slices.IndexFunc(kept, func(k store.KeptRules) bool { return k.ID == id })
	if i < 0 {
		return w.T("rules.built_in")
	}
	who := w.Name(kept[i].By)
	if who == "" {
		who = w.T("rules.command_line")
	}
	return w.T("rules.put", "Who", who, "When", w.Moment(kept[i].At))
}

// backWords say who withdrew a pack.
func backWords(w *locale.Words, k store.KeptRules) string {
	return w.T("rules.withdrawn", "Who", cmp.Or(w.Name(k.WithdrawnBy), w.T("rules.command_line")), "When", w.Moment(k.WithdrawnAt))
}

// idOfNow is the id of the pack that today's cases get; "" before the set-up.
func idOfNow(packs rulepack.Set, bureau proposal.Bureau, today calendar.Date) string {
	if now, ok := packs.For(bureau.Profile, today); ok {
		return now.ID
	}
	return ""
}

// stateWords say whether new cases get a pack that the bureau follows.
func stateWords(w *locale.Words, packs rulepack.Set, pack *proposal.Pack, now string, today calendar.Date) string {
	if pack.ID == now {
		return w.T("rules.now")
	}
	if today.Before(pack.ValidFrom) {
		return w.T("rules.to_come", "N", pack.ValidFrom.Sub(today))
	}
	all := packs.Of(pack.Profile)
	if i := slices.IndexFunc(all, func(p *proposal.Pack) bool { return p.ID == pack.ID }); i >= 0 && i+1 < len(all) {
		return w.T("rules.followed", "Day", w.FullDay(all[i+1].ValidFrom), "Name", all[i+1].Name)
	}
	return ""
}

// rulesShowPage is one rule pack in words.
type rulesShowPage struct {
	kit.Frame
	ID, State, Put string
	From           string
	Open           int
	Keeper         bool
	Copy           string
	Follows        bool // the copy would follow it, as rules of the bureau's own
	Parts          []RulePart
	Source         string // the file
	Withdraw       string // where it is withdrawn; "" for one that cannot be, or not by this officer
	Wrong          string // why it was not, in words
}

func (*rulesShowPage) Template() string { return "rules_show.html" }

// RulesShow draws the page.
func (s *Room) RulesShow(w http.ResponseWriter, r *http.Request) error {
	return s.renderRules(w, r, http.StatusOK, "")
}

// RulesWithdraw takes back rules that were put by mistake.
func (s *Room) RulesWithdraw(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	id := r.PathValue("pack")
	err = s.store.WithdrawRules(r.Context(), who.ID, id)
	if fields, ok := wrongFields(err); ok {
		return s.renderRules(w, r, http.StatusUnprocessableEntity, kit.FieldWords(s.Words(r), fields)[0].Text)
	} else if err != nil {
		return err
	}
	s.Flash(r, s.Words(r).T("flash.rules_withdrawn"))
	http.Redirect(w, r, rulesPath(id), http.StatusSeeOther)
	return nil
}

func (s *Room) renderRules(w http.ResponseWriter, r *http.Request, status int, wrong string) error {
	words, today := s.Words(r), calendar.DateOf(s.Now())
	if !kit.ReadsRules(kit.OfficerOf(r)) {
		return kit.ErrNotFound
	}
	kept, err := s.store.KeptRules(r.Context())
	if err != nil {
		return err
	}
	id := r.PathValue("pack")
	own := slices.IndexFunc(kept, func(k store.KeptRules) bool { return k.ID == id })
	pack, ok := s.store.Pack(id)
	if !ok && own >= 0 { // what it extends may be withdrawn too: its file alone can be read for certain
		return s.Render(w, r, status, &rulesShowPage{
			Frame: kit.Frame{Title: id, Section: "rules"}, ID: id, State: backWords(words, kept[own]), Put: putWords(words, id, kept), Source: kept[own].Source,
		})
	}
	if !ok {
		return kit.ErrNotFound
	}
	bureau, err := s.store.Bureau(r.Context(), calendar.Date{})
	if err != nil {
		return err
	}
	open, err := s.store.OpenUnder(r.Context())
	if err != nil {
		return err
	}
	packs := s.store.Packs()
	p := &rulesShowPage{
		Frame: kit.Frame{Title: pack.Name, Section: "rules"}, ID: pack.ID, From: words.FullDay(pack.ValidFrom), Put: putWords(words, pack.ID, kept), Open: open[pack.ID],
		Keeper: kit.OfficerOf(r).Has(proposal.Admin), Copy: beginPath(pack.ID), Follows: pack.Profile == bureau.Profile && !rulepack.General(pack.Profile),
		Source: sourceOf(pack.ID, kept), Wrong: wrong,
	}
	if own >= 0 && p.Keeper && today.Before(pack.ValidFrom) {
		p.Withdraw = rulesPath(id) + "/withdraw"
	}
	if pack.Profile == bureau.Profile {
		p.State = stateWords(words, packs, pack, idOfNow(packs, bureau, today), today)
		p.Parts = rulesInWords(words, pack, bureau)
	} else { // as it stands: what another place says of itself is not the bureau's
		p.Parts = rulesInWords(words, pack, proposal.Bureau{Assemblies: bureau.Assemblies})
	}
	return s.Render(w, r, status, p)
}

// sourceOf is the file of a pack.
func sourceOf(id string, kept []store.KeptRules) string {
	if i := slices.IndexFunc(kept, func(k store.KeptRules) bool { return k.ID == id }); i >= 0 {
		return kept[i].Source
	}
	source, _ := rulepack.BuiltInSource(id)
	return source
}
