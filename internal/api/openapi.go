package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/stage"
)

// described is what the document says of the whole door.
const described = `Everything that a person can do on a page of Shifan, a program can do here with the same permissions. ` +
	`docs/api.md explains tokens, scopes, keys, versions and errors with examples.`

// Document returns the OpenAPI 3.1 description of the door. It is made of the list of
// routes and of the types that they read and answer, and is the same bytes every time.
var Document = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(describe(routes())); err != nil {
		panic("api: the document cannot be written: " + err.Error())
	}
	return b.Bytes()
})

func describe(all []route) object {
	s := &schemas{components: object{}}
	problem := s.of(reflect.TypeFor[problem]())
	done := s.of(reflect.TypeFor[casework.Done]())
	paths := object{}
	for _, rt := range all {
		at, ok := paths[rt.path].(object)
		if !ok {
			at = object{}
			paths[rt.path] = at
		}
		at[strings.ToLower(rt.method)] = s.operation(rt, done)
	}
	paths["/openapi.json"] = object{"get": object{
		"operationId": "getDescription", "summary": "Read this document.", "tags": []string{"document"}, "security": []any{object{}},
		"responses": object{
			"200":     object{"description": "this document", "content": object{"application/json": object{"schema": object{"type": "object"}}}},
			"4XX":     object{"$ref": "#/components/responses/problem"},
			"default": object{"$ref": "#/components/responses/problem"},
		},
	}}
	tags := []any{}
	for _, c := range casework.Chapters {
		tags = append(tags, object{"name": c[0], "description": c[1]})
	}
	return object{
		"openapi": "3.1.0",
		"info": object{
			"title": "Shifan 示范创建管理平台", "version": "1", "description": described,
			"license": object{"name": "Apache-2.0", "identifier": "Apache-2.0"},
		},
		"servers": []any{object{"url": Base}},
		"tags":    append(tags, object{"name": "document", "description": "this description"}),
		"paths":   paths,
		"components": object{
			"schemas": s.components,
			"securitySchemes": object{"token": object{
				"type": "http", "scheme": "bearer", "description": "a token that a person makes on their account page (我的账号)",
			}},
			"parameters": object{
				"key": object{
					"name": "Idempotency-Key", "in": "header", "required": true, "schema": object{"type": "string", "pattern": keyForm.String()},
					"description": "chosen by the program, new for each act; the same request sent again under it acts once and gets the same answer",
				},
				"code": object{
					"name": codeHeader, "in": "header", "required": true, "schema": object{"type": "string"},
					"description": "the query code that was shown when the case was filed; in no address, because addresses are logged",
				},
				"match": object{
					"name": "If-Match", "in": "header", "required": true, "schema": object{"type": "string", "pattern": `^"[1-9][0-9]*"$`},
					"description": "the ETag of what is edited, as it was read",
				},
			},
			"responses": object{"problem": object{
				"description": "what went wrong (RFC 9457)", "content": object{"application/problem+json": object{"schema": problem}},
			}},
		},
	}
}

// operation describes one route.
func (s *schemas) operation(rt route, done object) object {
	op := object{
		"operationId": rt.name, "summary": rt.say, "tags": []string{rt.chapter()}, "security": []any{object{"token": []string{}}},
		"description": "Scope " + rt.chapter() + map[bool]string{true: ":write", false: ":read"}[rt.do != nil] + ". For " + rolesOf(rt.allow) + ".",
	}
	if (rt.do == nil || rt.free) && slices.Contains(rt.allow, stage.Public) {
		op["security"] = []any{object{}, object{"token": []string{}}}
	}
	parameters := []any{}
	for _, name := range wildcards(rt.path) {
		schema := object{"type": "string"}
		if name == "year" {
			schema = object{"type": "integer"}
		}
		parameters = append(parameters, object{"name": name, "in": "path", "required": true, "schema": schema})
	}
	ref := func(name string) object { return object{"$ref": "#/components/parameters/" + name} }
	switch {
	case rt.do != nil:
		parameters = append(parameters, ref("key"))
		if rt.matched {
			parameters = append(parameters, ref("match"))
		}
		s.body(op, rt, &parameters)
	case rt.in != nil:
		parameters = append(parameters, s.query(rt.in)...)
	}
	if len(parameters) > 0 {
		op["parameters"] = parameters
	}
	op["responses"] = s.answers(rt, done)
	return op
}

