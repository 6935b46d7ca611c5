package admin

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/identity"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// secondFactorPage is by what somebody proves who they are beside the password, and where they change that.
type secondFactorPage struct {
	kit.Frame
	Must   bool // the bureau asks it of them, and they have none yet
	App    *FactorRow
	CanApp bool // there is a file of keys, without which no secret of an app is kept
	Keys   []FactorRow
	Make   string // what the browser is asked that makes a passkey; "": none can be made at this address
	Codes  int    // recovery codes left
	Has    bool
	Form   *kit.Form // of a passkey

	Provider string // the house's own provider of logins; "" if there is none
	There    string // who they are there, in words; "" if that is not known
	Stands   bool   // their second factor there counts here, at a signature too
	Unlinked string // why it is not, if they have just tried to link it
}

func (*secondFactorPage) Template() string { return "second_factor.html" }

// FactorRow is an app or a passkey.
type FactorRow struct {
	Name, Says string
	Remove     string // where it is taken away
}

// SecondFactorShow draws the page.
func (s *Room) SecondFactorShow(w http.ResponseWriter, r *http.Request) error {
	return s.renderSecondFactor(w, r, http.StatusOK, nil, nil)
}

func (s *Room) renderSecondFactor(w http.ResponseWriter, r *http.Request, status int, typed url.Values, wrong []kit.FieldMessage) error {
	words, who := s.Words(r), kit.OfficerOf(r)
	factors, err := s.store.Factors(r.Context(), who.ID)
	if err != nil {
		return err
	}
	p := &secondFactorPage{
		Frame: kit.Frame{Title: words.T("second.page"), Section: "settings"}, CanApp: s.store.KeepsSecrets(), Has: who.SecondFactor,
		Must: s.MustEnrol(r, who),
		Form: &kit.Form{Kind: "passkey", Path: kit.SecondFactorPath + "/passkeys", Words: words, Values: typed, Wrong: wrong},
	}
	for _, f := range factors {
		row := FactorRow{Name: f.Name, Says: words.T("second.added", "When", words.Moment(f.AddedAt)), Remove: kit.SecondFactorPath + "/" + f.ID + "/remove"}
		if !f.UsedAt.IsZero() {
			row.Says += words.T("second.used", "When", words.Moment(f.UsedAt))
		}
		switch f.Way {
		case identity.App:
			p.App = &row
		case identity.Passkey:
			p.Keys = append(p.Keys, row)
		case identity.Recovery:
			p.Codes++
		}
	}
	if p.Provider = s.ProviderName(r); p.Provider != "" {
		there, err := s.store.AtProvider(r.Context(), who.ID)
		if err != nil {
			return err
		}
		p.There, p.Stands, p.Unlinked = thereWords(words, there), s.ProvesThere(r, who, true), s.TakeUnlinked(r)
	}
	passkeys, err := s.Passkeys(r)
	switch {
	case errors.Is(err, identity.ErrNoPasskeys):
	case err != nil:
		return err
	default:
		ask, kept, err := passkeys.MakeBegin(kit.HolderOf(words, who, factors))
		if err != nil {
			return err
		}
		p.Make = ask
		s.KeepAsked(r, kept)
	}
	return s.Render(w, r, status, p)
}

// appPage shows the secret of a new app once, and asks for a code of it.
type appPage struct {
	kit.Frame
	Secret string // in groups of four
	Sealed string
	Code   kit.QRCode
	Form   *kit.Form
}

func (*appPage) Template() string { return "second_app.html" }

// AppNew makes a secret and shows it.
func (s *Room) AppNew(w http.ResponseWriter, r *http.Request) error {
	sealed, err := s.store.SealSecret(kit.OfficerOf(r).ID, identity.NewSecret())
	if err != nil {
		return err
	}
	return s.renderApp(w, r, http.StatusOK, sealed, nil)
}

func (s *Room) renderApp(w http.ResponseWriter, r *http.Request, status int, sealed []byte, wrong []kit.FieldMessage) error {
	words, who := s.Words(r), kit.OfficerOf(r)
	secret, err := s.store.OpenSecret(who.ID, sealed)
	if err != nil {
		return kit.ErrNotFound // made up, or of somebody else
	}
	bureau, err := s.store.Bureau(r.Context(), calendar.Date{})
	if err != nil {
		return err
	}
	p := &appPage{
		Frame: kit.Frame{Title: words.T("second.app_new"), Section: "settings"}, Sealed: base64.RawURLEncoding.EncodeToString(sealed),
		Form: &kit.Form{Kind: "second_app", Path: kit.SecondFactorPath + "/app/confirm", Words: words, Wrong: wrong},
	}
	for rest := secret; rest != ""; rest = rest[min(4, len(rest)):] {
		p.Secret += rest[:min(4, len(rest))] + " "
	}
	if p.Code, err = kit.NewQRCode(identity.Address(secret, words.T("brand")+" "+bureau.Short, who.Login)); err != nil {
		return err
	}
	return s.Render(w, r, status, p)
}

