package kit

import "testing"

func TestLocalPathStaysOnTheSite(t *testing.T) {
	for in, want := range map[string]string{
		"/cases/1?do=refuse": "/cases/1?do=refuse", "": "/", "https://example.org": "/", "//example.org": "/", "/\\example.org": "/", "/a\nb": "/",
	} {
		if got := LocalPath(in); got != want {
			t.Errorf("localPath(%q) = %q, want %q", in, got, want)
		}
	}
}
