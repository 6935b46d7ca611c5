package kit

import (
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
)

// Fields that every form of an action carries beside its input.
const (
	FieldRef      = "ref" // names a strand; in an input it is part of its target
	FieldActionID = "action_id"
	FieldBaseSeq  = "base_seq"
	FieldOn       = "on"      // official date, for late registrations
	FieldFor      = "for"     // whom the officer covers for
	FieldKeptOn   = "kept_on" // what was kept that the form was drawn from
)

// FieldDrawnFor names the officer for whom a form was drawn. SignedIn looks at it and takes it away.
const FieldDrawnFor = "drawn_for"

// DecodeForm fills an input from a form whose fields bear the input's JSON names, and returns what it cannot read. A list
// takes repeated fields, or one item a line. The rules judge the values afterwards; a field that the input does not have
// is an error here, so that nothing typed is dropped in silence.
func DecodeForm(form url.Values, input any) []proposal.FieldError {
	var wrong []proposal.FieldError
	targets := map[string]reflect.Value{}
	FieldsByName(reflect.ValueOf(input).Elem(), targets)
	for name, values := range form {
		target, ok := targets[name]
		if !ok {
			if !slices.Contains([]string{FieldActionID, FieldBaseSeq, FieldOn, FieldFor, FieldKeptOn}, name) {
				wrong = append(wrong, proposal.FieldError{Field: name, Code: proposal.UnknownField})
			}
			continue
		}
		if !SetField(target, values) {
			wrong = append(wrong, proposal.FieldError{Field: name, Code: proposal.FieldMalformed})
		}
	}
	slices.SortFunc(wrong, func(a, b proposal.FieldError) int { return strings.Compare(a.Field, b.Field) })
	return wrong
}

// FieldsByName collects the fields of a struct by their JSON names, those of embedded structs among them.
func FieldsByName(v reflect.Value, targets map[string]reflect.Value) {
	for i := range v.NumField() {
		if v.Type().Field(i).Anonymous {
			FieldsByName(v.Field(i), targets)
			continue
		}
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		targets[name] = v.Field(i)
	}
}

// SetField reports whether the values could be read as the field's type.
func SetField(target reflect.Value, values []string) bool {
	value := strings.TrimSpace(strings.ReplaceAll(values[len(values)-1], "\r\n", "\n"))
	switch field := target.Addr().Interface().(type) {
	case *calendar.Date:
		return value == "" || field.UnmarshalText([]byte(value)) == nil
	case *time.Time:
		if value == "" {
			return true
		}
		t, err := time.ParseInLocation(kinds.BrowserTime, value, calendar.Shanghai)
		*field = t
		return err == nil
	}
	switch target.Kind() {
	case reflect.String:
		target.SetString(value)
	case reflect.Bool:
		target.SetBool(value != "")
	case reflect.Int:
		if value == "" {
			return true
		}
		n, err := strconv.Atoi(value)
		target.SetInt(int64(n))
		return err == nil
	case reflect.Slice:
		if target.Type().Elem().Kind() == reflect.Int {
			values = strings.FieldsFunc(strings.Join(values, ","), func(r rune) bool { return strings.ContainsRune(" ,\n\r\u3001\uff0c", r) })
		}
		return setList(target, lines(values))
	default:
		return false
	}
	return true
}

// setList reads a list of words or of numbers.
func setList(target reflect.Value, items []string) bool {
	for _, item := range items {
		value := reflect.New(target.Type().Elem()).Elem()
		switch value.Kind() {
		case reflect.String:
			value.SetString(item)
		case reflect.Int:
			n, err := strconv.Atoi(item)
			if err != nil {
				return false
			}
			value.SetInt(int64(n))
		default: // acks are read where a draft is submitted
			return false
		}
		target.Set(reflect.Append(target, value))
	}
	return true
}

// lines are the items of a list: every line of every value, without the empty ones.
func lines(values []string) []string {
	var items []string
	for _, v := range values {
		for line := range strings.Lines(v) {
			if line = strings.TrimSpace(line); line != "" {
				items = append(items, line)
			}
		}
	}
	return items
}
