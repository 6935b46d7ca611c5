package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/kittest"
)

// What can be typed into a form of any kind can be said as JSON, and is the same action; the document names every field of it.
func TestEveryFieldIsReadAndDescribed(t *testing.T) {
	schemas := openAPI()["components"].(object)["schemas"].(object)
	properties := func(of reflect.Type) object { return schemas[schemaName(of)].(object)["properties"].(object) }
	for _, kind := range proposal.Kinds() {
		row := kinds.Of(kind)
		if kind.BySystem() || row.Form == kinds.DraftForm { // a draft has versions of its own
			continue
		}
		t.Run(string(kind), func(t *testing.T) {
			input := kittest.FullInput(row)
			described := reflect.TypeOf(input).Elem()
			data, err := json.Marshal(input)
			if err != nil {
				t.Fatal(err)
			}
			again := proposal.NewInput(kind)
			if target, aimed := described.FieldByName("Target"); aimed && target.Anonymous {
				data = bytes.Replace(data, []byte(`"ref":""`), []byte(`"ref":"7"`), 1)
				reflect.ValueOf(input).Elem().FieldByName("Ref").SetString("7")
			}
			if err := decodeStrictly(data, again, "input"); err != nil {
				t.Errorf("%s: %v", data, err)
			}
			if diff := cmp.Diff(input, again, cmp.Comparer(time.Time.Equal)); diff != "" {
				t.Errorf("JSON says something else: %s", diff)
			}
			for name := range jsonFields(described) {
				if properties(described)[name] == nil {
					t.Errorf("the document does not name %s", name)
				}
			}
		})
	}
	for name := range jsonFields(reflect.TypeFor[proposal.Described]()) {
		if schemas["Case"].(object)["properties"].(object)[name] == nil {
			t.Errorf("the document of a case does not name %s", name)
		}
	}
}
