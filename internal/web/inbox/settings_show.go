package inbox

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// settingsPage is what a person chooses for themselves: how they are told, and how pages are drawn.
type settingsPage struct {
	kit.Frame
	Email       string // "": nobody entered one
	Mail        bool   // the bureau sends mails
	Undelivered []UndeliveredRow
	Kinds       []KindSetting
	Channels    []kit.Choice
	Digest      bool
	DigestAt    string // as typed
	AtError     string
	Briefs      []SettingChoice // of who supervises
	Language    string
	Quiet       bool
	Drawn       []DisplaySetting
}

func (*settingsPage) Template() string { return "settings.html" }

// KindSetting is a kind of notice and how it comes.
type KindSetting struct {
	Kind    proposal.NoticeKind
	Name    string
	Choices []SettingChoice
}

// DisplaySetting is one thing about how pages are drawn.
type DisplaySetting struct {
	Name    string // of the field; its legend is the message settings.<Name>
	Choices []SettingChoice
}

// SettingChoice is one of several values.
type SettingChoice struct {
	Value, Name string
	Chosen      bool
	None        bool // there is no such choice: a gap in the table
}

// UndeliveredRow is a mail that did not arrive, in words.
type UndeliveredRow struct{ When, Who, Words, Answer string }

// SettingsShow draws the page.
func (s *Room) SettingsShow(w http.ResponseWriter, r *http.Request) error {
	chosen, err := s.store.Settings(r.Context(), kit.OfficerOf(r).ID)
	if err != nil {
		return err
	}
	return s.renderSettings(w, r, http.StatusOK, &settingsPage{DigestAt: minuteWords(chosen.DigestAt)}, chosen, nil)
}

func (s *Room) renderSettings(w http.ResponseWriter, r *http.Request, status int, p *settingsPage, chosen store.Settings, typed url.Values) error {
	words, who := s.Words(r), kit.OfficerOf(r)
	p.Frame = kit.Frame{Title: words.T("settings.title"), Section: "settings"}
	p.Email, p.Mail = who.Email, s.mail
	p.Digest, p.Language, p.Quiet = chosen.Digest, chosen.Language, chosen.Quiet
	for _, channel := range Channels {
		p.Channels = append(p.Channels, kit.Choice{Value: string(channel), Name: words.T("settings.channel." + string(channel))})
	}
	for _, kind := range proposal.NoticeKinds {
		p.Kinds = append(p.Kinds, kindSetting(words, kind, chosen.Channel(kind)))
	}
	if who.Oversees() {
		usual, err := s.store.WatchRules(r.Context())
		if err != nil {
			return err
		}
		p.Briefs = []SettingChoice{{Name: words.T("settings.brief_usual", "Words", words.T("brief."+string(usual.Brief))), Chosen: chosen.Brief == ""}}
		for _, one := range proposal.Briefings {
			p.Briefs = append(p.Briefs, SettingChoice{Value: string(one), Name: words.T("brief." + string(one)), Chosen: chosen.Brief == one})
		}
	}
	p.Drawn = displaySettings(words, kit.ReadersDisplay(r), typed)
	of := who.ID
	if who.Has(proposal.Admin) {
		of = ""
	}
	undelivered, err := s.store.Undelivered(r.Context(), of)
	if err != nil {
		return err
	}
	for _, u := range undelivered {
		row := UndeliveredRow{When: words.Moment(u.At), Who: words.Name(u.Name), Words: undeliveredWords(words, u)}
		if who.Has(proposal.Admin) {
			row.Answer = u.Answer
		}
		p.Undelivered = append(p.Undelivered, row)
	}
	return s.Render(w, r, status, p)
}

// Channels in the order of the table.
var Channels = []store.Channel{store.ByInbox, store.ByMail, store.ByDigest, store.Muted}

func kindSetting(w *locale.Words, kind proposal.NoticeKind, chosen store.Channel) KindSetting {
	k := KindSetting{Kind: kind, Name: w.T("notice.kind." + string(kind))}
	allowed := store.Channels(kind)
	for i, channel := range Channels {
		k.Choices = append(k.Choices, SettingChoice{
			Value: string(channel), Name: w.T("settings.channel." + string(channel)), Chosen: channel == chosen, None: i >= len(allowed),
		})
	}
	return k
}

// DisplayFields in the order of the page; the first choice of each is to leave it to the system.
var DisplayFields = []string{"text", "contrast", "theme", "keys"}

func displaySettings(w *locale.Words, d kit.Display, typed url.Values) []DisplaySetting {
	var all []DisplaySetting
	for _, name := range DisplayFields {
		chosen := map[string]string{"text": d.Text, "contrast": d.Contrast, "theme": d.Theme, "keys": d.Keys}[name]
		if typed != nil {
			chosen = typed.Get(name)
		}
		setting := DisplaySetting{Name: name}
		for _, value := range append([]string{""}, kit.DisplayChoices[name]...) {
			word := value
			if word == "" {
				word = "usual"
			}
			setting.Choices = append(setting.Choices, SettingChoice{
				Value: value, Name: w.T("settings." + name + "." + word), Chosen: value == chosen,
			})
		}
		all = append(all, setting)
	}
	return all
}

func undeliveredWords(w *locale.Words, u store.UndeliveredMail) string {
	switch {
	case u.State == store.MailUnsure:
		return w.T("settings.unsure", "Email", u.Email)
	case u.Why == store.MailExpired:
		return w.T("settings.expired", "Email", u.Email)
	}
	return w.T("settings.refused", "Email", u.Email)
}

// minuteWords is a minute of the day as people write it.
func minuteWords(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }
