package api

import (
	"reflect"
	"slices"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
)

// route is one line of the list.
//
// page names the route of the pages whose policy this one shares: a test compares the
// two. in is what is read: of an act the JSON of its body, of a view the parameters of
// its query. out is what is answered. An act answers with casework.Done.
type route struct {
	method, path string // "POST", "/reviews/{id}/confirm"
	name         string // operationId: confirmReview
	say          string // one sentence, in English
	page         string // "POST /reviews/{id}/confirm"
	allow        []stage.Role
	in, out      reflect.Type
	lists        bool     // out is the row of a list, which goes on page by page
	makes        bool     // the act makes a thing: 201, and where it is
	matched      bool     // the act needs If-Match: it edits what others may edit too
	streams      bool     // the act reads its body by itself
	tagged       bool     // the answer has an ETag
	asks         bool     // a POST that changes nothing and answers with out: what is asked is too much for an address
	coded        bool     // it is about the case whose query code is shown: codes cannot be tried out
	free         bool     // an act of whom a page asks no account: it needs no token
	files        bool     // it opens a case under a query code, which alone sees to it that it is one: so many an address
	tells        string   // the header in which an act tells what is kept nowhere, and
	told         string   // what that is
	media        []string // of an answer that is bytes: what they may be
	view         func(*call) (any, error)
	do           func(*call) error
}

// chapter is the first word of the path, which scopes name.
func (rt route) chapter() string {
	first, _, _ := strings.Cut(rt.path[1:], "/")
	return first
}

// none is read by acts that need nothing beside the thing they are about.
type none struct{}

// paging is what every list reads.
type paging struct {
	After string `query:"after" doc:"the identifier with which the page before ended"`
	Limit int    `query:"limit" doc:"1 to 200; 50 when left out"`
}

// Bounds of pages of lists.
const (
	limitUsual = 50
	limitMost  = 200
)

var errLimit = fault.Define(fault.Invalid, "api.limit",
	"limit 填1至%d的整数，现在是%d。", "")

func (p *paging) page() *paging { return p }

// settle fills in how long a page is, and refuses what is none.
func (p *paging) settle() error {
	if p.Limit == 0 {
		p.Limit = limitUsual
	}
	if p.Limit < 1 || p.Limit > limitMost {
		return errLimit.At("limit", limitMost, p.Limit)
	}
	return nil
}

// paged is what a list may be asked: paging, and what narrows it.
type paged interface{ page() *paging }

// list describes a list. read reads at most limit rows, and says with which identifier
// the page ends when there are more; rows helps with that.
func list[Q any, R any, P interface {
	*Q
	paged
}](path, name, say, page string, allow []stage.Role, read func(c *call, q *Q, limit int) ([]R, string, error)) route {
	return route{
		method: "GET", path: path, name: name, say: say, page: page, allow: allow, lists: true,
		in: reflect.TypeFor[Q](), out: reflect.TypeFor[R](),
		view: func(c *call) (any, error) {
			var q Q
			if err := c.query(&q); err != nil {
				return nil, err
			}
			p := P(&q).page()
			if err := p.settle(); err != nil {
				return nil, err
			}
			all, after, err := read(c, &q, p.Limit)
			if err != nil {
				return nil, err
			}
			out := pageOf[R]{Items: all}
			if out.Items == nil {
				out.Items = []R{}
			}
			if after != "" {
				out.Next = c.next(after)
			}
			return out, nil
		},
	}
}

// rows makes a page of what casework lists, which was asked for limit+1: tail is the
// identifier of a row.
func rows[V, R any](all []V, err error, limit int, tail func(V) string, row func(V) R) ([]R, string, error) {
	if err != nil {
		return nil, "", err
	}
	after := ""
	if len(all) > limit {
		all = all[:limit]
		after = tail(all[limit-1])
	}
	return each(all, row), after, nil
}

// whole makes a page of a list that casework gives as a whole, in the order of tail.
func whole[V, R any](all []V, err error, p *paging, tail func(V) string, row func(V) R) ([]R, string, error) {
	all = slices.DeleteFunc(slices.Clone(all), func(v V) bool { return tail(v) <= p.After })
	slices.SortFunc(all, func(a, b V) int { return strings.Compare(tail(a), tail(b)) })
	return rows(all, err, p.Limit, tail, row)
}

// ordered makes a page of a list that casework gives as a whole, in an order of its own.
func ordered[V, R any](all []V, err error, p *paging, tail func(V) string, row func(V) R) ([]R, string, error) {
	if i := slices.IndexFunc(all, func(v V) bool { return tail(v) == p.After }); i >= 0 {
		all = all[i+1:]
	} else if p.After != "" {
		all = nil
	}
	return rows(all, err, p.Limit, tail, row)
}

