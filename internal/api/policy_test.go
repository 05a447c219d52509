package api_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"shifan/internal/api"
	"shifan/internal/casework"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
	"shifan/internal/web"
)

var wildcard = regexp.MustCompile(`\{[^}]*\}`)

// TestEveryRouteSharesThePolicyOfItsPage: each names a page that there is, and lets in
// the same roles. Its chapter is one that scopes can name, its operation has one name.
func TestEveryRouteSharesThePolicyOfItsPage(t *testing.T) {
	t.Parallel()
	pages, seen, chapters := web.Policies(), map[string]bool{}, map[string]bool{}
	for _, rt := range api.RoutesOf() {
		allow, ok := pages[rt.Page]
		if !ok {
			t.Errorf("%s: no page %s", rt.Name, rt.Page)
		}
		a, b := slices.Sorted(slices.Values(allow)), slices.Sorted(slices.Values(rt.Allow))
		if !slices.Equal(a, b) {
			t.Errorf("%s lets in %v, its page %v", rt.Name, b, a)
		}
		method, _, _ := strings.Cut(rt.Page, " ")
		if rt.Method != method {
			t.Errorf("%s is a %s, its page a %s", rt.Name, rt.Method, method)
		}
		if seen[rt.Name] || seen[rt.Method+" "+rt.Path] {
			t.Errorf("%s twice", rt.Name)
		}
		seen[rt.Name], seen[rt.Method+" "+rt.Path] = true, true
		chapters[rt.Chapter] = true
	}
	for _, c := range casework.Chapters {
		if !chapters[c[0]] {
			t.Errorf("no route of the chapter %s", c[0])
		}
		delete(chapters, c[0])
	}
	for c := range chapters {
		t.Errorf("%s is no chapter that a scope can name", c)
	}
}

// TestRoleByRoute asks for everything, and does every act, as every role and as a
// stranger: whoever the page does not let in gets 403, a stranger 401, and nobody an
// error of ours. What is unknown is 404 in the same words for every identifier.
func TestRoleByRoute(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	programs := map[stage.Role]*testkit.Program{stage.Public: w.Program(stage.Anyone)}
	for _, r := range stage.Roles {
		switch r {
		case stage.Public, stage.Clock:
		case stage.Applicant:
			programs[r] = w.Program(w.Applicant("经办人", "org_0000000000000000"))
		default:
			programs[r] = w.Program(w.Person(r.Word()+"01", r))
		}
	}
	asked := 0
	for _, rt := range api.RoutesOf() {
		open := slices.Contains(rt.Allow, stage.Public)
		for role, p := range programs {
			if role == stage.Public {
				if asked++; asked%50 == 0 {
					w.Jump(w.Desk.Now().Add(time.Minute)) // strangers of one address are slowed down
				}
			}
			if rt.Coded {
				w.Jump(w.Desk.Now().Add(time.Hour)) // as are those who show codes of no case
			}
			one, other := ask(p, rt, "xxx_0000000000000000"), ask(p, rt, "yyy_1111111111111111")
			switch {
			case role == stage.Public && (rt.Acts && !rt.Free || !open):
				one.Refused(http.StatusUnauthorized, "api.token.missing")
			case !open && !slices.Contains(rt.Allow, role):
				one.Refused(http.StatusForbidden, "api.role")
			case one.Status >= 500, one.Status == http.StatusUnauthorized, one.Status == http.StatusMethodNotAllowed:
				t.Errorf("%s as %s: %d %s", rt.Name, role, one.Status, one.Body)
			}
			if strings.Contains(rt.Path, "{") && one.Status < 400 {
				t.Errorf("%s as %s: what is unknown: %d %s", rt.Name, role, one.Status, one.Body)
			}
			if one.Status == http.StatusNotFound && one.Body != other.Body {
				t.Errorf("%s as %s: two unknown identifiers, two answers", rt.Name, role)
			}
			if one.Header.Get("Content-Security-Policy") == "" || one.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s as %s: headers %v", rt.Name, role, one.Header)
			}
		}
	}
}

func ask(p *testkit.Program, rt api.RouteOf, unknown string) *testkit.Answer {
	path := wildcard.ReplaceAllString(strings.ReplaceAll(rt.Path, "{year}", "2021"), unknown)
	if !rt.Acts {
		return p.Get(path)
	}
	return p.Post(path, map[string]any{}, "If-Match", `"1"`)
}
