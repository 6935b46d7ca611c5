package web

import (
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"gopkg.in/yaml.v3"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

//go:embed locale/*.yaml
var localeFiles embed.FS

// Languages of the pages. Chinese is what a reader gets who has not asked for another.
const (
	chinese = "zh"
	english = "en"
)

var languages = []string{chinese, english}

const languageCookie = "language"

// words speaks one language: catalogue messages, dates and times of day.
type words struct {
	lang      string
	localizer *i18n.Localizer
	now       func() time.Time
}

func loadLocales(now func() time.Time) (map[string]*words, error) {
	bundle := i18n.NewBundle(language.Chinese)
	bundle.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	locales := map[string]*words{}
	for _, lang := range languages {
		if err := loadCatalogues(bundle, lang); err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", lang, err)
		}
		locales[lang] = &words{lang: lang, localizer: i18n.NewLocalizer(bundle, lang), now: now}
	}
	return locales, nil
}

// catalogueFiles are the catalogues of a language: zh.yaml, and one for each area of the site, zh-desk.yaml.
func catalogueFiles(lang string) ([]string, error) {
	return fs.Glob(localeFiles, "locale/"+lang+"*.yaml")
}

func loadCatalogues(bundle *i18n.Bundle, lang string) error {
	files, err := catalogueFiles(lang)
	if err != nil {
		return err
	}
	for _, file := range files {
		data, err := localeFiles.ReadFile(file)
		if err != nil {
			return err
		}
		if _, err := bundle.ParseMessageFileBytes(data, lang+".yaml"); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

// language is the reader's choice of language.
func readersLanguage(r *http.Request) string {
	if c, err := r.Cookie(languageCookie); err == nil && c.Value == english {
		return english
	}
	return chinese
}

// words speak the reader's language.
func (s *Server) words(r *http.Request) *words { return s.wordsIn(readersLanguage(r)) }

func (s *Server) wordsIn(language string) *words { return s.locales[language] }

// paperWords are Chinese: what stands on a reply is Chinese in every language of the screens.
func (s *Server) paperWords() *words { return s.wordsIn(chinese) }

// T is the message of a key. Arguments come as name, value pairs; one called N also chooses the plural form.
// A key without a message is a mistake that the tests catch; a reader then sees the key rather than an error page.
func (w *words) T(key string, args ...any) string {
	data := map[string]any{}
	config := &i18n.LocalizeConfig{MessageID: key, TemplateData: data}
	for i := 0; i+1 < len(args); i += 2 {
		name := fmt.Sprint(args[i])
		data[name] = args[i+1]
		if n, ok := args[i+1].(int); ok && name == "N" {
			config.PluralCount = n
		}
	}
	text, err := w.localizer.Localize(config)
	if err != nil && config.PluralCount != nil {
		config.PluralCount = nil // a message with one form for every number
		text, err = w.localizer.Localize(config)
	}
	if err != nil {
		return key
	}
	return text
}

// has reports whether the catalogue of this very language has the key.
func (w *words) has(key string) bool {
	_, tag, err := w.localizer.LocalizeWithTag(&i18n.LocalizeConfig{MessageID: key, TemplateData: map[string]any{}})
	return err == nil && strings.HasPrefix(tag.String(), w.lang)
}

// refusalDetail says beside the words of a refusal what decides: a date, how many attempts.
func (w *words) refusalDetail(refusal *proposal.Refusal) string {
	text := ""
	if own := "refusal." + string(refusal.Code) + ".due"; !refusal.Due.IsZero() && w.has(own) {
		text += w.T(own, "Date", w.Date(refusal.Due))
	}
	if refusal.Need > 0 {
		text += w.T("refusal.too_few_attempts.have", "Have", refusal.Have, "Need", refusal.Need)
	}
	return text
}

// Name is what a person or division is called in this language.
func (w *words) Name(n store.Name) string {
	if w.lang == english && n.EN != "" {
		return n.EN
	}
	return n.ZH
}

// Date is a day as people write it, 4月22日 周三 or Wed 22 Apr, with the year when it is not this one; "" for no date.
func (w *words) Date(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return w.T("date.weekday", "Day", w.Day(d), "Weekday", w.T("weekday."+weekdays[d.Weekday()]))
}

// Day is a day without its weekday: 4月22日, 22 Apr.
func (w *words) Day(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	if d.Year == calendar.DateOf(w.now()).Year {
		return w.T("date.day", "Day", d.Day, "Month", int(d.Month), "MonthName", d.Month.String()[:3])
	}
	return w.FullDay(d)
}

// FullDay is a day with its year, as replies and public pages need it: 2020年4月22日.
func (w *words) FullDay(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return w.T("date.full", "Year", d.Year, "Day", d.Day, "Month", int(d.Month), "MonthName", d.Month.String()[:3])
}

// Clock is a time of day: 10:31.
func (w *words) Clock(t time.Time) string { return t.In(calendar.Shanghai).Format("15:04") }

// Second is a time of day to the second: 10:26:52.
func (w *words) Second(t time.Time) string { return t.In(calendar.Shanghai).Format("15:04:05") }

// Moment is an instant as people say it: 10:31 for today, 4月16日 10:31 before.
func (w *words) Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	day := calendar.DateOf(t)
	if day == calendar.DateOf(w.now()) {
		return w.Clock(t)
	}
	return w.Day(day) + " " + w.Clock(t)
}

// Ago is how long ago an instant was, in the largest unit that says something.
func (w *words) Ago(t time.Time) string {
	past := w.now().Sub(t)
	switch {
	case past < time.Minute:
		return w.T("ago.now")
	case past < time.Hour:
		return w.T("ago.minutes", "N", int(past.Minutes()))
	case past < 24*time.Hour:
		return w.T("ago.hours", "N", int(past.Hours()))
	}
	return w.T("ago.days", "N", int(past.Hours()/24))
}

var weekdays = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
