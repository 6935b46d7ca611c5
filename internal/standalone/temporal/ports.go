package temporal

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"syscall"
)

// PortTakenError says that another program listens where the frontend was told to.
type PortTakenError struct{ Port int }

func (e *PortTakenError) Error() string {
	return fmt.Sprintf("port %d, meant for the Temporal frontend, is taken by another program: stop that one, or choose another port with --temporal-port", e.Port)
}

// ports of the four services.
type ports struct{ frontend, history, matching, worker int }

// choosePorts checks the port that was asked for and finds free ones for the
// rest. All are let go again before the server takes them: if another program is
// quicker, the start fails and can be repeated. Start therefore chooses last: to
// prepare an empty database takes seconds.
func choosePorts(cfg Config) (ports, error) {
	var p ports
	var held []net.Listener
	defer func() {
		for _, listener := range held {
			listener.Close()
		}
	}()
	if cfg.Port != 0 {
		listener, err := listen(cfg.Port)
		if errors.Is(err, syscall.EADDRINUSE) {
			return p, &PortTakenError{Port: cfg.Port}
		}
		if err != nil {
			return p, fmt.Errorf("port %d, meant for the Temporal frontend, cannot be used: %w", cfg.Port, err)
		}
		held = append(held, listener)
	}
	p.frontend = cfg.Port
	for _, port := range []*int{&p.frontend, &p.history, &p.matching, &p.worker} {
		if *port != 0 {
			continue
		}
		listener, err := listenAnywhere()
		if err != nil {
			return p, err
		}
		held = append(held, listener)
		*port = listener.Addr().(*net.TCPAddr).Port
	}
	return p, nil
}

func listen(port int) (net.Listener, error) {
	return net.Listen("tcp", net.JoinHostPort(loopback, strconv.Itoa(port)))
}

// listenAnywhere stays below 32768: above, the kernel hands ports to outgoing
// connections, and one of those could take ours between the check and the start.
func listenAnywhere() (net.Listener, error) {
	const lowest, highest = 20000, 32767
	var err error
	for range 100 {
		var listener net.Listener
		if listener, err = listen(lowest + rand.IntN(highest-lowest+1)); err == nil {
			return listener, nil
		}
	}
	return nil, fmt.Errorf("no free port between %d and %d: %w", lowest, highest, err)
}
