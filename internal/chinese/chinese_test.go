package chinese

import (
	"strings"
	"testing"
)

func TestNumeral(t *testing.T) {
	digits := strings.Split("一二三四五六七八九", "")
	n := 0
	for _, tens := range []string{"", "十", "二十", "三十", "四十", "五十", "六十", "七十", "八十", "九十"} {
		for _, unit := range append([]string{""}, digits...) {
			if n > 0 && Numeral(n) != tens+unit {
				t.Errorf("%d: %q, want %q", n, Numeral(n), tens+unit)
			}
			n++
		}
	}
	for n, want := range map[int]string{
		0: "0", 100: "100", -1: "-1",
	} {
		if got := Numeral(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
