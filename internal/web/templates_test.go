package web

import (
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/jba/templatecheck"

	"github.com/banli/banli/internal/proposal"
)

// everyPage lists each page struct once; TestTemplates fails for a template that none of them names.
var everyPage = []page{
	&loginPage{}, &errorPage{}, &keptPage{}, &tasksPage{}, &casePage{}, &casePage{Form: &CaseForm{Form: Form{Kind: proposal.Contact}}}, &casePage{Form: &CaseForm{Form: Form{Kind: proposal.Submit}}}, &draftLive{}, &caseAtPage{}, &conflictPage{}, &registrationPage{},
	&casePage{Form: &CaseForm{Form: Form{Kind: proposal.Sign}}, Review: &ReviewView{}}, &comparePage{}, &editPage{}, &previewPage{}, &signingPage{},
	&paragraphsPage{}, &paragraphEditPage{}, &caseParagraphsPage{},
	&publicListPage{}, &publicReplyPage{}, &publicErrorPage{}, &overviewPage{}, &casesPage{},
	&proxiesPage{}, &noticesPage{}, &deputyLinkPage{}, &deputyPage{}, &deputyThanksPage{}, &calendarPage{},
	&bulkNewPage{}, &bulkPage{}, &bulksPage{}, &settingsPage{},
	&keysPage{}, &viewsPage{},
}

func TestTemplates(t *testing.T) {
	locales, err := loadLocales(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	r, err := newRenderer(locales)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, p := range everyPage {
		named[p.template()] = true
		for _, lang := range languages {
			set := r.page(lang, p.template())
			if set == nil {
				t.Fatalf("%T names %s, which does not exist", p, p.template())
			}
			if err := templatecheck.CheckHTML(set.Lookup(p.template()), p); err != nil {
				t.Errorf("%s, %s: %v", p.template(), lang, err)
			}
		}
	}
	files, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimPrefix(file, "templates/")
		if !strings.HasPrefix(name, "_") && !named[name] {
			t.Errorf("no page struct in everyPage uses %s", name)
		}
	}
}
