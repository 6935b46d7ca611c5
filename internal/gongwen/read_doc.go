package gongwen

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/richardlehane/mscfb"
	"golang.org/x/text/encoding/charmap"
)

// Places in the head of a .doc file ([MS-DOC] 2.5.1): what kind of file it is, its flags, how many characters its text has, and where it is told of its
// paragraphs and of its pieces.
const (
	docIdent, docMagic = 0, 0xA5EC
	docFlags           = 0x0A
	docLength          = 0x4C
	docParagraphs      = 0x102
	docPieces          = 0x1A2
	docHead            = docPieces + 8

	encryptedFlag   = 0x0100
	secondTableFlag = 0x0200 // the table of pieces is in the stream 1Table, else in 0Table
)

// DocText is what stands in a .doc file, a paragraph or a row of a table a line as in [Text], or in a .wps file, which is the same inside. Numbers that the program counts itself are not
// in it; what was deleted while changes were tracked is, since only the marks of each character tell.
func DocText(file []byte) (string, error) {
	streams, err := docStreams(file)
	if err != nil {
		return "", err
	}
	main := streams["WordDocument"]
	if len(main) < docHead || binary.LittleEndian.Uint16(main[docIdent:]) != docMagic {
		return "", ErrUnreadable
	}
	flags := binary.LittleEndian.Uint16(main[docFlags:])
	table := streams["0Table"]
	if flags&secondTableFlag != 0 {
		table = streams["1Table"]
	}
	from, size := binary.LittleEndian.Uint32(main[docPieces:]), binary.LittleEndian.Uint32(main[docPieces+4:])
	if flags&encryptedFlag != 0 || uint64(from)+uint64(size) > uint64(len(table)) {
		return "", ErrUnreadable
	}
	text, places, err := docCharacters(main, table[from:from+size])
	if err != nil {
		return "", err
	}
	paragraphs := docStretches(main, table)
	return docLines(text, func(i int) paragraphKind { return paragraphs.at(places[i]) }), nil
}

// docStreams are the streams of the file that text is in.
func docStreams(file []byte) (map[string][]byte, error) {
	container, err := mscfb.New(bytes.NewReader(file))
	if err != nil {
		return nil, ErrUnreadable
	}
	streams, left := map[string][]byte{}, int64(maxPart)
	for {
		entry, err := container.Next()
		if errors.Is(err, io.EOF) {
			return streams, nil
		}
		if err != nil {
			return nil, ErrUnreadable
		}
		if name := entry.Name; len(entry.Path) > 0 || name != "WordDocument" && name != "0Table" && name != "1Table" {
			continue
		}
		data, err := io.ReadAll(io.LimitReader(entry, left+1))
		if left -= int64(len(data)); left < 0 {
			return nil, ErrTooLarge
		}
		if err != nil {
			return nil, ErrUnreadable
		}
		streams[entry.Name] = data
	}
}

// docCharacters puts the pieces of a text together ([MS-DOC] 2.4.1), and says where in the main stream each character lies. A piece lies in the main stream, two bytes a character or, where all of it is
// Latin, one.
func docCharacters(main, clx []byte) (text []rune, places []int64, err error) {
	for len(clx) > 3 && clx[0] == 1 { // formatting that pieces refer to
		skip := 3 + int(binary.LittleEndian.Uint16(clx[1:]))
		if skip > len(clx) {
			return nil, nil, ErrUnreadable
		}
		clx = clx[skip:]
	}
	if len(clx) < 5 || clx[0] != 2 || int64(binary.LittleEndian.Uint32(clx[1:])) > int64(len(clx)-5) {
		return nil, nil, ErrUnreadable
	}
	plc := clx[5 : 5+binary.LittleEndian.Uint32(clx[1:])]
	if len(plc) < 4 {
		return nil, nil, ErrUnreadable
	}
	n := (len(plc) - 4) / 12
	length := min(int64(binary.LittleEndian.Uint32(main[docLength:])), int64(len(main))) // what follows are footnotes, headers and the like
	for i := range n {
		start, end := int64(binary.LittleEndian.Uint32(plc[4*i:])), int64(binary.LittleEndian.Uint32(plc[4*i+4:]))
		place := binary.LittleEndian.Uint32(plc[4*(n+1)+8*i+2:])
		end = min(end, length)
		if end <= start {
			continue
		}
		const latin = 1 << 30
		at, width := int64(place), int64(2)
		if place&latin != 0 {
			at, width = int64(place&^latin)/2, 1
		}
		if at+(end-start)*width > int64(len(main)) || int64(len(text))+end-start > length { // pieces that say the same again and again would fill the memory
			return nil, nil, ErrUnreadable
		}
		piece := main[at : at+(end-start)*width]
		if width == 1 {
			latin1, err := charmap.Windows1252.NewDecoder().Bytes(piece)
			if err != nil {
				return nil, nil, ErrUnreadable
			}
			for j, r := range []rune(string(latin1)) {
				text, places = append(text, r), append(places, at+int64(j))
			}
			continue
		}
		units := make([]uint16, end-start)
		for j := range units {
			units[j] = binary.LittleEndian.Uint16(piece[2*j:])
		}
		for _, r := range utf16.Decode(units) {
			text, places = append(text, r), append(places, at)
			at += 2 * int64(utf16.RuneLen(r))
		}
	}
	return text, places, nil
}

// docLines makes lines of paragraphs and rows, and leaves out what is not on the paper: pictures, and the instructions of fields. kind is where the paragraph
// stands that ends with a character.
func docLines(text []rune, kind func(i int) paragraphKind) string {
	var lines []string
	var rows [][]cellIn // of the table that is being read
	var row []cellIn
	var c cellIn
	var paragraph strings.Builder
	var fields []bool // that are open, one in the other: whether the result of each has begun
	ends := func() {
		c.lines = append(c.lines, notBlank(paragraph.String())...)
		paragraph.Reset()
	}
	outside := func() { // the paragraph stands in no table: one that was open has ended
		if row != nil {
			rows = append(rows, row)
		}
		lines = append(append(lines, linesOf(rows)...), c.lines...)
		rows, row, c = nil, nil, cellIn{}
	}
	for i, r := range text {
		last := len(fields) - 1
		switch {
		case r == 0x13:
			fields = append(fields, false)
		case r == 0x14 && last >= 0:
			fields[last] = true
		case r == 0x15 && last >= 0:
			fields = fields[:last]
		case slices.Contains(fields, false):
		case r == 7 && kind(i) == rowEnd:
			rows, row = append(rows, row), nil
			paragraph.Reset()
		case r == 7 && kind(i) == inCell:
			ends()
			c.span = 1
			row, c = append(row, c), cellIn{}
		case r == '\r' && kind(i) == inCell:
			ends()
		case r == '\r', r == 7, r == 0x0C:
			ends()
			outside()
		case r == 0x0B:
			paragraph.WriteByte('\n')
		case r == '\t':
			paragraph.WriteByte(' ')
		case r == 0x1E:
			paragraph.WriteByte('-')
		case r >= ' ':
			paragraph.WriteRune(r)
		}
	}
	ends()
	outside()
	return strings.Join(lines, "\n")
}
