package web

import (
	"net/http"
	"slices"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// settingsSave keeps what the officer chose. A time that is none is said beside its field; the rest stays as it was typed.
func (s *Server) settingsSave(w http.ResponseWriter, r *http.Request) error {
	words, who, typed := s.words(r), officerOf(r), r.PostForm
	chosen := store.Settings{
		Channels: map[proposal.NoticeKind]store.Channel{}, Digest: typed.Get("digest") != "", Quiet: typed.Get("quiet") != "",
		Language: chinese, DigestAt: store.DigestAt,
	}
	if typed.Get("language") == english {
		chosen.Language = english
	}
	for _, kind := range proposal.NoticeKinds {
		if channel := store.Channel(typed.Get("kind." + string(kind))); slices.Contains(store.Channels(kind), channel) {
			chosen.Channels[kind] = channel
		}
	}
	at, err := time.Parse("15:04", typed.Get("digest_at"))
	if err != nil || at.Minute()%15 != 0 {
		p := &settingsPage{DigestAt: typed.Get("digest_at"), AtError: words.T("settings.digest_at_wrong")}
		return s.renderSettings(w, r, http.StatusUnprocessableEntity, p, chosen, typed)
	}
	chosen.DigestAt = at.Hour()*60 + at.Minute()
	if err := s.Store.SaveSettings(r.Context(), who.ID, chosen); err != nil {
		return err
	}
	if err := s.keepDisplay(w, r, readersDisplay(r), typed); err != nil {
		return err
	}
	s.flash(r, words.T("settings.saved"))
	http.Redirect(w, r, "/settings", http.StatusSeeOther)
	return nil
}