// pageOf is a page of a list.
type pageOf[R any] struct {
	Items []R    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// one describes the view of one thing. What it answers may have an ETag: its version.
func one[R any](path, name, say, page string, allow []stage.Role, read func(c *call, id string) (R, int64, error)) route {
	return route{
		method: "GET", path: path, name: name, say: say, page: page, allow: allow, out: reflect.TypeFor[R](), tagged: true,
		view: func(c *call) (any, error) {
			v, version, err := read(c, c.PathValue("id"))
			c.version = version
			return v, err
		},
	}
}

// reading describes a view that is asked by parameters and is no list.
func reading[Q, O any](path, name, say, page string, allow []stage.Role, read func(c *call, q *Q) (O, error)) route {
	return route{
		method: "GET", path: path, name: name, say: say, page: page, allow: allow, in: reflect.TypeFor[Q](), out: reflect.TypeFor[O](),
		view: func(c *call) (any, error) {
			var q Q
			if err := c.query(&q); err != nil {
				return nil, err
			}
			return read(c, &q)
		},
	}
}

// act describes an act.
func act[I any](path, name, say, page string, allow []stage.Role, do func(c *call, in I) error) route {
	return route{
		method: "POST", path: path, name: name, say: say, page: page, allow: allow,
		in: reflect.TypeFor[I](), do: func(c *call) error {
			var in I
			if err := c.body(&in); err != nil {
				return err
			}
			return do(c, in)
		},
	}
}

// asking describes a question that is sent by POST: it changes nothing, and is answered.
func asking[I, O any](path, name, say, page string, allow []stage.Role, ask func(c *call, in I) (O, error)) route {
	rt := act(path, name, say, page, allow, func(c *call, in I) error {
		out, err := ask(c, in)
		c.answer = out
		return err
	})
	rt.asks, rt.out = true, reflect.TypeFor[O]()
	return rt
}

// coding says that a route is about the case whose query code is shown, by whoever has it.
func (rt route) coding() route { rt.coded, rt.free = true, true; return rt }

// freely says that a question may be asked by anybody.
func (rt route) freely() route { rt.free = true; return rt }

// filing says that a route opens a case under a query code, for anybody.
func (rt route) filing() route { rt.files, rt.free = true, true; return rt }

// telling says that an act tells something once, in a header.
func (rt route) telling(header, what string) route { rt.tells, rt.told = header, what; return rt }

// matching says that an act needs If-Match, with the ETag of what it edits.
func (rt route) matching() route { rt.matched = true; return rt }

// streaming describes an act whose body is the bytes of a file; Q is what its query says.
func streaming[Q any](path, name, say, page string, allow []stage.Role, do func(*call, *Q) error) route {
	return route{method: "POST", path: path, name: name, say: say, page: page, allow: allow, in: reflect.TypeFor[Q](), streams: true, do: func(c *call) error {
		var q Q
		if err := c.query(&q); err != nil {
			return err
		}
		return do(c, &q)
	}}
}

// making says that an act makes a thing.
func (rt route) making() route { rt.makes = true; return rt }

// reasoned is read by acts that need a reason.
type reasoned struct {
	Reason string `json:"reason" doc:"why, as it will be read by others"`
}

// dated is read by acts that happened on a day.
type dated struct {
	On calendar.Date `json:"on" doc:"the day on which it happened"`
}

// Roles, as the pages name them.
var (
	everyone  = []stage.Role{stage.Public}
	signedIn  = []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Assessor, stage.Member, stage.Chair, stage.Scrutineer, stage.Auditor, stage.Operator}
	applicant = []stage.Role{stage.Applicant}
	clerk     = []stage.Role{stage.Clerk}
	director  = []stage.Role{stage.Director}
	chair     = []stage.Role{stage.Chair}
	assessor  = []stage.Role{stage.Assessor}
	voters    = []stage.Role{stage.Member, stage.Chair}
	office    = []stage.Role{stage.Clerk, stage.Director}
	heads     = []stage.Role{stage.Director, stage.Chair}
)

// states reads a list of states.
func states(all []string) (out []stage.State) {
	for _, s := range all {
		out = append(out, stage.State(s))
	}
	return out
}

// each makes rows of views.
func each[V, R any](all []V, row func(V) R) []R {
	out := make([]R, len(all))
	for i, v := range all {
		out[i] = row(v)
	}
	return out
}
