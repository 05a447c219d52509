package web

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"shifan/internal/casework"
)

// Tree writes the public pages out as files that any web server or CDN serves as they are:
// every page that Sitemap names and every page, list page and data file that is reached from
// them and is the same for everybody. put gets the place of each file under the root of the
// site and its bytes; a page is PLACE/index.html. Links to what only a running server does –
// forms, searches, the login – lead to the server at o.BaseURL, which must not be empty.
// It returns how many files there are, or the first error of reading or of put.
func Tree(ctx context.Context, desk *casework.Desk, o Options, put func(place string, body []byte) error) (files int, err error) {
	s := site(desk, o)
	t := tree{site: s, base: strings.TrimSuffix(o.BaseURL, "/"), put: put, seen: map[string]bool{}}
	for at := range s.files {
		if err := t.put(at[1:], s.files[at].body); err != nil {
			return t.files, err
		}
		t.files++
	}
	for _, l := range slices.Concat(publicBar, footer) {
		t.want(l.URL)
	}
	for _, at := range []string{"/designations.json", "/designations.csv", "/designations/map.json", "/feed.atom", "/robots.txt", "/sitemap.xml"} {
		t.want(at)
	}
	things, err := desk.Sitemap(ctx)
	if err != nil {
		return t.files, err
	}
	for _, at := range things {
		t.want(at)
	}
	for len(t.left) > 0 {
		at := t.left[0]
		t.left = t.left[1:]
		if err := t.page(ctx, at); err != nil {
			return t.files, err
		}
	}
	return t.files, nil
}

// tree is a walk over the public pages.
type tree struct {
	site  *Site
	base  string
	put   func(place string, body []byte) error
	seen  map[string]bool
	left  []string // addresses still to be written
	files int
}

// addresses are where a page of ours leads to.
var addresses = regexp.MustCompile(`\b(href|src|action)="(/[^"]*)"`)

// want makes sure that an address is written once, and tells where it is in the tree; ""
// for what is not in it.
func (t *tree) want(at string) string {
	u, err := url.Parse(at)
	if err != nil || u.Host != "" {
		return ""
	}
	if _, file := t.site.files[u.Path]; file {
		return at
	}
	r := &http.Request{Method: http.MethodGet, URL: u, Host: "tree"}
	_, pattern := t.site.mux.Handler(r)
	i := slices.IndexFunc(t.site.all, func(rt route) bool { return rt.pattern == pattern && rt.kept })
	place := placeOf(u)
	if i < 0 || place == "" {
		return ""
	}
	if whole := u.RequestURI(); !t.seen[whole] {
		t.seen[whole] = true
		t.left = append(t.left, whole)
	}
	if u.Fragment != "" {
		place += "#" + u.EscapedFragment()
	}
	return place
}

// placeOf is where an address is in the tree, from its root: a page of a list, of which the
// query says where it begins, has a place of its own, and other queries have none.
func placeOf(u *url.URL) string {
	q := u.Query()
	after := q.Get("after")
	q.Del("after")
	switch {
	case len(q) > 0:
		return ""
	case after != "":
		return path.Join(u.EscapedPath(), "after", url.PathEscape(after)) + "/"
	}
	return u.EscapedPath()
}

// page writes one address.
func (t *tree) page(ctx context.Context, at string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, http.NoBody)
	if err != nil {
		return err
	}
	seen := written{header: http.Header{}}
	t.site.dispatch(&seen, r)
	if seen.status != 0 && seen.status != http.StatusOK {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%s answers %d", at, seen.status)
	}
	body, place := seen.body.Bytes(), strings.Trim(placeOf(r.URL), "/")
	if strings.HasPrefix(seen.header.Get("Content-Type"), "text/html") {
		place = path.Join(place, "index.html")
		body = addresses.ReplaceAllFunc(body, t.lead)
	}
	t.files++
	return t.put(place, body)
}

// lead turns the address of an attribute into where it leads from a file: into the tree, or
// to the server.
func (t *tree) lead(attribute []byte) []byte {
	m := addresses.FindSubmatch(attribute)
	at := html.UnescapeString(string(m[2]))
	to := ""
	if string(m[1]) != "action" {
		to = t.want(at)
	}
	if to == "" {
		to = t.base + at
	}
	return []byte(string(m[1]) + `="` + html.EscapeString(to) + `"`)
}
