package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
	"shifan/internal/testkit"
	"shifan/internal/testkit/htmlcheck"
)

// everybody opens a browser for each role of a furnished world, and one for each
// of its applicants.
func everybody(w *testkit.World, f testkit.Furnishing) (names []string, all map[string]*testkit.Browser) {
	office := w.Office()
	who := map[string]stage.Actor{
		"public": stage.Anyone, "clerk": office.Clerk, "clerk2": w.Person("经办人乙", stage.Clerk), "director": office.Director, "chair": office.Chair,
		"member": w.Members()[0], "assessor": w.Team()[0], "scrutineer": w.Person("监票人甲", stage.Scrutineer),
		"auditor": w.Person("审计员甲", stage.Auditor), "operator": w.Person("系统管理员甲", stage.Operator),
	}
	for n, a := range f.Applicants {
		who[fmt.Sprintf("applicant%d", n)] = a
	}
	all = map[string]*testkit.Browser{}
	for name, a := range who {
		all[name], names = w.Browser(a), append(names, name)
	}
	slices.Sort(names)
	return names, all
}

// walk follows every link that somebody is shown, a few for each kind of page, and
// returns the forms, of each kind a few.
func walk(t *testing.T, w *testkit.World, name string, b *testkit.Browser, page func(path string, p *testkit.Page)) {
	t.Helper()
	seen, kinds, todo := map[string]bool{}, map[string]int{}, []string{"/", "/work"}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		bare, _, _ := strings.Cut(path, "?")
		kind := kindOf(bare)
		if seen[path] || kinds[kind] >= 4 || strings.HasPrefix(path, "/static/") || strings.Contains(path, "size=") {
			continue
		}
		seen[path] = true
		kinds[kind]++
		p := b.Get(path)
		fontless := p.Status == http.StatusServiceUnavailable && strings.Contains(p.Body, "make assets") && os.Getenv("CI") == ""
		if p.Status >= 500 && !fontless {
			t.Errorf("%s: GET %s: %d", name, path, p.Status)
		}
		page(path, p)
		for _, m := range hrefs.FindAllStringSubmatch(p.Body, -1) {
			if strings.HasPrefix(m[0], "href") {
				todo = append(todo, strings.ReplaceAll(m[1], "&amp;", "&"))
			}
		}
	}
}

