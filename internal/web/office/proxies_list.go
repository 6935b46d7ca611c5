package office

import (
	"context"
	"net/http"
	"net/url"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// proxiesPage is who covers for whom (代理, 委派): a form for one's own leave, and what was agreed.
type proxiesPage struct {
	kit.Frame
	Form   *kit.Form
	Others bool // the officer may do it for others
	Groups []ProxyGroup
}

func (*proxiesPage) Template() string { return "proxies.html" }

// ProxyGroup is the proxies under one heading, the message proxy.group.<Key>.
type ProxyGroup struct {
	Key  string
	Rows []ProxyRow
}

// ProxyRow is one proxy in words.
type ProxyRow struct {
	Who, For, Days, What, CasePath, Reason, Made string
	Revoked, Waits, Confirmed                    string
	Confirm                                      string // where confirming is posted; empty if it is in force or not the officer's to confirm
	Revoke                                       string // where revoking is posted; empty if it is over or not the officer's to revoke
}

// ProxiesList draws the page. ?case= and a case's id opens the form for that case (委派), ?principal= for somebody who is away.
func (s *Room) ProxiesList(w http.ResponseWriter, r *http.Request) error {
	form, err := s.newProxyForm(r, nil)
	if err != nil {
		return err
	}
	if id := r.URL.Query().Get("case"); id != "" {
		f, err := s.OpenCase(r.Context(), id, kit.OfficerOf(r))
		if err != nil {
			return err
		}
		form.Values.Set("case", f.Key.Number)
		form.Values.Set("case_id", f.CaseID)
	}
	if away := r.URL.Query().Get("principal"); away != "" && kit.KeepsProxies(kit.OfficerOf(r)) {
		form.Values.Set("principal", away)
	}
	return s.renderProxies(w, r, http.StatusOK, form)
}

func (s *Room) renderProxies(w http.ResponseWriter, r *http.Request, status int, form *kit.Form) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	p := &proxiesPage{Frame: kit.Frame{Title: words.T("proxy.title"), Section: "proxies"}, Form: form, Others: kit.KeepsProxies(who)}
	all, heads, err := s.proxiesFor(r.Context(), who)
	if err != nil {
		return err
	}
	today := calendar.DateOf(s.Now())
	for _, key := range ProxyGroups {
		group := ProxyGroup{Key: key}
		for _, proxy := range all {
			if groupOfProxy(proxy, who.Person, today) == key {
				row := proxyRow(words, proxy, heads[proxy.CaseID], who, today)
				row.Made = words.T("proxy.made", "Who", s.PersonName(r, proxy.MadeBy), "When", words.Moment(proxy.MadeAt))
				if !proxy.ConfirmedAt.IsZero() && proxy.ConfirmedBy != proxy.MadeBy {
					row.Confirmed = words.T("proxy.confirmed", "Who", s.PersonName(r, proxy.ConfirmedBy), "When", words.Moment(proxy.ConfirmedAt))
				}
				group.Rows = append(group.Rows, row)
			}
		}
		if len(group.Rows) > 0 {
			p.Groups = append(p.Groups, group)
		}
	}
	return s.Render(w, r, status, p)
}

// proxiesFor are those that the officer gave or holds, or everybody's for those who keep them, and the cases they are for.
func (s *Room) proxiesFor(ctx context.Context, who *store.Person) ([]store.Proxy, map[string]store.CaseHead, error) {
	person := who.ID
	if kit.KeepsProxies(who) {
		person = ""
	}
	all, err := s.store.Proxies(ctx, person)
	if err != nil {
		return nil, nil, err
	}
	var cases []string
	for _, p := range all {
		cases = append(cases, p.CaseID)
	}
	heads, err := s.store.CaseHeads(ctx, cases)
	return all, heads, err
}

// ProxyGroups in the order of the page: what runs now or will, mine first.
var ProxyGroups = []string{"unconfirmed", "given", "held", "others", "past"}

func groupOfProxy(p store.Proxy, me proposal.Person, today calendar.Date) string {
	switch {
	case casefile.ProxyOver(p, today):
		return "past"
	case mayConfirm(p, me):
		return "unconfirmed"
	case p.Principal == me.ID:
		return "given"
	case p.Proxy == me.ID:
		return "held"
	}
	return "others"
}

func mayConfirm(p store.Proxy, me proposal.Person) bool {
	return p.ConfirmedAt.IsZero() && me.MayConfirmCover(p.Principal, p.Proxy, p.MadeBy) == nil
}

func proxyRow(w *locale.Words, p store.Proxy, of store.CaseHead, who *store.Person, today calendar.Date) ProxyRow {
	row := ProxyRow{
		Who: w.Name(p.ProxyName), For: w.Name(p.PrincipalName), Days: w.T("proxy.days", "From", w.Date(p.From), "To", w.Date(p.To)),
		What: w.T("proxy.all_cases"), Reason: p.Reason,
	}
	if p.CaseID != "" {
		row.What, row.CasePath = w.Number(of.Key), "/cases/"+p.CaseID
	}
	if !p.RevokedAt.IsZero() {
		row.Revoked = w.T("proxy.ended", "When", w.Moment(p.RevokedAt))
	}
	if !casefile.ProxyOver(p, today) && p.ConfirmedAt.IsZero() {
		row.Waits = w.T("proxy.waits")
		if mayConfirm(p, who.Person) {
			row.Confirm = "/proxies/" + p.ID + "/confirm"
		}
	}
	if !casefile.ProxyOver(p, today) && (p.Principal == who.ID || kit.KeepsProxies(who)) {
		row.Revoke = "/proxies/" + p.ID + "/revoke"
	}
	return row
}

// newProxyForm is the form, empty or with what was typed.
func (s *Room) newProxyForm(r *http.Request, typed url.Values) (*kit.Form, error) {
	words, who := s.Words(r), kit.OfficerOf(r)
	people, err := s.store.People(r.Context())
	if err != nil {
		return nil, err
	}
	form := &kit.Form{
		Kind: "proxy", Path: "/proxies", ActionID: kit.NewActionID(), Do: words.T("do.proxy"), After: words.T("after.proxy"),
		Words: words, Values: typed, Choices: map[string][]kit.Choice{},
	}
	if typed == nil {
		form.Values = url.Values{}
		form.Values.Set("principal", string(who.ID))
		form.Values.Set("from", calendar.DateOf(s.Now()).String())
	}
	for _, p := range people {
		choice := kit.Choice{Value: string(p.ID), Name: words.T("proxy.person", "Name", words.Name(p.Name), "Division", words.Name(p.DivisionName))}
		if !p.Active { // who has left can be covered for, and covers for nobody
			choice.Name = words.T("proxy.left", "Name", words.Name(p.Name))
		}
		form.Choices["principal"] = append(form.Choices["principal"], choice)
		if p.Active && p.ID != who.ID {
			form.Choices["proxy"] = append(form.Choices["proxy"], choice)
		}
	}
	return form, nil
}
