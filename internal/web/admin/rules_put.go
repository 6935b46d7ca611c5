package admin

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// rulesPutPage is a rule pack before it is put in force: its file, what is wrong with it, or what it would change.
type rulesPutPage struct {
	kit.Frame
	From    string // id of the pack that it is compared with
	Source  string
	Form    *RulesForm
	Rows    int // of the field with the file
	Wrong   []RulesFault
	Looked  string // of a sound file, by which it is known that this very text was looked at; "" for none
	Against string // the name of the pack that it is compared with
	First   string // its first day
	Follows string // the rules that the bureau would leave for it, in words; "" if it follows them already
	Changes []RuleChange
	New     []WhatIfRow // kinds of case for which something would be different from the first day on
	Open    int         // unfinished cases
	Touched int         // those for which something would be different
	Counts  []string
	Cases   []WhatIfRow
	Hidden  int // of those touched, the ones that are too many to list
}

func (*rulesPutPage) Template() string { return "rules_put.html" }

// RulesFault is one thing that is wrong with a file.
type RulesFault struct {
	Line int
	Text string // of the line
	Path string
	Said string // what is wrong, in words
}

// WhatIfRow is an unfinished case, or a kind of new case, and what would be different for it.
type WhatIfRow struct {
	Number        string // of a kind: its name
	Path, Subject string // "" for a case that is not for this officer's eyes
	Effects       []string
}

// RulesNew draws the page with the beginning of a file: one that follows the bureau's own rules, or a copy of others.
func (s *Room) RulesNew(w http.ResponseWriter, r *http.Request) error {
	if _, err := keeper(r); err != nil {
		return err
	}
	from, ok := s.store.Pack(r.URL.Query().Get("from"))
	if !ok {
		return kit.ErrNotFound
	}
	bureau, err := s.store.Bureau(r.Context(), calendar.Date{})
	if err != nil {
		return err
	}
	kept, err := s.store.KeptRules(r.Context())
	if err != nil {
		return err
	}
	packs, first := s.store.Packs(), latest(calendar.DateOf(s.Now()), from.ValidFrom).AddDays(1)
	head := rulepack.Head{Profile: from.Profile, Name: from.Name, ValidFrom: first, Note: s.Words(r).T("rules.begin", "Name", from.Name)}
	if from.Profile != bureau.Profile || rulepack.General(from.Profile) {
		head.Profile, head.Name = ownProfile, s.Words(r).T("rules.own_name", "Bureau", bureau.Name)
	}
	var before []string
	for _, k := range kept {
		before = append(before, k.ID)
	}
	head.ID = packs.NextID(head.Profile, before)
	var source string
	if from.Profile == head.Profile || rulepack.General(from.Profile) {
		source, err = rulepack.Following(from, head)
	} else {
		source, err = rulepack.Copied(sourceOf(from.ID, kept), head)
	}
	if err != nil {
		return err
	}
	p := &rulesPutPage{From: from.ID, Source: source}
	if err := s.fill(s.Words(r), p, url.Values{}); err != nil {
		return err
	}
	return s.renderRulesPut(w, r, http.StatusOK, p)
}

// ownProfile is the profile of rules that a bureau copies for itself.
const ownProfile = "own"

// RulesPut writes what was typed into the form into the file and looks at it, or puts it in force if this very text was looked at.
func (s *Room) RulesPut(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	words := s.Words(r)
	p := &rulesPutPage{From: r.PostForm.Get("from"), Source: strings.ReplaceAll(r.PostForm.Get("source"), "\r\n", "\n")}
	looked := lookedAt(p.Source)
	if err := s.fill(words, p, r.PostForm); err != nil {
		return err
	}
	if len(p.Wrong) > 0 || len(p.Form.Wrong) > 0 {
		return s.renderRulesPut(w, r, http.StatusUnprocessableEntity, p)
	}
	put := r.PostForm.Get("do") == "put" && r.PostForm.Get("looked") == looked && lookedAt(p.Source) == looked
	var pack *proposal.Pack
	if put {
		pack, err = s.store.PutRules(r.Context(), who.ID, p.Source)
	} else {
		pack, err = s.store.TryRules(r.Context(), p.Source)
	}
	if wrong := rulepack.Errors(nil); errors.As(err, &wrong) {
		p.Wrong = faults(words, wrong, p.Source)
		return s.renderRulesPut(w, r, http.StatusUnprocessableEntity, p)
	} else if err != nil {
		return err
	}
	if put {
		s.Flash(r, words.T("flash.rules", "Name", pack.Name, "Day", words.FullDay(pack.ValidFrom)))
		http.Redirect(w, r, rulesPath(pack.ID), http.StatusSeeOther)
		return nil
	}
	p.Looked = lookedAt(p.Source)
	if err := s.compare(r, p, pack); err != nil {
		return err
	}
	return s.renderRulesPut(w, r, http.StatusOK, p)
}

