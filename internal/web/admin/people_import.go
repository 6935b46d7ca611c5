package admin

import (
	"net/http"
	"slices"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/sheet"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// importColumns are the columns of the list, by the form's fields.
var importColumns = []string{"login", "name", "division", "roles", "field", "phone", "email", "name_en"}

// PeopleTemplate sends an empty list with the words that its columns take.
func (s *Room) PeopleTemplate(w http.ResponseWriter, r *http.Request) error {
	if _, err := keeper(r); err != nil {
		return err
	}
	words := s.Words(r)
	divisions, err := s.store.Divisions(r.Context())
	if err != nil {
		return err
	}
	divisions = store.AtWork(divisions)
	var head []string
	for _, column := range importColumns {
		head = append(head, words.T("form.person."+column))
	}
	known := [][]string{{words.T("form.person.division"), words.T("form.person.roles")}}
	for i := range max(len(divisions), len(proposal.Roles)) {
		row := []string{"", ""}
		if i < len(divisions) {
			row[0] = words.Name(divisions[i].Name)
		}
		if i < len(proposal.Roles) {
			row[1] = words.T("role." + string(proposal.Roles[i]))
		}
		known = append(known, row)
	}
	data, err := sheet.Write(sheet.Table{Name: words.T("people.title"), Rows: [][]string{head}}, sheet.Table{Name: words.T("import.words"), Rows: known})
	if err != nil {
		return err
	}
	return kit.SendFile(w, store.AttachmentInfo{Name: words.T("people.title") + ".xlsx", MediaType: sheet.MediaType}, data)
}

// ImportShow draws the page before there is a list.
func (s *Room) ImportShow(w http.ResponseWriter, r *http.Request) error {
	return s.renderImport(w, r, http.StatusOK, &importPage{})
}

// ImportRead shows what would come of the file. It changes nothing.
func (s *Room) ImportRead(w http.ResponseWriter, r *http.Request) error {
	if _, err := keeper(r); err != nil {
		return err
	}
	cells, wrong, err := readSheet(w, r, s.Words(r))
	switch {
	case err != nil:
		return err
	case wrong != "":
		return s.renderImport(w, r, http.StatusUnprocessableEntity, &importPage{Error: wrong})
	}
	return s.previewImport(w, r, http.StatusOK, cells, nil)
}

// ImportSave makes and changes people as the list says, all rows that are right or none. What is wrong stays out, as the page before said.
func (s *Room) ImportSave(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	cells, err := carriedCells(r)
	if err != nil {
		return err
	}
	list, _, err := s.readPeople(r, cells)
	if err != nil {
		return err
	}
	added, changed, refused := 0, 0, 0
	err = s.store.Edit(r.Context(), who.ID, func(e *store.Edit) error {
		for _, one := range list {
			if len(one.wrong) > 0 || one.same {
				continue
			}
			refused = one.no
			if _, err := e.SavePerson(r.Context(), one.person); err != nil {
				return err
			}
			if one.person.ID == "" {
				added++
			} else {
				changed++
			}
		}
		return nil
	})
	if fields, ok := wrongFields(err); ok { // only the whole bureau shows it: no administrator would be left
		return s.previewImport(w, r, http.StatusUnprocessableEntity, cells, map[int][]proposal.FieldError{refused: fields})
	}
	if err != nil {
		return err
	}
	s.Flash(r, s.Words(r).T("flash.imported", "Added", added, "Changed", changed))
	http.Redirect(w, r, "/people", http.StatusSeeOther)
	return nil
}

// importedPerson is somebody as a row says, on what the record knows.
type importedPerson struct {
	no     int
	person store.Person
	cells  map[string]string // by field
	wrong  []proposal.FieldError
	same   bool
}

// readPeople reads the list. Its head says which column is which, in either language; a column that is not there leaves what is known. missing are the
// columns without which nobody can be added.
func (s *Room) readPeople(r *http.Request, cells [][]string) (list []importedPerson, missing []string, err error) {
	divisions, err := s.store.Divisions(r.Context())
	if err != nil {
		return nil, nil, err
	}
	people, err := s.store.People(r.Context())
	if err != nil {
		return nil, nil, err
	}
	v := s.vocabulary(divisions)
	at := map[string]int{}
	if len(cells) > 0 {
		for i, label := range cells[0] {
			if column := v.columns[label]; column != "" {
				at[column] = i
			}
		}
	}
	for _, column := range []string{"login", "name", "roles"} {
		if _, ok := at[column]; !ok {
			missing = append(missing, column)
		}
	}
	if len(missing) > 0 {
		return nil, missing, nil
	}
	seen := map[string]bool{}
	for i, row := range cells[1:] {
		if strings.Join(row, "") == "" {
			continue
		}
		one := importedPerson{no: i + 2, cells: map[string]string{}}
		for column, k := range at {
			if one.cells[column] = ""; k < len(row) {
				one.cells[column] = row[k]
			}
		}
		login := strings.ToLower(one.cells["login"])
		known := slices.IndexFunc(people, func(p store.Person) bool { return p.Login == login })
		one.person = store.Person{Active: true}
		if known >= 0 {
			one.person = people[known]
		}
		was := one.person
		one.fill(v)
		if seen[login] && login != "" {
			one.wrong = append(one.wrong, proposal.FieldError{Field: "login", Code: proposal.NameTaken})
		}
		for _, w := range store.WrongWithPerson(one.person, divisions) {
			if !slices.ContainsFunc(one.wrong, func(said proposal.FieldError) bool { return said.Field == w.Field }) {
				one.wrong = append(one.wrong, w)
			}
		}
		seen[login] = true
		one.same = known >= 0 && samePerson(was, one.person)
		list = append(list, one)
	}
	return list, nil, nil
}

// fill puts what the row says in the place of what is known.
func (one *importedPerson) fill(v vocabulary) {
	p := &one.person
	for column, cell := range one.cells {
		switch column {
		case "login":
			p.Login = strings.ToLower(cell)
		case "name":
			p.Name.ZH = cell
		case "name_en":
			p.Name.EN = cell
		case "phone":
			p.Phone = cell
		case "email":
			p.Email = cell
		case "division":
			p.Division = v.divisions[cell]
			if cell != "" && p.Division == "" {
				one.wrong = append(one.wrong, proposal.FieldError{Field: column, Code: proposal.UnknownValue})
			}
		case "roles":
			p.Roles = nil
			for _, name := range several(cell) {
				p.Roles = append(p.Roles, v.roles[name]) // "" is refused as unknown
			}
		case "field":
			p.Field = nil
			for _, name := range several(cell) {
				p.Field = append(p.Field, v.divisions[name])
			}
		}
	}
	if !p.Has(proposal.LeaderInCharge) {
		p.Field = nil
	}
}

// several are the names in a cell.
func several(cell string) []string {
	names := strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("、，,；;\n", r) })
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names
}

