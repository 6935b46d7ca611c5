package payload_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/banli/banli/internal/keyring"
	"github.com/banli/banli/internal/payload"
	commonpb "go.temporal.io/api/common/v1"
	"google.golang.org/protobuf/proto"
)

// What a payload says, what stands beside it and what a failure tells are read with the key alone, and not at all if a bit was changed.
func TestCodec(t *testing.T) {
	path := filepath.Join(t.TempDir(), "engine.key")
	if _, err := payload.Open(path); err == nil {
		t.Error("a file that is not there is made")
	}
	first := add(t, path)
	codec := open(t, path)
	data, failures := codec.Converters()

	const word = "养老服务"
	sealed, err := data.ToPayload(word)
	if err != nil || string(sealed.Metadata["encryption-key-id"]) != first {
		t.Fatalf("sealed %v, %v", sealed, err)
	}
	failure := failures.ErrorToFailure(errors.New("because of " + word))
	for name, m := range map[string]proto.Message{"payload": sealed, "failure": failure} {
		if raw, err := proto.Marshal(m); err != nil || bytes.Contains(raw, []byte(word)) || bytes.Contains(raw, []byte("json")) {
			t.Errorf("a %s can be read: %q, %v", name, raw, err)
		}
	}
	read := ""
	if err := data.FromPayload(sealed, &read); err != nil || read != word {
		t.Errorf("read %q, %v", read, err)
	}
	if err := failures.FailureToError(failure); err.Error() != "because of "+word {
		t.Errorf("the failure says %q", err)
	}
	for i := range sealed.Data {
		changed := proto.CloneOf(sealed)
		changed.Data[i] ^= 1
		if err := data.FromPayload(changed, &read); err == nil {
			t.Errorf("with byte %d changed it is read", i)
		}
	}

	plain := &commonpb.Payload{Metadata: map[string][]byte{"encoding": []byte("json/plain")}, Data: []byte(`"before"`)}
	if err := data.FromPayload(plain, &read); err != nil || read != "before" {
		t.Errorf("what was not encrypted: %q, %v", read, err)
	}
}

// A new key encrypts from the next start on; a program of before finds it in the file. Without a key nothing that it encrypted is read, and the error says which.
func TestNewKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "engine.key")
	first := add(t, path)
	running, _ := open(t, path).Converters()
	old, err := running.ToPayload("old")
	if err != nil {
		t.Fatal(err)
	}
	second := add(t, path)
	started, _ := open(t, path).Converters()
	fresh, err := started.ToPayload("fresh")
	if err != nil || string(fresh.Metadata["encryption-key-id"]) != second {
		t.Fatalf("sealed %v, %v, want with %s", fresh, err, second)
	}
	read := ""
	if err := started.FromPayload(old, &read); err != nil || read != "old" {
		t.Errorf("the old key: %q, %v", read, err)
	}
	if err := running.FromPayload(fresh, &read); err != nil || read != "fresh" {
		t.Errorf("a key of after the start: %q, %v", read, err)
	}

	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	add(t, path)
	without, _ := open(t, path).Converters()
	if err := without.FromPayload(old, &read); !errors.Is(err, keyring.ErrNoKey) || !strings.Contains(err.Error(), first) || !strings.Contains(err.Error(), path) {
		t.Errorf("a lost key: %v", err)
	}
}

func add(t *testing.T, path string) string {
	t.Helper()
	id, err := keyring.Add(path)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func open(t *testing.T, path string) *payload.Codec {
	t.Helper()
	codec, err := payload.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return codec
}
