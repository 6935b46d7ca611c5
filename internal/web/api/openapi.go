package api

import (
	"encoding"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/directory"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
)

// object is a JSON object of the OpenAPI document, whose keys are partly data: paths, statuses, names of types.
type object map[string]any

const openAPIPath = root + "/openapi.json"

// openAPIShow serves the description of the API.
func (s *Room) openAPIShow(w http.ResponseWriter, _ *http.Request) error {
	return kit.WriteJSON(w, http.StatusOK, openAPI())
}

// openAPI describes the operations, from the types that they decode and encode.
func openAPI() object {
	d := &describer{schemas: object{}, types: map[string]reflect.Type{}}
	failure := object{"description": "Refused or failed", "content": asJSON(d.schema(reflect.TypeFor[Error]()))}
	paths := map[string]object{}
	for _, op := range operations {
		if paths[op.Path] == nil {
			paths[op.Path] = object{}
		}
		described := object{
			"operationId": op.ID, "summary": op.Summary,
			"responses": object{
				strconv.Itoa(op.Status): object{"description": "Done", "content": d.content(op)},
				"4XX":                   failure, "5XX": failure,
			},
		}
		if op.Open {
			described["security"] = []any{}
		}
		if parameters := d.parameters(op); len(parameters) > 0 {
			described["parameters"] = parameters
		}
		if op.Method != http.MethodGet {
			described["requestBody"] = object{"required": true, "content": d.requestContent(op)}
		}
		paths[op.Path][strings.ToLower(op.Method)] = described
	}
	paths[openAPIPath] = object{"get": object{
		"operationId": "describe", "summary": "This document", "security": []any{},
		"responses": object{"200": object{"description": "Done", "content": asJSON(object{"type": "object"})}},
	}}
	return object{
		"openapi": "3.1.0",
		"info": object{
			"title": "Banli", "version": "1",
			"description": "The handling of deputies' suggestions and CPPCC proposals. Tokens are made by the command banli token. " +
				"Messages come in Chinese or, by Accept-Language, in English.",
		},
		"security": []any{object{"bearer": []any{}}},
		"paths":    paths,
		"components": object{
			"schemas":         d.schemas,
			"securitySchemes": object{"bearer": object{"type": "http", "scheme": "bearer"}},
		},
	}
}

func asJSON(schema object) object { return object{"application/json": object{"schema": schema}} }

// describer turns Go types into schemas, each named type once.
type describer struct {
	schemas object
	types   map[string]reflect.Type // by the name of their schema
}

func (d *describer) parameters(op operation) []any {
	var list []any
	for _, part := range strings.Split(op.Path, "/") {
		if strings.HasPrefix(part, "{") {
			list = append(list, object{"name": strings.Trim(part, "{}"), "in": "path", "required": true, "schema": object{"type": "string"}})
		}
	}
	if op.Method == http.MethodGet {
		fields := jsonFields(op.Input)
		for _, name := range sortedNames(fields) {
			list = append(list, object{"name": name, "in": "query", "schema": d.schema(fields[name].Type)})
		}
	}
	return list
}

