package compare

import "unicode/utf8"

// pair is a line of each text; -1 where one has none.
type pair struct{ old, new int }

// most is how many pairs of lines are weighed against each other. A reply has some fifty lines; only a pasted list has more,
// and its middle is then shown as gone and come.
const most = 250_000

// alike is how much of two lines must be the same for one to stand for the other, from 0 to 1.
const alike = 0.35

// align pairs the lines of two texts in order, so that as much as can be stays beside its like.
func align(a, b []string) []pair {
	var head, tail []pair
	from, endA, endB := 0, len(a), len(b)
	for from < endA && from < endB && a[from] == b[from] {
		head = append(head, pair{from, from})
		from++
	}
	for endA > from && endB > from && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
		tail = append([]pair{{endA, endB}}, tail...)
	}
	middle := between(a[from:endA], b[from:endB])
	for i := range middle {
		if middle[i].old >= 0 {
			middle[i].old += from
		}
		if middle[i].new >= 0 {
			middle[i].new += from
		}
	}
	return append(append(head, middle...), tail...)
}

// between finds the pairing of highest likeness; lines that pair with none keep their order, those that went first.
func between(a, b []string) []pair {
	n, m := len(a), len(b)
	if n*m == 0 || n*m > most {
		return apart(0, n, 0, m)
	}
	oldGrams, newGrams := make([]grams, n), make([]grams, m)
	for i, line := range a {
		oldGrams[i] = gramsOf(line)
	}
	for j, line := range b {
		newGrams[j] = gramsOf(line)
	}
	like, best := make([][]float64, n), make([][]float64, n+1)
	best[n] = make([]float64, m+1)
	for i := n - 1; i >= 0; i-- {
		like[i], best[i] = make([]float64, m), make([]float64, m+1)
		for j := m - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if like[i][j] = likeness(a[i], b[j], oldGrams[i], newGrams[j]); like[i][j] >= alike {
				best[i][j] = max(best[i][j], best[i+1][j+1]+like[i][j])
			}
		}
	}
	var pairs []pair
	i, j, fromA, fromB := 0, 0, 0, 0
	for i < n && j < m {
		switch {
		case like[i][j] >= alike && best[i][j] == best[i+1][j+1]+like[i][j]:
			pairs = append(append(pairs, apart(fromA, i, fromB, j)...), pair{i, j})
			i, j = i+1, j+1
			fromA, fromB = i, j
		case best[i][j] == best[i+1][j]:
			i++
		default:
			j++
		}
	}
	return append(pairs, apart(fromA, n, fromB, m)...)
}

// apart are lines that have nothing to do with each other.
func apart(fromA, toA, fromB, toB int) []pair {
	var pairs []pair
	for i := fromA; i < toA; i++ {
		pairs = append(pairs, pair{i, -1})
	}
	for j := fromB; j < toB; j++ {
		pairs = append(pairs, pair{-1, j})
	}
	return pairs
}

// grams counts the pairs of neighbouring characters of a line, and how many there are.
type grams struct {
	count map[[2]rune]int
	total int
}

func gramsOf(line string) grams {
	g := grams{count: map[[2]rune]int{}}
	before := rune(-1)
	for _, r := range line {
		g.count[[2]rune{before, r}]++
		g.total++
		before = r
	}
	return g
}

// likeness is Dice's coefficient over pairs of characters. A line that holds the whole of a shorter one counts as alike: words
// were added to it.
func likeness(a, b string, ga, gb grams) float64 {
	if a == b {
		return 1
	}
	if ga.total == 0 || gb.total == 0 {
		return 0
	}
	if gb.total < ga.total {
		ga, gb = gb, ga
	}
	common := 0
	for gram, n := range ga.count {
		common += min(n, gb.count[gram])
	}
	dice := 2 * float64(common) / float64(ga.total+gb.total)
	if held := float64(common) / float64(ga.total); held > 0.8 && ga.total >= short {
		return max(dice, alike+held/1000)
	}
	return dice
}

// short lines share characters by chance.
const short = 6

// Anchor is a place in a reply: a paragraph, counted from 0, and the characters of it from From up to To, To itself left out.
type Anchor struct{ Paragraph, From, To int }

// Find looks for the words that somebody marked at a place of an earlier version: at that place, else in that paragraph, else in
// the nearest paragraph that has them. It reports false if they stand nowhere any more. No words mark a whole paragraph, which
// stays where it was as long as there is one.
func Find(paragraphs []string, quote string, was Anchor) (Anchor, bool) {
	if quote == "" {
		return was, was.Paragraph >= 0 && was.Paragraph < len(paragraphs)
	}
	for away := 0; away <= max(len(paragraphs), was.Paragraph+1); away++ {
		for _, at := range []int{was.Paragraph - away, was.Paragraph + away} {
			if at < 0 || at >= len(paragraphs) {
				continue
			}
			if from, ok := nearest(paragraphs[at], quote, was.From); ok {
				return Anchor{at, from, from + utf8.RuneCountInString(quote)}, true
			}
		}
	}
	return was, false
}

// nearest finds the words in a text, as near as can be to where they stood; positions count characters.
func nearest(text, quote string, near int) (int, bool) {
	t, q := []rune(text), []rune(quote)
	found, ok := 0, false
	for i := 0; i+len(q) <= len(t); i++ {
		if string(t[i:i+len(q)]) == quote && (!ok || distance(i, near) < distance(found, near)) {
			found, ok = i, true
		}
	}
	return found, ok
}

func distance(a, b int) int { return max(a-b, b-a) }
