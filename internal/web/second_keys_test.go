package web

import (
	"slices"

	"github.com/banli/banli/internal/identity"
	"github.com/banli/banli/internal/store"
)

// secondKeys are the words of second factors, and of what is swept, that no page names as they stand.
func secondKeys() []string {
	return slices.Concat(
		family("second.way.", []identity.Way{identity.App, identity.Passkey, identity.Recovery}), family("changes.factor.", []string{"added", "removed", "used", "reset"}),
		family("changes.came.", []store.LoginEvent{store.NotProved, store.CodesRest}), family("changes.part.", []string{"factor", "way", "second_factor", "swept_refused", "swept_mails", "swept_reports", "swept_links", "swept_sessions"}),
		suffixed([]string{"refusal.no_second"}, ".title"), suffixed([]string{"refusal.no_second"}, ".text"),
		[]string{"changes.factor", "changes.retention", "form.setup.second_factor", "form.second_app.app_code", "form.passkey.key_name"},
	)
}
