package supervision

import (
	"testing"

	"github.com/banli/banli/internal/web/kittest"
)

func TestTemplates(t *testing.T) {
	kittest.Pages(t, &outgoingPage{}, &briefPage{}, &homePage{}, &homeCasesPage{}, &operationPage{}, &overviewPage{}, &scoresPage{}, &statisticsPage{}, &tablePage{}, &whatIfPage{})
}
