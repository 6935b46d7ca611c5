package proposal

import (
	"bytes"
	"encoding/json"
	"reflect"
)

// ChangeTexts puts every text in what a pointer points to through a function. Ids and words of the program have types of their own
// and stay as they are, and so do maps and JSON that was not read yet (see ChangeJSON).
func ChangeTexts(target any, change func(string) string) {
	changeTexts(reflect.ValueOf(target), change)
}

func changeTexts(v reflect.Value, change func(string) string) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			v.SetString(change(v.String()))
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() && (v.Kind() == reflect.Pointer || v.Elem().Kind() == reflect.Pointer) {
			changeTexts(v.Elem(), change)
		}
	case reflect.Slice:
		for i := range v.Len() {
			changeTexts(v.Index(i), change)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Field(i); field.CanSet() {
				changeTexts(field, change)
			}
		}
	}
}

// ChangeJSON is JSON with every text of it put through a function; nil if it cannot be read.
func ChangeJSON(data []byte, change func(string) string) []byte {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return nil
	}
	changed, err := json.Marshal(changeValue(value, change))
	if err != nil {
		return nil // what was decoded encodes
	}
	return changed
}

func changeValue(value any, change func(string) string) any {
	switch v := value.(type) {
	case string:
		return change(v)
	case []any:
		for i := range v {
			v[i] = changeValue(v[i], change)
		}
	case map[string]any:
		for key := range v {
			v[key] = changeValue(v[key], change)
		}
	}
	return value
}
