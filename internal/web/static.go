package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed static
var staticFiles embed.FS

// asset is one embedded file under an address that names its content, so that a browser may keep it for ever.
type asset struct {
	body []byte
	mime string
}

var (
	assets    = map[string]asset{}  // by hashed name: app.1f2e3d4c5b6a.css
	assetURLs = map[string]string{} // by plain name: app.css
)

func init() {
	files, err := staticFiles.ReadDir("static")
	if err != nil {
		panic(err)
	}
	for _, file := range files {
		body, err := staticFiles.ReadFile("static/" + file.Name())
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(body)
		ext := path.Ext(file.Name())
		hashed := strings.TrimSuffix(file.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext
		assets[hashed] = asset{body, mime.TypeByExtension(ext)}
		assetURLs[file.Name()] = "/static/" + hashed
	}
}

// staticShow serves the embedded files.
func (s *Server) staticShow(w http.ResponseWriter, r *http.Request) error {
	file, ok := assets[r.PathValue("file")]
	if !ok {
		return errNotFound
	}
	w.Header().Set("Content-Type", file.mime)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, err := w.Write(file.body)
	return err
}
