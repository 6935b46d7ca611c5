package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/banli/banli/internal/web/kit"
)

// Cached lets browsers and proxies keep a public page and ask whether it has changed. The tag is that of the bytes: it
// changes with the text, the language, the display choices and the program, whichever comes first.
func Cached(h kit.Handler) kit.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Cache-Control", "public, no-cache")
		w.Header().Set("Vary", "Cookie")
		held := &heldAnswer{ResponseWriter: w, status: http.StatusOK}
		if err := h(held, r); err != nil {
			w.Header().Set("Cache-Control", "no-store")
			return err
		}
		if held.status != http.StatusOK {
			w.WriteHeader(held.status)
			_, err := w.Write(held.body.Bytes())
			return err
		}
		sum := sha256.Sum256(held.body.Bytes())
		w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(held.body.Bytes()))
		return nil
	}
}

// heldAnswer keeps an answer back until its tag is known.
type heldAnswer struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (h *heldAnswer) WriteHeader(status int) { h.status = status }

func (h *heldAnswer) Write(p []byte) (int, error) { return h.body.Write(p) }
