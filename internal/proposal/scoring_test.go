package proposal

import "testing"

// Points are the share of the weight, or the weight less what each case against costs; over too few cases there are none.
func TestScoringItem(t *testing.T) {
	for _, c := range []struct {
		item        ScoringItem
		of, counted int
		tenths      int
		enough      bool
	}{
		{ScoringItem{Rate: "met", Weight: 20}, 8, 7, 175, true},
		{ScoringItem{Rate: "met", Weight: 20}, 3, 2, 133, true},
		{ScoringItem{Rate: "met", Weight: 20}, 2, 2, 0, false},
		{ScoringItem{Rate: "in_time", Weight: 30, Each: 5}, 20, 17, 150, true},
		{ScoringItem{Rate: "in_time", Weight: 30, Each: 5}, 20, 3, 0, true},
		{ScoringItem{Rate: "rehandled", Weight: 10}, 10, 1, 90, true},
		{ScoringItem{Rate: "returned", Weight: 10, Each: 2}, 10, 1, 80, true},
	} {
		if tenths, enough := c.item.Points(c.of, c.counted); tenths != c.tenths || enough != c.enough {
			t.Errorf("%+v: %d of %d make %d tenths, %t; want %d, %t", c.item, c.counted, c.of, tenths, enough, c.tenths, c.enough)
		}
	}
}
