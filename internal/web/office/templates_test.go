package office

import (
	"testing"

	"github.com/banli/banli/internal/web/kittest"
)

func TestTemplates(t *testing.T) {
	kittest.Pages(t, &proxiesPage{}, &calendarPage{}, &registrationPage{}, &paragraphsPage{}, &paragraphEditPage{}, &caseParagraphsPage{})
}
