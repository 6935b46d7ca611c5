package web_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/engine"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/internal/testkit/sealservice"
)

// pressed says that some test has had a press: the engine remembers it for a while.
var pressed bool

// press puts a program in the place of LibreOffice: its PDF is the .docx behind a PDF's first line, so that a test can look into it.
func press(t *testing.T) {
	t.Helper()
	const program = `#!/bin/sh
while [ "$1" != --outdir ]; do shift; done
dir=$2
shift 2
for file; do { printf '%%PDF-1.7\n'; cat "$file"; } > "$dir/$(basename "$file" .docx).pdf"; done
`
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "soffice"), []byte(program), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	pressed = true
}

// behind is the .docx that a PDF was made of.
func behind(t *testing.T, pdf string) map[string]string {
	t.Helper()
	file, ok := strings.CutPrefix(strings.TrimSuffix(pdf, sealservice.Mark), "%PDF-1.7\n")
	if !ok {
		t.Fatalf("no PDF: %.40q", pdf)
	}
	return unzip(t, []byte(file))
}

// sealPicture is a red ring.
func sealPicture(t *testing.T, width, height int) []byte {
	t.Helper()
	ring := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			if dx, dy := x-width/2, y-height/2; dx*dx+dy*dy < width*width/4 && dx*dx+dy*dy > width*width/5 {
				ring.SetNRGBA(x, y, color.NRGBA{200, 0, 0, 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, ring); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const inFile = "word/media/picture.png"

// A reply is printed under the seal once it is signed and numbered, by the liaison, and each use is told. Nothing else bears it.
func TestPrintedUnderTheSeal(t *testing.T) {
	press(t)
	s := newSite(t)
	admin, liaison := s.as(t, proposal.Admin), s.as(t, proposal.Liaison)
	setSeal(t, admin)

	drafted := "/cases/" + s.replyAt(t, "1701", proposal.SignOff)
	id := s.replyAt(t, "1702", proposal.Dispatching)
	path := "/cases/" + id
	if p := liaison.get(drafted + "/preview"); strings.Contains(p.body, drafted+"/sealed") {
		t.Error("a draft is offered under the seal")
	}
	liaison.post(drafted+"/sealed", url.Values{}).says(t, http.StatusConflict)
	for _, role := range []proposal.Role{proposal.Handler, proposal.LeaderInCharge, proposal.Admin} {
		b := s.as(t, role)
		if p := b.get(path + "/preview"); strings.Contains(p.body, path+"/sealed") {
			t.Errorf("the seal is offered to %s", role)
		}
		if p := b.post(path+"/sealed", url.Values{}); p.status != http.StatusForbidden && p.status != http.StatusNotFound {
			t.Errorf("%s seals: %d", role, p.status)
		}
	}

	page := liaison.get(path + "/preview")
	page.says(t, http.StatusOK, "用印打印：盖“沈阳市民政局”章")
	to, form := page.formTo(t, "/sealed")
	first := liaison.post(to, form)
	files := unzip(t, []byte(first.body))
	if len(files) != 2 {
		t.Fatalf("%d files in %s", len(files), sentName(t, first))
	}
	for name, pdf := range files {
		docx := behind(t, pdf)
		if !strings.HasSuffix(name, "的答复.pdf") || !strings.HasPrefix(docx[inFile], "\x89PNG") || strings.Count(docx["word/document.xml"], "<wp:anchor") != 1 {
			t.Errorf("%s bears no seal", name)
		}
	}
	if again := unzip(t, []byte(liaison.post(to, form).body)); !maps.Equal(again, files) {
		t.Errorf("printed again they are other files: %d", len(again))
	}
	for _, plain := range []string{path + "/reply.docx?to=1", path + "/reply.pdf?to=1"} {
		body := liaison.get(plain).body
		if strings.Contains(plain, ".pdf") {
			if docx := behind(t, body); docx[inFile] != "" || docx["word/document.xml"] == "" {
				t.Errorf("%s bears a seal", plain)
			}
		} else if unzip(t, []byte(body))[inFile] != "" {
			t.Errorf("%s bears a seal", plain)
		}
	}
	past := liaison.get(path).text()
	if n := strings.Count(past, "用印打印答复"); n != 2 || !strings.Contains(past, "2份，盖“沈阳市民政局”章") {
		t.Errorf("told %d times:\n%s", n, past)
	}
	s.as(t, proposal.Auditor).get("/home").says(t, http.StatusOK, "用印打印")

	to, form = admin.get("/bureau/seal").formTo(t, "/bureau/seal/end")
	admin.post(to, form).says(t, http.StatusOK, "印章图样已停用")
	if p := liaison.get(path + "/preview"); strings.Contains(p.body, "/sealed") || liaison.post(path+"/sealed", url.Values{}).status != http.StatusNotFound {
		t.Error("a seal is offered that is in use no more")
	}
	sound(t, s)
}

// setSeal is what an administrator sees and does.
func setSeal(t *testing.T, admin *browser) {
	t.Helper()
	good := map[string]string{"name": "沈阳市民政局", "diameter": "４５"}
	for says, wrong := range map[string]struct {
		fields map[string]string
		name   string
		data   []byte
	}{
		"请选一个文件":      {good, "", nil},
		"不是能读的PNG图片":  {good, "章.txt", []byte("不是图片")},
		"图片要是正方形":     {good, "章.png", sealPicture(t, 600, 300)},
		"边长300至3000点": {good, "章.png", sealPicture(t, 200, 200)},
		"这里要填":        {map[string]string{"name": " ", "diameter": "45"}, "章.png", sealPicture(t, 400, 400)},
		"直径填30到60的整数": {map[string]string{"name": "沈阳市民政局", "diameter": "很大"}, "章.png", sealPicture(t, 400, 400)},
	} {
		p := admin.upload("/bureau/seal", wrong.fields, wrong.name, wrong.data)
		p.says(t, http.StatusUnprocessableEntity, says)
		if !strings.Contains(p.body, `value="`+wrong.fields["diameter"]+`"`) {
			t.Errorf("%s: what was typed is gone", says)
		}
	}
	set := admin.upload("/bureau/seal", good, "章.png", sealPicture(t, 400, 400))
	set.says(t, http.StatusOK, "印章图样已启用", "45毫米", "看一次记一次")
	if strings.Contains(set.body, "<img") {
		t.Error("the page shows the picture")
	}
	to, form := set.formTo(t, "/bureau/seal/look")
	if look := admin.post(to, form); !strings.HasPrefix(look.body, "\x89PNG") || sentName(t, look) != "沈阳市民政局.png" {
		t.Errorf("a look: %.20q", look.body)
	}
	admin.get("/changes").says(t, http.StatusOK, "印章", "查看了图样", "45")
	for _, role := range []proposal.Role{proposal.Liaison, proposal.Auditor} {
		other := admin.site.as(t, role)
		other.get("/bureau/seal").says(t, http.StatusForbidden)
		other.post("/bureau/seal/look", url.Values{}).says(t, http.StatusForbidden)
		other.post("/bureau/seal/end", url.Values{}).says(t, http.StatusForbidden)
		other.upload("/bureau/seal", good, "章.png", sealPicture(t, 400, 400)).says(t, http.StatusForbidden)
	}
}

// sound checks all chains, and the rows against them.
func sound(t *testing.T, s *site) {
	t.Helper()
	if chain, err := s.Store.VerifyChain(t.Context(), nil); err != nil || len(chain.Breaks) > 0 {
		t.Errorf("%+v, %v", chain.Breaks, err)
	}
	if _, broken, err := s.Store.VerifyStaffChain(t.Context()); err != nil || broken > 0 {
		t.Errorf("broken at %d, %v", broken, err)
	}
	if rows, err := s.Store.VerifyRows(t.Context()); err != nil || len(rows) > 0 {
		t.Errorf("%+v, %v", rows, err)
	}
}

// Where the bureau has a service for electronic seals, that seals what was printed: once, though its answer is lost, and not at all if it refuses.
func TestSealedByAService(t *testing.T) {
	press(t)
	service := sealservice.New(t)
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte(sealservice.Key), 0o600); err != nil {
		t.Fatal(err)
	}
	database, bureau := fixture.Database(t)
	s := run(t, app.Config{
		Database: app.Database{URL: database},
		Temporal: app.Temporal{Address: engine.Address(t), Namespace: engine.Namespace},
		Web:      app.Web{Listen: "127.0.0.1:0"},
		Seal:     app.Seal{URL: service.URL, KeyFile: key},
		Serve:    true, Work: true,
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError + 1})),
	})
	s.bureau = bureau
	liaison := s.as(t, proposal.Liaison)
	s.as(t, proposal.Admin).get("/bureau/seal").says(t, http.StatusOK, "已接电子印章服务")

	path := "/cases/" + s.carry(t, fixture.Registration("1711", calendar.DateOf(time.Now()).AddDays(-20)), proposal.Dispatching, draftText)
	service.Set(func(r *sealservice.Service) { r.Refuse = "证书已过期" })
	to, form := liaison.get(path+"/preview").formTo(t, "/sealed")
	liaison.post(to, form).says(t, http.StatusOK, "电子印章服务没有盖章：证书已过期")
	service.Set(func(r *sealservice.Service) { r.Refuse, r.Lose = "", true })
	for range 2 {
		to, form = liaison.get(path+"/preview").formTo(t, "/sealed")
		files := unzip(t, []byte(liaison.post(to, form).body))
		if len(files) != 2 {
			t.Fatalf("%d files", len(files))
		}
		for name, pdf := range files {
			if !strings.HasSuffix(pdf, sealservice.Mark) || behind(t, pdf)[inFile] != "" {
				t.Errorf("%s is not sealed by the service alone", name)
			}
		}
	}
	if n := service.Seals(); n != 2 {
		t.Errorf("two files were sealed %d times", n)
	}
	liaison.get(path).says(t, http.StatusOK, "用印打印答复", "2份，电子印章")
	sound(t, s)
}

// A LibreOffice that fails is told, and the pages can be printed all the same.
func TestPressFails(t *testing.T) {
	press(t)
	bin, _, _ := strings.Cut(os.Getenv("PATH"), ":")
	if err := os.WriteFile(filepath.Join(bin, "soffice"), []byte("#!/bin/sh\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := newSite(t)
	path := "/cases/" + s.replyAt(t, "1721", proposal.Dispatching)
	s.as(t, proposal.Liaison).get(path+"/reply.pdf?to=2").says(t, http.StatusOK, "LibreOffice这次没排出PDF", "王桂兰代表：")
}
