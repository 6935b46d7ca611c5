package banli_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	domainReference   = regexp.MustCompile(`\bdomain §([0-9]+)`)
	decisionReference = regexp.MustCompile(`\bADR ([0-9]{4})`)
	domainSection     = regexp.MustCompile(`(?m)^## ([0-9]+)\. `)
)

// TestReferencesLeadSomewhere: comments and documents name sections of docs/domain.md and decisions in docs/adr, and each of them is there.
func TestReferencesLeadSomewhere(t *testing.T) {
	domain, err := os.ReadFile("docs/domain.md")
	if err != nil {
		t.Fatal(err)
	}
	var sections []string
	for _, s := range domainSection.FindAllStringSubmatch(string(domain), -1) {
		sections = append(sections, s[1])
	}
	followed := 0
	err = fs.WalkDir(os.DirFS("."), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (path.Base(name) == "node_modules" || name != "." && strings.HasPrefix(path.Base(name), ".")):
			return fs.SkipDir
		case entry.IsDir() || !slices.Contains([]string{".go", ".md", ".html", ".yaml", ".sql", ".js", ".mjs"}, path.Ext(name)):
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, reference := range domainReference.FindAllStringSubmatch(string(text), -1) {
			followed++
			if !slices.Contains(sections, reference[1]) {
				t.Errorf("%s: docs/domain.md has no §%s", name, reference[1])
			}
		}
		for _, reference := range decisionReference.FindAllStringSubmatch(string(text), -1) {
			followed++
			if files, _ := filepath.Glob("docs/adr/" + reference[1] + "-*.md"); len(files) != 1 {
				t.Errorf("%s: ADR %s is %d files in docs/adr", name, reference[1], len(files))
			}
		}
		return nil
	})
	if err != nil || followed < 20 {
		t.Errorf("%d references, %v", followed, err)
	}
}

var (
	quotedInDocs = regexp.MustCompile("`([^`\n]+)`")
	exportedName = regexp.MustCompile(`\b[A-Z][A-Za-z]+[a-z][A-Za-z]*\b`)
	goComment    = regexp.MustCompile(`//[^\n]*`)
)

// TestDocumentsNameWhatIsThere: where a document says which function does something, what holds a rule or what a word is called, the code
// has that name.
func TestDocumentsNameWhatIsThere(t *testing.T) {
	names := map[string]bool{}
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && entry.Name() == "node_modules" {
			return fs.SkipDir
		}
		if err != nil || filepath.Ext(name) != ".go" {
			return err
		}
		text, err := os.ReadFile(name)
		for _, word := range exportedName.FindAllString(goComment.ReplaceAllString(string(text), ""), -1) {
			names[word] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, doc := range documents(t) {
		if doc == "docs/api.md" { // it also lists what things were called once
			continue
		}
		text, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, quoted := range quotedInDocs.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(quoted[1], " -") { // the arguments of a command are no names
				continue
			}
			for _, word := range exportedName.FindAllString(quoted[1], -1) {
				looked++
				if !names[word] {
					t.Errorf("%s: nothing is called %s", doc, word)
				}
			}
		}
	}
	if looked < 100 {
		t.Errorf("%d names", looked)
	}
}

// documents are the pages that people read.
func documents(t *testing.T) (all []string) {
	for _, folder := range []string{"*.md", "docs/*.md", "docs/adr/*.md", "bench/*.md"} {
		found, err := filepath.Glob(folder)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", folder, err)
		}
		all = append(all, found...)
	}
	return all
}

var linkInDocs = regexp.MustCompile(`\]\(([^)#\s]+)(?:#[^)]*)?\)`)

// TestLinksLeadSomewhere: a file that a document links to is there.
func TestLinksLeadSomewhere(t *testing.T) {
	followed := 0
	for _, doc := range documents(t) {
		text, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range linkInDocs.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(link[1], "://") {
				continue
			}
			followed++
			if _, err := os.Stat(filepath.Join(filepath.Dir(doc), link[1])); err != nil {
				t.Errorf("%s: %v", doc, err)
			}
		}
	}
	if followed < 100 {
		t.Errorf("%d links", followed)
	}
}

// TestArchitectureNamesEveryRoom: the table of the rooms has all that house_test.go knows.
func TestArchitectureNamesEveryRoom(t *testing.T) {
	text, err := os.ReadFile("docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	for room := range rooms {
		if !strings.Contains(string(text), "`"+room+"`") && !strings.Contains(string(text), "`"+room+"/`") {
			t.Errorf("docs/architecture.md does not name %s", room)
		}
	}
}
