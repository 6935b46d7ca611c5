// Package gongwen writes a reply as a .docx file in the form of a letter (信函格式, GB/T 9704-2012, clause 10) or in the plain form (clause 7): 22 lines of
// 28 characters, the agency in red over a line, page numbers outside. It knows paper, not the rules for replies. ADR 0017 says why the format is written
// without a library.
//
// The fonts are the standard's; a program that has not got them takes those named beside them in letter/fontTable.xml.
package gongwen

import (
	"archive/zip"
	"bytes"
	"embed"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/banli/banli/internal/paper"
)

// letter is what all replies in the letter form have in common: styles, page numbers, the red line at the foot of the first page.
//
//go:embed letter
var letter embed.FS

// MediaType is that of a .docx file.
const MediaType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// OldMediaType is that of a .doc or .wps file.
const OldMediaType = "application/msword"

// made is the time that the parts of a file bear: the same reply is the same file, byte by byte. A zip knows none before it.
var made = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// parts are the names, in the file, of what replies have in common.
var parts = []struct{ file, name string }{
	{"content-types.xml", "[Content_Types].xml"},
	{"package.rels", "_rels/.rels"},
	{"document.rels", "word/_rels/document.xml.rels"},
	{"styles.xml", "word/styles.xml"},
	{"settings.xml", "word/settings.xml"},
	{"fontTable.xml", "word/fontTable.xml"},
	{"footer-first.xml", "word/footer-first.xml"},
	{"footer-odd.xml", "word/footer-odd.xml"},
	{"footer-even.xml", "word/footer-even.xml"},
}

// Seal is the picture of a seal, as large as it is printed.
type Seal struct {
	PNG      []byte
	Diameter int // in millimetres
}

// Docx is the file of a reply. The seal, if there is one, covers the signature and the date.
func Docx(l paper.Reply, seal *Seal) ([]byte, error) {
	if seal == nil {
		return packed(header(l), document(l, 0), nil)
	}
	return packed(header(l), document(l, seal.Diameter), seal.PNG)
}

// packed puts the parts together; picture is a PNG that the document shows, nil if it shows none.
func packed(header, document string, picture []byte) ([]byte, error) {
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	for _, part := range parts {
		data, err := letter.ReadFile("letter/" + part.file)
		if err == nil && part.file == "document.rels" && picture != nil {
			data = bytes.Replace(data, []byte("</Relationships>"), []byte(pictureRel+"</Relationships>"), 1)
		}
		if err == nil {
			err = add(archive, part.name, string(data))
		}
		if err != nil {
			return nil, err
		}
	}
	err := errors.Join(add(archive, "word/header.xml", header), add(archive, "word/document.xml", document))
	if picture != nil {
		err = errors.Join(err, add(archive, "word/media/picture.png", string(picture)))
	}
	err = errors.Join(err, archive.Close())
	return file.Bytes(), err
}

const pictureRel = `  <Relationship Id="picture" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/picture.png"/>` + "\n"

func add(archive *zip.Writer, name, part string) error {
	w, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: made})
	if err == nil {
		_, err = io.WriteString(w, part)
	}
	return err
}

const (
	opening = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	space   = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
)

// header stands on the first page only: the marks above, the agency over the double line. It reaches two lines into the text, which begins
// lower for it.
func header(l paper.Reply) string {
	var b strings.Builder
	b.WriteString(opening + `<w:hdr` + space + `>` + "\n")
	for i := range markLines {
		if i < len(l.Marks) {
			paragraph(&b, "Mark", run("", l.Marks[i]))
		} else {
			paragraph(&b, "Mark")
		}
	}
	if l.Plain {
		b.WriteString(`</w:hdr>` + "\n")
		return b.String()
	}
	paragraph(&b, "Agency", `<w:r><w:rPr>`+agencySize(l.Agency, 2*480)+`</w:rPr>`+text(l.Agency)+`</w:r>`)
	paragraph(&b, "UnderAgency")
	b.WriteString(`</w:hdr>` + "\n")
	return b.String()
}

// markLines are above the agency, whether there are marks or not.
const markLines = 2

