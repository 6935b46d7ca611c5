package e2e

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/banli/banli/internal/demo"
	"github.com/banli/banli/internal/proposal"
)

var screenshots = flag.Bool("screenshots", false, "draw docs/images anew, from the demonstration bureau")

// TestScreenshots draws the pictures of the README and the guides.
func TestScreenshots(t *testing.T) {
	if !*screenshots {
		t.Skip("only with -screenshots")
	}
	run := upWithDemo(t)
	out, err := filepath.Abs(filepath.Join("..", "docs", "images"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		t.Fatal(err)
	}
	said, err := runScript(t, "screenshots.mjs", "SCREENSHOTS", scene{
		Site: run.site, Password: demo.Password, Out: out,
		People: map[proposal.Role]string{
			proposal.Handler: "zhangqiong", proposal.Supervisor: "zhouhaitao", proposal.DivisionHead: "liwei", proposal.LeaderInCharge: "liuyongjun",
			proposal.OfficeReviewer: "sunya", proposal.Admin: "qinlang", proposal.Liaison: "hanxue", proposal.Publisher: "tanyue",
		},
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
}
