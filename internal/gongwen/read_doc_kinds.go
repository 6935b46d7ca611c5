package gongwen

import (
	"encoding/binary"
	"slices"
	"sort"
)

// paragraphKind is where a paragraph of a .doc file stands.
type paragraphKind int

const (
	inText paragraphKind = iota
	inCell
	rowEnd // no paragraph: the mark that ends a row
)

// stretch is a part of the main stream whose paragraphs are of one kind.
type stretch struct {
	end  uint32 // the first byte behind it
	kind paragraphKind
}

type stretches []stretch

// at is the kind of the paragraph that a character of the main stream belongs to.
func (s stretches) at(place int64) paragraphKind {
	i := sort.Search(len(s), func(i int) bool { return int64(s[i].end) > place })
	if i == len(s) {
		return inText
	}
	return s[i].kind
}

// docStretches reads where the paragraphs stand ([MS-DOC] 2.8.6, 2.9.175): pages of 512 bytes in the main stream say it, the table stream where these are. What
// is broken there says nothing: the text is read all the same, its tables as paragraphs.
func docStretches(main, table []byte) stretches {
	const pageSize, boxSize = 512, 13
	from, size := uint64(binary.LittleEndian.Uint32(main[docParagraphs:])), uint64(binary.LittleEndian.Uint32(main[docParagraphs+4:]))
	if size < 4 || from+size > uint64(len(table)) {
		return nil
	}
	pages := table[from : from+size]
	n := (len(pages) - 4) / 8
	if n > len(main)/pageSize { // one page named again and again would fill the memory
		return nil
	}
	var all stretches
	for i := range n {
		at := int(binary.LittleEndian.Uint32(pages[4*(n+1)+4*i:])&0x3FFFFF) * pageSize
		if at+pageSize > len(main) {
			return nil
		}
		page := main[at : at+pageSize]
		count := int(page[pageSize-1])
		if 4*(count+1)+boxSize*count >= pageSize {
			return nil
		}
		for j := range count {
			all = append(all, stretch{binary.LittleEndian.Uint32(page[4*(j+1):]), kindAt(page, 2*int(page[4*(count+1)+boxSize*j]))})
		}
	}
	slices.SortStableFunc(all, func(a, b stretch) int { return int(int64(a.end) - int64(b.end)) })
	return all
}

// Properties of paragraphs ([MS-DOC] 2.6.2): that one stands in a cell, and that one is the end of a row.
const (
	sprmInTable = 0x2416
	sprmRowEnd  = 0x2417
)

// kindAt reads the properties of a paragraph at a place of a page: their length, the style, then one after the other.
func kindAt(page []byte, at int) (kind paragraphKind) {
	if at == 0 || at+2 > len(page) {
		return inText
	}
	size := 2*int(page[at]) - 1
	if at++; size < 0 {
		size = 2 * int(page[at])
		at++
	}
	if at+size > len(page) || size < 2 {
		return inText
	}
	for rest := page[at+2 : at+size]; len(rest) > 2; {
		code := binary.LittleEndian.Uint16(rest)
		rest = rest[2:]
		long := operandSize(code, rest)
		if long > len(rest) {
			break
		}
		switch {
		case rest[0] == 0:
		case code == sprmInTable:
			kind = max(kind, inCell)
		case code == sprmRowEnd:
			kind = rowEnd
		}
		rest = rest[long:]
	}
	return kind
}

// operandSize is how many bytes the value of a property takes.
func operandSize(code uint16, rest []byte) int {
	const tableDefinition = 0xD608 // with a length of two bytes
	switch code >> 13 {
	case 0, 1:
		return 1
	case 2, 4, 5:
		return 2
	case 3:
		return 4
	case 7:
		return 3
	}
	if code == tableDefinition && len(rest) > 1 {
		return int(binary.LittleEndian.Uint16(rest)) + 1
	}
	return int(rest[0]) + 1
}
