package password

import (
	"sync"
	"testing"
	"time"
)

// However many log in at once, only so many passwords are worked on: the memory of the others is not taken.
func TestPlaces(t *testing.T) {
	for range cap(places) {
		places <- struct{}{}
	}
	var all sync.WaitGroup
	done := make(chan struct{})
	for range 20 {
		all.Go(func() { Hash("办理2020") })
	}
	go func() { all.Wait(); close(done) }()
	select {
	case <-done:
		t.Error("passwords were worked on though every place was taken")
	case <-time.After(200 * time.Millisecond):
	}
	for range cap(places) {
		<-places
	}
	<-done
}