// fill draws the form anew after what was typed into it went into the file. Where that cannot be, the form keeps what was typed.
func (s *Room) fill(words *locale.Words, p *rulesPutPage, typed url.Values) error {
	drawn, err := url.ParseQuery(typed.Get("drawn"))
	if err != nil {
		drawn = url.Values{}
	}
	pack, err := rulepack.Parse([]byte(p.Source), s.store.Packs())
	if wrong := rulepack.Errors(nil); errors.As(err, &wrong) {
		from, ok := s.store.Pack(p.From)
		if !ok {
			return kit.ErrNotFound
		}
		p.Wrong, p.Form = faults(words, wrong, p.Source), rulesForm(words, from, typed, drawn, nil)
		return nil
	}
	source, wrong, err := filled(words, p.Source, pack, typed, drawn)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		p.Form = rulesForm(words, pack, typed, drawn, wrong)
		return nil
	}
	p.Source = source
	now, err := rulepack.Parse([]byte(p.Source), s.store.Packs())
	if wrong := rulepack.Errors(nil); errors.As(err, &wrong) { // what was typed makes no rules; it stands in the file now
		p.Wrong, p.Form = faults(words, wrong, p.Source), rulesForm(words, pack, typed, typed, nil)
		return nil
	}
	p.Form = rulesForm(words, now, rulesTyped(now), rulesTyped(now), nil)
	return nil
}

// lookedAt stands for a text.
func lookedAt(source string) string {
	sum := sha256.Sum256([]byte(source))
	return hex.EncodeToString(sum[:])
}

func (s *Room) renderRulesPut(w http.ResponseWriter, r *http.Request, status int, p *rulesPutPage) error {
	p.Frame = kit.Frame{Title: s.Words(r).T("rules_put.title"), Section: "rules"}
	p.Rows = min(max(12, strings.Count(p.Source, "\n")+2), 40)
	return s.Render(w, r, status, p)
}

// faults are what is wrong with a file, in words.
func faults(w *locale.Words, wrong rulepack.Errors, source string) (said []RulesFault) {
	lines := strings.Split(source, "\n")
	for _, e := range wrong {
		f := RulesFault{Line: e.Line, Path: e.Path, Said: w.RulesFault(e)}
		if e.Line <= len(lines) {
			f.Text = strings.TrimSpace(lines[e.Line-1])
		}
		said = append(said, f)
	}
	return said
}

// casesShown bounds the list of cases.
const casesShown = 200

