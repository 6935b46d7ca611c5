package main

import "testing"

// The demonstration's passwords are known to everybody: its accounts are opened to a network only by word.
func TestDemonstrationStaysOnTheMachine(t *testing.T) {
	for listen, refused := range map[string]bool{
		"127.0.0.1:8080": false, "localhost:8080": false, "[::1]:0": false, ":8080": true, "0.0.0.0:8080": true, "[::]:8080": true, "192.0.2.7:8080": true,
		"banli.example:8080": true,
	} {
		for _, c := range []struct {
			up      upCommand
			refused bool
		}{
			{upCommand{Listen: listen, Demo: true}, refused},
			{upCommand{Listen: listen, Demo: true, DemoForAll: true}, false},
			{upCommand{Listen: listen}, false},
		} {
			if err := c.up.Validate(); (err != nil) != c.refused {
				t.Errorf("%+v: %v", c.up, err)
			}
		}
	}
}
