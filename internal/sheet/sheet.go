// Package sheet reads and writes tables as .xlsx files, which is how offices keep lists. It alone knows the library; it must import no other room.
package sheet

import (
	"bytes"
	"errors"
	"strings"

	"github.com/xuri/excelize/v2"
)

// MediaType is that of the files.
const MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// ErrUnreadable is returned for what is no .xlsx file, or is larger than a list of the office would be.
var ErrUnreadable = errors.New("not a readable .xlsx file")

// What a file may unpack to, in bytes, and how many rows are read of it: a few megabytes can hold gigabytes of zeros.
const (
	maxUnpacked = 64 << 20
	MaxRows     = 5_000
)

// Read gives the cells of the first table as they are shown, without blanks around them. Rows at the end that hold nothing are left out.
func Read(data []byte) ([][]string, error) {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked})
	if err != nil {
		return nil, errors.Join(ErrUnreadable, err)
	}
	defer f.Close()
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		return nil, errors.Join(ErrUnreadable, err)
	}
	defer rows.Close()
	var all [][]string
	for filled := 0; rows.Next(); {
		cells, err := rows.Columns()
		if err != nil || len(all) > 20*MaxRows {
			return nil, errors.Join(ErrUnreadable, err)
		}
		for i := range cells {
			if cells[i] = strings.TrimSpace(cells[i]); cells[i] != "" {
				filled = len(all) + 1
			}
		}
		if all = append(all, cells); filled > MaxRows {
			return nil, ErrUnreadable
		}
	}
	for len(all) > 0 && strings.Join(all[len(all)-1], "") == "" {
		all = all[:len(all)-1]
	}
	return all, nil
}

// Table is one table of a file.
type Table struct {
	Name string
	Rows [][]string // the first is the head
}

// Write makes a file of the tables. Every cell is text, so that no number loses its zeros.
func Write(tables ...Table) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return nil, err
	}
	for i, table := range tables {
		if i == 0 {
			err = f.SetSheetName(f.GetSheetName(0), table.Name)
		} else {
			_, err = f.NewSheet(table.Name)
		}
		for r, row := range table.Rows {
			cell, _ := excelize.CoordinatesToCellName(1, r+1)
			err = errors.Join(err, f.SetSheetRow(table.Name, cell, &row))
		}
		if err = errors.Join(err, f.SetColStyle(table.Name, "A:Z", text), f.SetColWidth(table.Name, "A", "Z", 18)); err != nil {
			return nil, err
		}
	}
	data, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return data.Bytes(), nil
}
