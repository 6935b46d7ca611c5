// Package locale puts things into the reader's language: the catalogues of messages, days and times of day, how people refer to
// a case, and what a clock's due date reads as.
//
// Every package of internal/web may import it. It must never import one of them: words know nothing of requests and pages.
package locale

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"gopkg.in/yaml.v3"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/chinese"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/wording"
)

//go:embed *.yaml
var localeFiles embed.FS

// Languages of the pages. Chinese is what a reader gets who has not asked for another.
const (
	Chinese = "zh"
	English = "en"
)

// Languages of the site, the usual one first.
var Languages = []string{Chinese, English}

// Words speaks one language: catalogue messages, dates and times of day.
type Words struct {
	Lang      string
	Body      assembly.Body // of the case that is spoken of; "" where cases of both bodies stand together
	localizer *i18n.Localizer
	now       func() time.Time
	own       func(lang, key string) string
	proposer  string                   // who hands in what is spoken of, {{.Proposer}} in a message: 代表, 提案者
	about     map[assembly.Body]*Words // the same language, of a case of each body
}

// Load reads the catalogues that are in the binary. It fails only if one of them is broken. own are the words that the bureau says in the place of
// theirs, "" for none of a key; nil for no bureau.
func Load(now func() time.Time, own func(lang, key string) string) (map[string]*Words, error) {
	bundle := i18n.NewBundle(language.Chinese)
	bundle.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	locales := map[string]*Words{}
	for _, lang := range Languages {
		if err := loadCatalogues(bundle, lang); err != nil {
			return nil, fmt.Errorf("catalogue %s: %w", lang, err)
		}
		w := Words{Lang: lang, localizer: i18n.NewLocalizer(bundle, lang), now: now, own: own, about: map[assembly.Body]*Words{}}
		for _, body := range append([]assembly.Body{""}, assembly.Bodies...) {
			of := w
			of.Body, of.proposer = body, w.T(strings.TrimSuffix("proposer.of."+string(body), "."))
			w.about[body] = &of
		}
		locales[lang] = w.about[""]
	}
	return locales, nil
}

