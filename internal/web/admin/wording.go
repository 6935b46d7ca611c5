package admin

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/wording"
)

// wordingListPage lists the words of notices and mails that the bureau may put in its own.
type wordingListPage struct {
	kit.Frame
	Groups []WordingGroup
}

func (*wordingListPage) Template() string { return "wording.html" }

// WordingGroup is texts that belong together; its words are wording.group.<Name>.
type WordingGroup struct {
	Name string
	Rows []WordingRow
}

// WordingRow is a text as it is said now, in the reader's language.
type WordingRow struct {
	Path, When, Text string
	Own              bool // in the bureau's own words, in either language
	Letter           bool
}

// wordingPage is one text, to be put in other words.
type wordingPage struct {
	kit.Frame
	Places  []WordingPlace
	Own     bool
	Form    *kit.Form
	Said    []WordingSaid
	BuiltIn map[string]string // the words that come with the program, by field
	Letter  bool              // the skeleton of a letter, in Chinese alone
}

func (*wordingPage) Template() string { return "wording_edit.html" }

// WordingPlace is what the program fills in, with what stands there in the example.
type WordingPlace struct {
	ZH, EN, Example string
	Needed          bool
}

// WordingSaid is an example of what a reader would get.
type WordingSaid struct{ Lang, Text string }

// WordingList draws the list.
func (s *Room) WordingList(w http.ResponseWriter, r *http.Request) error {
	if _, err := keeper(r); err != nil {
		return err
	}
	own, err := s.store.OwnWords(r.Context())
	if err != nil {
		return err
	}
	words := s.Words(r)
	p := &wordingListPage{Frame: kit.Frame{Title: words.T("wording.title"), Section: "bureau"}}
	for _, g := range wording.Groups {
		group := WordingGroup{Name: g.Name}
		for _, text := range g.Texts {
			row := WordingRow{Path: wordingPath(text.Key), When: words.T("wording.of." + text.Key), Letter: text.Letter}
			row.Own = slices.ContainsFunc(wording.Languages, func(lang string) bool { return own[lang][text.Key] != "" })
			of := words
			if text.Letter {
				of = s.WordsIn(wording.Languages[0])
			}
			row.Text = cmp.Or(own[of.Lang][text.Key], of.BuiltIn(text))
			group.Rows = append(group.Rows, row)
		}
		p.Groups = append(p.Groups, group)
	}
	return s.Render(w, r, http.StatusOK, p)
}

func wordingPath(key string) string { return "/bureau/wording/" + url.PathEscape(key) }

// WordingShow draws the form of one text.
func (s *Room) WordingShow(w http.ResponseWriter, r *http.Request) error {
	own, err := s.store.OwnWords(r.Context())
	if err != nil {
		return err
	}
	typed := url.Values{}
	text, _ := wording.Of(r.PathValue("key")) // of one that there is not, drawing says so
	for _, lang := range text.Languages() {
		typed.Set(lang, cmp.Or(own[lang][text.Key], s.WordsIn(lang).BuiltIn(text)))
	}
	return s.renderWording(w, r, http.StatusOK, typed, nil)
}

// WordingSave looks at what was typed, keeps it, or goes back to the words that come with the program.
func (s *Room) WordingSave(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	words, key, do := s.Words(r), r.PathValue("key"), r.PostForm.Get("do")
	of, ok := wording.Of(key)
	if !ok {
		return kit.ErrNotFound
	}
	typed, own := url.Values{}, store.Wording{}
	var wrong wording.Faults
	for _, lang := range of.Languages() {
		text := strings.TrimSpace(strings.ReplaceAll(r.PostForm.Get(lang), "\r\n", "\n"))
		if do == "back" {
			text = ""
		}
		typed.Set(lang, text)
		if text == s.WordsIn(lang).BuiltIn(of) { // nothing was changed
			text = ""
		}
		own[lang] = map[string]string{key: text}
		wrong = append(wrong, wording.Check(lang, key, text)...)
	}
	if len(wrong) == 0 && do != "look" {
		if err := s.store.SetWords(r.Context(), who.ID, own); err != nil && !errors.As(err, &wrong) {
			return err
		}
	}
	switch {
	case len(wrong) > 0:
		return s.renderWording(w, r, http.StatusUnprocessableEntity, typed, wrong)
	case do == "look":
		return s.renderWording(w, r, http.StatusOK, typed, nil)
	case do == "back":
		s.Flash(r, words.T("flash.wording_back"))
	default:
		s.Flash(r, words.T("flash.wording"))
	}
	http.Redirect(w, r, wordingPath(key), http.StatusSeeOther)
	return nil
}

