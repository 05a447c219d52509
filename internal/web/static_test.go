package web_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	remarks  = regexp.MustCompile(`(?s)/\*.*?\*/`)
	rules    = regexp.MustCompile(`([^{}]+)\{`)
	classes  = regexp.MustCompile(`\.([a-zA-Z][\w-]*)`)
	literals = regexp.MustCompile("\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`")
	names    = regexp.MustCompile(`[a-zA-Z][\w-]*`)
)

// TestStylesheet: the one stylesheet keeps its budget and has no rule that no page
// uses. A class may be put together from a prefix and a word, as status- and a tone.
func TestStylesheet(t *testing.T) {
	t.Parallel()
	css, err := os.ReadFile("static/shifan.css")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(css); n > 30_000 {
		t.Errorf("the stylesheet has %d bytes, at most 30000", n)
	}
	used := map[string]bool{}
	for _, glob := range []string{"page/*.templ", "page/*.go", "*.go", "static/*.js"} {
		files, err := filepath.Glob(glob)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") || strings.HasSuffix(f, "_templ.go") {
				continue
			}
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range literals.FindAllString(string(text), -1) {
				for _, name := range names.FindAllString(s, -1) {
					used[name] = true
				}
			}
		}
	}
	seen := map[string]bool{}
	for _, rule := range rules.FindAllStringSubmatch(remarks.ReplaceAllString(string(css), ""), -1) {
		for _, c := range classes.FindAllStringSubmatch(rule[1], -1) {
			name := c[1]
			prefix, _, _ := strings.Cut(name, "-")
			if seen[name] || used[name] || used[prefix+"-"] {
				continue
			}
			seen[name] = true
			t.Errorf("no page uses .%s", name)
		}
	}
	if len(used) < 200 {
		t.Errorf("only %d names found in the pages", len(used))
	}
}