// catalogueFiles are the catalogues of a language: zh.yaml, and one for each area of the site, zh-desk.yaml.
func catalogueFiles(lang string) ([]string, error) {
	return fs.Glob(localeFiles, lang+"*.yaml")
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

// About speaks of a case of the body: what a congress calls 代表 is a 提案者 to the CPPCC.
func (w *Words) About(body assembly.Body) *Words {
	if of := w.about[body]; of != nil {
		return of
	}
	return w
}

// Capital is a text that stands by itself: it begins with a capital, in a language that has them.
func Capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// T is the message of a key, in the bureau's own words where it has some. Arguments come as name, value pairs; one called N also chooses the plural form.
// A key without a message is a mistake that the tests catch; a reader then sees the key rather than an error page.
func (w *Words) T(key string, args ...any) string {
	if w.own != nil {
		if own := w.own(w.Lang, key); own != "" {
			return w.Filled(own, args...)
		}
	}
	return w.builtIn(key, args...)
}

func (w *Words) builtIn(key string, args ...any) string {
	config := &i18n.LocalizeConfig{MessageID: key, TemplateData: w.data(args)}
	for i := 0; i+1 < len(args); i += 2 {
		if n, ok := args[i+1].(int); ok && args[i] == "N" {
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

func (w *Words) data(args []any) map[string]any {
	data := map[string]any{"Body": string(w.Body), "Proposer": w.proposer}
	for i := 0; i+1 < len(args); i += 2 {
		data[fmt.Sprint(args[i])] = args[i+1]
	}
	return data
}

// Filled is a text of the bureau's own with the arguments of T in its places.
func (w *Words) Filled(own string, args ...any) string {
	return wording.Fill(w.Lang, own, w.data(args))
}

// BuiltIn are the words that come with the program for a text that a bureau may change, with its places as a bureau writes them.
func (w *Words) BuiltIn(text wording.Text) string {
	var args []any
	for _, place := range text.Places {
		args = append(args, place, wording.Place(w.Lang, place))
	}
	return w.builtIn(text.Key, args...)
}

// Has reports whether the catalogue of this very language has the key.
func (w *Words) Has(key string) bool {
	_, tag, err := w.localizer.LocalizeWithTag(&i18n.LocalizeConfig{MessageID: key, TemplateData: map[string]any{}})
	return err == nil && strings.HasPrefix(tag.String(), w.Lang)
}

// RefusalDetail says beside the words of a refusal what decides: a date, how many attempts.
func (w *Words) RefusalDetail(refusal *proposal.Refusal) string {
	text := ""
	if own := "refusal." + string(refusal.Code) + ".due"; !refusal.Due.IsZero() && w.Has(own) {
		text += w.T(own, "Date", w.Date(refusal.Due))
	}
	if refusal.Need > 0 {
		text += w.T("refusal.too_few_attempts.have", "Have", refusal.Have, "Need", refusal.Need)
	}
	return text
}

// RulesFault says what is wrong with the file of a rule pack; its message takes the arguments of the fault as {{.A}} and {{.B}}.
func (w *Words) RulesFault(e rulepack.Error) string {
	args := []any{}
	for i, arg := range e.Args {
		switch said := arg.(type) {
		case assembly.Body:
			arg = w.T("body." + string(said))
		case proposal.HandlingType:
			arg = w.T("handling." + string(said))
		case calendar.Date:
			arg = w.FullDay(said)
		}
		args = append(args, string(rune('A'+i)), arg)
	}
	return w.T("rules.fault."+e.Fault.Code, args...)
}

// Name is what a person or division is called in this language.
func (w *Words) Name(n store.Name) string {
	if w.Lang == English && n.EN != "" {
		return n.EN
	}
	return n.ZH
}

// Date is a day as people write it, 4月22日 周三 or Wed 22 Apr, with the year when it is not this one; "" for no date.
func (w *Words) Date(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return w.T("date.weekday", "Day", w.Day(d), "Weekday", w.T("weekday."+Weekdays[d.Weekday()]))
}

// Day is a day without its weekday: 4月22日, 22 Apr.
func (w *Words) Day(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	if d.Year == calendar.DateOf(w.now()).Year {
		return w.T("date.day", "Day", d.Day, "Month", int(d.Month), "MonthName", d.Month.String()[:3])
	}
	return w.FullDay(d)
}

// FullDay is a day with its year, as replies and public pages need it: 2020年4月22日.
func (w *Words) FullDay(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return w.T("date.full", "Year", d.Year, "Day", d.Day, "Month", int(d.Month), "MonthName", d.Month.String()[:3])
}

// Clock is a time of day in Shanghai: 10:31.
func (w *Words) Clock(t time.Time) string { return t.In(calendar.Shanghai).Format("15:04") }

// Second is a time of day to the second: 10:26:52.
func (w *Words) Second(t time.Time) string { return t.In(calendar.Shanghai).Format("15:04:05") }

// Moment is an instant as people in Shanghai say it: 10:31 for today, 4月16日 10:31 for any other day; "" for none.
func (w *Words) Moment(t time.Time) string {
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
func (w *Words) Ago(t time.Time) string {
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

// Weekdays are the keys of the days of the week, as time.Weekday counts them.
var Weekdays = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Number is how people call the case: 第0392号, No. 0392.
func (w *Words) Number(k assembly.RegisterKey) string {
	if w.Lang == English {
		return w.T("case.number", "Number", k.Number)
	}
	return k.NumberName()
}

// Session is the sitting in which a case was handed in: 某市第十六届人大三次会议.
func (w *Words) Session(k assembly.RegisterKey) string {
	if w.Lang == English {
		return w.T("case.session", "Body", w.T("body."+string(k.Body)), "Level", w.T("level."+string(k.Level)), "Term", k.Term, "Session", k.Session)
	}
	return k.SessionName()
}

// List joins names as a sentence does.
func (w *Words) List(names []string) string {
	text := ""
	for i, name := range slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "" }) {
		if i > 0 {
			text += w.T("list.join")
		}
		text += name
	}
	return text
}

// Ordinal counts the parts of a reply as the reply does: 一; in English by digits.
func (w *Words) Ordinal(n int) string {
	if w.Lang == Chinese {
		return chinese.Numeral(n)
	}
	return strconv.Itoa(n)
}

// DeputyName is who handed it in, with how many signed beside.
func (w *Words) DeputyName(lead string, coSigners int) string {
	if coSigners > 0 {
		return w.T("deputy.with", "Name", lead, "N", coSigners+1)
	}
	return lead
}

// RowDeputy is who handed a case of a list in, or that the name is kept from the reader.
func (w *Words) RowDeputy(c store.CaseRow) string {
	if c.Masked {
		return w.T("deputy.masked")
	}
	return w.DeputyName(c.LeadDeputy, len(c.CoSigners))
}

// WishKey is the key of a wish among the messages wish.<key>.
func WishKey(wish proposal.OpennessWish) string {
	if wish == proposal.NoOpennessWish {
		return "none"
	}
	return string(wish)
}
