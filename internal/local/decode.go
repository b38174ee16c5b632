package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// inputs is what a request carries.
type inputs struct {
	path  map[string]string
	query url.Values
	body  []byte
}

// decoder reads requests of one operation into its In type, and checks what the
// type's tags say. It is made once, when the operation is registered.
type decoder struct {
	meta   attrove.Meta
	fields []field
}

func newDecoder(m attrove.Meta, in reflect.Type) decoder {
	return decoder{meta: m, fields: fieldsOf(in)}
}

// decode fills in, a pointer to the operation's In.
func (d decoder) decode(raw inputs, in any) error {
	given, err := d.body(raw.body)
	if err != nil {
		return err
	}
	rest, err := d.overlay(raw)
	if err != nil {
		return err
	}
	if err := d.check(given, rest); err != nil {
		return err
	}
	for _, part := range [][]byte{raw.body, encode(rest)} {
		if len(part) == 0 {
			continue
		}
		if err := json.Unmarshal(part, in); err != nil {
			return badType(err)
		}
	}
	return nil
}

// body splits the body by name.
func (d decoder) body(body []byte) (map[string]json.RawMessage, error) {
	given := map[string]json.RawMessage{}
	if len(body) == 0 {
		return given, nil
	}
	if d.meta.InQuery() {
		return nil, invalidRequest("body", d.meta.Method+" requests take no body")
	}
	if err := json.Unmarshal(body, &given); err != nil || given == nil {
		return nil, invalidRequest("body", "must be a JSON object")
	}
	for name := range given {
		if f, ok := d.field(name); !ok || slices.Contains(d.meta.PathNames(), f.name) {
			return nil, d.unknown(name)
		}
	}
	return given, nil
}

// overlay is what path and query say, as JSON.
func (d decoder) overlay(raw inputs) (map[string]json.RawMessage, error) {
	rest := map[string]json.RawMessage{}
	for name, value := range raw.path {
		if _, ok := d.field(name); ok { // the caller's user_id is no field
			rest[name] = encode(value)
		}
	}
	for name, values := range raw.query {
		f, known := d.field(name)
		if !known || !d.meta.InQuery() || rest[name] != nil {
			return nil, d.unknown(name)
		}
		value, err := f.fromQuery(values)
		if err != nil {
			return nil, invalidRequest(name, err.Error())
		}
		rest[name] = value
	}
	return rest, nil
}

// check collects everything that is wrong with the fields given.
func (d decoder) check(body, rest map[string]json.RawMessage) error {
	var found problems
	for _, f := range d.fields {
		value, given := body[f.name]
		if !given {
			value, given = rest[f.name]
		}
		found.field(f, f.name, value, given)
	}
	if d.meta.InQuery() {
		return found.err(http.StatusBadRequest)
	}
	return found.err(http.StatusUnprocessableEntity)
}

// field adds what is wrong with one field, and with the objects that it lists.
func (p *problems) field(f field, path string, value json.RawMessage, given bool) {
	switch {
	case given && string(value) != "null":
		p.add(path, f.check(value))
	case f.required:
		p.add(path, "is required")
	}
	var rows []map[string]json.RawMessage
	if !given || len(f.rows) == 0 || json.Unmarshal(value, &rows) != nil {
		return // the decoding tells better what is no list of objects
	}
	for i, row := range rows {
		for _, inner := range f.rows {
			value, given := row[inner.name]
			p.field(inner, fmt.Sprintf("%s[%d].%s", path, i, inner.name), value, given)
		}
	}
}

func (d decoder) field(name string) (field, bool) {
	i := slices.IndexFunc(d.fields, func(f field) bool { return f.name == name })
	if i < 0 {
		return field{}, false
	}
	return d.fields[i], true
}

func (d decoder) unknown(name string) error {
	message := "is not a field of " + d.meta.Name
	var names []string
	for _, f := range d.fields {
		if !slices.Contains(d.meta.PathNames(), f.name) {
			names = append(names, f.name)
		}
	}
	switch near := nearest(name, names); {
	case near != "":
		message += ": did you mean " + near + "?"
	case len(names) > 0:
		message += ", which takes " + strings.Join(names, ", ")
	default:
		message += ", which takes none"
	}
	return invalidRequest(name, message)
}

// badType names the field that holds a value of the wrong JSON type.
func badType(err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return invalidRequest("body", "cannot be read as JSON of the right form")
	}
	return invalidRequest(wrong.Field, fmt.Sprintf("must be %s, not %s", jsonType(wrong.Type), wrong.Value))
}

