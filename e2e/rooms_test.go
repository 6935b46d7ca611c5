package e2e

import (
	"testing"

	"github.com/banli/banli/internal/demo"
)

// TestRoomsLoseNoWord holds a telephone call by keyboard, writes a reply through a cut network and a lost session, and watches
// a list change under a reader.
func TestRoomsLoseNoWord(t *testing.T) {
	run := upWithDemo(t)
	s := cast(t, run.store(t))
	s.Site, s.Password, s.Out, s.Number = run.site, demo.Password, pictures(t, "rooms"), "8811"
	witnessed(t, "rooms.mjs", "ROOMS", s)
}
