package admin

import (
	"net/http"

	"github.com/banli/banli/internal/directory"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// DirectoryImportShow draws the page before there is a list.
func (s *Room) DirectoryImportShow(w http.ResponseWriter, r *http.Request) error {
	return s.renderDirectoryImport(w, r, http.StatusOK, &importPage{})
}

// DirectoryImportRead shows what would come of the file. It changes nothing.
func (s *Room) DirectoryImportRead(w http.ResponseWriter, r *http.Request) error {
	_, kind, err := directoryKeeper(r)
	if err != nil {
		return err
	}
	words := s.Words(r)
	cells, wrong, err := readSheet(w, r, words)
	if err != nil {
		return err
	}
	var rows []directory.Row
	var missing []string
	if wrong == "" {
		err = s.store.Edit(r.Context(), "", func(e *store.Edit) (err error) {
			rows, missing, err = s.readDirectory(r, e, kind, cells)
			return err
		})
		if err != nil {
			return err
		}
		wrong = withoutRows(words, kind.Words(), missing, len(rows))
	}
	if wrong != "" {
		return s.renderDirectoryImport(w, r, http.StatusUnprocessableEntity, &importPage{Error: wrong})
	}
	p := &importPage{Read: true}
	for _, one := range rows {
		row := ImportRow{
			No: one.No, Who: one.Cells["name"], Cells: []string{one.Entry.Name}, New: one.New(),
		}
		if kind.OfPeople() {
			row.Cells = append(row.Cells, one.Cells["level"], one.Cells["term"], one.Entry.Group)
		}
		for _, m := range kit.FieldWords(words, one.Wrong) {
			fault := ImportFault{words.T("form." + kind.Words() + "." + m.Field), one.Cells[m.Field], m.Text}
			switch {
			case m.Code == proposal.NameTaken:
				fault.Text = words.T("directory.twice")
			case m.Code == proposal.FieldRequired && m.Field == "group":
				fault.Text = words.T("directory.which")
			}
			row.Wrong = append(row.Wrong, fault)
		}
		p.add(row, one.Same())
	}
	if err := p.carry(cells); err != nil {
		return err
	}
	return s.renderDirectoryImport(w, r, http.StatusOK, p)
}

// DirectoryImportSave adds and changes entries as the list says, all rows that are right or none. It is compared with what is known when it is saved.
func (s *Room) DirectoryImportSave(w http.ResponseWriter, r *http.Request) error {
	who, kind, err := directoryKeeper(r)
	if err != nil {
		return err
	}
	cells, err := carriedCells(r)
	if err != nil {
		return err
	}
	var added, changed int
	err = s.store.Edit(r.Context(), who.ID, func(e *store.Edit) error {
		rows, _, err := s.readDirectory(r, e, kind, cells)
		if err == nil {
			added, changed, err = e.SaveRows(r.Context(), rows)
		}
		return err
	})
	if err != nil {
		return err
	}
	s.Flash(r, s.Words(r).T("flash.directory_imported", "Added", added, "Changed", changed))
	http.Redirect(w, r, directoryPath(kind), http.StatusSeeOther)
	return nil
}

func (s *Room) readDirectory(r *http.Request, e *store.Edit, kind directory.Kind, cells [][]string) (rows []directory.Row, missing []string, err error) {
	known, err := e.Entries(r.Context(), kind)
	if err != nil {
		return nil, nil, err
	}
	var languages []directory.Words
	for _, language := range locale.Languages {
		languages = append(languages, s.WordsIn(language))
	}
	rows, missing = directory.Read(kind, cells, known, languages)
	return rows, missing, nil
}

func (s *Room) renderDirectoryImport(w http.ResponseWriter, r *http.Request, status int, p *importPage) error {
	_, kind, err := directoryKeeper(r)
	if err != nil {
		return err
	}
	words := s.Words(r)
	p.Section, p.List, p.Back = "directory", directoryPath(kind), words.T("directory.back", "Name", words.T("directory."+string(kind)))
	p.File, p.Hint = words.T("directory.file"), words.T("directory.file_hint."+kind.Words())
	p.After, p.Save = words.T("directory.after_import"), words.T("directory.import", "N", len(p.Good))
	heads := []string{"name"}
	if kind.OfPeople() {
		heads = append(heads, "level", "term", "group")
	}
	for _, column := range heads {
		p.Heads = append(p.Heads, words.T("form."+kind.Words()+"."+column))
	}
	return s.drawImport(w, r, status, p)
}
