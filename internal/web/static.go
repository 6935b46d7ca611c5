package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"html/template"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed static
var staticFiles embed.FS

// styles are the stylesheets of the officers' and of the public pages, each a bundle of the files of static/ in this order.
// They stand in the page itself: the first answer of the server is enough to paint it.
var styles = map[string]*stylesheet{
	"officer": bundleStyles("tokens.css", "app.css", "desk.css", "bulk.css", "live.css", "case.css", "call.css", "draft.css", "review.css", "mail.css"),
	"public":  bundleStyles("tokens.css", "public.css"),
}

// scripts are the scripts of the same pages. They come after the page and are kept by the browser for ever.
var scripts = map[string]*asset{
	"officer": bundleScripts("officer.js", "vendor/htmx-2.0.11.min.js", "vendor/idiomorph-ext-0.7.4.min.js",
		"core.js", "live.js", "keep.js", "desk.js", "bulk.js", "case.js", "call.js", "draft.js", "review.js"),
	"public": bundleScripts("public.js", "public.js"),
}

// stylesheet is a bundle and the hash by which the Content-Security-Policy knows it.
type stylesheet struct {
	element template.HTML
	source  string // as a CSP source: 'sha256-…'
}

// asset is a bundle under an address that names its content.
type asset struct {
	path string
	body []byte
	mime string
}

func bundleStyles(files ...string) *stylesheet {
	css := bundle(files)
	sum := sha256.Sum256(css)
	return &stylesheet{
		element: template.HTML("<style>" + string(css) + "</style>"),
		source:  "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'",
	}
}

func bundleScripts(name string, files ...string) *asset {
	body := bundle(files)
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	return &asset{
		path: "/static/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext,
		body: body, mime: mime.TypeByExtension(ext),
	}
}

// bundle is the files one after the other. A missing one is a mistake that no page survives.
func bundle(files []string) []byte {
	var all bytes.Buffer
	for _, file := range files {
		body, err := staticFiles.ReadFile("static/" + file)
		if err != nil {
			panic(err)
		}
		all.Write(body)
		all.WriteByte('\n')
	}
	return all.Bytes()
}

// staticShow serves the scripts.
func (s *Server) staticShow(w http.ResponseWriter, r *http.Request) error {
	for _, script := range scripts {
		if script.path == r.URL.Path {
			w.Header().Set("Content-Type", script.mime)
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			_, err := w.Write(script.body)
			return err
		}
	}
	return errNotFound
}
