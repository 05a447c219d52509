package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"

	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
	"shifan/internal/web"
)

// passBy asks a door as a visitor without an account does.
func passBy(h http.Handler, address string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, address, http.NoBody)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	a := httptest.NewRecorder()
	h.ServeHTTP(a, r)
	return a
}

// TestKeptPages: the same bytes for the same state, packed for who reads that, nothing but
// the tag for who has them; another state is seen at once, and what anybody is told for
// themselves is not kept.
func TestKeptPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	title := w.Designation()
	h := web.New(w.Desk, web.Options{BaseURL: "http://127.0.0.1"})
	code := w.PlaqueOf(title).Code
	for _, address := range []string{"/", "/designations", "/designations/" + string(title), "/v/" + code, "/designations.json", "/v/" + code + "/state.json", "/feed.atom"} {
		first := passBy(h, address)
		tag := first.Header().Get("ETag")
		if first.Code != 200 || tag == "" || first.Header().Get("Cache-Control") != "public, no-cache" {
			t.Errorf("%s: %d, tag %q, %q", address, first.Code, tag, first.Header().Get("Cache-Control"))
			continue
		}
		if a := passBy(h, address, "If-None-Match", tag); a.Code != http.StatusNotModified || a.Body.Len() > 0 {
			t.Errorf("%s: who has it is told %d and %d bytes", address, a.Code, a.Body.Len())
		}
		packed := passBy(h, address, "Accept-Encoding", "gzip, br")
		if packed.Header().Get("Content-Encoding") != "gzip" || packed.Header().Get("ETag") == tag {
			t.Errorf("%s: not packed: %v", address, packed.Header())
			continue
		}
		z, err := gzip.NewReader(packed.Body)
		if err != nil {
			t.Fatal(err)
		}
		if whole, err := io.ReadAll(z); err != nil || !bytes.Equal(whole, first.Body.Bytes()) {
			t.Errorf("%s: what is packed is another page: %v", address, err)
		}
	}
	if a := passBy(h, "/v/"+code, "Cookie", "size=large"); !strings.Contains(a.Body.String(), "标准版") {
		t.Error("the page in large letters is not the one that was asked for")
	}
	if a := passBy(h, "/v/"+code, "Cookie", "session=nobody"); a.Header().Get("Cache-Control") == "public, no-cache" {
		t.Error("who sends a session gets what is kept for visitors")
	}
	if a := passBy(h, "/designations/none"); a.Code != 404 || a.Header().Get("ETag") != "" {
		t.Errorf("a page that does not exist is kept: %d %v", a.Code, a.Header())
	}

	tag := passBy(h, "/v/"+code).Header().Get("ETag")
	holder := w.Browser(w.ApplicantOf(holderOf(t, w, title)))
	holder.Post("/designations/"+string(title)+"/return", "version", "1", "sure", "yes", "reason", "不再开展创建活动").Want(303)
	if a := passBy(h, "/v/"+code, "If-None-Match", tag); a.Code != 200 || !strings.Contains(a.Body.String(), "已交回") {
		t.Errorf("the title was given back, and the page says %d %s", a.Code, a.Body)
	}
	other := w.Designation()
	verify := "/v/" + w.PlaqueOf(other).Code
	if a := passBy(h, verify); !strings.Contains(a.Body.String(), "有效") {
		t.Error(a.Body)
	}
	w.At("2031-06-02 00:00:00")
	if a := passBy(h, verify); !strings.Contains(a.Body.String(), "已到期") {
		t.Error("years went by, and the page still says what it said")
	}
}

func holderOf(t *testing.T, w *testkit.World, key id.Designation) id.Organisation {
	t.Helper()
	v, err := w.Desk.Designation(t.Context(), stage.Anyone, key)
	if err != nil {
		t.Fatal(err)
	}
	return v.Designation.Organisation
}

// TestTree: the public pages as files. Each link of each page leads to a file of the tree, or
// to the server; what is drafted is in neither; robots and sitemap name what there is.
func TestTree(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	held := w.TitleNamed("2021-06-02")
	title, draft := w.Designation(), w.DraftedRound()
	w.ManyTitles(held, held.Round, 60, func(*designation.Designation, int) {}) // more than a page of a list
	const server = "https://sf.example.org"
	files := map[string]string{}
	n, err := web.Tree(t.Context(), w.Desk, web.Options{BaseURL: server}, func(place string, body []byte) error {
		if _, twice := files[place]; twice {
			t.Errorf("%s is written twice", place)
		}
		files[place] = string(body)
		return nil
	})
	if err != nil || n != len(files) {
		t.Fatal(n, len(files), err)
	}
	code := w.PlaqueOf(title).Code
	for _, place := range []string{"index.html", "designations/index.html", "designations/" + string(title) + "/index.html", "v/" + code + "/index.html", "v/" + code + "/state.json", "designations.json", "feed.atom"} {
		if files[place] == "" {
			t.Errorf("%s is missing", place)
		}
	}
	if !strings.Contains(files["sitemap.xml"], "<loc>"+server+"/designations/"+string(title)+"</loc>") || !strings.Contains(files["robots.txt"], "Sitemap: "+server+"/sitemap.xml") {
		t.Errorf("%s\n%s", files["robots.txt"], files["sitemap.xml"])
	}
	led := regexp.MustCompile(`(?:href|src|action)="([^"]*)"`)
	lists := 0
	for place, body := range files {
		if strings.Contains(place+body, string(draft)) {
			t.Errorf("%s tells of a draft", place)
		}
		if strings.HasPrefix(place, "designations/after/") {
			lists++
		}
		if !strings.HasSuffix(place, ".html") {
			continue
		}
		for _, m := range led.FindAllStringSubmatch(body, -1) {
			to, _, _ := strings.Cut(m[1], "#")
			if to == "" || strings.HasPrefix(to, server+"/") || strings.HasPrefix(to, "tel:") || strings.HasPrefix(to, "mailto:") {
				continue
			}
			at := strings.Trim(to, "/")
			if files[at] == "" && files[path.Join(at, "index.html")] == "" {
				t.Errorf("%s leads to %s, which is not there", place, m[1])
			}
		}
	}
	if lists == 0 {
		t.Error("the list of titles ends with its first page")
	}
}
