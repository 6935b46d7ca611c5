package office

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"unicode/utf8"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// proxyInput is what the form of a proxy says.
type proxyInput struct {
	Principal proposal.PersonID `json:"principal"` // who is away; empty: who is logged in
	Proxy     proposal.PersonID `json:"proxy"`
	From      calendar.Date     `json:"from"`
	To        calendar.Date     `json:"to"`
	Case      string            `json:"case"`    // its number; empty: every case
	CaseID    string            `json:"case_id"` // of the page from which the form was opened
	Reason    string            `json:"reason"`
}

// ProxyCreate enters a proxy. What is wrong is said beside the field.
func (s *Room) ProxyCreate(w http.ResponseWriter, r *http.Request) error {
	who := kit.OfficerOf(r)
	made, err := s.readProxy(r.Context(), r.PostForm, who)
	if err == nil {
		_, err = s.store.SaveProxy(r.Context(), who.Person, made)
	}
	var refusal *proposal.Refusal
	switch {
	case err == nil:
		words, name := s.Words(r), s.PersonName(r, made.Proxy)
		if made.Principal == who.ID {
			s.Flash(r, words.T("flash.proxy", "Name", name))
		} else {
			s.Flash(r, words.T("flash.proxy_entered", "Name", name))
		}
		http.Redirect(w, r, "/proxies", http.StatusSeeOther)
		return nil
	case !errors.As(err, &refusal) || refusal.Code != proposal.InvalidInput:
		return err
	}
	form, err := s.newProxyForm(r, r.PostForm)
	if err != nil {
		return err
	}
	form.Wrong = kit.FieldWords(s.Words(r), refusal.Fields)
	return s.renderProxies(w, r, http.StatusUnprocessableEntity, form)
}

// readProxy reads the form. The error is a refusal with everything that is wrong in it.
func (s *Room) readProxy(ctx context.Context, typed url.Values, who *store.Person) (store.Proxy, error) {
	in := proxyInput{}
	wrong := kit.DecodeForm(typed, &in)
	if in.Principal == "" {
		in.Principal = who.ID
	}
	if in.Principal != who.ID && !kit.KeepsProxies(who) {
		return store.Proxy{}, &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Liaison}
	}
	for _, f := range in.check(calendar.DateOf(s.Now())) {
		if !slices.ContainsFunc(wrong, func(u proposal.FieldError) bool { return u.Field == f.Field }) {
			wrong = append(wrong, f)
		}
	}
	caseID, code, err := s.caseOfNumber(ctx, in, who)
	if err != nil {
		return store.Proxy{}, err
	}
	if code != "" {
		wrong = append(wrong, proposal.FieldError{Field: "case", Code: code})
	}
	return store.Proxy{
		ID: typed.Get(kit.FieldActionID), Principal: in.Principal, Proxy: in.Proxy, From: in.From, To: in.To, CaseID: caseID, Reason: in.Reason,
	}, kit.InvalidFields(wrong)
}

// check finds what is wrong with the fields by themselves.
func (in proxyInput) check(today calendar.Date) (wrong []proposal.FieldError) {
	add := func(field string, code proposal.FieldCode, day calendar.Date) {
		wrong = append(wrong, proposal.FieldError{Field: field, Code: code, Date: day})
	}
	switch {
	case in.Proxy == "":
		add("proxy", proposal.FieldRequired, today)
	case in.Proxy == in.Principal:
		add("proxy", proposal.FieldMalformed, today)
	}
	if in.From.IsZero() {
		add("from", proposal.FieldRequired, today)
	}
	switch {
	case in.To.IsZero():
		add("to", proposal.FieldRequired, today)
	case !in.From.IsZero() && in.To.Before(in.From):
		add("to", proposal.DayBeforeStart, in.From)
	case in.To.Before(today):
		add("to", proposal.DayInPast, today)
	}
	switch {
	case in.Reason == "":
		add("reason", proposal.FieldRequired, today)
	case utf8.RuneCountInString(in.Reason) > proposal.MaxNote:
		wrong = append(wrong, proposal.FieldError{Field: "reason", Code: proposal.FieldTooLong, Max: proposal.MaxNote})
	}
	return wrong
}

// caseOfNumber finds the open case that the officer means by a number, among those that they see: "" for no number. A number
// that none bears, or several, comes back as what is wrong with the field.
func (s *Room) caseOfNumber(ctx context.Context, in proxyInput, who *store.Person) (id string, wrong proposal.FieldCode, err error) {
	if in.Case == "" {
		return "", "", nil
	}
	wanted := assembly.RegisterKey{Number: in.Case}.Canonical()
	page, err := s.store.SearchCases(ctx, who.Person, store.CaseFilter{Query: wanted.Number, Open: true, Limit: 500})
	if err != nil {
		return "", "", err
	}
	for _, c := range page.Items {
		switch {
		case c.Key.Canonical().Number != wanted.Number, wanted.Intersession && !c.Key.Intersession:
		case c.CaseID == in.CaseID:
			return c.CaseID, "", nil // several may bear the number: it came from this one's page
		case id != "":
			return "", proposal.UnknownValue, nil
		default:
			id = c.CaseID
		}
	}
	if id == "" {
		return "", proposal.FieldMalformed, nil
	}
	return id, "", nil
}

// ProxyRevoke ends a proxy at once.
func (s *Room) ProxyRevoke(w http.ResponseWriter, r *http.Request) error {
	if err := s.store.RevokeProxy(r.Context(), kit.OfficerOf(r).Person, r.PathValue("id")); err != nil {
		return err
	}
	s.Flash(r, s.Words(r).T("flash.proxy_revoked"))
	http.Redirect(w, r, "/proxies", http.StatusSeeOther)
	return nil
}

// ProxyConfirm puts a proxy into force that somebody entered for another (R22).
func (s *Room) ProxyConfirm(w http.ResponseWriter, r *http.Request) error {
	if err := s.store.ConfirmProxy(r.Context(), kit.OfficerOf(r).Person, r.PathValue("id")); err != nil {
		return err
	}
	s.Flash(r, s.Words(r).T("flash.proxy_confirmed"))
	http.Redirect(w, r, "/proxies", http.StatusSeeOther)
	return nil
}
