package gongwen

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// Printer makes PDF files of .docx files by LibreOffice, one order at a time: it takes a whole processor.
type Printer struct {
	program string
	turn    chan struct{}
}

// orderTime is how long LibreOffice may take for an order, its start included: a second a file is usual.
const orderTime = time.Minute

// FindPrinter is the printer of this machine; nil if LibreOffice is not installed.
func FindPrinter() *Printer {
	program, err := exec.LookPath("soffice")
	if err != nil {
		return nil
	}
	return &Printer{program, make(chan struct{}, 1)}
}

// PDF is each of the files as PDF, in their order. Only files that this package wrote are to be given to it: LibreOffice reads many
// formats, and not all of them safely.
func (p *Printer) PDF(ctx context.Context, files [][]byte) ([][]byte, error) {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, orderTime)
	defer cancel()
	dir, err := os.MkdirTemp("", "banli-print-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", "pdf", "--outdir", dir}
	for i, file := range files {
		name := filepath.Join(dir, strconv.Itoa(i)+".docx")
		if err := os.WriteFile(name, file, 0o600); err != nil {
			return nil, err
		}
		args = append(args, name)
	}
	convert := exec.CommandContext(ctx, p.program, args...)
	convert.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // it starts others, which are to end with it
	convert.Cancel = func() error { return syscall.Kill(-convert.Process.Pid, syscall.SIGKILL) }
	convert.WaitDelay = time.Second
	if said, err := convert.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("gongwen: LibreOffice: %w: %s", err, said)
	}
	var printed [][]byte
	for i := range files {
		data, err := os.ReadFile(filepath.Join(dir, strconv.Itoa(i)+".pdf"))
		if err != nil {
			return nil, fmt.Errorf("gongwen: LibreOffice left no PDF: %w", err)
		}
		printed = append(printed, data)
	}
	return printed, nil
}