func sortedNames(fields map[string]jsonField) []string {
	var names []string
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// request describes a body. An action has one shape for each kind.
func (d *describer) request(t reflect.Type) object {
	if t != reflect.TypeFor[Action]() {
		return d.schema(t)
	}
	var shapes []any
	for _, kind := range kinds.OnCase() {
		input := reflect.TypeOf(proposal.NewInput(kind)).Elem()
		shape := d.object(t)
		shape["properties"].(object)["kind"] = object{"const": kind}
		shape["properties"].(object)["input"] = d.schema(input)
		if d.schemas[schemaName(input)].(object)["required"] != nil {
			shape["required"] = append(shape["required"].([]string), "input")
		}
		shapes = append(shapes, shape)
	}
	return object{"oneOf": shapes}
}

func (d *describer) schema(t reflect.Type) object {
	switch {
	case t.Kind() == reflect.Pointer:
		return d.schema(t.Elem())
	case t == reflect.TypeFor[json.RawMessage]():
		return object{}
	case t == reflect.TypeFor[File]():
		return object{"type": "string", "format": "binary"}
	case t == reflect.TypeFor[calendar.Date]():
		return object{"type": "string", "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", "description": "A day, such as 2020-04-22; empty for none."}
	case t.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return object{"type": "string", "format": "date-time"}
	case enums[t] != nil:
		return object{"type": "string", "enum": enums[t]}
	}
	switch t.Kind() {
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	case reflect.Slice:
		return object{"type": "array", "items": d.schema(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": d.schema(t.Elem())}
	case reflect.Struct:
		name := schemaName(t)
		if d.types[name] == nil {
			d.types[name] = t // first, so that a type may hold itself
			d.schemas[name] = d.object(t)
		}
		if d.types[name] != t {
			panic("web: " + t.String() + " and " + d.types[name].String() + " would be one schema")
		}
		return object{"$ref": "#/components/schemas/" + name}
	}
	panic("web: the API cannot describe " + t.String())
}

// object describes a struct with all its fields. Nothing else is allowed in it, neither sent nor received.
func (d *describer) object(t reflect.Type) object {
	properties, required := object{}, []string(nil)
	fields := jsonFields(t)
	for _, name := range sortedNames(fields) {
		properties[name] = d.schema(fields[name].Type)
		if fields[name].required() && fields[name].Type.Kind() != reflect.Bool {
			required = append(required, name)
		}
	}
	described := object{"type": "object", "properties": properties, "additionalProperties": false}
	if required != nil {
		described["required"] = required
	}
	return described
}

// schemaName is the type's name without the api that marks this package's own.
func schemaName(t reflect.Type) string {
	return strings.TrimPrefix(t.Name(), "api")
}

// enums are the values of the domain's closed types.
var enums = map[reflect.Type][]string{}

func init() {
	enumerate(assembly.Bodies)
	enumerate(assembly.Levels)
	enumerate(directory.Kinds)
	enumerate(append([]proposal.Stage{proposal.Unregistered}, proposal.Stages...))
	enumerate(proposal.Steps)
	enumerate(append([]proposal.Role{proposal.Deputy}, proposal.Roles...))
	enumerate(proposal.HandlingTypes)
	enumerate(proposal.OpennessWishes)
	enumerate(proposal.ContactModes)
	enumerate(proposal.ContactOutcomes)
	enumerate(append([]proposal.Rank{""}, proposal.Ranks...))
	enumerate(append([]proposal.PointStatus{""}, proposal.PointStatuses...)) // empty while the handler has not said
	enumerate(append([]proposal.Openness{""}, proposal.Opennesses...))
	enumerate(proposal.DispatchModes)
	enumerate(proposal.ClockKinds)
	enumerate(proposal.FieldCodes)
	enumerate(proposal.FindingCodes)
	enumerate(proposal.Kinds())
	enumerate(proposal.Asks())
	enumerate(proposal.StrandKinds)
	enumerate(append([]proposal.StrandStatus{""}, casefile.AllStrandStatuses()...))
	enumerate(append([]assembly.ProposerKind{""}, assembly.ProposerKinds...))
	enumerate(proposal.Reactions)
	enumerate(proposal.Ratings)
	enumerate(proposal.FeedbackSources)
	enumerate(replytext.MarkCodes)
	enumerate([]replytext.MarkLevel{replytext.MandatoryMark, replytext.ReminderMark})
	enumerate([]proposal.ShiftReason{proposal.ShiftByExtension, proposal.ShiftBySuspension, proposal.ShiftByChange})
	enumerate(append(slices.Clone(store.Boxes), store.Bureau, store.Every, store.Whole))
	enumerate(store.Cuts)
	enumerate(store.Withins)
	enumerate(store.Onlys)
	enumerate(append(slices.Clone(store.Sorts), store.ByMine))
	enumerate(store.AttachmentKinds)
}

func enumerate[T ~string](values []T) {
	for _, v := range values {
		enums[reflect.TypeFor[T]()] = append(enums[reflect.TypeFor[T]()], string(v))
	}
}
