package banli_test

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var workedExamples = flag.Bool("worked-examples", false, "do what docs/change.md says, in a copy of the repository; takes minutes")

// The worked examples of docs/change.md are done as they stand there, in a copy of the repository. They touch as many files as it says, and what
// holds every kind and every field together, the catalogues, the forms, the API, finds nothing missing.
func TestWorkedExamples(t *testing.T) {
	if !*workedExamples {
		t.Skip("only with -worked-examples: everything is compiled anew")
	}
	copied := copyOf(t)
	kind := example(t, "A new kind of action")
	copied.insert("internal/proposal/table.go", `(?m)^\tUrge +Kind = `, line(kind[0], `Kind = "`))
	copied.insert("internal/proposal/table.go", `(?m)^\tUrge: +func`, line(kind[0], `func\(`))
	copied.insert("internal/proposal/table.go", `(?m)^\t// 催办`, line(kind[0], `During:`))
	copied.write("internal/proposal/survey.go", "package proposal\n\nimport \"github.com/banli/banli/internal/calendar\"\n\n"+kind[1])
	copied.insert("internal/kinds/side.go", `(?m)^\t\{\n\t\tKind: proposal.AskOpinion,`, kind[2])
	copied.say("form.place", "form.seen_on")
	for _, family := range []string{"action", "do", "other", "after", "event"} {
		copied.say(family + ".survey_site")
	}
	copied.touches(5)
	copied.finds("go", "vet", "./internal/proposal", "./internal/kinds")

	field := example(t, "A new field of a registration")
	copied.touched = map[string]bool{}
	copied.insert("internal/proposal/registration.go", `(?m)^\tCategory +string`, line(field[0], `json:`))
	copied.insert("internal/proposal/registration.go", `(?m)^\tc\.text\("category"`, line(field[0], `c\.text`))
	copied.insert("internal/kinds/registration.go", `(?m)^\t+Field\{Name: "delegation"`, field[1])
	copied.say("form.constituency", "fact.constituency", "amend.constituency")
	copied.touches(4)
	copied.finds("go", "test", "-vet=off", "./internal/kinds", "./internal/web/...", "-run", "TestEvery|TestRows|TestCatalogues")
	copied.finds("go", "test", "-vet=off", "./internal/proposal", "-run", "TestR20")
}

// example are the pieces of Go in a section of docs/change.md.
func example(t *testing.T, heading string) (pieces []string) {
	text, err := os.ReadFile("docs/change.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "## "+heading+"\n")
	if !found {
		t.Fatalf("docs/change.md has no section %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	for _, piece := range regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(section, -1) {
		pieces = append(pieces, regexp.MustCompile(`(?m)^   `).ReplaceAllString(piece[1], ""))
	}
	return pieces
}

// line is the line of a piece that the pattern is in.
func line(piece, pattern string) string {
	return regexp.MustCompile(`(?m)^.*` + pattern + `.*\n`).FindString(piece)
}

type changed struct {
	*testing.T
	dir     string
	touched map[string]bool
}

// copyOf copies what git knows of the repository.
func copyOf(t *testing.T) *changed {
	c := &changed{T: t, dir: t.TempDir(), touched: map[string]bool{}}
	if out, err := exec.CommandContext(t.Context(), "sh", "-c", `git -c safe.directory='*' ls-files -z | xargs -0 cp --parents -t "$1"`, "sh", c.dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return c
}

func (c *changed) write(file, text string) {
	c.Helper()
	c.touched[file] = true
	if err := os.WriteFile(filepath.Join(c.dir, file), []byte(text), 0o600); err != nil {
		c.Fatal(err)
	}
}

// insert puts a piece before the place that the pattern finds.
func (c *changed) insert(file, pattern, piece string) {
	c.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, file))
	if err != nil {
		c.Fatal(err)
	}
	at := regexp.MustCompile(pattern).FindIndex(text)
	if at == nil || strings.TrimSpace(piece) == "" {
		c.Fatalf("%s: %q goes before %s, which is at %v", file, piece, pattern, at)
	}
	c.write(file, string(text[:at[0]])+piece+string(text[at[0]:]))
}

// say gives both catalogues words for the keys.
func (c *changed) say(keys ...string) {
	c.Helper()
	for _, lang := range []string{"zh", "en"} {
		for _, key := range keys {
			c.insert("internal/web/locale/"+lang+".yaml", `(?m)^action\.urge:`, key+": \"实地踏勘\"\n")
		}
	}
}

func (c *changed) touches(files int) {
	c.Helper()
	if len(c.touched) != files {
		c.Errorf("the example touches %d files and not %d: %v", len(c.touched), files, c.touched)
	}
}

// finds runs a command that is content with the copy.
func (c *changed) finds(command ...string) {
	c.Helper()
	run := exec.CommandContext(c.Context(), command[0], command[1:]...)
	run.Dir = c.dir
	if out, err := run.CombinedOutput(); err != nil {
		c.Errorf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
}
