package web

import (
	"slices"

	"github.com/banli/banli/internal/identity"
	"github.com/banli/banli/internal/store"
)

// secondKeys are the words of second factors, and of what is swept, that no page names as they stand.
func secondKeys() []string {
	return slices.Concat(
		family("second.way.", []identity.Way{identity.App, identity.Passkey, identity.Recovery, identity.Provider}), family("changes.factor.", []string{"added", "removed", "used", "reset"}),
		family("changes.came.", []store.LoginEvent{store.NotProved, store.CodesRest}), family("changes.part.", []string{"factor", "way", "second_factor", "swept_refused", "swept_mails", "swept_reports", "swept_links", "swept_sessions"}),
		suffixed([]string{"refusal.no_second"}, ".title"), suffixed([]string{"refusal.no_second"}, ".text"),
		[]string{"changes.factor", "changes.retention", "form.setup.second_factor", "form.second_app.app_code", "form.passkey.key_name"},
	)
}

// providerKeys are the words of logins by the house's own provider that no page names as they stand.
func providerKeys() []string {
	refused := []store.LoginEvent{store.NotThere, store.HasLeft, store.NoGroups, store.OutOfGroups, store.LastStays, store.GroupsMisfit}
	return slices.Concat(
		family("login.", refused), family("login.", []string{"provider_wrong", "provider_away", "provider_refused"}), []string{"second.provider_wrong"},
		family("changes.came.", append(refused, store.NotConfirmed, store.EndedThere)),
		family("changes.provider.", []string{"expected", "linked", "removed", "made", "followed", "closed"}),
		family("changes.part.", []string{"did", "username", "login_name", "login_name_en", "login_groups", "login_makes_accounts", "login_factors", "login_no_passwords"}),
		family("form.setup.", []string{"login_name", "login_name_en", "groups", "makes_accounts", "factors", "no_passwords"}),
		[]string{"changes.provider", "form.person.username"},
	)
}