func (s *Room) renderWording(w http.ResponseWriter, r *http.Request, status int, typed url.Values, wrong wording.Faults) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	text, ok := wording.Of(r.PathValue("key"))
	if !ok {
		return kit.ErrNotFound
	}
	published, err := s.store.PublicList(r.Context(), store.PublicFilter{Limit: 1})
	if err != nil {
		return err
	}
	words := s.Words(r)
	p := &wordingPage{Frame: kit.Frame{Title: words.T("wording.of." + text.Key), Section: "bureau"}, BuiltIn: map[string]string{}, Letter: text.Letter}
	p.Form = &kit.Form{Kind: "wording", Path: wordingPath(text.Key), Words: words, Values: typed}
	said := map[string][]string{}
	for _, f := range wrong {
		said[f.Lang] = append(said[f.Lang], words.T("wording.fault."+f.Code, "Place", f.Place, "Max", text.Max()))
	}
	for _, lang := range text.Languages() {
		if len(said[lang]) > 0 {
			p.Form.Wrong = append(p.Form.Wrong, kit.FieldMessage{Field: lang, Text: strings.Join(said[lang], " ")})
		}
		of := s.WordsIn(lang).About(exampleBody(text))
		p.BuiltIn[lang] = of.BuiltIn(text)
		p.Own = p.Own || typed.Get(lang) != "" && typed.Get(lang) != p.BuiltIn[lang]
		if len(said[lang]) > 0 {
			continue
		}
		own := cmp.Or(typed.Get(lang), p.BuiltIn[lang])
		p.Said = append(p.Said, WordingSaid{lang, of.Filled(own, s.wordingExample(of, who, text, published.Items)...)})
	}
	speaks := words
	if text.Letter {
		speaks = s.WordsIn(wording.Languages[0])
	}
	speaks = speaks.About(exampleBody(text))
	example := s.wordingExample(speaks, who, text, published.Items)
	for _, place := range text.Places {
		shown := speaks.Filled(wording.Place(speaks.Lang, place), example...)
		p.Places = append(p.Places, WordingPlace{
			ZH: wording.Place("zh", place), EN: wording.Place("en", place), Example: shown, Needed: text.Needs(place),
		})
	}
	return s.Render(w, r, status, p)
}

// exampleBody is whose case the example is of.
func exampleBody(text wording.Text) assembly.Body {
	if strings.HasPrefix(text.Key, "outline.cppcc") {
		return assembly.CPPCC
	}
	return assembly.NPC
}

// wordingExample is what stands in the places of an example: the newest case that everybody may read, the administrator who asks, and days of now.
func (s *Room) wordingExample(w *locale.Words, who *store.Person, text wording.Text, published []store.PublicItem) []any {
	number, subject := w.T("wording.example_number"), w.T("wording.example_subject")
	if len(published) > 0 {
		number, subject = published[0].NumberName, published[0].Subject
		if w.Lang == locale.English {
			number = w.T("case.number", "Number", strings.TrimFunc(number, func(r rune) bool { return !unicode.IsDigit(r) }))
		}
	}
	today := calendar.DateOf(s.Now())
	said := w.T("wording.example_words")
	if text.Key == "mail.due" {
		said = w.T("due.left", "N", 3)
	}
	key := assembly.RegisterKey{Body: w.Body}
	title, points := w.T("wording.example_title", "Noun", key.Noun()), []string{w.T("wording.example_point"), w.T("wording.example_point2")}
	outline := replytext.OutlineOf(key, "", title, points)
	if text.Key == "outline.opinion" {
		outline = replytext.OpinionOutline(key, title, points)
	}
	return []any{
		"Opening", outline.Opening, "Headings", strings.Join(outline.Headings, "\n"), "Thanks", outline.Thanks, "Session", w.T("wording.example_session"),
		"Who", w.Name(who.Name), "Did", w.T(kinds.EventKey(string(proposal.Accept), "")), "Task", w.T("task." + string(proposal.Drafting)),
		"Time", w.Moment(s.Now().Add(2 * time.Hour)), "Attitude", w.T("rating.satisfied"), "Result", w.T("rating.basically"),
		"Clock", w.T("clock." + string(proposal.ReplyClock)), "N", 3, "Date", w.Date(today.AddDays(5)), "Kind", w.T("notice.kind." + string(proposal.NoticeRemind)),
		"Number", number, "Subject", subject, "Words", said, "Today", 2, "Overdue", 1,
		"Login", who.Login,
	}
}
