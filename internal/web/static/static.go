// Package static bundles the stylesheets and scripts of the site, under addresses that name their content.
//
// Templates, the kit and nothing else import it; it imports nothing of the house.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
)

//go:embed *.css *.js vendor
var staticFiles embed.FS

// Styles are the stylesheets of the officers' and of the public pages, each a bundle of the files in this order.
// They stand in the page itself: the first answer of the server is enough to paint it.
var Styles = map[string]*Stylesheet{
	"officer": bundleStyles("tokens.css", "app.css", "desk.css", "bulk.css", "live.css", "case.css", "call.css", "draft.css", "review.css", "mail.css", "admin.css"),
	"public":  bundleStyles("tokens.css", "public.css"),
}

// scripts are the scripts, as they stand here: what is not of vendor/ is a module, and the browser joins them.
var scripts = readScripts()

// ScriptElements load the scripts of the same pages. htmx and Idiomorph are no modules: they come before those that use them.
var ScriptElements = map[string]template.HTML{
	"officer": scripts.elements("officer.js", "vendor/htmx-2.0.11.min.js", "vendor/idiomorph-ext-0.7.4.min.js"),
	"public":  scripts.elements("public.js"),
}

// Stylesheet is a bundle and the hash by which the Content-Security-Policy knows it.
type Stylesheet struct {
	Element template.HTML
	Source  string // as a CSP source: 'sha256-…'
}

// scriptFolder is the scripts and the address under which they stand together. It names the content of them all, since a module
// names those that it imports by their files alone.
type scriptFolder struct {
	path  string
	files map[string][]byte
}

func bundleStyles(files ...string) *Stylesheet {
	css := bundle(files)
	sum := sha256.Sum256(css)
	return &Stylesheet{
		Element: template.HTML("<style>" + string(css) + "</style>"),
		Source:  "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'",
	}
}

func readScripts() scriptFolder {
	f := scriptFolder{files: map[string][]byte{}}
	sum := sha256.New()
	err := fs.WalkDir(staticFiles, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".js" {
			return err
		}
		body, err := staticFiles.ReadFile(name)
		f.files[name] = body
		fmt.Fprintf(sum, "%s %d\n%s", name, len(body), body)
		return err
	})
	if err != nil {
		panic(err)
	}
	f.path = "/static/" + hex.EncodeToString(sum.Sum(nil)[:6]) + "/"
	return f
}

// imported matches what a module imports from another.
var imported = regexp.MustCompile(`(?m)^(?:import|export) (?:[^"]* from )?"\./([a-z_]+\.js)";$`)

// needs is the modules that one imports, and those that they import, each once.
func (f scriptFolder) needs(module string) []string {
	var found []string
	var read func(string)
	read = func(module string) {
		for _, m := range imported.FindAllSubmatch(f.files[module], -1) {
			if name := string(m[1]); !slices.Contains(found, name) {
				found = append(found, name)
				read(name)
			}
		}
	}
	read(module)
	return found
}

// elements load a module, after scripts that are none. What it imports is named at once: else the browser would come upon it file
// by file.
func (f scriptFolder) elements(module string, before ...string) template.HTML {
	var out strings.Builder
	for _, name := range f.needs(module) {
		fmt.Fprintf(&out, "<link rel=\"modulepreload\" href=\"%s%s\">\n", f.path, name)
	}
	for _, name := range before {
		fmt.Fprintf(&out, "<script src=\"%s%s\" defer></script>\n", f.path, name)
	}
	fmt.Fprintf(&out, "<script type=\"module\" src=\"%s%s\"></script>", f.path, module)
	return template.HTML(out.String())
}

// bundle is the files one after the other. A missing one is a mistake that no page survives.
func bundle(files []string) []byte {
	var all bytes.Buffer
	for _, file := range files {
		body, err := staticFiles.ReadFile(file)
		if err != nil {
			panic(err)
		}
		all.Write(body)
		all.WriteByte('\n')
	}
	return all.Bytes()
}

// Serve answers with a script, which the browser keeps for ever; found is false if there is none at the address.
func Serve(w http.ResponseWriter, r *http.Request) (found bool, err error) {
	body, found := scripts.files[strings.TrimPrefix(r.URL.Path, scripts.path)]
	if !found {
		return false, nil
	}
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, err = w.Write(body)
	return true, err
}
