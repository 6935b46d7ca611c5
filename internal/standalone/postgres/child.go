package postgres

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// child is a process that dies with this one.
type child struct {
	pid    int
	exited chan struct{}
}

// startChild starts cmd, whose SysProcAttr.Pdeathsig is set. The kernel sends
// that signal when the *thread* that forked ends, and Go ends threads as it
// likes: so one goroutine keeps its thread for as long as the child lives.
func startChild(cmd *exec.Cmd) (*child, error) {
	c := &child{exited: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		c.pid = cmd.Process.Pid
		started <- nil
		_ = cmd.Wait() // the log says why it ended
		close(c.exited)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return c, nil
}

// end stops the child: gently until ctx is done, then harder.
func (c *child) end(ctx context.Context) error {
	c.signal(syscall.SIGINT)
	select {
	case <-c.exited:
		return nil
	case <-ctx.Done():
	}
	for _, harder := range []syscall.Signal{syscall.SIGQUIT, syscall.SIGKILL} {
		c.signal(harder)
		select {
		case <-c.exited:
			return nil
		case <-time.After(5 * time.Second):
		}
	}
	return fmt.Errorf("the Postgres process %d does not end", c.pid)
}

// signal sends sig unless the child is known to have ended (its number could be
// another process's by now).
func (c *child) signal(sig syscall.Signal) {
	select {
	case <-c.exited:
	default:
		_ = syscall.Kill(c.pid, sig)
	}
}
