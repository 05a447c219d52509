package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Most visitors of the public pages have no account and read what the last one read. What
// they get is kept, packed and with its tag, for as long as it cannot be another: until
// this node changes something, and for half a second whatever happens, since another node
// may have changed something or a day may have ended. So a revocation is on every page at
// once here, and within a second everywhere.

const (
	// keptFor is how old a kept answer may be.
	keptFor = 500 * time.Millisecond
	// keptBytes is how many bytes are kept; beyond it all are forgotten. It is a small part
	// of the memory that the server wishes to stay below.
	keptBytes = 24 << 20
	// keptLargest is the largest answer that is kept, in bytes.
	keptLargest = 2 << 20
)

// keeping is what is kept, by address. The zero value is empty.
type keeping struct {
	mu    sync.RWMutex
	pages map[string]*keptPage
	bytes int
}

// keptPage is one address. Whoever finds its answer too old makes it anew while the others
// wait, so that a hundred readers of one page are one rendering.
type keptPage struct {
	making sync.Mutex
	answer atomic.Pointer[keptAnswer]
}

// keptAnswer is what a visitor without an account gets.
type keptAnswer struct {
	made    time.Time // by the clock on the wall
	now     time.Time // by the clock of the programme, which a demonstration moves
	changes uint64    // of this node, before it was made
	header  http.Header
	body    []byte
	packed  []byte // body by gzip; nil when that is no smaller
	tag     string // a digest of body, without quotes
}

// visitor returns under which name the answer to a request is kept, and whether the
// request says nothing about who asks: no cookie but the choice of 大字版.
func (s *Site) visitor(r *http.Request) (key string, ok bool) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return "", false
	}
	key = r.Host + r.URL.RequestURI()
	if len(r.Header["Cookie"]) == 0 {
		return key, true
	}
	all := r.Cookies()
	if len(all) == 1 && all[0].Name == s.cookieName("size") && all[0].Value == "large" {
		return "large " + key, true
	}
	return "", false
}

// recall answers from what is kept and tells whether it could.
func (s *Site) recall(w http.ResponseWriter, r *http.Request) bool {
	key, ok := s.visitor(r)
	if !ok {
		return false
	}
	s.kept.mu.RLock()
	p := s.kept.pages[key]
	s.kept.mu.RUnlock()
	if p == nil {
		return false
	}
	a := p.answer.Load()
	if !s.stands(a) {
		return false
	}
	a.write(w, r)
	return true
}

// stands reports whether an answer is still the one that would be given.
func (s *Site) stands(a *keptAnswer) bool {
	return a != nil && s.wall()().Sub(a.made).Abs() < keptFor && s.desk.Now().Sub(a.now).Abs() < keptFor && s.desk.Store.Changes() == a.changes
}

// remember makes the answer of a route whose answers are kept, unless somebody made it
// meanwhile, and gives it. What is no answer to keep – an error, another address, a cookie –
// goes out as it is.
func (s *Site) remember(w http.ResponseWriter, r *http.Request, key string, serve http.HandlerFunc) {
	p := s.kept.page(key)
	p.making.Lock()
	defer p.making.Unlock()
	old := p.answer.Load()
	if s.stands(old) {
		old.write(w, r)
		return
	}
	a := &keptAnswer{made: s.wall()(), now: s.desk.Now(), changes: s.desk.Store.Changes()}
	whole := r.Clone(r.Context())
	whole.Method = http.MethodGet
	whole.Header.Del("If-None-Match")
	seen := written{header: http.Header{}}
	serve(&seen, whole)
	if (seen.status != 0 && seen.status != http.StatusOK) || seen.header.Get("Set-Cookie") != "" || seen.body.Len() > keptLargest {
		seen.pass(w)
		return
	}
	a.header, a.body = seen.header, seen.body.Bytes()
	sum := sha256.Sum256(a.body)
	if a.tag = hex.EncodeToString(sum[:16]); old != nil && old.tag == a.tag {
		a.packed = old.packed
	} else {
		a.packed = pack(a.header.Get("Content-Type"), a.body)
	}
	a.header.Set("Cache-Control", "public, no-cache") // kept by whoever asks each time whether it is still so
	a.header.Set("Vary", "Accept-Encoding, Cookie")
	p.answer.Store(a)
	s.kept.grow(a.size() - old.size())
	a.write(w, r)
}

// page finds the place of an address.
func (k *keeping) page(key string) *keptPage {
	k.mu.Lock()
	defer k.mu.Unlock()
	p := k.pages[key]
	if p == nil {
		if k.pages == nil {
			k.pages = map[string]*keptPage{}
		}
		p = &keptPage{}
		k.pages[key] = p
		k.bytes += 2*len(key) + 200
	}
	return p
}

// grow counts what is kept more, and forgets everything when it is too much: addresses are
// without number, because anybody can ask for anything.
func (k *keeping) grow(by int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.bytes += by; k.bytes > keptBytes {
		k.pages, k.bytes = nil, 0
	}
}

func (a *keptAnswer) size() int {
	if a == nil {
		return 0
	}
	return len(a.body) + len(a.packed)
}

// write gives the answer: packed to who reads that, and nothing but the tag to who has it.
func (a *keptAnswer) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for name, v := range a.header {
		h[name] = v
	}
	body, tag := a.body, a.tag
	if a.packed != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		body, tag = a.packed, a.tag+"-gzip"
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", `"`+tag+`"`)
	if asked := r.Header.Get("If-None-Match"); asked != "" && strings.Contains(asked, `"`+tag+`"`) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		w.Write(body) //nolint:errcheck // the reader went away
	}
}

// pack returns text by gzip, or nil for what is no text or would not become smaller.
func pack(media string, b []byte) []byte {
	text := strings.HasPrefix(media, "text/") || strings.HasPrefix(media, "image/svg") || strings.Contains(media, "json") || strings.Contains(media, "xml") || strings.Contains(media, "javascript")
	if !text || len(b) < 500 {
		return nil
	}
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil || w.Close() != nil || out.Len() >= len(b) {
		return nil
	}
	return out.Bytes()
}

// written is an answer that is looked at before anybody gets it.
type written struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (a *written) Header() http.Header { return a.header }

// Write implements http.ResponseWriter.
func (a *written) Write(b []byte) (int, error) { return a.body.Write(b) }

// WriteHeader implements http.ResponseWriter.
func (a *written) WriteHeader(status int) { a.status = status }

// pass gives the answer as it was written.
func (a *written) pass(w http.ResponseWriter) {
	for name, v := range a.header {
		w.Header()[name] = v
	}
	if a.status != 0 {
		w.WriteHeader(a.status)
	}
	w.Write(a.body.Bytes()) //nolint:errcheck // the reader went away
}
