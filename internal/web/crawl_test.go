package web_test

import (
	"regexp"
	"strings"
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
	"shifan/internal/web"
)

var hrefs = regexp.MustCompile(`(?:href|action)="(/[^"#]*)`)

// TestNoDeadLinks follows every link from the front page and the 工作台 as every
// role, in a world with an open call: nobody is shown a link that leads to
// nothing, to an error or to what is not for them. Each page passes htmlcheck.
func TestNoDeadLinks(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.OpenRound()
	browsers := map[stage.Role]*testkit.Browser{stage.Public: w.Browser(stage.Anyone)}
	for _, r := range stage.Roles {
		switch r {
		case stage.Public, stage.Clock:
		case stage.Applicant:
			browsers[r] = w.Browser(w.ApplicantOf(w.Organisation()))
		default:
			browsers[r] = w.Browser(w.Person(r.Word()+"02", r))
		}
	}
	for role, b := range browsers {
		seen, todo := map[string]bool{}, []string{"/", "/work"}
		for len(todo) > 0 && len(seen) < 80 {
			path := strings.ReplaceAll(todo[0], "&amp;", "&")
			todo = todo[1:]
			if seen[path] || strings.HasPrefix(path, "/static/") || strings.Contains(path, "size=") || strings.HasPrefix(path, "/logout") || strings.HasPrefix(path, "/account/role") {
				continue
			}
			seen[path] = true
			p := b.Get(path)
			switch {
			case p.Status == 405: // the address of a form
			case p.Status == 403 && role != stage.Public: // 我要申报 on a public page, for those who do not file
			case p.Status >= 400 && served(w, path):
				t.Errorf("%s is shown a link to %s: %d %s", role, path, p.Status, p.Words())
			}
			for _, m := range hrefs.FindAllStringSubmatch(p.Body, -1) {
				todo = append(todo, m[1])
			}
		}
		if len(seen) < 5 {
			t.Errorf("%s saw only %d pages", role, len(seen))
		}
	}
}

// served reports whether the door has pages of the path's chapter at all; a
// chapter's links may come before its pages while it is being built.
func served(w *testkit.World, path string) bool {
	chapter, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	chapter, _, _ = strings.Cut(chapter, "?")
	for _, rt := range web.RoutesOf(w.Desk) {
		if strings.HasPrefix(rt.Pattern, "GET /"+chapter) {
			return true
		}
	}
	return false
}
