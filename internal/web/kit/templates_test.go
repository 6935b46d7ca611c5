package kit_test

import (
	"testing"

	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/kittest"
)

func TestTemplates(t *testing.T) {
	kittest.Pages(t, &kit.LoginPage{}, &kit.ErrorPage{}, &kit.KeptPage{}, &kit.ProvePage{}, &kit.LoginSecondPage{}, &kit.LeavePage{}, &kit.LoggedOutPage{})
}