// agencySize makes a name of any length stand in one line: 13 mm high, or as high as there is room. Sizes are half points.
func agencySize(name string, room int) string {
	const largest = 74
	size := min(largest, room/max(1, utf8.RuneCountInString(name)))
	return fmt.Sprintf(`<w:sz w:val="%d"/><w:szCs w:val="%[1]d"/>`, size)
}

// document is the text; seal is the diameter of the picture that covers the signature, in millimetres, 0 for none.
func document(l paper.Reply, seal int) string {
	var b strings.Builder
	b.WriteString(opening + `<w:document` + space + pictureSpace + `><w:body>` + "\n")
	switch {
	case l.Plain:
		plainHead(&b, l)
	case l.Number != "":
		paragraph(&b, "DocumentNumber", run("", l.Number))
	}
	paragraph(&b, "Blank")
	paragraph(&b, "Blank")
	var title []string
	for _, line := range paper.TitleLines(l.Title) {
		title = append(title, text(line))
	}
	paragraph(&b, "Title", `<w:r>`+strings.Join(title, `<w:br/>`)+`</w:r>`)
	paragraph(&b, "Blank")
	paragraph(&b, "Addressee", run("", l.Addressee))
	for rest := l.Paragraphs; len(rest) > 0; {
		var t *paper.Table
		if t, rest = paper.TableFirst(rest); t != nil {
			replyTable(&b, t)
			continue
		}
		p, style := rest[0], "Normal"
		if rest = rest[1:]; len(rest)+len(l.Ask)+len(l.Enclosures) == 0 {
			style = "LastParagraph"
		}
		paragraph(&b, style, run(rankStyle[p.Rank], p.Text[:p.Lead]), run("", p.Text[p.Lead:]))
	}
	enclosures(&b, l.Enclosures)
	if len(l.Ask) > 0 {
		paragraph(&b, "Blank")
	}
	for _, ask := range l.Ask {
		paragraph(&b, "LastParagraph", run("", ask))
	}
	paragraph(&b, "SealRoom")
	paragraph(&b, "SealRoom")
	foots(&b, l)
	if l.Date == "" {
		paragraph(&b, "Signature", run("", l.Agency))
	} else {
		paragraph(&b, "SignatureOverDate", sealOver(seal), run("", l.Agency))
		paragraph(&b, "Date", run("", l.Date))
	}
	b.WriteString(section(l.Plain) + `</w:body></w:document>` + "\n")
	return b.String()
}

// plainHead is the agency and the number over a red line: in the plain form they stand in the text, on its lines.
func plainHead(b *strings.Builder, l paper.Reply) {
	for range paper.NameBelow {
		paragraph(b, "Blank")
	}
	paragraph(b, "Name", `<w:r><w:rPr>`+agencySize(l.Agency, 2*440)+`</w:rPr>`+text(l.Agency)+`</w:r>`)
	paragraph(b, "Blank")
	paragraph(b, "Blank")
	if l.Signer == "" {
		paragraph(b, "Head", run("", l.Number))
		return
	}
	signer, _ := strings.CutSuffix(l.SignedBy(), l.Signer)
	paragraph(b, "HeadSigned", run("", l.Number), `<w:r><w:tab/></w:r>`, run("", signer), run("Rank2", l.Signer))
}

// enclosures are the list of them, under a blank line.
func enclosures(b *strings.Builder, names []string) {
	for i, name := range names {
		if i == 0 {
			paragraph(b, "Blank")
		}
		first, rest := paper.EnclosureIn(name, i)
		if i == 0 {
			name = paper.Enclosed + name
		}
		fmt.Fprintf(b, `<w:p><w:pPr><w:pStyle w:val="Enclosure"/><w:ind w:left="%d" w:hanging="%d" w:firstLineChars="0"/></w:pPr>%s</w:p>`+"\n",
			rest*character, (rest-first)*character, run("", name))
	}
}

