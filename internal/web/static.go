package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// The files that pages use. Their addresses hold a hash of their contents, so a
// browser may keep them for ever.
//
//go:embed static
var static embed.FS

// asset is one static file.
type asset struct {
	body  []byte
	media string
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
		s.files[url] = asset{body, mime.TypeByExtension(ext)}
		switch e.Name() {
		case "shifan.css":
			s.css = url
		case "shifan.js":
			s.script = url
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
	w.Header().Set("Content-Length", strconv.Itoa(len(f.body)))
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	if r.Method == http.MethodGet {
		w.Write(f.body) //nolint:errcheck // the reader went away
	}
}
