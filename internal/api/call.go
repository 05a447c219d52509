package api

import (
	"bytes"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"shifan/internal/casework"
	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/personal"
)

// call is a request with who makes it.
type call struct {
	*http.Request
	desk    *casework.Desk
	options Options
	Actor   stage.Actor
	token   casework.Token // its ID is empty when none was shown

	sent    []byte    // the body of an act
	match   int64     // the version that If-Match names
	version int64     // of what a view answers with
	answer  any       // to a question that was sent by POST
	tell    string    // what an act tells once
	asked   hash.Hash // of a streamed act: what was asked, as far as it was read
}

// bodyMost is how much the body of an act may hold. Files have their own way.
const bodyMost = 1 << 20

var (
	errKind = fault.Define(fault.Invalid, "api.body.type",
		"内容要用 JSON，并写明 Content-Type: application/json。", "")
	errSize = fault.Define(fault.Invalid, "api.body.size",
		"一次提交的内容太多，最多%d KB。请分几次提交。", "")
	errJSON = fault.Define(fault.Invalid, "api.body.json",
		"提交的内容不是完整的 JSON：第%d个字节处读不下去。请检查括号、引号和逗号。", "")
	errRest = fault.Define(fault.Invalid, "api.body.rest",
		"JSON 之后还有别的内容。一次只提交一个 JSON 对象。", "")
	errUnknown = fault.Define(fault.Invalid, "api.field.unknown",
		"没有“%s”这一项。请对照 /api/v1/openapi.json 改正名称或者删去。", "")
	errType = fault.Define(fault.Invalid, "api.field.type",
		"“%s”这一项的类型不对，应当是%s。", "")
	errValue = fault.Define(fault.Invalid, "api.field.value",
		"“%s”这一项的写法不对：%s", "")
	errSigns = fault.Define(fault.Invalid, "api.field.signs",
		"“%s”里有无法保存的字符（例如控制符）。请删去后重新提交。", "")
	errTwice = fault.Define(fault.Invalid, "api.query.twice",
		"参数“%s”只能给一次。", "")
	errNoKey = fault.Define(fault.Invalid, "api.key.missing",
		"每个 POST 都要带 Idempotency-Key：1至64个字母、数字、横线、点或者下划线，例如一个 UUID。同一请求重发时用同一个键，不会办理两次。", "")
	errNoMatch = fault.Define(fault.Conflict, "api.match.missing",
		"这一项别人也可能在改。请先读取最新内容，把回答里的 ETag 原样写在 If-Match 里再提交。", "")
	errMatch = fault.Define(fault.Conflict, "api.match.stale",
		"这一项刚被别人改过，这次修改没有保存。请重新读取，对照最新内容再改。", "")
	errTag = fault.Define(fault.Invalid, "api.match.form",
		"If-Match 要写读取时得到的 ETag，例如 \"3\"，连同引号，不能写 *、不能写几个。", "")
)

// keyForm is what an Idempotency-Key may look like.
var keyForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// read reads the body of an act that does not stream.
func (c *call) read(w http.ResponseWriter) error {
	b, err := io.ReadAll(http.MaxBytesReader(w, c.Body, bodyMost))
	if _, big := errors.AsType[*http.MaxBytesError](err); big {
		return errSize.New(bodyMost >> 10)
	}
	if err != nil {
		return errJSON.New(len(b))
	}
	if len(bytes.TrimSpace(b)) > 0 {
		if kind, _, err := mime.ParseMediaType(c.Header.Get("Content-Type")); err != nil || kind != "application/json" {
			return errKind.New()
		}
	}
	c.sent = b
	return nil
}

// request is the SHA-256 of what is asked: method, address, precondition and body.
func (c *call) request() string {
	if c.asked != nil {
		return hex.EncodeToString(c.asked.Sum(nil))
	}
	h := c.head()
	h.Write(c.sent)
	return hex.EncodeToString(h.Sum(nil))
}

func (c *call) head() hash.Hash {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s\n%s\n", c.Method, c.URL.RequestURI(), c.Header.Get("If-Match"))
	if code := c.Header.Get(codeHeader); code != "" {
		fmt.Fprintf(h, "%s\n", code)
	}
	return h
}

// matches reads If-Match of an act that needs it.
func (c *call) matches() error {
	tag := c.Header.Get("If-Match")
	if tag == "" {
		return errNoMatch.New()
	}
	text, ok := strings.CutPrefix(tag, `"`)
	text, closed := strings.CutSuffix(text, `"`)
	n, err := strconv.ParseInt(text, 10, 64)
	if !ok || !closed || err != nil || n < 1 {
		return errTag.At("If-Match")
	}
	c.match = n
	return nil
}

// body reads the JSON of an act into what it takes. Nothing sent is as good as {}.
func (c *call) body(into any) error {
	if len(bytes.TrimSpace(c.sent)) == 0 {
		return c.proper(into)
	}
	if !utf8.Valid(c.sent) {
		return errSigns.New("JSON")
	}
	d := json.NewDecoder(bytes.NewReader(c.sent))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return spoken(err, d.InputOffset())
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errRest.New()
	}
	return c.proper(into)
}

