package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// proxiesPage is who covers for whom (代理, 委派): a form for one's own leave, and what was agreed.
type proxiesPage struct {
	Frame
	Form   *Form
	Others bool // the officer may do it for others
	Groups []ProxyGroup
}

func (*proxiesPage) template() string { return "proxies.html" }

// ProxyGroup is the proxies under one heading, the message proxy.group.<Key>.
type ProxyGroup struct {
	Key  string
	Rows []ProxyRow
}

// ProxyRow is one proxy in words.
type ProxyRow struct {
	Who, For, Days, What, CasePath, Reason, Made string
	Revoked                                      string
	Revoke                                       string // where revoking is posted; empty if it is over or not the officer's to revoke
}

// keepsProxies: the liaison and the administrator keep them for whoever cannot.
func keepsProxies(who *store.Person) bool {
	return who.Has(proposal.Liaison) || who.Has(proposal.Admin)
}

// proxiesList draws the page. ?case= and a case's id opens the form for that case (委派).
func (s *Server) proxiesList(w http.ResponseWriter, r *http.Request) error {
	form, err := s.newProxyForm(r, nil)
	if err != nil {
		return err
	}
	if id := r.URL.Query().Get("case"); id != "" {
		f, err := s.openCase(r.Context(), id, officerOf(r))
		if err != nil {
			return err
		}
		form.values.Set("case", f.Key.Number)
		form.values.Set("case_id", f.CaseID)
	}
	return s.renderProxies(w, r, http.StatusOK, form)
}

func (s *Server) renderProxies(w http.ResponseWriter, r *http.Request, status int, form *Form) error {
	who, words := officerOf(r), s.words(r)
	p := &proxiesPage{Frame: Frame{Title: words.T("proxy.title"), Section: "proxies"}, Form: form, Others: keepsProxies(who)}
	all, heads, err := s.proxiesFor(r.Context(), who)
	if err != nil {
		return err
	}
	today := calendar.DateOf(s.Now())
	for _, key := range proxyGroups {
		group := ProxyGroup{Key: key}
		for _, proxy := range all {
			if groupOfProxy(proxy, who.ID, today) == key {
				row := proxyRow(words, proxy, heads[proxy.CaseID], who, today)
				row.Made = words.T("proxy.made", "Who", s.personName(r, proxy.MadeBy), "When", words.Moment(proxy.MadeAt))
				group.Rows = append(group.Rows, row)
			}
		}
		if len(group.Rows) > 0 {
			p.Groups = append(p.Groups, group)
		}
	}
	return s.render(w, r, status, p)
}

// proxiesFor are those that the officer gave or holds, or everybody's for those who keep them, and the cases they are for.
func (s *Server) proxiesFor(ctx context.Context, who *store.Person) ([]store.Proxy, map[string]store.CaseHead, error) {
	person := who.ID
	if keepsProxies(who) {
		person = ""
	}
	all, err := s.Store.Proxies(ctx, person)
	if err != nil {
		return nil, nil, err
	}
	var cases []string
	for _, p := range all {
		cases = append(cases, p.CaseID)
	}
	heads, err := s.Store.CaseHeads(ctx, cases)
	return all, heads, err
}

// proxyGroups in the order of the page: what runs now or will, mine first.
var proxyGroups = []string{"given", "held", "others", "past"}

func groupOfProxy(p store.Proxy, me proposal.PersonID, today calendar.Date) string {
	switch {
	case proxyOver(p, today):
		return "past"
	case p.Principal == me:
		return "given"
	case p.Proxy == me:
		return "held"
	}
	return "others"
}

func proxyOver(p store.Proxy, today calendar.Date) bool {
	return !p.RevokedAt.IsZero() || p.To.Before(today)
}

func proxyRow(w *words, p store.Proxy, of store.CaseHead, who *store.Person, today calendar.Date) ProxyRow {
	row := ProxyRow{
		Who: w.Name(p.ProxyName), For: w.Name(p.PrincipalName), Days: w.T("proxy.days", "From", w.Date(p.From), "To", w.Date(p.To)),
		What: w.T("proxy.all_cases"), Reason: p.Reason,
	}
	if p.CaseID != "" {
		row.What, row.CasePath = w.number(of.Key), "/cases/"+p.CaseID
	}
	if !p.RevokedAt.IsZero() {
		row.Revoked = w.T("proxy.ended", "When", w.Moment(p.RevokedAt))
	}
	if !proxyOver(p, today) && (p.Principal == who.ID || keepsProxies(who)) {
		row.Revoke = "/proxies/" + p.ID + "/revoke"
	}
	return row
}

// newProxyForm is the form, empty or with what was typed.
func (s *Server) newProxyForm(r *http.Request, typed url.Values) (*Form, error) {
	words, who := s.words(r), officerOf(r)
	people, err := s.Store.People(r.Context())
	if err != nil {
		return nil, err
	}
	form := &Form{
		Kind: "proxy", Path: "/proxies", ActionID: newActionID(), Do: words.T("do.proxy"), After: words.T("after.proxy"),
		words: words, values: typed, options: map[string][]Choice{},
	}
	if typed == nil {
		form.values = url.Values{}
		form.values.Set("principal", string(who.ID))
		form.values.Set("from", calendar.DateOf(s.Now()).String())
	}
	for _, p := range people {
		if !p.Active {
			continue
		}
		choice := Choice{Value: string(p.ID), Name: words.T("proxy.person", "Name", words.Name(p.Name), "Division", words.Name(p.DivisionName))}
		form.options["principal"] = append(form.options["principal"], choice)
		if p.ID != who.ID || keepsProxies(who) {
			form.options["proxy"] = append(form.options["proxy"], choice)
		}
	}
	return form, nil
}
