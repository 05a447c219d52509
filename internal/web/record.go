package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/door"
	"shifan/internal/fault"
	"shifan/internal/web/page"
)

func (s *Site) recordRoutes() []route {
	all := slices.Concat(everyone, signedIn)
	return []route{
		{pattern: "GET /record", allow: all, serve: s.showRecord},
		{pattern: "GET /record/checkpoint", allow: everyone, serve: s.recordCheckpoint},
		{pattern: "GET /record/verifier", allow: everyone, serve: s.recordVerifier},
		{pattern: "GET /record/tile/{path...}", allow: everyone, serve: s.recordTile},
		{pattern: "GET /record/proofs/{thing}", allow: all, serve: s.recordProof},
	}
}

// recordMost is how many entries a page lists.
const recordMost = 30

func (s *Site) showRecord(w http.ResponseWriter, r *request) error {
	r.inside()
	f := casework.RecordFilter{Thing: strings.ToLower(r.text("thing")), Limit: recordMost}
	if before := r.text("before"); before != "" {
		n, err := strconv.ParseInt(before, 10, 64)
		if err != nil {
			return fault.Missing()
		}
		f.Before = n
	}
	v, err := s.desk.Record(r.Context(), r.Actor, f)
	if err != nil {
		return err
	}
	next := ""
	if v.Next > 0 {
		next = "/record?" + url.Values{"thing": {v.Thing}, "before": {strconv.FormatInt(v.Next, 10)}}.Encode()
	}
	return s.render(w, r, http.StatusOK, page.Record(s.page(r, "存证日志"), v, next))
}

// plain answers with text or bytes for programs.
func (s *Site) plain(w http.ResponseWriter, r *request, media, cache string, b []byte) error {
	w.Header().Set("Content-Type", media)
	w.Header().Set("Cache-Control", cache)
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	if _, err := w.Write(b); err != nil {
		s.log.Info("the reader went away", "path", door.Path(r.Request), "error", err)
	}
	return nil
}

// What programs read of the record, as C2SP tlog-tiles asks.
const (
	mediaText  = "text/plain; charset=utf-8"
	mediaBytes = "application/octet-stream"
	cacheNot   = "no-cache"
	cacheEver  = "public, max-age=31536000, immutable"
)

func (s *Site) recordCheckpoint(w http.ResponseWriter, r *request) error {
	signed, err := s.desk.RecordCheckpoint(r.Context())
	if err != nil {
		return err
	}
	return s.plain(w, r, mediaText, cacheNot, []byte(signed))
}

func (s *Site) recordVerifier(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Record(r.Context(), r.Actor, casework.RecordFilter{Limit: 1})
	if err != nil {
		return err
	}
	if v.Verifier == "" {
		return fault.Missing()
	}
	return s.plain(w, r, mediaText, cacheNot, []byte(v.Verifier+"\n"))
}

func (s *Site) recordTile(w http.ResponseWriter, r *request) error {
	b, err := s.desk.RecordTile(r.Context(), "tile/"+r.PathValue("path"))
	if err != nil {
		return err
	}
	return s.plain(w, r, mediaBytes, cacheEver, b)
}

func (s *Site) recordProof(w http.ResponseWriter, r *request) error {
	thing := r.PathValue("thing")
	p, err := s.desk.ProveRecord(r.Context(), r.Actor, thing)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+url.PathEscape(thing)+`.tlog-proof"`)
	return s.plain(w, r, mediaText, cacheNot, []byte(p.String()))
}