// AppConfirm keeps the app when it shows the right code.
func (s *Room) AppConfirm(w http.ResponseWriter, r *http.Request) error {
	words, who := s.Words(r), kit.OfficerOf(r)
	sealed, err := base64.RawURLEncoding.DecodeString(r.PostForm.Get("sealed"))
	if err != nil {
		return kit.ErrNotFound
	}
	secret, err := s.store.OpenSecret(who.ID, sealed)
	if err != nil {
		return kit.ErrNotFound
	}
	step, ok := identity.Step(secret, r.PostForm.Get("app_code"), s.Now())
	if !ok {
		return s.renderApp(w, r, http.StatusUnprocessableEntity, sealed, []kit.FieldMessage{{Field: "app_code", Text: words.T("second.app_code_wrong")}})
	}
	return s.changeFactors(w, r, words.T("second.flash_app"), func(e *store.Edit) error { return e.AddApp(r.Context(), who.ID, sealed, step) })
}

// PasskeyCreate keeps the passkey that the browser has made.
func (s *Room) PasskeyCreate(w http.ResponseWriter, r *http.Request) error {
	words, who := s.Words(r), kit.OfficerOf(r)
	name := strings.TrimSpace(r.PostForm.Get("key_name"))
	wrong := func(field, text string) error {
		return s.renderSecondFactor(w, r, http.StatusUnprocessableEntity, r.PostForm, []kit.FieldMessage{{Field: field, Text: text}})
	}
	switch {
	case name == "":
		return wrong("key_name", words.T("field.required"))
	case utf8.RuneCountInString(name) > proposal.MaxLine:
		return wrong("key_name", words.T("field.too_long", "Max", proposal.MaxLine))
	}
	factors, err := s.store.Factors(r.Context(), who.ID)
	if err != nil {
		return err
	}
	passkeys, err := s.Passkeys(r)
	if err != nil {
		return kit.ErrNotFound // no browser that knows passkeys sends one here
	}
	id, key, err := passkeys.MakeEnd(kit.HolderOf(words, who, factors), s.TakeAsked(r), r.PostForm.Get("second_made"))
	if err != nil {
		s.Log.InfoContext(r.Context(), "a passkey was not taken", "person", who.ID, "err", err)
		return wrong("key_name", words.T("second.make_wrong"))
	}
	return s.changeFactors(w, r, words.T("second.flash_key", "Name", name), func(e *store.Edit) error { return e.AddPasskey(r.Context(), who.ID, name, id, key) })
}

// FactorRemove takes an app or a passkey away.
func (s *Room) FactorRemove(w http.ResponseWriter, r *http.Request) error {
	return s.changeFactors(w, r, s.Words(r).T("second.flash_removed"), func(e *store.Edit) error {
		return e.RemoveFactor(r.Context(), kit.OfficerOf(r).ID, r.PathValue("factor"))
	})
}

// codesPage shows recovery codes: once.
type codesPage struct {
	kit.Frame
	Login string
	Codes []string
}

func (*codesPage) Template() string { return "second_codes.html" }

// CodesRenew makes recovery codes in the place of the old ones.
func (s *Room) CodesRenew(w http.ResponseWriter, r *http.Request) error {
	who := kit.OfficerOf(r)
	if !who.SecondFactor {
		return kit.ErrNotFound
	}
	var codes []string
	err := s.store.Edit(r.Context(), who.ID, func(e *store.Edit) (err error) {
		codes, err = e.RenewRecoveryCodes(r.Context(), who.ID)
		return err
	})
	if err != nil {
		return err
	}
	return s.renderCodes(w, r, codes)
}

func (s *Room) renderCodes(w http.ResponseWriter, r *http.Request, codes []string) error {
	return s.Render(w, r, http.StatusOK, &codesPage{
		Frame: kit.Frame{Title: s.Words(r).T("second.codes"), Section: "settings"}, Login: kit.OfficerOf(r).Login, Codes: codes,
	})
}

// changeFactors changes by what the officer proves who they are. This session goes on, all others of theirs are over. With the first that they get they are
// shown recovery codes.
func (s *Room) changeFactors(w http.ResponseWriter, r *http.Request, flash string, change func(*store.Edit) error) error {
	who := kit.OfficerOf(r)
	var codes []string
	err := s.store.Edit(r.Context(), who.ID, func(e *store.Edit) (err error) {
		if err = change(e); err == nil && !who.SecondFactor {
			codes, err = e.RenewRecoveryCodes(r.Context(), who.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	now, err := s.store.Person(r.Context(), who.ID)
	if err != nil {
		return err
	}
	if err := s.BeginSession(r, &now); err != nil {
		return err
	}
	s.Flash(r, flash)
	if codes != nil {
		return s.renderCodes(w, r.WithContext(kit.WithOfficer(r.Context(), &now)), codes)
	}
	http.Redirect(w, r, kit.SecondFactorPath, http.StatusSeeOther)
	return nil
}

// FactorsReset takes away what somebody has lost. They get a notice, and their sessions are over.
func (s *Room) FactorsReset(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	one, err := s.store.Person(r.Context(), proposal.PersonID(r.PathValue("person")))
	if err != nil {
		return err
	}
	if one.ID == who.ID { // they have a page for it, which asks them to prove who they are
		return kit.ErrNotFound
	}
	if err := s.store.Edit(r.Context(), who.ID, func(e *store.Edit) error { return e.ResetFactors(r.Context(), one.ID) }); err != nil {
		return err
	}
	s.Flash(r, s.Words(r).T("second.flash_reset", "Name", s.Words(r).Name(one.Name)))
	http.Redirect(w, r, "/people/"+string(one.ID), http.StatusSeeOther)
	return nil
}
