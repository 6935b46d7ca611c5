package temporal

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"
	uiconfig "github.com/temporalio/ui-server/v2/server/config"
	"github.com/temporalio/ui-server/v2/server/route"
	"github.com/temporalio/ui-server/v2/ui"
)

// webUI answers for the Temporal Web UI under a path. It has no port, for it asks nobody who he is: it is reached only through whoever serves it.
// The server of the UI's own module opens a port in any case, so its routes are put together here.
func webUI(frontend string, cfg Config) (http.Handler, error) {
	config, err := uiconfig.NewConfigProviderWithRefresh(&uiconfig.Config{
		TemporalGRPCAddress: frontend,
		DefaultNamespace:    cfg.Namespace,
		Codec:               uiconfig.Codec{Endpoint: cfg.Codec},
		DisableNewsFetch:    true, // nothing here calls out
		DisableWriteActions: true, // what becomes of a case is decided on its page
	})
	if err != nil {
		return nil, fmt.Errorf("prepare the Temporal Web UI: %w", err)
	}
	calls := echo.New()
	if err := route.SetAPIRoutes(calls, config, nil); err != nil {
		return nil, fmt.Errorf("prepare the Temporal Web UI: %w", err)
	}
	route.SetRenderRoute(calls, "/")
	files, err := ui.Assets()
	if err == nil {
		files, err = fs.Sub(files, "local")
	}
	if err != nil {
		return nil, fmt.Errorf("read the Temporal Web UI: %w", err)
	}
	page, policy, err := uiPage(files, cfg.UIPath)
	if err != nil {
		return nil, fmt.Errorf("read the Temporal Web UI: %w", err)
	}

	mux := http.NewServeMux()
	mux.Handle("/api/", calls)
	mux.Handle("/render", calls)
	assets := http.FileServerFS(files)
	mux.Handle("/favicon.ico", assets)
	mux.HandleFunc("/_app/", func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/_app/immutable/") {
			w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
		}
		assets.ServeHTTP(w, r)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(page)
	})
	return http.StripPrefix(cfg.UIPath, mux), nil
}

var (
	uiScript = regexp.MustCompile(`(?s)<script>(.*?)</script>`)
	uiPolicy = regexp.MustCompile(`<meta http-equiv="content-security-policy"[^>]*>`)
)

// uiPage is the one page of the Web UI, made to live under a path, with the policy that lets nothing but its own script begin. The policy that
// stands in the page knows that script as it was before.
func uiPage(files fs.FS, path string) (page []byte, policy string, err error) {
	index, err := fs.ReadFile(files, "index.html")
	if err != nil {
		return nil, "", err
	}
	text := uiPolicy.ReplaceAllString(string(index), "")
	text = strings.NewReplacer(`base: ""`, `base: "`+path+`"`, `"/_app/`, `"`+path+`/_app/`).Replace(text)
	script := uiScript.FindStringSubmatch(text)
	if script == nil {
		return nil, "", fmt.Errorf("its page has no script")
	}
	sum := sha256.Sum256([]byte(script[1]))
	policy = "default-src 'self'; script-src 'strict-dynamic' 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; " +
		"style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	return []byte(text), policy, nil
}
