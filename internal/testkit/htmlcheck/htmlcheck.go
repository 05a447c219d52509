// Package htmlcheck says what is wrong with a page, by checks that can be
// combined. Page holds those that every page of ours must pass.
package htmlcheck

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Check looks at a parsed page and says what is wrong, or nil.
type Check func(*html.Node) error

// All makes one check of several and reports everything they find.
func All(checks ...Check) Check {
	return func(n *html.Node) error {
		var all []error
		for _, c := range checks {
			all = append(all, c(n))
		}
		return errors.Join(all...)
	}
}

// Page is what every page must pass: language, title, one h1, every input
// labelled, no identifier twice, every reference by identifier answered, no
// inline style or script, buttons and links that say something, tables with
// heads.
var Page = All(Language, Title, OneH1, Labelled, UniqueIDs, References, NothingInline, Worded, TableHeads)

// Parse parses a page and runs a check on it.
func Parse(text string, c Check) error {
	n, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return err
	}
	return c(n)
}

// Language wants lang="zh-CN" on html.
func Language(n *html.Node) error {
	for _, e := range find(n, "html") {
		if attr(e, "lang") == "zh-CN" {
			return nil
		}
	}
	return errors.New(`html has no lang="zh-CN"`)
}

// Title wants a title with words in it.
func Title(n *html.Node) error {
	if t := find(n, "title"); len(t) == 0 || words(t[0]) == "" {
		return errors.New("no title")
	}
	return nil
}

// OneH1 wants exactly one h1, with words in it.
func OneH1(n *html.Node) error {
	h := find(n, "h1")
	if len(h) != 1 {
		return fmt.Errorf("%d h1, want one", len(h))
	}
	if words(h[0]) == "" {
		return errors.New("the h1 is empty")
	}
	return nil
}

// Labelled wants a label for every input, select and textarea, and a legend in
// every fieldset.
func Labelled(n *html.Node) error {
	labels := map[string]bool{}
	for _, l := range find(n, "label") {
		labels[attr(l, "for")] = words(l) != ""
	}
	var all []error
	for _, e := range find(n, "input", "select", "textarea", "progress") {
		kind := attr(e, "type")
		if kind == "hidden" || kind == "submit" || attr(e, "aria-label") != "" || attr(e, "aria-labelledby") != "" {
			continue
		}
		inside := false
		for p := e.Parent; p != nil; p = p.Parent {
			inside = inside || p.Data == "label" && words(p) != ""
		}
		if !inside && !labels[attr(e, "id")] {
			all = append(all, fmt.Errorf("%s name=%q has no label", e.Data, attr(e, "name")))
		}
	}
	for _, f := range find(n, "fieldset") {
		if l := find(f, "legend"); len(l) == 0 || words(l[0]) == "" {
			all = append(all, fmt.Errorf("fieldset id=%q has no legend", attr(f, "id")))
		}
	}
	return errors.Join(all...)
}

// UniqueIDs wants every identifier once.
func UniqueIDs(n *html.Node) error {
	var all []error
	seen := map[string]bool{}
	for _, e := range find(n) {
		key := attr(e, "id")
		if key != "" && seen[key] {
			all = append(all, fmt.Errorf("id %q twice", key))
		}
		seen[key] = true
	}
	return errors.Join(all...)
}

// References wants what for, aria-labelledby, aria-describedby and href="#…"
// name to be on the page.
func References(n *html.Node) error {
	ids := map[string]bool{}
	for _, e := range find(n) {
		ids[attr(e, "id")] = true
	}
	var all []error
	for _, e := range find(n) {
		refs := strings.Fields(attr(e, "for") + " " + attr(e, "aria-labelledby") + " " + attr(e, "aria-describedby"))
		if h, ok := strings.CutPrefix(attr(e, "href"), "#"); ok {
			refs = append(refs, h)
		}
		for _, r := range refs {
			if !ids[r] {
				all = append(all, fmt.Errorf("%s refers to %q, which is not on the page", e.Data, r))
			}
		}
	}
	return errors.Join(all...)
}

// NothingInline wants no style attribute, style element, inline script or event
// handler: the content security policy would not run them.
func NothingInline(n *html.Node) error {
	var all []error
	for _, e := range find(n) {
		if e.Data == "style" || e.Data == "script" && attr(e, "src") == "" {
			all = append(all, fmt.Errorf("inline %s", e.Data))
		}
		for _, a := range e.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.TrimSpace(a.Val), "javascript:") {
				all = append(all, fmt.Errorf("%s has %s=%q", e.Data, a.Key, a.Val))
			}
		}
	}
	return errors.Join(all...)
}

