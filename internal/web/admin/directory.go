package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/directory"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/sheet"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// directoryPage lists one of the directories.
type directoryPage struct {
	kit.Frame
	Kind           directory.Kind
	Tabs           []DirectoryTab
	Path           string // of the list
	Text           string // what is looked for
	Total          int
	Rows           []DirectoryRow
	Earlier, Later string // the pages before and after; "" for none
}

func (*directoryPage) Template() string { return "directory.html" }

// DirectoryTab is one of the directories.
type DirectoryTab struct {
	Path, Name string
	Here       bool
}

// DirectoryRow is an entry as the list shows it.
type DirectoryRow struct{ Path, Name, Assembly, Group, Post, State string }

// entryPage is an entry without how it is reached, or its form.
type entryPage struct {
	kit.Frame
	Kind  directory.Kind
	Path  string // of the list
	New   bool
	Look  string // where its form is asked for; the look is told
	Facts []DirectoryFact
	Form  *kit.Form // nil before that
}

func (*entryPage) Template() string { return "directory_entry.html" }

// DirectoryFact is one thing that an entry says; its label is form.<kind's words>.<Field>.
type DirectoryFact struct{ Label, Text string }

const directoryRows = 50

// directoryKeeper is who asks, if they keep the directories, and the one that the address names.
func directoryKeeper(r *http.Request) (*store.Person, directory.Kind, error) {
	who, kind := kit.OfficerOf(r), directory.Kind(r.PathValue("kind"))
	switch {
	case !kit.KeepsDirectory(who):
		return nil, "", &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Admin}
	case !slices.Contains(directory.Kinds, kind):
		return nil, "", &proposal.Refusal{Code: proposal.NotFound}
	}
	return who, kind, nil
}

func directoryPath(kind directory.Kind) string { return "/directory/" + string(kind) }

// DirectoryList draws a directory.
func (s *Room) DirectoryList(w http.ResponseWriter, r *http.Request) error {
	_, kind, err := directoryKeeper(r)
	if err != nil {
		return err
	}
	words, query := s.Words(r), r.URL.Query()
	p := &directoryPage{Frame: kit.Frame{Title: words.T("directory.title"), Section: "directory"}, Kind: kind, Path: directoryPath(kind), Text: query.Get("q")}
	page, _ := strconv.Atoi(query.Get("page"))
	page = min(max(page, 1), 1_000)
	items, total, err := s.store.Directory(r.Context(), store.DirectoryFilter{Kind: kind, Query: p.Text, From: (page - 1) * directoryRows, Limit: directoryRows})
	if err != nil {
		return err
	}
	for _, i := range items {
		p.Rows = append(p.Rows, DirectoryRow{
			Path: p.Path + "/" + i.ID, Name: i.Name, Assembly: assemblyWords(words, i.Entry), Group: i.Group, Post: i.Post, State: s.entryState(words, i),
		})
	}
	p.Total = total
	to := func(page int) string {
		return p.Path + "?" + url.Values{"q": {p.Text}, "page": {strconv.Itoa(page)}}.Encode()
	}
	if page > 1 {
		p.Earlier = to(page - 1)
	}
	if page*directoryRows < total {
		p.Later = to(page + 1)
	}
	for _, k := range directory.Kinds {
		p.Tabs = append(p.Tabs, DirectoryTab{directoryPath(k), words.T("directory." + string(k)), k == kind})
	}
	return s.Render(w, r, http.StatusOK, p)
}

// assemblyWords are the assembly and the term of somebody: 市人大十六届; "" for a unit.
func assemblyWords(w *locale.Words, e directory.Entry) string {
	if !e.Kind.OfPeople() {
		return ""
	}
	body := assembly.NPC
	if e.Kind == directory.Members {
		body = assembly.CPPCC
	}
	return w.About(body).T("directory.assembly", "Level", locale.Capital(w.T("level."+string(e.Level))), "Term", w.Ordinal(e.Term))
}

// entryState says of an entry what whoever keeps the list wants to know first.
func (s *Room) entryState(w *locale.Words, i store.DirectoryItem) string {
	switch {
	case !i.EndedOn.IsZero() && i.EndNote != "":
		return w.T("directory.ended_why", "Day", w.FullDay(i.EndedOn), "Why", i.EndNote)
	case !i.EndedOn.IsZero():
		return w.T("directory.ended", "Day", w.FullDay(i.EndedOn))
	case !i.HasPhone:
		return w.T("directory.no_phone")
	}
	return ""
}

// EntryShow draws an entry without how it is reached, or the form for a new one.
func (s *Room) EntryShow(w http.ResponseWriter, r *http.Request) error {
	_, kind, err := directoryKeeper(r)
	if err != nil {
		return err
	}
	if r.PathValue("entry") == "" {
		typed := url.Values{}
		if kind.OfPeople() {
			bureau, err := s.store.Bureau(r.Context(), calendar.Date{})
			if err != nil {
				return err
			}
			typed.Set("level", string(bureau.Level))
		}
		return s.renderEntry(w, r, http.StatusOK, kind, typed, nil)
	}
	return s.renderEntry(w, r, http.StatusOK, kind, nil, nil)
}