// kindOf names the kind of page of a path: its parts, identifiers left out.
func kindOf(path string) string {
	parts := strings.Split(path, "/")
	for i, s := range parts {
		if strings.ContainsAny(s, "_0123456789") {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/")
}

// sent is a form on somebody's page.
type sent struct {
	who, from string
	form      htmlcheck.Form
}

// naughty is what people, pasting and programs put into fields. never says that no
// form may accept it.
var naughty = []struct{ name, value string }{
	{"NUL", "甲\x00乙"},
	{"no text", "甲\xff\xfe乙"},
	{"a lone surrogate", "甲\xed\xa0\x80乙"},
	{"an unknown identifier", "xxx_0000000000000000"},
	{"no such day", "2021-02-30"},
	{"a huge number", "99999999999999999999"},
	{"a big number", "9007199254740993"},
	{"a negative number", "-1"},
	{"a script", `"><script>alert(1)</script><img src=x onerror=alert(1)>`},
	{"a formula", `=1+1`},
	{"long", strings.Repeat("长", 1500)},
	{"nothing", ""},
	{"blanks", " \u3000\u00a0 "},
	{"right to left", "甲\u202e乙\u2066丙"},
	{"full width", "２０２１－０７－３０"},
	{"Ext-B", "𠮷野𡨸"},
	{"a path", "../../../../etc/passwd%00"},
	{"SQL", "' OR 1=1; DROP TABLE rounds; --"},
	{"a template", "{{.}} ${7*7} %s%n"},
}

// everywhere are those that every form gets in all its fields; of the others each form
// gets a third so, and most of them in one field or another.
var everywhere = []string{"nothing", "a script", "long", "no such day"}

// TestNaughtyForms walks a furnished world as everybody, and sends every form it
// finds with everything empty and with what no field expects: never an error of
// ours, a sentence with each refusal, what was typed is kept and escaped, and
// nothing is changed by what is refused.
func TestNaughtyForms(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	names, browsers := everybody(w, w.Furnish())
	var forms []sent
	kinds := map[string]int{}
	for _, name := range names {
		walk(t, w, name, browsers[name], func(path string, p *testkit.Page) {
			all, err := htmlcheck.Forms(p.Body)
			if err != nil {
				t.Error(err)
			}
			for _, f := range all {
				if f.Method != "post" || f.Action == "/logout" || f.Action == "/account/role" {
					continue
				}
				if f.Action == "" {
					f.Action = path
				}
				kind := kindOf(f.Action) + " " + strings.Join(namesOf(f), " ")
				if kinds[kind]++; kinds[kind] == 1 {
					forms = append(forms, sent{name, path, f})
				}
			}
		})
	}
	// What has no field to type in is done as it stands: last, because it moves the
	// world on and takes accounts away.
	acts := slices.DeleteFunc(slices.Clone(forms), func(s sent) bool { return len(s.form.Typed) > 0 })
	forms = slices.DeleteFunc(forms, func(s sent) bool { return len(s.form.Typed) == 0 })
	if len(forms) < 45 || len(acts) < 15 {
		t.Errorf("only %d forms and %d acts", len(forms), len(acts))
	}
	t.Logf("%d forms, %d acts", len(forms), len(acts))
	for i, n := range naughty {
		for k, s := range forms {
			if !slices.Contains(everywhere, n.name) && (k+i)%3 != 0 {
				continue
			}
			s.try(t, w, browsers[s.who], n.name, func(_ int, name, was string) []string {
				if strings.HasSuffix(name, ".rows") { // how many there are is no field of people
					return []string{was}
				}
				return []string{n.value}
			})
		}
	}
	for turn := range 4 {
		for _, s := range forms {
			s.try(t, w, browsers[s.who], fmt.Sprintf("of everything, %d,", turn), func(k int, name, was string) []string {
				if !slices.Contains(s.form.Typed, name) {
					return []string{was}
				}
				return []string{naughty[3:][(k*5+turn*7)%(len(naughty)-3)].value}
			})
		}
	}
	large := strings.Repeat("x", 10<<20)
	for k, s := range forms {
		s.try(t, w, browsers[s.who], "everything twice", func(_ int, _, was string) []string { return []string{was, was} })
		if k%20 == 0 {
			s.try(t, w, browsers[s.who], "ten megabytes", func(k int, _, was string) []string { // in one field: more says nothing new
				if k > 0 {
					return []string{was}
				}
				return []string{large}
			})
		}
	}
	for _, n := range []string{"甲\x00", "xxx_0000000000000000", "-1"} {
		for _, s := range acts {
			s.try(t, w, browsers[s.who], n, func(int, string, string) []string { return []string{n} })
		}
	}
	if log := w.Troubles(); log != "" {
		t.Errorf("the log: %s", log)
	}
}

func namesOf(f htmlcheck.Form) (all []string) {
	for name := range f.Fields {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// shown are the acts whose answer is a page that is shown once, not a redirect.
var shown = []string{"/accounts/new", "/invite", "/objections/new", "/report", "/login", "/account/calendars", "/webhooks/new", "/preview"}

// try sends a form with other values in its fields and looks at the answer.
func (s sent) try(t *testing.T, w *testkit.World, b *testkit.Browser, what string, value func(k int, field, was string) []string) {
	t.Helper()
	pairs := url.Values{}
	for k, name := range namesOf(s.form) {
		for _, v := range s.form.Fields[name] {
			pairs[name] = append(pairs[name], value(k, name, v)...)
		}
	}
	before := size(t, w)
	p := b.Post(s.form.Action, flat(pairs)...)
	at := fmt.Sprintf("%s: %s %v in the form of %s to %s", s.who, what, namesOf(s.form), s.from, s.form.Action)
	switch {
	case p.Status >= 500:
		t.Errorf("%s: %d", at, p.Status)
	case p.Status >= 400 && len([]rune(p.Words())) < 8:
		t.Errorf("%s: %d without a sentence: %s", at, p.Status, p.Words())
	case p.Status == http.StatusUnprocessableEntity && !strings.Contains(p.Body, "最多1 MB"):
		s.kept(t, at, p, pairs)
	}
	if after := size(t, w); p.Location == "" && after != before && !slices.ContainsFunc(shown, func(end string) bool { return strings.HasSuffix(s.form.Action, end) }) {
		t.Errorf("%s: %d, and the record grew by what was not done", at, p.Status)
	}
	if strings.Contains(p.Body, "<script>alert") || strings.Contains(p.Body, "<img src=x") {
		t.Errorf("%s: what was typed is part of the page", at)
	}
}

// kept wants what was typed to be in the form that comes back.
func (s sent) kept(t *testing.T, at string, p *testkit.Page, typed url.Values) {
	t.Helper()
	forms, err := htmlcheck.Forms(p.Body)
	if err != nil {
		t.Error(err)
	}
	for _, name := range s.form.Typed {
		v := strings.ToValidUTF8(strings.ReplaceAll(typed.Get(name), "\x00", ""), "")
		if len(typed[name]) > 1 || v != typed.Get(name) || len(v) > 1<<20 {
			continue
		}
		if !slices.ContainsFunc(forms, func(f htmlcheck.Form) bool { return strings.TrimSpace(first(f.Fields[name])) == strings.TrimSpace(v) }) {
			t.Errorf("%s: what was typed in %s is lost", at, name)
		}
	}
}

func first(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// size is how much stands in the record.
func size(t *testing.T, w *testkit.World) (n int64) {
	t.Helper()
	if err := w.Desk.Store.View(t.Context(), func(tx *store.Tx) error {
		last, err := tx.Entries(testkit.TheAuditor, store.EntryFilter{Limit: 1})
		if len(last) > 0 {
			n = last[0].Ticket
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func flat(v url.Values) (pairs []string) {
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for k := range v {
			if !yield(k) {
				return
			}
		}
	}) {
		for _, s := range v[name] {
			pairs = append(pairs, name, s)
		}
	}
	return pairs
}