// foots are the copies and, in the plain form, who issued the reply and when, between lines.
func foots(b *strings.Builder, l paper.Reply) {
	lines := len(paper.CopyLines(l.Copies))
	if !l.Plain {
		if lines > 0 {
			framed(b, "Copies", foot-paper.Pitch*lines, run("", l.Copies))
		}
		return
	}
	issued := ""
	if l.Date != "" {
		lines, issued = lines+1, run("", l.Agency)+`<w:r><w:tab/></w:r>`+run("", l.IssuedOn())
	}
	if l.Copies != "" {
		framed(b, "CopiesLined", foot-paper.Pitch*lines, run("", l.Copies))
	}
	if issued != "" {
		framed(b, "Issued", foot-paper.Pitch, issued)
	}
}

// rankStyle is how the heading that opens a paragraph is set; those of the third and fourth rank are set as the text is.
var rankStyle = map[int]string{1: "Rank1", 2: "Rank2"}

// In twentieths of a point: the width of a character, and where the text of a page ends.
const (
	character = 315
	foot      = 16838 - 1984
)

// In English Metric Units, 36,000 to a millimetre: the height of a line, and where the middle of the signature is from the left of the text.
const (
	millimetre = 36000
	lineHeight = paper.Pitch * 635
	middle     = (4309 + 8844) / 2 * 635
)

// sealOver is a seal upright in the middle of signature and date, which stand a little below its own middle: 端正、居中下压, 居印章中心偏下 (GB/T 9704-2012, 7.3.5.1). Its
// upper edge is then less than a line below the text, above which two lines are free for it. It lies under the words, so that they stay black.
func sealOver(diameter int) string {
	if diameter == 0 {
		return ""
	}
	const below = 3 * millimetre // of the words from the middle of the seal
	side := diameter * millimetre
	return fmt.Sprintf(`<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="1" locked="1" layoutInCell="1" allowOverlap="1">`+
		`<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="margin"><wp:posOffset>%d</wp:posOffset></wp:positionH>`+
		`<wp:positionV relativeFrom="paragraph"><wp:posOffset>%d</wp:posOffset></wp:positionV>`, middle-side/2, lineHeight-below-side/2) +
		picture(side, `<wp:wrapNone/>`) + `</wp:anchor></w:drawing></w:r>`
}

// framed is a paragraph in a frame, which has its place at the foot of the page that the signature is on, whatever is changed in the text. It is
// said at the paragraph, since LibreOffice does not read it from a style, and before the signature: after the last paragraph it would
// take an empty one of its own.
func framed(b *strings.Builder, style string, y int, words string) {
	fmt.Fprintf(b, `<w:p><w:pPr><w:pStyle w:val="%s"/><w:framePr w:w="8844" w:wrap="around" w:vAnchor="page" w:hAnchor="page" w:x="1588" w:y="%d"/></w:pPr>%s</w:p>`+"\n", style, y, words)
}

// section is the page: 156 × 225 mm of text on A4, 22 lines to a page; no number on the first of a letter.
func section(plain bool) string {
	first := "foot"
	if plain {
		first = "odd"
	}
	return `<w:sectPr><w:headerReference w:type="first" r:id="header"/><w:footerReference w:type="default" r:id="odd"/>` +
		`<w:footerReference w:type="even" r:id="even"/><w:footerReference w:type="first" r:id="` + first + `"/>` +
		`<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="567" w:footer="1307" w:gutter="0"/>` +
		fmt.Sprintf(`<w:titlePg/><w:docGrid w:type="lines" w:linePitch="%d"/></w:sectPr>`, paper.Pitch)
}

func paragraph(b *strings.Builder, style string, runs ...string) {
	b.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>` + strings.Join(runs, "") + `</w:p>` + "\n")
}

func run(style, words string) string {
	if words == "" {
		return ""
	}
	set := ""
	if style != "" {
		set = `<w:rPr><w:rStyle w:val="` + style + `"/></w:rPr>`
	}
	return `<w:r>` + set + text(words) + `</w:r>`
}

func text(words string) string {
	var b strings.Builder
	b.WriteString(`<w:t xml:space="preserve">`)
	_ = xml.EscapeText(&b, []byte(words)) // a Builder takes everything
	b.WriteString(`</w:t>`)
	return b.String()
}
