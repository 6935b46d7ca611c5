package web_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// schemas checks JSON against the schemas of an OpenAPI document, as far as the document uses them. It is written here so
// that what the server says of itself is judged by something else than the code that said it.
type schemas struct{ document map[string]any }

// of finds a schema by its place in the document.
func (s schemas) of(keys ...string) any {
	var at any = s.document
	for _, k := range keys {
		m, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = m[k]
	}
	return at
}

// check returns what is wrong with the data; nothing if it is as the schema says.
func (s schemas) check(schema any, data []byte) []string {
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		return []string{err.Error()}
	}
	return s.wrong(schema, value, "$")
}

func (s schemas) wrong(schema, value any, at string) (found []string) {
	rules, ok := schema.(map[string]any)
	if !ok {
		return []string{fmt.Sprintf("%s: no schema", at)}
	}
	say := func(format string, args ...any) { found = append(found, at+": "+fmt.Sprintf(format, args...)) }
	for rule, want := range rules {
		switch rule {
		case "$ref":
			name := strings.TrimPrefix(want.(string), "#/components/schemas/")
			found = append(found, s.wrong(s.of("components", "schemas", name), value, at)...)
		case "type":
			if got := typeOf(value); got != want && !(want == "integer" && got == "number" && value == float64(int(value.(float64)))) {
				say("is a %s, not a %s", got, want)
			}
		case "const":
			if value != want {
				say("is %v, not %v", value, want)
			}
		case "enum":
			if !slices.Contains(want.([]any), value) {
				say("%v is none of %v", value, want)
			}
		case "pattern":
			if text, _ := value.(string); !regexp.MustCompile(want.(string)).MatchString(text) {
				say("%q does not match", text)
			}
		case "format":
			if _, err := time.Parse(time.RFC3339Nano, fmt.Sprint(value)); want == "date-time" && err != nil {
				say("%v is no instant", value)
			}
		case "items":
			list, _ := value.([]any)
			for i, item := range list {
				found = append(found, s.wrong(want, item, fmt.Sprintf("%s.%d", at, i))...)
			}
		case "oneOf":
			fits := slices.DeleteFunc(slices.Clone(want.([]any)), func(one any) bool { return len(s.wrong(one, value, at)) > 0 })
			if len(fits) != 1 {
				say("fits %d of the shapes", len(fits))
			}
		case "properties", "required", "additionalProperties":
		case "description":
		default:
			say("the test does not know the rule %q", rule)
		}
	}
	if members, ok := value.(map[string]any); ok {
		found = append(found, s.wrongMembers(rules, members, at)...)
	}
	return found
}

func (s schemas) wrongMembers(rules, members map[string]any, at string) (found []string) {
	properties, _ := rules["properties"].(map[string]any)
	required, _ := rules["required"].([]any)
	for _, name := range required {
		if _, ok := members[name.(string)]; !ok {
			found = append(found, fmt.Sprintf("%s.%s is missing", at, name))
		}
	}
	for name, value := range members {
		switch more := rules["additionalProperties"]; {
		case properties[name] != nil:
			found = append(found, s.wrong(properties[name], value, at+"."+name)...)
		case more == false:
			found = append(found, fmt.Sprintf("%s.%s is not in the schema", at, name))
		case more != nil:
			found = append(found, s.wrong(more, value, at+"."+name)...)
		}
	}
	return found
}

func typeOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}