func samePerson(a, b store.Person) bool {
	return a.Login == b.Login && a.Name == b.Name && a.Phone == b.Phone && a.Email == b.Email && a.Division == b.Division &&
		slices.Equal(a.Roles, b.Roles) && slices.Equal(a.Field, b.Field)
}

// vocabulary is what stands for what in a list, in every language and by code.
type vocabulary struct {
	columns   map[string]string
	roles     map[string]proposal.Role
	divisions map[string]proposal.DivisionID
}

func (s *Room) vocabulary(divisions []store.Division) vocabulary {
	v := vocabulary{map[string]string{}, map[string]proposal.Role{}, map[string]proposal.DivisionID{}}
	for _, language := range locale.Languages {
		words := s.WordsIn(language)
		for _, column := range importColumns {
			v.columns[words.T("form.person."+column)] = column
		}
		for _, role := range proposal.Roles {
			v.roles[words.T("role."+string(role))], v.roles[string(role)] = role, role
		}
	}
	divisions = store.AtWork(divisions)
	for _, d := range divisions {
		v.divisions[d.Name.EN], v.divisions[string(d.Code)] = d.Code, d.Code
	}
	for _, d := range divisions { // a Chinese name wins over a code that reads the same
		v.divisions[d.Name.ZH] = d.Code
	}
	delete(v.divisions, "")
	return v
}

// previewImport draws what would come of the list; more is what else is wrong, by row.
func (s *Room) previewImport(w http.ResponseWriter, r *http.Request, status int, cells [][]string, more map[int][]proposal.FieldError) error {
	words := s.Words(r)
	list, missing, err := s.readPeople(r, cells)
	if err != nil {
		return err
	}
	if wrong := withoutRows(words, "person", missing, len(list)); wrong != "" {
		return s.renderImport(w, r, http.StatusUnprocessableEntity, &importPage{Error: wrong})
	}
	p := &importPage{Read: true}
	for _, one := range list {
		wrong := append(one.wrong, more[one.no]...)
		row := ImportRow{
			No: one.no, Who: strings.TrimSpace(one.cells["name"] + " " + one.cells["login"]),
			Cells: []string{one.cells["name"], one.cells["login"], one.cells["division"], one.cells["roles"]}, New: one.person.ID == "",
		}
		for _, m := range kit.FieldWords(words, wrong) {
			fault := ImportFault{words.T("form.person." + m.Field), one.cells[m.Field], m.Text}
			switch {
			case m.Code == proposal.NameTaken:
				fault.Text = words.T("import.twice")
			case m.Code == proposal.FieldRequired && m.Field == "roles":
				fault.Text = words.T("import.needs_role")
			case m.Code == proposal.UnknownValue && fault.Cell == "":
				fault.Text = words.T("import.needs_division")
			case m.Code == proposal.UnknownValue:
				fault.Text = words.T("import.unknown")
			}
			row.Wrong = append(row.Wrong, fault)
		}
		p.add(row, one.same)
	}
	if err := p.carry(cells); err != nil {
		return err
	}
	return s.renderImport(w, r, status, p)
}

func (s *Room) renderImport(w http.ResponseWriter, r *http.Request, status int, p *importPage) error {
	if _, err := keeper(r); err != nil {
		return err
	}
	words := s.Words(r)
	p.Section, p.List, p.Back = "people", "/people", words.T("people.back")
	p.File, p.Hint, p.After, p.Save = words.T("import.file"), words.T("import.file_hint"), words.T("import.after"), words.T("import.save", "N", len(p.Good))
	for _, column := range []string{"name", "login", "division", "roles"} {
		p.Heads = append(p.Heads, words.T("form.person."+column))
	}
	return s.drawImport(w, r, status, p)
}
