package inbox

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/web/templates"
)

// MailWriter puts mails into words: notices by e-mail, and digests. What a mail says of a secret case is its number.
type MailWriter struct {
	Store     *store.Store
	PublicURL string // of the site as readers reach it, without a slash at the end
	Calendar  func() *calendar.Calendar
	Now       func() time.Time
	// Brief puts the digest of somebody who supervises into words.
	Brief func(context.Context, *locale.Words, *store.Person, store.Brief) (casefile.Brief, error)

	locales map[string]*locale.Words
	sheets  map[string]*template.Template
}

// Mail is a mail in words.
type Mail struct {
	To, Name, Subject, Text, HTML string
	Quiet                         bool   // its reader wants mails in working hours only
	Dropped                       string // why it must not go out any more; then there is nothing else
}

// NewMailWriter prepares the writing of mails. It fails only if a catalogue or the sheet in the binary is broken.
func NewMailWriter(l MailWriter) (*MailWriter, error) {
	locales, err := locale.Load(l.Now, l.Store.Wordings.Own)
	if err != nil {
		return nil, err
	}
	l.locales, l.sheets = locales, map[string]*template.Template{}
	l.PublicURL = strings.TrimSuffix(l.PublicURL, "/")
	for lang, w := range locales {
		if l.sheets[lang], err = templates.NewPart(w, "_mail.html"); err != nil {
			return nil, err
		}
	}
	return &l, nil
}

// sheet is what stands on a mail, as text and as HTML.
type sheet struct {
	Lang     string
	Heading  string
	Lines    []string
	Sections []sheetSection
	Link     sheetLink
	Settings sheetLink
}

type sheetLink struct{ Words, URL string }

type sheetSection struct {
	Title string
	Says  []string
	Rows  []sheetRow
	More  string // how many there are beyond those
}

type sheetRow struct{ Due, Words, Note, URL string }

// Write writes the mail as things stand now.
func (l *MailWriter) Write(ctx context.Context, id string) (Mail, error) {
	of, err := l.Store.Mail(ctx, id)
	if err != nil || of.Dropped != "" {
		return Mail{Dropped: of.Dropped}, err
	}
	w := l.locales[of.Settings.Language]
	mail := Mail{To: of.Person.Email, Name: w.Name(of.Person.Name), Quiet: of.Settings.Quiet}
	var s sheet
	switch {
	case of.Notice != nil:
		mail.Subject, s = l.noticeSheet(w, *of.Notice)
	case of.Brief != nil:
		brief, err := l.Brief(ctx, w, &of.Person, *of.Brief)
		if err != nil || brief.Empty {
			return Mail{Dropped: store.DropEmpty}, err
		}
		mail.Subject, s = brief.Subject, l.briefSheet(w, brief, of.Brief.Weekly)
	case of.Link != nil:
		mail.Subject, s = l.linkSheet(w, of.Person, *of.Link)
	default:
		mail.Subject, s = l.digestSheet(w, *of.Digest)
	}
	if of.Notice == nil {
		mail.Quiet = false // its hour was chosen, or somebody waits to log in
	}
	s.Lang = w.Lang
	if of.Link == nil { // who cannot log in cannot change how they are notified
		s.Settings = sheetLink{w.T("mail.settings"), l.PublicURL + "/settings"}
	}
	mail.Text = s.text(w)
	mail.HTML, err = l.html(w, s)
	return mail, err
}

func (l *MailWriter) html(w *locale.Words, s sheet) (string, error) {
	var html bytes.Buffer
	if err := l.sheets[w.Lang].ExecuteTemplate(&html, "mail", s); err != nil {
		return "", fmt.Errorf("write a mail: %w", err)
	}
	return html.String(), nil
}

// noticeSheet is a mail about one notice.
func (l *MailWriter) noticeSheet(w *locale.Words, n store.Notice) (subject string, s sheet) {
	row := noticeRow(w, n, l.Calendar(), calendar.DateOf(l.Now()))
	s.Link = sheetLink{w.T("mail.open"), l.PublicURL + row.Path}
	if n.State.Secrecy {
		s.Heading = w.T("mail.secret", "Number", row.Number)
		return s.Heading, s
	}
	kind := w.T("notice.kind." + string(n.Kind))
	s.Heading = row.Words
	if row.Number == "" {
		return kind, s
	}
	s.Lines = append(s.Lines, w.T("mail.case", "Number", row.Number, "Subject", row.Subject))
	if row.Said != "" && n.Kind != proposal.NoticeRated { // the deputy's words stay in the house
		s.Lines = append(s.Lines, w.T("mail.said", "Words", row.Said))
	}
	if row.Due != nil {
		s.Lines = append(s.Lines, w.T("mail.due", "Words", row.Due.Words, "Clock", w.T("clock."+string(row.Due.Clock)), "Date", row.Due.Date))
	}
	return w.T("mail.subject", "Kind", kind, "Number", row.Number, "Subject", row.Subject), s
}

// linkSheet is a mail with a link behind which its reader chooses a password.
func (l *MailWriter) linkSheet(w *locale.Words, p store.Person, link store.MailedLink) (subject string, s sheet) {
	s.Heading = w.T("mail.password")
	s.Lines = []string{w.T("mail.password_login", "Login", p.Login), w.T("mail.password_until", "Time", w.Moment(link.Until))}
	s.Link = sheetLink{w.T("mail.password_open"), l.PublicURL + "/password/" + link.Secret}
	return w.T("mail.password_subject"), s
}

// text is the sheet in plain text.
func (s sheet) text(w *locale.Words) string {
	var b strings.Builder
	b.WriteString(s.Heading + "\n")
	for _, line := range s.Lines {
		b.WriteString(line + "\n")
	}
	for _, section := range s.Sections {
		b.WriteString("\n" + section.Title + "\n")
		for _, said := range section.Says {
			b.WriteString(said + "\n")
		}
		for _, row := range section.Rows {
			b.WriteString(w.T("mail.row", "Due", row.Due, "Words", row.Words, "Note", row.Note) + "\n")
			if row.URL != "" {
				b.WriteString("  " + row.URL + "\n")
			}
		}
		if section.More != "" {
			b.WriteString(section.More + "\n")
		}
	}
	for _, link := range []sheetLink{s.Link, s.Settings} {
		if link.URL != "" {
			b.WriteString("\n" + link.Words + "\n" + link.URL + "\n")
		}
	}
	return b.String()
}
