package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"shifan/internal/door"
	"shifan/internal/fault"
)

// problem is what went wrong, as RFC 9457 has it.
type problem struct {
	Type   string  `json:"type" doc:"the fault's stable code, for example visit.report.late; docs/errors.md lists all"`
	Title  string  `json:"title" doc:"what kind of trouble it is, in Chinese"`
	Status int     `json:"status" doc:"the HTTP status again"`
	Detail string  `json:"detail" doc:"a sentence for a person, in Chinese: what is wrong, why, and how to mend it"`
	Basis  string  `json:"basis,omitempty" doc:"the provision that refuses, when a rule does"`
	Number string  `json:"number,omitempty" doc:"of an error of ours: under it the operator finds the details in the log"`
	Errors []wrong `json:"errors,omitempty" doc:"where the input is wrong"`
}

// wrong is one wrong input.
type wrong struct {
	Path   string `json:"path" doc:"of the field, for example answers.1-2.statement"`
	Detail string `json:"detail" doc:"what is wrong with it and how to mend it, in Chinese"`
}

// titles of problems.
var titles = map[fault.Kind]string{
	fault.Invalid: "需要修改", fault.Forbidden: "不能办理", fault.NotFound: "没有找到", fault.Conflict: "没有保存",
	fault.Refused: "现在不能办理", fault.TooMany: "请稍后再试", fault.Unavailable: "暂时不能办理", fault.Internal: "出错了",
}

var (
	errSignIn = fault.Define(fault.Forbidden, "api.token.missing",
		"请带上令牌：Authorization: Bearer shf_…。令牌在“我的账号”里新建。", "制度:按岗授权")
	errBearer = fault.Define(fault.Forbidden, "api.token.form",
		"Authorization 要写成 Bearer 加令牌，例如 Bearer shf_…。", "制度:按岗授权")
	errRole = fault.Define(fault.Forbidden, "api.role",
		"这一项不对%s开放。", "制度:按岗授权")
	errScope = fault.Define(fault.Forbidden, "api.scope",
		"这个令牌的范围不含 %s。请在“我的账号”里另建一个。", "制度:按岗授权")
	errRate = fault.Define(fault.TooMany, "api.rate",
		"请求太快，请%d秒后再试。", "")
	errPath = fault.Define(fault.NotFound, "api.path",
		"没有这个网址。请对照 /api/v1/openapi.json。", "")
	errMethod = fault.Define(fault.NotFound, "api.method",
		"这个网址不能用 %s。可以用：%s。", "")
)

// statuses of the sentences whose trouble HTTP has a word of its own for.
var statuses = map[string]int{
	errNoKey.Code: http.StatusBadRequest, errJSON.Code: http.StatusBadRequest, errRest.Code: http.StatusBadRequest,
	errSize.Code: http.StatusRequestEntityTooLarge, errKind.Code: http.StatusUnsupportedMediaType,
	errTag.Code: http.StatusBadRequest, errNoMatch.Code: http.StatusPreconditionRequired, errMatch.Code: http.StatusPreconditionFailed,
	errSignIn.Code: http.StatusUnauthorized, errBearer.Code: http.StatusUnauthorized, "token.unknown": http.StatusUnauthorized,
	errMethod.Code: http.StatusMethodNotAllowed,
}

// statusOf returns the status of a fault.
func statusOf(f *fault.Fault) int {
	if s, ok := statuses[f.Code]; ok {
		return s
	}
	return door.Status(f.Kind)
}

// fail answers with what went wrong. Errors that are no faults are ours: they are logged
// under a number, and the reader is told nothing but the number.
func (a *api) fail(w http.ResponseWriter, r *http.Request, c *call, err error) {
	f, ok := errors.AsType[*fault.Fault](err)
	p := problem{}
	if !ok || f.Kind == fault.Internal {
		p = problem{Type: string(fault.Internal), Title: titles[fault.Internal], Status: http.StatusInternalServerError, Number: door.Number(a.desk.Rand)}
		p.Detail = "这是我们的问题，刚才的操作没有做成，已记录下来，编号" + p.Number + "。请过一会儿再试。"
		a.log.Error("failed", "number", p.Number, "method", r.Method, "path", door.Path(r), "error", err)
	} else {
		p = problem{Type: f.Code, Title: titles[f.Kind], Status: statusOf(f), Detail: f.Say, Basis: f.Basis}
		for _, w := range f.Fields {
			p.Errors = append(p.Errors, wrong{Path: w.Path, Detail: w.Say})
		}
		a.note(r, c, f)
	}
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="shifan"`)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	if err := encode(w, p); err != nil {
		a.log.Info("the reader went away", "path", door.Path(r), "error", err)
	}
}

// note logs what an operator may want to know of.
func (a *api) note(r *http.Request, c *call, f *fault.Fault) {
	switch f.Kind {
	case fault.Forbidden:
		who := []any{}
		if c != nil {
			who = []any{"account", c.Actor.Account, "role", c.Actor.Role}
		}
		a.log.Warn("forbidden", append([]any{"security", true, "code", f.Code, "method", r.Method, "path", door.Path(r)}, who...)...)
	case fault.TooMany, fault.Refused:
		a.log.Info("refused", "code", f.Code, "path", door.Path(r))
	case fault.Unavailable:
		a.log.Error("unavailable", "code", f.Code, "path", door.Path(r))
	default: // the program mends what it sent, or sees that there is nothing
	}
}

// encode writes JSON as people may read it too: Chinese stays Chinese.
func encode(w http.ResponseWriter, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
