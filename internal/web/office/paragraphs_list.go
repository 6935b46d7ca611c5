package office

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// paragraphsPage lists the standard paragraphs, and has the form for another.
type paragraphsPage struct {
	kit.Frame
	Rows    []ParagraphRow
	Topics  []kit.Choice
	Text    string
	Topic   string
	Retired bool
	Form    *ParagraphForm // nil for who may not write any
}

func (*paragraphsPage) Template() string { return "paragraphs.html" }

// ParagraphRow is one paragraph as lists show it.
type ParagraphRow struct {
	ID, Line, Topic, Title, Text, Source, Division, Edition string
	Valid                                                   string // until when, in words
	Tone                                                    string // near or overdue, as Due
	Usable                                                  bool
	Stop                                                    string // why it cannot be used, and who can mend that
	Made                                                    string
	Used                                                    string
	EditPath, UsePath                                       string
}

// ParagraphForm writes a paragraph, or its next edition.
type ParagraphForm struct {
	Path, Retire, Heading string
	ActionID              string
	Edition               int
	words                 *locale.Words
	values                url.Values
	errors                []kit.FieldMessage
	options               map[string][]kit.Choice
}

// Field draws an input with what was typed.
func (f *ParagraphForm) Field(name string) kit.Field {
	label := "paragraph." + name
	if name == "title" {
		label = "paragraph.title_field"
	}
	field := kit.Field{Name: name, Label: f.words.T(label), Value: f.values.Get(name), Choices: f.options[name]}
	for _, e := range f.errors {
		if e.Field == name {
			field.Error = e.Text
		}
	}
	return field
}

// Errors lists what is wrong for the summary.
func (f *ParagraphForm) Errors() []kit.Field {
	var all []kit.Field
	for _, e := range f.errors {
		all = append(all, kit.Field{Name: e.Field, Error: e.Text})
	}
	return all
}

// ParagraphsList shows the paragraphs of the officer's division and of the whole bureau.
func (s *Room) ParagraphsList(w http.ResponseWriter, r *http.Request) error {
	p, err := s.newParagraphsPage(r)
	if err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, p)
}

func (s *Room) newParagraphsPage(r *http.Request) (*paragraphsPage, error) {
	who, words, query := kit.OfficerOf(r), s.Words(r), r.URL.Query()
	if !kit.KeepsParagraphs(who) {
		return nil, &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler}
	}
	p := &paragraphsPage{
		Frame: kit.Frame{Title: words.T("paragraph.title"), Section: "paragraphs"}, Text: query.Get("q"), Topic: query.Get("topic"), Retired: query.Has("retired"),
	}
	all, err := s.store.Paragraphs(r.Context(), store.ParagraphFilter{Division: who.Division, Retired: true})
	if err != nil {
		return nil, err
	}
	found, err := s.store.Paragraphs(r.Context(), store.ParagraphFilter{Text: p.Text, Topic: p.Topic, Division: who.Division, Retired: p.Retired})
	if err != nil {
		return nil, err
	}
	divisions, err := s.store.Divisions(r.Context())
	if err != nil {
		return nil, err
	}
	p.Topics = topics(all)
	for _, one := range found {
		p.Rows = append(p.Rows, s.paragraphRow(words, one, divisions))
	}
	p.Form = s.newParagraphForm(words, who, p.Topics, url.Values{})
	return p, nil
}

func topics(all []store.StandardParagraph) []kit.Choice {
	var list []kit.Choice
	for _, p := range all {
		if !slices.ContainsFunc(list, func(c kit.Choice) bool { return c.Value == p.Topic }) {
			list = append(list, kit.Choice{Value: p.Topic, Name: p.Topic})
		}
	}
	return list
}

func (s *Room) newParagraphForm(w *locale.Words, who *store.Person, topics []kit.Choice, typed url.Values) *ParagraphForm {
	return &ParagraphForm{
		Path: "/paragraphs", Heading: w.T("paragraph.new"), ActionID: kit.NewActionID(), words: w, values: typed,
		options: map[string][]kit.Choice{
			"topic":    topics,
			"division": {{Value: string(who.Division), Name: w.Name(who.DivisionName)}, {Value: "", Name: w.T("paragraph.bureau")}},
		},
	}
}

// soonDays is from how many days before its end a paragraph calls for attention.
const soonDays = 30

func (s *Room) paragraphRow(w *locale.Words, p store.StandardParagraph, divisions []store.Division) ParagraphRow {
	today := calendar.DateOf(s.Now())
	row := ParagraphRow{
		ID: p.ID, Line: p.Line, Topic: p.Topic, Title: p.Title, Text: p.Text, Source: p.Source,
		Division: w.T("paragraph.bureau"), Edition: w.T("paragraph.edition", "N", p.Edition),
		Valid: w.T("paragraph.valid", "Date", w.Day(p.ValidUntil)), Usable: p.Usable(today),
		Made: w.T("paragraph.made", "Who", w.Name(p.ByName), "When", w.Moment(p.At)), EditPath: "/paragraphs/" + p.ID,
	}
	if i := slices.IndexFunc(divisions, func(d store.Division) bool { return d.Code == p.Division }); i >= 0 {
		row.Division = w.Name(divisions[i].Name)
	}
	if p.Cases > 0 {
		row.Used = w.T("paragraph.used", "N", p.Cases)
	}
	switch {
	case p.Retired != nil:
		row.Stop = w.T("paragraph.retired", "Who", w.Name(p.Retired.ByName), "When", w.Moment(p.Retired.At), "Reason", p.Retired.Reason)
	case p.Newer > 0:
		row.Stop = w.T("paragraph.replaced", "N", p.Newer)
	case today.After(p.ValidUntil):
		row.Tone, row.Stop = "overdue", w.T("paragraph.expired", "Date", w.Day(p.ValidUntil), "Who", w.Name(p.ByName), "Division", row.Division)
	case p.ValidUntil.Sub(today) <= soonDays:
		row.Tone = "near"
	}
	return row
}
