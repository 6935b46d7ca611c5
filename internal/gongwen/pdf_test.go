package gongwen

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestPDF(t *testing.T) {
	p := FindPrinter()
	if p == nil {
		t.Skip("LibreOffice is not on this machine")
	}
	other := full()
	other.Addressee = "赵一代表："
	files, err := p.PDF(t.Context(), [][]byte{docx(t, full()), docx(t, other)})
	if err != nil || len(files) != 2 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		if !bytes.HasPrefix(file, []byte("%PDF-")) {
			t.Errorf("no PDF: %.20q", file)
		}
	}
}

// A LibreOffice that hangs, with all it started, ends with the order, and the next has its turn.
func TestPDFEndsWithItsOrder(t *testing.T) {
	dir := t.TempDir()
	program, left := filepath.Join(dir, "soffice"), filepath.Join(dir, "left")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n(sleep 2; touch "+left+") &\nwait\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	p := &Printer{program, make(chan struct{}, 1)}
	for range 2 {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		if _, err := p.PDF(ctx, [][]byte{{}}); err == nil {
			t.Error("it made something")
		}
	}
	p.turn <- struct{}{} // another order is being made
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := p.PDF(ctx, [][]byte{{}}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("two at a time: %v", err)
	}
	time.Sleep(2 * time.Second)
	if _, err := os.Stat(left); err == nil {
		t.Error("what LibreOffice had started went on")
	}
}