// spoken says what the JSON decoder found.
func spoken(err error, at int64) error {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f
	}
	if f, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return errType.At(f.Field, f.Field, wordOf(f.Type))
	}
	if f, ok := errors.AsType[*json.SyntaxError](err); ok {
		return errJSON.New(f.Offset)
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		name = strings.Trim(name, `"`)
		return errUnknown.At(name, chars.Cut(name, 40))
	}
	if strings.Contains(err.Error(), "parsing time") {
		return errValue.New("时间", "写成 2026-03-02T09:30:00+08:00 的样子")
	}
	return errJSON.New(at)
}

// wordOf says what a type is to somebody who writes JSON.
func wordOf(t reflect.Type) string {
	if t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return "字符串"
	}
	switch t.Kind() {
	case reflect.String:
		return "字符串"
	case reflect.Bool:
		return "true 或者 false"
	case reflect.Slice, reflect.Array:
		return "数组"
	case reflect.Struct, reflect.Map:
		return "对象"
	default:
		return "整数"
	}
}

// proper refuses texts that no field can hold: control characters.
func (c *call) proper(v any) error {
	var bad []*fault.Fault
	texts(reflect.ValueOf(v).Elem(), "", func(path, s string) {
		if strings.ContainsFunc(s, control) {
			bad = append(bad, errSigns.At(path, path))
		}
	})
	return fault.All(bad...)
}

func control(r rune) bool { return r < 0x20 && r != '\n' && r != '\t' || r == 0x7f }

// unpersonal refuses numbers of persons in what was sent, before any of it is stored,
// unless sure says that somebody looked and they are none.
func unpersonal(v any, sure bool) error {
	var found []*fault.Fault
	texts(reflect.ValueOf(v).Elem(), "", func(path, s string) {
		if f := personal.Check(path, "这一项", s, sure); f != nil {
			found = append(found, f)
		}
	})
	return fault.All(found...)
}

// texts calls fn for each text in a value, with its path.
func texts(v reflect.Value, path string, fn func(path, s string)) {
	under := func(name string) string { return strings.TrimPrefix(path+"."+name, ".") }
	switch v.Kind() {
	case reflect.String:
		fn(path, v.String())
	case reflect.Pointer:
		if !v.IsNil() {
			texts(v.Elem(), path, fn)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			texts(v.Index(i), under(strconv.Itoa(i)), fn)
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, k := range keys {
			fn(under("key"), k.String())
			texts(v.MapIndex(k), under(k.String()), fn)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() && !f.Anonymous {
				continue
			}
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Anonymous || name == "" {
				texts(v.Field(i), path, fn)
				continue
			}
			texts(v.Field(i), under(name), fn)
		}
	default:
	}
}

// query reads the parameters of a view. One that it does not know is refused by name.
func (c *call) query(into any) error {
	q, err := url.ParseQuery(c.URL.RawQuery)
	if err != nil {
		return errValue.New("网址参数", "百分号编码不完整")
	}
	known := map[string]reflect.Value{}
	parameters(reflect.ValueOf(into).Elem(), known)
	var bad []*fault.Fault
	for name, values := range q {
		v, ok := known[name]
		if !ok {
			bad = append(bad, errUnknown.At(name, chars.Cut(name, 40)))
			continue
		}
		bad = append(bad, parameter(name, values, v))
	}
	slices.SortFunc(bad, func(a, b *fault.Fault) int {
		if a == nil || b == nil {
			return 0
		}
		return strings.Compare(a.Say, b.Say)
	})
	return fault.All(bad...)
}

// parameters finds the fields that a query may name.
func parameters(v reflect.Value, into map[string]reflect.Value) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			parameters(v.Field(i), into)
		} else if name := f.Tag.Get("query"); name != "" {
			into[name] = v.Field(i)
		}
	}
}

// parameter reads one parameter.
func parameter(name string, values []string, v reflect.Value) *fault.Fault {
	for _, s := range values {
		if !utf8.ValidString(s) || strings.ContainsFunc(s, control) {
			return errSigns.At(name, name)
		}
	}
	if all, ok := v.Addr().Interface().(*[]string); ok {
		for _, s := range values {
			*all = append(*all, strings.Split(s, ",")...)
		}
		return nil
	}
	if len(values) > 1 {
		return errTwice.At(name, name)
	}
	if t, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if err := t.UnmarshalText([]byte(values[0])); err != nil {
			f, _ := errors.AsType[*fault.Fault](err)
			if f == nil {
				return errValue.At(name, name, "写成 2026-03-02 的样子")
			}
			f.Fields = []fault.Field{{Path: name, Say: f.Say}}
			return f
		}
		return nil
	}
	switch v.Kind() {
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(values[0], 10, 64)
		if err != nil || v.OverflowInt(n) {
			return errType.At(name, name, "整数")
		}
		v.SetInt(n)
	case reflect.Bool:
		if values[0] != "true" && values[0] != "false" {
			return errType.At(name, name, "true 或者 false")
		}
		v.SetBool(values[0] == "true")
	default:
		v.SetString(values[0])
	}
	return nil
}

// next is the address of the next page.
func (c *call) next(after string) string {
	q := c.URL.Query()
	q.Set("after", after)
	return c.URL.Path + "?" + q.Encode()
}