// Worded wants every link and button to say something, and every link to lead
// somewhere.
func Worded(n *html.Node) error {
	var all []error
	for _, e := range find(n, "a", "button") {
		pictured := slices.ContainsFunc(find(e, "img"), func(i *html.Node) bool { return attr(i, "alt") != "" })
		if words(e) == "" && attr(e, "aria-label") == "" && !pictured {
			all = append(all, fmt.Errorf("%s href=%q says nothing", e.Data, attr(e, "href")))
		}
		if h := attr(e, "href"); e.Data == "a" && (h == "" || h == "#") {
			all = append(all, fmt.Errorf("link %q leads nowhere", words(e)))
		}
	}
	return errors.Join(all...)
}

// TableHeads wants a head in every table, each head cell with its scope.
func TableHeads(n *html.Node) error {
	var all []error
	for _, t := range find(n, "table") {
		heads := find(t, "th")
		if len(heads) == 0 {
			all = append(all, errors.New("a table without heads"))
		}
		for _, h := range heads {
			if attr(h, "scope") == "" {
				all = append(all, fmt.Errorf("table head %q has no scope", words(h)))
			}
		}
	}
	return errors.Join(all...)
}

// Says wants some words on the page, blanks aside.
func Says(want string) Check {
	return func(n *html.Node) error {
		if !strings.Contains(strings.Join(strings.Fields(words(n)), ""), strings.Join(strings.Fields(want), "")) {
			return fmt.Errorf("the page does not say %q", want)
		}
		return nil
	}
}

// Main returns the words of a page's main part in one line.
func Main(text string) string {
	n, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return text
	}
	if m := find(n, "main"); len(m) > 0 {
		n = m[0]
	}
	return strings.Join(strings.Fields(words(n)), " ")
}

// Form is a form as a browser would send it untouched.
type Form struct {
	Action, Method string
	Fields         map[string][]string
	Buttons        []string
	Typed          []string // the names of fields that hold text
}

// Forms lists the forms of a page with what their fields hold.
func Forms(text string) (all []Form, err error) {
	n, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	for _, f := range find(n, "form") {
		form := Form{Action: attr(f, "action"), Method: strings.ToLower(attr(f, "method")), Fields: map[string][]string{}}
		for _, e := range find(f, "input", "textarea", "select", "button") {
			name, v, sends := attr(e, "name"), attr(e, "value"), true
			switch {
			case e.Data == "button":
				form.Buttons = append(form.Buttons, words(e))
				sends = false
			case e.Data == "textarea":
				v = strings.TrimPrefix(text1(e), "\n")
				form.Typed = append(form.Typed, name)
			case e.Data == "select":
				v = selected(e)
			case attr(e, "type") == "radio" || attr(e, "type") == "checkbox":
				sends = has(e, "checked")
			case attr(e, "type") != "hidden" && attr(e, "type") != "password" && attr(e, "type") != "file":
				form.Typed = append(form.Typed, name)
			}
			if sends && name != "" {
				form.Fields[name] = append(form.Fields[name], v)
			}
		}
		all = append(all, form)
	}
	return all, nil
}

func selected(e *html.Node) string {
	options := find(e, "option")
	for _, o := range options {
		if has(o, "selected") {
			return attr(o, "value")
		}
	}
	if len(options) > 0 {
		return attr(options[0], "value")
	}
	return ""
}

// find lists the elements with one of the names below a node; all elements when
// no name is given.
func find(n *html.Node, names ...string) (all []*html.Node) {
	for e := range n.Descendants() {
		if e.Type != html.ElementNode {
			continue
		}
		ok := len(names) == 0
		for _, name := range names {
			ok = ok || e.Data == name
		}
		if ok {
			all = append(all, e)
		}
	}
	return all
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// words returns the text below a node without blanks around it.
func words(n *html.Node) string { return strings.TrimSpace(text1(n)) }

func text1(n *html.Node) string {
	var b strings.Builder
	for e := range n.Descendants() {
		if e.Type == html.TextNode {
			b.WriteString(e.Data)
		}
	}
	return b.String()
}
