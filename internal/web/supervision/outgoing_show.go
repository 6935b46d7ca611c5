package supervision

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/sheet"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// outgoingPage is the register of the document numbers of a year (发文登记).
type outgoingPage struct {
	kit.Frame
	Year  int
	Years []OutgoingYear
	Heads []string
	Rows  []OutgoingRow
	File  string // the same as an .xlsx file
}

func (*outgoingPage) Template() string { return "outgoing.html" }

// OutgoingYear leads to another year.
type OutgoingYear struct {
	Year int
	Here bool
}

// OutgoingRow is a number, its cells under the heads: the number, the title, to whom, who signed, when, when it went out, how many, how, receipts.
type OutgoingRow struct {
	Path   string
	Voided bool
	Cells  []string
}

var outgoingHeads = []string{"number", "title_of", "to", "signer", "signed_on", "dispatched_on", "letters", "mode", "receipts"}

// OutgoingShow draws the newest year, or the one asked for.
func (s *Room) OutgoingShow(w http.ResponseWriter, r *http.Request) error {
	p, err := s.outgoing(r)
	if err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, p)
}

// OutgoingFile sends the same as .xlsx.
func (s *Room) OutgoingFile(w http.ResponseWriter, r *http.Request) error {
	p, err := s.outgoing(r)
	if err != nil {
		return err
	}
	rows := [][]string{p.Heads}
	for _, row := range p.Rows {
		rows = append(rows, row.Cells)
	}
	data, err := sheet.Write(sheet.Table{Name: s.Words(r).T("outgoing.title"), Rows: rows})
	if err != nil {
		return err
	}
	return kit.SendFile(w, store.AttachmentInfo{Name: p.Title + ".xlsx", MediaType: sheet.MediaType}, data)
}

func (s *Room) outgoing(r *http.Request) (*outgoingPage, error) {
	who, words := kit.OfficerOf(r), s.Words(r)
	if !kit.MayOverview(who) {
		return nil, &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Liaison}
	}
	years, err := s.store.OutgoingYears(r.Context())
	if err != nil {
		return nil, err
	}
	if len(years) == 0 {
		years = []int{calendar.DateOf(s.Now()).Year}
	}
	p := &outgoingPage{Year: years[0]}
	if asked := r.URL.Query().Get("year"); asked != "" {
		if p.Year, err = strconv.Atoi(asked); err != nil || !slices.Contains(years, p.Year) {
			return nil, kit.ErrNotFound
		}
	}
	p.Frame = kit.Frame{Title: words.T("outgoing.year", "Year", strconv.Itoa(p.Year)), Section: "statistics"}
	p.File = casefile.WithQuery("/outgoing.xlsx", url.Values{"year": {strconv.Itoa(p.Year)}})
	for _, year := range years {
		p.Years = append(p.Years, OutgoingYear{year, year == p.Year})
	}
	for _, head := range outgoingHeads {
		p.Heads = append(p.Heads, words.T("outgoing."+head))
	}
	all, err := s.store.OutgoingOf(r.Context(), who.Person, p.Year)
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		row, err := s.outgoingRow(words, o)
		if err != nil {
			return nil, err
		}
		p.Rows = append(p.Rows, row)
	}
	return p, nil
}

func (s *Room) outgoingRow(w *locale.Words, o store.Outgoing) (OutgoingRow, error) {
	pack, ok := s.store.Pack(o.State.Pack)
	if !ok {
		return OutgoingRow{}, fmt.Errorf("case %s: rule pack %q is not loaded", o.CaseID, o.State.Pack)
	}
	row := OutgoingRow{Path: "/cases/" + o.CaseID, Voided: o.Voided}
	number, to, letters, mode := o.Under.String(), o.Recipients, "", ""
	if o.Voided {
		number = w.T("outgoing.voided", "Number", number)
	}
	switch {
	case o.HandlingType == proposal.CoHandling:
		to = []string{o.LeadUnit}
	case len(to) == 0 && o.Masked:
		to = []string{store.MaskedName}
	case len(to) == 0 && pack.Reply[o.Key.Body].CoSigners == proposal.ReplyToEach:
		to = append([]string{o.LeadDeputy}, o.CoSigners...)
	case len(to) == 0:
		to = []string{o.LeadDeputy}
	}
	if o.Mode != "" {
		letters, mode = strconv.Itoa(len(to)), w.T("dispatch."+string(o.Mode))
	}
	var receipts []string
	for _, one := range o.Receipts {
		receipts = append(receipts, strings.TrimSpace(one.Recipient+" "+one.Receipt))
	}
	row.Cells = []string{
		number, pack.ReplyTitle(o.Key, o.HandlingType, o.Title), strings.Join(to, "、"), w.Name(o.SignerName), w.FullDay(o.SignedOn), w.FullDay(o.DispatchedOn),
		letters, mode, strings.Join(receipts, "；"),
	}
	return row, nil
}
