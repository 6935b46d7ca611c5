package api

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/banli/banli/internal/chinese"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/kit"
)

// decodeQuery fills an input from a query whose parameters bear the input's JSON names.
func decodeQuery(query url.Values, input any) error {
	targets := map[string]reflect.Value{}
	kit.FieldsByName(reflect.ValueOf(input).Elem(), targets)
	var wrong []proposal.FieldError
	for name, values := range query {
		target, known := targets[name]
		switch {
		case !known:
			wrong = append(wrong, proposal.FieldError{Field: name, Code: proposal.UnknownField})
		case len(values) > 1 && target.Kind() != reflect.Slice, !setParameter(target, values):
			wrong = append(wrong, proposal.FieldError{Field: name, Code: proposal.FieldMalformed})
		}
	}
	return kit.InvalidFields(wrong)
}

// setParameter reads a parameter. A moment, and a yes or no, stand as in JSON: a form knows no zones, and does not send what is not ticked.
func setParameter(target reflect.Value, values []string) (ok bool) {
	var err error
	switch field := target.Addr().Interface().(type) {
	case *time.Time:
		*field, err = time.Parse(time.RFC3339, values[0])
	case *bool:
		*field, err = strconv.ParseBool(values[0])
	default:
		return kit.SetField(target, values)
	}
	return err == nil
}

// decodeBody fills an input from a JSON body. An empty body is an empty object.
func decodeBody(body io.Reader, input any) error {
	data, err := io.ReadAll(body)
	switch {
	case err != nil:
		return err
	case !utf8.Valid(data):
		return kit.ErrNotText
	case len(bytes.TrimSpace(data)) == 0:
		data = []byte("{}")
	}
	return decodeStrictly(data, input, "")
}

// decodeStrictly fills an input from JSON. encoding/json alone would drop what it does not know, take names in any case,
// and mend broken text in silence; here each of these is a wrong field with a name. A field without omitempty or omitzero
// in its tag must be there, except for a yes or no.
func decodeStrictly(data []byte, input any, path string) error {
	if !json.Valid(data) {
		return errNotJSON
	}
	var wrong []proposal.FieldError
	checkShape(data, reflect.TypeOf(input).Elem(), path, &wrong)
	if len(wrong) > 0 {
		return kit.InvalidFields(wrong)
	}
	if err := json.Unmarshal(data, input); err != nil {
		return kit.InvalidFields([]proposal.FieldError{{Field: path, Code: proposal.FieldMalformed}})
	}
	proposal.ChangeTexts(input, chinese.Fold)
	return nil
}

func checkShape(data []byte, t reflect.Type, path string, wrong *[]proposal.FieldError) {
	malformed := func() {
		*wrong = append(*wrong, proposal.FieldError{Field: path, Code: proposal.FieldMalformed})
	}
	switch {
	case t == reflect.TypeFor[json.RawMessage]():
	case bytes.Equal(bytes.TrimSpace(data), []byte("null")):
		malformed()
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()), t.Kind() != reflect.Struct && t.Kind() != reflect.Slice:
		if json.Unmarshal(data, reflect.New(t).Interface()) != nil || !textIsWhole(data) {
			malformed()
		}
	case t.Kind() == reflect.Slice:
		var items []json.RawMessage
		if json.Unmarshal(data, &items) != nil {
			malformed()
			return
		}
		for i, item := range items {
			checkShape(item, t.Elem(), fmt.Sprintf("%s.%d", path, i), wrong)
		}
	default:
		members, err := readObject(data)
		if err != nil {
			malformed()
			return
		}
		checkMembers(members, t, path, wrong)
	}
}

func checkMembers(members map[string]json.RawMessage, t reflect.Type, path string, wrong *[]proposal.FieldError) {
	if path != "" {
		path += "."
	}
	fields := jsonFields(t)
	for name, data := range members {
		if f, ok := fields[name]; ok {
			checkShape(data, f.Type, path+name, wrong)
		} else {
			*wrong = append(*wrong, proposal.FieldError{Field: path + name, Code: proposal.UnknownField})
		}
	}
	for name, f := range fields {
		if _, given := members[name]; !given && f.required() && f.Type.Kind() != reflect.Bool {
			*wrong = append(*wrong, proposal.FieldError{Field: path + name, Code: proposal.FieldRequired})
		}
	}
}

// readObject reads the members of an object; a name that stands twice is an error, for one of the two would be lost.
func readObject(data []byte) (map[string]json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return nil, errNotJSON
	}
	members := map[string]json.RawMessage{}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		if _, twice := members[name.(string)]; twice {
			return nil, errors.New("web: a name stands twice")
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		members[name.(string)] = value
	}
	return members, nil
}

// textIsWhole reports whether a string, if the value is one, means characters only: no control characters, and no half of
// a surrogate pair, which encoding/json would replace.
func textIsWhole(data []byte) bool {
	var text string
	if json.Unmarshal(data, &text) != nil {
		return true
	}
	replaced := strings.Count(text, "\uFFFD")
	meant := bytes.Count(data, []byte("\uFFFD")) + bytes.Count(bytes.ToLower(data), []byte(`\ufffd`))
	return kit.IsText(text) && replaced <= meant
}

// jsonField is a field of a struct as JSON has it.
type jsonField struct {
	reflect.StructField
	options string
}

func (f jsonField) required() bool {
	return !strings.Contains(f.options, "omitempty") && !strings.Contains(f.options, "omitzero")
}

// jsonFields are the fields by their JSON names, those of embedded structs among them.
func jsonFields(t reflect.Type) map[string]jsonField {
	fields := map[string]jsonField{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported() && !f.Anonymous:
		case f.Anonymous && name == "":
			for inner, field := range jsonFields(f.Type) {
				fields[inner] = field
			}
		default:
			fields[name] = jsonField{f, options}
		}
	}
	return fields
}