// body describes what an act reads.
func (s *schemas) body(op object, rt route, parameters *[]any) {
	if rt.streams {
		if rt.coded {
			*parameters = append(*parameters, object{"$ref": "#/components/parameters/code"})
		}
		*parameters = append(*parameters, s.query(rt.in)...)
		op["requestBody"] = object{"required": true, "content": object{"application/octet-stream": object{"schema": object{"type": "string", "format": "binary"}}}}
		return
	}
	if rt.in != reflect.TypeFor[none]() {
		op["requestBody"] = object{"required": true, "content": object{"application/json": object{"schema": s.of(rt.in)}}}
	}
}

// answers describes what a route answers.
func (s *schemas) answers(rt route, done object) object {
	content := func(schema object) object { return object{"application/json": object{"schema": schema}} }
	ok := object{"description": "what is asked for"}
	status := "200"
	out := object{
		"4XX":     object{"$ref": "#/components/responses/problem"},
		"default": object{"$ref": "#/components/responses/problem"},
	}
	switch {
	case rt.asks:
		ok["description"], ok["content"] = "the answer; nothing was changed", content(s.of(rt.out))
		if rt.files {
			ok["description"] = "the receipt; the same when the same code is sent again"
		}
	case rt.do != nil:
		ok["description"], ok["content"] = "what the act came to; the same when the request is sent again", content(done)
		if rt.makes {
			status = "201"
			ok["headers"] = object{"Location": object{"schema": object{"type": "string"}, "description": "where what was made is"}}
		} else {
			if rt.tells != "" {
				ok["headers"] = object{rt.tells: object{"schema": object{"type": "string"}, "description": rt.told}}
			}
			out["204"] = object{"description": "nothing was to be changed"}
		}
	case rt.lists:
		ok["content"] = content(s.page(rt.out))
	case rt.out == reflect.TypeFor[paperFile]():
		bytes := object{"schema": object{"type": "string", "format": "binary"}}
		ok["content"] = object{mediaPDF: bytes, mediaDOCX: bytes}
		ok["headers"] = object{"ETag": object{"schema": object{"type": "string"}, "description": "the SHA-256 of the bytes, for If-None-Match"}}
	case len(rt.media) > 0:
		content := object{}
		for _, m := range rt.media {
			content[m] = object{"schema": object{"type": "string", "format": "binary"}}
		}
		ok["content"] = content
	case rt.out == reflect.TypeFor[raw]():
		ok["content"] = object{"application/octet-stream": object{"schema": object{"type": "string", "format": "binary"}}}
	default:
		ok["content"] = content(s.of(rt.out))
		if rt.tagged {
			ok["headers"] = object{"ETag": object{"schema": object{"type": "string"}, "description": "the version, for If-Match; left out of what nobody edits"}}
		}
	}
	out[status] = ok
	return out
}

func rolesOf(all []stage.Role) string {
	if slices.Contains(all, stage.Public) {
		return "everybody"
	}
	words := each(all, func(r stage.Role) string { return string(r) })
	return strings.Join(words, ", ")
}

// wildcards lists the names in braces of a path.
func wildcards(path string) (all []string) {
	for _, part := range strings.Split(path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			all = append(all, strings.TrimSuffix(name, "}"))
		}
	}
	return all
}

// quoted writes a version as an ETag.
func quoted(n int64) string { return strconv.Quote(strconv.FormatInt(n, 10)) }