// EntryLook draws the form of an entry, with how it is reached. It is a POST, because it leaves a line in the record.
func (s *Room) EntryLook(w http.ResponseWriter, r *http.Request) error {
	who, kind, err := directoryKeeper(r)
	if err != nil {
		return err
	}
	if _, err := s.itemOf(r, kind); err != nil {
		return err
	}
	entry, err := s.store.LookUp(r.Context(), who.ID, r.PathValue("entry"))
	if err != nil {
		return err
	}
	typed := url.Values{}
	for _, field := range kind.Fields() {
		typed.Set(field, entry.Get(field))
	}
	return s.renderEntry(w, r, http.StatusOK, kind, typed, nil)
}

// itemOf is the entry that the address names, without how it is reached. It refuses the address of one under another directory than its own.
func (s *Room) itemOf(r *http.Request, kind directory.Kind) (store.DirectoryItem, error) {
	item, err := s.store.DirectoryItem(r.Context(), r.PathValue("entry"))
	if err == nil && item.Kind != kind {
		err = kit.ErrNotFound
	}
	return item, err
}

// EntrySave keeps an entry. What is wrong is said beside the field.
func (s *Room) EntrySave(w http.ResponseWriter, r *http.Request) error {
	who, kind, err := directoryKeeper(r)
	if err != nil {
		return err
	}
	entry := directory.Entry{ID: r.PathValue("entry"), Kind: kind}
	var wrong []proposal.FieldError
	for _, field := range kind.Fields() {
		if code := entry.Set(field, r.PostForm.Get(field)); code != "" {
			wrong = append(wrong, proposal.FieldError{Field: field, Code: code})
		}
	}
	if len(wrong) > 0 {
		return s.renderEntry(w, r, http.StatusUnprocessableEntity, kind, r.PostForm, wrong)
	}
	err = s.store.Edit(r.Context(), who.ID, func(e *store.Edit) (err error) {
		entry.ID, err = e.SaveEntry(r.Context(), entry)
		return err
	})
	if fields, ok := wrongFields(err); ok {
		return s.renderEntry(w, r, http.StatusUnprocessableEntity, kind, r.PostForm, fields)
	}
	if err != nil {
		return err
	}
	s.Flash(r, s.Words(r).T("flash.person", "Name", entry.Name))
	http.Redirect(w, r, directoryPath(kind)+"/"+entry.ID, http.StatusSeeOther)
	return nil
}

// renderEntry draws an entry, with its form if something is typed.
func (s *Room) renderEntry(w http.ResponseWriter, r *http.Request, status int, kind directory.Kind, typed url.Values, wrong []proposal.FieldError) error {
	words := s.Words(r)
	id := r.PathValue("entry")
	p := &entryPage{Frame: kit.Frame{Title: words.T("directory.new." + string(kind)), Section: "directory"}, Kind: kind, Path: directoryPath(kind), New: id == ""}
	path := p.Path + "/new"
	if !p.New {
		item, err := s.itemOf(r, kind)
		if err != nil {
			return err
		}
		path = p.Path + "/" + item.ID
		p.Title = item.Name
		p.Look = path + "/look"
		for _, fact := range []DirectoryFact{
			{words.T("directory.belongs"), assemblyWords(words, item.Entry)},
			{words.T("form.directory.group"), item.Group},
			{words.T("form.directory.post"), item.Post},
			{words.T("directory.state"), s.entryState(words, item)},
		} {
			if fact.Text != "" {
				p.Facts = append(p.Facts, fact)
			}
		}
	}
	if typed != nil {
		messages := kit.FieldWords(words, wrong)
		for i := range messages {
			if messages[i].Code == proposal.NameTaken {
				messages[i].Text, messages[i].Own = words.T("directory.taken"), true
			}
		}
		p.Form = &kit.Form{
			Kind: proposal.Kind(kind.Words()), Path: path, Words: words, Values: typed, Wrong: messages,
			Choices: map[string][]kit.Choice{"level": kit.Choices(words, "level.", assembly.Levels)},
		}
	}
	return s.Render(w, r, status, p)
}

// DirectoryTemplate sends an empty list with the words that its columns take.
func (s *Room) DirectoryTemplate(w http.ResponseWriter, r *http.Request) error {
	_, kind, err := directoryKeeper(r)
	if err != nil {
		return err
	}
	return s.sendDirectory(w, r, kind, nil)
}

// DirectoryExport sends a whole directory as a list that can be imported again. It is a POST, because it leaves a line in the record.
func (s *Room) DirectoryExport(w http.ResponseWriter, r *http.Request) error {
	who, kind, err := directoryKeeper(r)
	if err != nil {
		return err
	}
	entries, err := s.store.LookUpAll(r.Context(), who.ID, kind)
	if err != nil {
		return err
	}
	return s.sendDirectory(w, r, kind, entries)
}

func (s *Room) sendDirectory(w http.ResponseWriter, r *http.Request, kind directory.Kind, entries []directory.Entry) error {
	words := s.Words(r)
	tables := []sheet.Table{{Name: words.T("directory." + string(kind)), Rows: [][]string{kind.Head(words)}}}
	for _, e := range entries {
		tables[0].Rows = append(tables[0].Rows, e.Line(words))
	}
	if kind.OfPeople() {
		levels := sheet.Table{Name: words.T("directory.levels"), Rows: [][]string{{words.T("form.directory.level")}}}
		for _, level := range assembly.Levels {
			levels.Rows = append(levels.Rows, []string{words.T("level." + string(level))})
		}
		tables = append(tables, levels)
	}
	data, err := sheet.Write(tables...)
	if err != nil {
		return err
	}
	return kit.SendFile(w, store.AttachmentInfo{Name: tables[0].Name + ".xlsx", MediaType: sheet.MediaType}, data)
}
