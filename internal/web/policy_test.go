package web_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
	"shifan/internal/web"
)

var wildcard = regexp.MustCompile(`\{[^}]*\}`)

// pathOf turns a pattern into a path that names nothing.
func pathOf(pattern, unknown string) string {
	_, path, _ := strings.Cut(pattern, " ")
	path = strings.TrimSuffix(path, "{$}")
	return wildcard.ReplaceAllString(path, unknown)
}

// TestEveryRouteDeclaresItsPolicy: a method, a path, and roles that people can
// have; no act without a method of its own.
func TestEveryRouteDeclaresItsPolicy(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, rt := range web.RoutesOf(&casework.Desk{}) {
		method, path, ok := strings.Cut(rt.Pattern, " ")
		usual := method == http.MethodGet || method == http.MethodPost
		if !ok || !usual && !strings.Contains(path, "/uploads") || !strings.HasPrefix(path, "/") { // the tus protocol has methods of its own
			t.Errorf("%s: want GET or POST and a path", rt.Pattern)
		}
		if len(rt.Allow) == 0 {
			t.Errorf("%s declares no policy", rt.Pattern)
		}
		for _, r := range rt.Allow {
			if !slices.Contains(stage.Roles, r) || r == stage.Clock {
				t.Errorf("%s lets in %q, which is no role of people", rt.Pattern, r)
			}
		}
		if method == http.MethodGet && rt.Form {
			t.Errorf("%s: a page has no form to go back to", rt.Pattern)
		}
		if seen[rt.Pattern] {
			t.Errorf("%s twice", rt.Pattern)
		}
		seen[rt.Pattern] = true
	}
}

// TestRoleByRoute asks for every page, and sends every act empty, as every role
// and as a visitor: whoever is not named gets 403, a visitor the login page, and
// nobody an error of ours. What is unknown is 404, in the same words for every
// identifier.
func TestRoleByRoute(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	browsers := map[stage.Role]*testkit.Browser{stage.Public: w.Browser(stage.Anyone)}
	for _, r := range stage.Roles {
		switch r {
		case stage.Public, stage.Clock:
		case stage.Applicant:
			browsers[r] = w.Browser(w.Applicant("经办人", "org_0000000000000000"))
		default:
			browsers[r] = w.Browser(w.Person(r.Word()+"01", r))
		}
	}
	for _, rt := range web.RoutesOf(w.Desk) {
		if rt.Pattern == "POST /logout" || rt.Pattern == "POST /login" {
			continue // their own tests
		}
		for role, b := range browsers {
			one, other := ask(b, rt, "xxx_0000000000000000"), ask(b, rt, "yyy_1111111111111111")
			let := slices.Contains(rt.Allow, stage.Public) || slices.Contains(rt.Allow, role)
			switch {
			case let && one.Status >= 500, let && one.Status == http.StatusForbidden, let && one.Status == http.StatusUnauthorized:
				t.Errorf("%s as %s: %d %s", rt.Pattern, role, one.Status, one.Words())
			case let && strings.HasPrefix(one.Location, "/login?"):
				t.Errorf("%s as %s: sent to the login page", rt.Pattern, role)
			case !let && role == stage.Public:
				if one.Status != http.StatusUnauthorized && !strings.HasPrefix(one.Location, "/login?next=") {
					t.Errorf("%s as a visitor: %d, want the login page", rt.Pattern, one.Status)
				}
			case !let && one.Status != http.StatusForbidden:
				t.Errorf("%s as %s: %d, want 403", rt.Pattern, role, one.Status)
			}
			if one.Status == http.StatusNotFound && one.Body != other.Body {
				t.Errorf("%s as %s: two unknown identifiers, two pages", rt.Pattern, role)
			}
			if one.Header.Get("Content-Security-Policy") == "" {
				t.Errorf("%s as %s: no policy in the headers", rt.Pattern, role)
			}
		}
	}
}

func ask(b *testkit.Browser, rt web.RouteOf, unknown string) *testkit.Page {
	path := pathOf(rt.Pattern, unknown)
	switch method, _, _ := strings.Cut(rt.Pattern, " "); method {
	case http.MethodPost:
		return b.Post(path)
	case http.MethodGet:
		return b.Get(path)
	default:
		return b.Ask(method, path)
	}
}