// field is one field of an In type.
type field struct {
	name     string
	typ      reflect.Type
	required bool
	rows     []field  // of the objects that it lists
	values   []string // of an enumeration
	format   string
	limits   map[string]int // minimum, maximum, minLength, maxItems
}

// fieldsOf lists a struct's fields, those of embedded structs among them.
func fieldsOf(t reflect.Type) []field {
	var all []field
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			all = append(all, fieldsOf(f.Type)...)
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		one := field{name: name, typ: f.Type, required: !strings.Contains(options, "omit"), limits: limitsOf(f.Tag.Get("jsonschema"))}
		one.values, one.format = facts(f.Type)
		if f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct {
			one.rows = fieldsOf(f.Type.Elem())
		}
		all = append(all, one)
	}
	return all
}

// facts are what the contract's named types say of themselves; those of a list
// are its elements'.
func facts(t reflect.Type) (values []string, format string) {
	if t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	zero := reflect.Zero(t).Interface()
	if v, ok := zero.(interface{ Values() []string }); ok {
		values = v.Values()
	}
	if f, ok := zero.(interface{ Format() string }); ok {
		format = f.Format()
	}
	return values, format
}

func limitsOf(tag string) map[string]int {
	limits := map[string]int{}
	for _, one := range strings.Split(tag, ",") {
		key, value, _ := strings.Cut(one, "=")
		if n, err := strconv.Atoi(value); err == nil {
			limits[key] = n
		}
	}
	return limits
}

// fromQuery writes a query value as JSON. Lists are comma-separated (P-06b).
func (f field) fromQuery(values []string) (json.RawMessage, error) {
	t := f.typ
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	text := strings.Join(values, ",")
	if t.Kind() != reflect.Slice && len(values) > 1 {
		return nil, errors.New("is given twice")
	}
	switch t.Kind() {
	case reflect.Slice:
		list := []string{}
		for _, item := range strings.Split(text, ",") {
			if item = strings.TrimSpace(item); item != "" {
				list = append(list, item)
			}
		}
		return encode(list), nil
	case reflect.Int:
		if _, err := strconv.Atoi(text); err != nil {
			return nil, fmt.Errorf("must be a whole number, not %q", text)
		}
		return json.RawMessage(text), nil
	case reflect.Bool:
		if text != "true" && text != "false" {
			return nil, fmt.Errorf("must be true or false, not %q", text)
		}
		return json.RawMessage(text), nil
	default:
		return encode(text), nil
	}
}

// check says what is wrong with a value, or "". A value of the wrong JSON type
// is left to the decoding.
func (f field) check(value json.RawMessage) string {
	if !utf8.Valid(value) {
		return "must be valid UTF-8"
	}
	var number int
	if least, ok := f.limits["minimum"]; ok && json.Unmarshal(value, &number) == nil && number < least {
		return fmt.Sprintf("must be at least %d", least)
	}
	if most, ok := f.limits["maximum"]; ok && json.Unmarshal(value, &number) == nil && number > most {
		return fmt.Sprintf("must be at most %d", most)
	}
	var list []json.RawMessage
	if most, ok := f.limits["maxItems"]; ok && json.Unmarshal(value, &list) == nil && len(list) > most {
		return fmt.Sprintf("must hold at most %d", most)
	}
	if least, ok := f.limits["minItems"]; ok && json.Unmarshal(value, &list) == nil && len(list) < least {
		return fmt.Sprintf("must hold at least %d", least)
	}
	for _, text := range texts(value) {
		if message := f.checkText(text); message != "" {
			return message
		}
	}
	return ""
}

func (f field) checkText(text string) string {
	switch {
	case len(strings.TrimSpace(text)) < f.limits["minLength"]:
		if f.limits["minLength"] == 1 {
			return "must not be empty"
		}
		return fmt.Sprintf("must have at least %d characters", f.limits["minLength"])
	case text == "" && !f.required:
		return "" // as good as left out
	case len(f.values) > 0 && !slices.Contains(f.values, text):
		return fmt.Sprintf("must be one of %s, not %q", strings.Join(f.values, ", "), text)
	case f.format == "date-time":
		return checkTime(text)
	}
	return ""
}

// texts are the strings that a value is or lists.
func texts(value json.RawMessage) []string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return []string{text}
	}
	var list []string
	if json.Unmarshal(value, &list) == nil {
		return list
	}
	return nil
}

// encode writes what always encodes: strings, lists and maps of them.
func encode(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return data
}

func jsonType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	case reflect.Int, reflect.Float64:
		return "a number"
	default:
		return "an object"
	}
}