// compare says what would be different under a pack than under the one that the bureau follows now, and for which cases.
func (s *Room) compare(r *http.Request, p *rulesPutPage, pack *proposal.Pack) error {
	words, ctx := s.Words(r), r.Context()
	bureau, err := s.store.Bureau(ctx, calendar.Date{})
	if err != nil {
		return err
	}
	packs := s.store.Packs()
	p.First = words.FullDay(pack.ValidFrom)
	if against, ok := packs.For(bureau.Profile, latest(pack.ValidFrom.AddDays(-1), calendar.DateOf(s.Now()))); ok {
		p.Against = against.Name
		p.Changes = ruleChanges(words, rulesInWords(words, against, bureau), rulesInWords(words, pack, bureau))
		if bureau.Profile != pack.Profile {
			p.Follows = against.Name
		}
		kinds, err := s.store.WhatIfNew(ctx, against, pack)
		if err != nil {
			return err
		}
		for i, k := range kinds {
			if i > 0 && kinds[i-1].Body == k.Body && slices.Equal(kinds[i-1].Effects, k.Effects) { // in the session and between two the same
				p.New[len(p.New)-1].Number = words.T("rules.kind." + string(k.Body))
				continue
			}
			row := WhatIfRow{Number: words.T("rules_put.kind", "Body", words.T("rules.kind."+string(k.Body)), "When", words.T(fmt.Sprintf("rules.intersession.%t", k.Intersession)))}
			for _, e := range k.Effects {
				row.Effects = append(row.Effects, effectWords(words.About(k.Body), e))
			}
			p.New = append(p.New, row)
		}
	}
	cases, open, err := s.store.WhatIf(ctx, pack)
	if err != nil {
		return err
	}
	p.Open, p.Touched, p.Counts = open, len(cases), effectCounts(words, cases)
	p.Hidden = max(0, len(cases)-casesShown)
	cases = cases[:len(cases)-p.Hidden]
	var ids []string
	for _, c := range cases {
		ids = append(ids, c.CaseID)
	}
	heads, err := s.store.CaseHeads(ctx, ids)
	if err != nil {
		return err
	}
	for _, c := range cases {
		head := heads[c.CaseID]
		row := WhatIfRow{Number: words.Number(head.Key)}
		if kit.OfficerOf(r).Sees(c.State) {
			row.Path, row.Subject = "/cases/"+c.CaseID, head.Subject
		}
		for _, e := range c.Effects {
			row.Effects = append(row.Effects, effectWords(words.About(head.Key.Body), e))
		}
		p.Cases = append(p.Cases, row)
	}
	return nil
}

func latest(a, b calendar.Date) calendar.Date {
	if a.Before(b) {
		return b
	}
	return a
}

// effectCounts say how many cases each kind of difference would touch, days that come earlier apart from those that come later.
func effectCounts(w *locale.Words, cases []store.WhatIfCase) (said []string) {
	counts := map[string]int{}
	for _, c := range cases {
		for _, e := range c.Effects {
			key := e.What
			if was, err := calendar.ParseDate(e.From); err == nil && isClock(e.What) {
				switch {
				case e.Due.IsZero():
					key += ".gone"
				case e.Due.Before(was):
					key += ".earlier"
				default:
					key += ".later"
				}
			}
			counts[key]++
		}
	}
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		what, way, dated := strings.Cut(key, ".")
		if dated {
			said = append(said, w.T("rules.counted."+way, "Clock", w.T("clock."+what), "N", counts[key]))
		} else {
			said = append(said, w.T("rules.counted", "What", w.T("rules.effect."+what), "N", counts[key]))
		}
	}
	return said
}

func isClock(what string) bool { return slices.Contains(proposal.ClockKinds, proposal.ClockKind(what)) }

// effectWords say what would be different.
func effectWords(w *locale.Words, e proposal.PackEffect) string {
	value := func(of string) string {
		switch {
		case of == "":
			return w.T("rules.nothing")
		case isClock(e.What):
			day, err := calendar.ParseDate(of)
			if err != nil {
				return w.T("rules.nothing")
			}
			return w.FullDay(day)
		case e.What == "signer":
			return w.T("role." + of)
		case e.What == "review":
			var steps []string
			for stage := range strings.SplitSeq(of, ", ") {
				steps = append(steps, w.T("stage."+stage))
			}
			return strings.Join(steps, " → ")
		case e.What == "co_signers":
			return w.T("rules.reach." + of)
		case e.What == "class":
			if class, need, ok := strings.Cut(of, " needs "); ok {
				if need == "nothing" {
					return class
				}
				return class + " " + w.T("rules.needs."+need)
			}
		}
		return of
	}
	what := w.T("rules.effect." + e.What)
	if isClock(e.What) {
		what = w.T("rules.effect.clock", "Clock", w.T("clock."+e.What))
	}
	return w.T("rules.effect", "What", what, "From", value(e.From), "To", value(e.To))
}
