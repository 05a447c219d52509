package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/paper/font"
	"shifan/internal/testkit"
	"shifan/internal/testkit/htmlcheck"
	"shifan/internal/web"
)

// things lists the identifiers that the office, the committee and the public are
// shown links to in a world, by the first part of their pages' paths.
func things(t *testing.T, w *testkit.World, names []string, browsers map[string]*testkit.Browser) map[string][]string {
	t.Helper()
	all := map[string]map[string]bool{}
	for _, name := range names {
		walk(t, w, name, browsers[name], func(_ string, p *testkit.Page) {
			for _, m := range hrefs.FindAllStringSubmatch(p.Body, -1) {
				path, _, _ := strings.Cut(m[1], "?")
				parts := strings.Split(path, "/")
				if len(parts) < 3 || !strings.ContainsAny(parts[2], "_-0123456789") || parts[1] == "static" {
					continue
				}
				if all[parts[1]] == nil {
					all[parts[1]] = map[string]bool{}
				}
				all[parts[1]][parts[2]] = true
			}
		})
	}
	keys := map[string][]string{}
	for chapter, m := range all {
		keys[chapter] = slices.Sorted(maps.Keys(m))
	}
	return keys
}

// open are the chapters whose pages anybody may read, so that a stranger sees them
// too. Their acts are asked all the same, and of rounds the pages that ask for one.
var open = []string{"publicities", "designations", "namings", "calls", "rounds", "programmes", "guide", "v", "invitations"}

// TestForeignThings: people of another programme and of another organisation get,
// for every page and every act on a thing of ours, the same bytes as for a thing
// that does not exist, and nothing happens.
func TestForeignThings(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	f := w.Furnish()
	names, browsers := everybody(w, f)
	insiders := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return strings.HasPrefix(name, "applicant") || name == "clerk2" })
	keys := things(t, w, insiders, browsers)
	for _, chapter := range []string{"applications", "reviews", "visits", "meetings", "items", "objections", "misuses", "organisations", "namings", "designations", "accounts", "plans", "rechecks", "rectifications", "revocations", "stories", "documents"} {
		if _, without := font.Embedded(); chapter == "documents" && without != nil {
			continue // nothing can be signed without fonts
		}
		if len(keys[chapter]) == 0 {
			t.Errorf("nothing is there of %s", chapter)
		}
	}
	stranger := w.Organisation()
	foreign := map[string]stage.Actor{"an applicant": w.ApplicantOf(stranger)}
	for _, role := range []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Member, stage.Assessor, stage.Scrutineer} {
		foreign["another programme's "+string(role)] = w.PersonWith("别处的"+role.Word(), casework.Grant{Role: role, Programme: "another-programme"})
	}
	strangers := map[string]*testkit.Browser{}
	for name, by := range foreign {
		strangers[name] = w.Browser(by)
	}
	before := size(t, w)
	absent := map[string]*testkit.Page{} // what they get for what does not exist
	for _, name := range slices.Sorted(maps.Keys(foreign)) {
		b, by := strangers[name], foreign[name]
		for _, rt := range web.RoutesOf(w.Desk) {
			method, path, _ := strings.Cut(rt.Pattern, " ")
			parts := strings.SplitN(path, "/", 4)
			if len(parts) < 3 || !strings.HasPrefix(parts[2], "{") || parts[2] == "{$}" || !slices.Contains(rt.Allow, by.Role) {
				continue
			}
			if method == http.MethodGet && slices.Contains(open, parts[1]) && !(parts[1] == "rounds" && len(parts) > 3) || parts[1] == "organisations" && by.Role != stage.Applicant {
				continue // organisations belong to every programme
			}
			for _, key := range keys[parts[1]] {
				if key == string(stranger) || key == string(f.Told) && slices.Contains(rt.Allow, stage.Public) || slices.Contains(open, parts[1]) && slices.Contains(rt.Allow, stage.Public) {
					continue
				}
				rest := ""
				if len(parts) > 3 {
					rest = "/" + wildcard.ReplaceAllString(parts[3], "1")
				}
				ours, none := "/"+parts[1]+"/"+key+rest, "/"+parts[1]+"/xxx_0000000000000000"+rest
				got, want := visit(b, method, ours), absent[name+method+none]
				if want == nil {
					want = visit(b, method, none)
					absent[name+method+none] = want
				}
				if parts[1] == "programmes" && got.Status == http.StatusOK {
					continue // what everybody may read, asked once more before the act
				}
				if got.Status != want.Status || got.Body != want.Body {
					t.Errorf("%s: %s %s: %d, and %d for what does not exist: %s", name, method, ours, got.Status, want.Status, cut(htmlcheck.Main(got.Body), 120))
				}
			}
		}
	}
	if after := size(t, w); after != before {
		t.Errorf("the record grew by %d", after-before)
	}
	if log := w.Troubles(); log != "" {
		t.Errorf("the log: %s", log)
	}
}

func visit(b *testkit.Browser, method, path string) *testkit.Page {
	if method == http.MethodPost {
		return b.Post(path, "version", "1", "reason", "理由", "text", "说明", "who", "x", "choice", "aye", "date", "2021-12-30", "deadline_time", "24:00", "document", "决定", "into", "x", "confirm", "yes")
	}
	return b.Get(path)
}

func cut(s string, n int) string { return fmt.Sprintf("%.*s", n, s) }
