package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// The files that pages use. Their addresses hold a hash of their contents, so a
// browser may keep them for ever.
//
//go:embed static
var static embed.FS

// asset is one static file.
type asset struct {
	body   []byte
	media  string
	packed []byte // body by gzip; nil when that is no smaller
}

// loadFiles reads the static files and gives each its address.
func (s *Site) loadFiles() {
	s.files = map[string]asset{}
	entries, err := fs.ReadDir(static, "static")
	if err != nil {
		panic(err) // embedded: it is there, or the program was not built
	}
	for _, e := range entries {
		body, err := fs.ReadFile(static, "static/"+e.Name())
		if err != nil {
			panic(err)
		}
		if path.Ext(e.Name()) == ".css" {
			body = slim(body)
		}
		sum := sha256.Sum256(body)
		ext := path.Ext(e.Name())
		url := "/static/" + strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:5]) + ext
		s.files[url] = asset{body: body, media: mime.TypeByExtension(ext)}
		switch e.Name() {
		case "worker.js":
			s.worker = body
			delete(s.files, url)
		case "manifest.webmanifest":
			s.files["/manifest.webmanifest"] = asset{body: body, media: "application/manifest+json"}
			delete(s.files, url)
		case "offline.js":
			s.offline = url
		case "shifan.css":
			s.css = url
		case "shifan.js":
			s.script = url
		case "draw.js":
			s.lots = url
		case "ballot.js":
			s.ballot = url
		case "balloting.js":
			s.balloting = url
		case "tus.js":
			s.library = url
		case "shifan.svg":
			s.icon = url
			s.files["/favicon.ico"] = s.files[url] // what browsers ask for by themselves
		}
	}
	s.serveWorker()
}

// serveWorker adds the service worker, under an address of its own at the top, because
// it serves pages of the whole site. It is told which files a page without a network
// needs; where they change, the worker changes, and browsers fetch both anew.
func (s *Site) serveWorker() {
	list, err := json.Marshal([]string{"/offline", s.css, s.script, s.offline, s.icon})
	if err != nil {
		panic(err) // strings
	}
	s.files["/worker.js"] = asset{body: append([]byte("const files = "+string(list)+";\n"), s.worker...), media: "text/javascript; charset=utf-8"}
	for url, f := range s.files {
		f.packed = packs.of(f)
		s.files[url] = f
	}
}

// packs keeps what static files are packed to: they are the same for every site that a
// process makes, of which tests make thousands.
var packs gzipped

type gzipped struct{ all sync.Map }

func (p *gzipped) of(f asset) []byte {
	key := sha256.Sum256(f.body)
	if known, ok := p.all.Load(key); ok {
		return known.([]byte)
	}
	b := pack(f.media, f.body)
	p.all.Store(key, b)
	return b
}

var comments = regexp.MustCompile(`(?s)/\*.*?\*/`)

// slim takes out of a stylesheet what only its authors need: comments and the
// blanks around lines, braces and separators. What is sent is at most 30,000
// bytes, which a test counts.
func slim(css []byte) []byte {
	var lines []string
	for line := range strings.Lines(string(comments.ReplaceAll(css, nil))) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return []byte(strings.NewReplacer(" {", "{", "{ ", "{", "; ", ";", " }", "}").Replace(strings.Join(lines, "")))
}

func (f asset) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", f.media)
	body := f.body
	if f.packed != nil {
		w.Header().Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			body = f.packed
			w.Header().Set("Content-Encoding", "gzip")
		}
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if strings.HasPrefix(r.URL.Path, "/static/") || r.URL.Path == "/favicon.ico" {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		w.Header().Set("Cache-Control", "no-cache") // its address says nothing of its contents
	}
	if r.Method == http.MethodGet {
		w.Write(body) //nolint:errcheck // the reader went away
	}
}
