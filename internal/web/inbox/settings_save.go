package inbox

import (
	"net/http"
	"slices"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// SettingsSave keeps what the officer chose. A time that is none is said beside its field; the rest stays as it was typed.
func (s *Room) SettingsSave(w http.ResponseWriter, r *http.Request) error {
	words, who, typed := s.Words(r), kit.OfficerOf(r), r.PostForm
	chosen := store.Settings{
		Channels: map[proposal.NoticeKind]store.Channel{}, Digest: typed.Get("digest") != "", Quiet: typed.Get("quiet") != "",
		Language: locale.Chinese, DigestAt: store.DigestAt,
	}
	if typed.Get("language") == locale.English {
		chosen.Language = locale.English
	}
	if brief := proposal.Briefing(typed.Get("brief")); slices.Contains(proposal.Briefings, brief) {
		chosen.Brief = brief
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
	if err := s.store.SaveSettings(r.Context(), who.ID, chosen); err != nil {
		return err
	}
	if err := s.KeepDisplay(w, r, kit.ReadersDisplay(r), typed); err != nil {
		return err
	}
	s.Flash(r, words.T("settings.saved"))
	http.Redirect(w, r, "/settings", http.StatusSeeOther)
	return nil
}
