package desk

import (
	"testing"

	"github.com/banli/banli/internal/web/kittest"
)

func TestTemplates(t *testing.T) {
	kittest.Pages(t, &tasksPage{}, &bulkNewPage{}, &bulkPage{}, &bulksPage{}, &keysPage{}, &viewsPage{}, &repliesPage{})
}
