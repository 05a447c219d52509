package web

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	tus "github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	"golang.org/x/exp/slog"

	"shifan/internal/casework"
	"shifan/internal/door"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/upload"
)

// Files that come piece by piece, by the tus protocol 1.0 (tus.io): the page's own
// script sends them so, and any other client may. tusd speaks the protocol; whether a
// piece may come and what becomes of it is asked of casework, as by every page. See
// docs/decisions/2026-11-29-uploads.md.

func (s *Site) uploadRoutes() []route {
	mine := []stage.Role{stage.Applicant}
	const all, one = "/applications/{id}/evidence/{indicator}/uploads", "/uploads/{id}"
	return []route{
		{pattern: "OPTIONS " + all, allow: mine, serve: s.offerUploads, streams: true},
		{pattern: "POST " + all, allow: mine, serve: s.beginUpload, streams: true},
		{pattern: "GET " + one, allow: mine, serve: s.tellUpload},
		{pattern: "HEAD " + one, allow: mine, serve: s.headUpload},
		{pattern: "PATCH " + one, allow: mine, serve: s.receiveUpload, streams: true},
		{pattern: "POST " + one, allow: mine, serve: s.receiveUpload, streams: true}, // where nothing but GET and POST comes through
		{pattern: "DELETE " + one, allow: mine, serve: s.endUpload, streams: true},
		{pattern: "POST " + one + "/give-up", allow: mine, serve: s.giveUpUpload},
	}
}

// quietly is how long a line may say nothing before it is taken for dead.
const quietly = time.Minute

// speakTus makes the protocol's part of the door.
func (s *Site) speakTus() {
	keep := tusStore{s}
	parts := tus.NewStoreComposer()
	parts.UseCore(keep)
	parts.UseTerminater(keep)
	parts.UseLocker(memorylocker.New()) // a line that is thought dead saves what it has; two servers need none (upload.Receive)
	h, err := tus.NewUnroutedHandler(tus.Config{
		StoreComposer: parts, BasePath: "/uploads/", Cors: &tus.CorsConfig{Disable: true}, NetworkTimeout: quietly,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), // what goes wrong is logged here, as everywhere
	})
	if err != nil {
		panic(err) // the configuration above is wrong
	}
	s.tus = h
}

// sending is who sends, and for which place, while tusd answers a request.
type sending struct {
	*request
	application id.Application
	indicator   string
}

type sendingKey struct{}

// byTus lets tusd answer a request.
func (s *Site) byTus(w http.ResponseWriter, r *request, serve http.HandlerFunc) error {
	from := sending{r, id.Application(r.PathValue("id")), r.PathValue("indicator")}
	hr := r.WithContext(context.WithValue(r.Context(), sendingKey{}, from))
	hr.URL = &url.URL{Path: "/" + r.PathValue("id")} // tusd knows uploads by their path
	s.tus.Middleware(serve).ServeHTTP(relative{w}, hr)
	return nil
}

// relative sends addresses without the host, which a server behind others does not
// know.
type relative struct{ http.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (w relative) WriteHeader(status int) {
	if u, err := url.Parse(w.Header().Get("Location")); err == nil && u.Path != "" {
		w.Header().Set("Location", u.Path)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController find what the writer can.
func (w relative) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// offerUploads says what the server can, and how large a file may be.
func (s *Site) offerUploads(w http.ResponseWriter, r *request) error {
	w.Header().Set("Tus-Max-Size", strconv.FormatInt(s.desk.Files.Room.Filled().File, 10))
	return s.byTus(w, r, s.tus.PostFile)
}

func (s *Site) beginUpload(w http.ResponseWriter, r *request) error {
	return s.byTus(w, r, s.tus.PostFile)
}

// headUpload says how much of a file is there. Whose it is is asked before tusd
// interrupts what comes over another line.
func (s *Site) headUpload(w http.ResponseWriter, r *request) error {
	if _, err := s.desk.UploadState(r.Context(), r.Actor, id.Upload(r.PathValue("id"))); err != nil {
		return err
	}
	return s.byTus(w, r, s.tus.HeadFile)
}

// receiveUpload takes more of a file.
func (s *Site) receiveUpload(w http.ResponseWriter, r *request) error {
	if r.Method == http.MethodPost && r.Header.Get("X-HTTP-Method-Override") != http.MethodPatch {
		return errMethod.New()
	}
	if _, err := s.desk.SentUpload(r.Context(), r.Actor, id.Upload(r.PathValue("id"))); err != nil {
		return err
	}
	return s.byTus(w, r, s.tus.PatchFile)
}

func (s *Site) endUpload(w http.ResponseWriter, r *request) error {
	if _, err := s.desk.SentUpload(r.Context(), r.Actor, id.Upload(r.PathValue("id"))); err != nil {
		return err
	}
	return s.byTus(w, r, s.tus.DelFile)
}

// becameOf is what the script is told of an upload.
type becameOf struct {
	State    stage.State `json:"state"`
	Received int64       `json:"received"`
	Say      string      `json:"say,omitempty"` // what there is to say of it, in a sentence
	Code     string      `json:"code,omitempty"`
}

// tellUpload tells the script what became of an upload.
func (s *Site) tellUpload(w http.ResponseWriter, r *request) error {
	v, err := s.desk.UploadState(r.Context(), r.Actor, id.Upload(r.PathValue("id")))
	if err != nil {
		return err
	}
	say := v.Say
	if v.State == upload.Kept {
		say = sameBytes(v.Name, v.Under, v.Indicator)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	return json.NewEncoder(w).Encode(becameOf{v.State, v.Received(), say, v.Code})
}

func (s *Site) giveUpUpload(w http.ResponseWriter, r *request) error {
	v, err := s.desk.SentUpload(r.Context(), r.Actor, id.Upload(r.PathValue("id")))
	if err != nil {
		return err
	}
	if err := s.desk.GiveUpUpload(r.Context(), r.Actor, v.ID); err != nil {
		return err
	}
	if r.script() {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return s.seeOther(w, r, "/applications/"+string(v.Application)+"/evidence/"+v.Indicator, "没有传完的文件已放弃。")
}

// tusStore lets tusd ask casework. Its contexts are those of requests, with who sends.
type tusStore struct{ s *Site }

// NewUpload implements tus.DataStore.
func (t tusStore) NewUpload(ctx context.Context, info tus.FileInfo) (tus.Upload, error) {
	from := ctx.Value(sendingKey{}).(sending)
	modified, err := strconv.ParseInt(info.MetaData["modified"], 10, 64)
	if err != nil {
		modified = 0 // it is not said, or makes no sense: then the file is not known again
	}
	u, err := t.s.desk.BeginUpload(ctx, from.Actor, from.application, from.indicator, casework.Offer{Name: info.MetaData["filename"], Size: info.Size, Modified: modified})
	return tusUpload{t.s, from.request, u.ID}, t.s.inTus(from.request, err)
}

// GetUpload implements tus.DataStore.
func (t tusStore) GetUpload(ctx context.Context, key string) (tus.Upload, error) {
	return tusUpload{t.s, ctx.Value(sendingKey{}).(sending).request, id.Upload(key)}, nil
}

// AsTerminatableUpload implements tus.TerminaterDataStore.
func (t tusStore) AsTerminatableUpload(u tus.Upload) tus.TerminatableUpload { return u.(tusUpload) }

// tusUpload is one upload, as tusd asks about it.
type tusUpload struct {
	s   *Site
	r   *request
	key id.Upload
}

// GetInfo implements tus.Upload.
func (t tusUpload) GetInfo(ctx context.Context) (tus.FileInfo, error) {
	v, err := t.s.desk.SentUpload(ctx, t.r.Actor, t.key)
	if err != nil {
		return tus.FileInfo{}, t.s.inTus(t.r, err)
	}
	return tus.FileInfo{ID: string(v.ID), Size: v.Size, Offset: v.Received(), MetaData: tus.MetaData{"filename": v.Name}}, nil
}

// WriteChunk implements tus.Upload.
func (t tusUpload) WriteChunk(ctx context.Context, offset int64, src io.Reader) (int64, error) {
	n, err := t.s.desk.ReceiveUpload(ctx, t.r.Actor, t.key, offset, src)
	return n, t.s.inTus(t.r, err)
}

// FinishUpload implements tus.Upload.
func (t tusUpload) FinishUpload(ctx context.Context) error {
	return t.s.inTus(t.r, t.s.desk.FinishUpload(ctx, t.r.Actor, t.key))
}

// GetReader implements tus.Upload. Nobody reads an upload before it is a file.
func (t tusUpload) GetReader(context.Context) (io.ReadCloser, error) {
	return nil, t.s.inTus(t.r, fault.Missing())
}

// Terminate implements tus.TerminatableUpload.
func (t tusUpload) Terminate(ctx context.Context) error {
	return t.s.inTus(t.r, t.s.desk.GiveUpUpload(ctx, t.r.Actor, t.key))
}

// inTus turns what went wrong into an answer as tusd gives it: the status of its kind
// and what the script is told of every other refusal.
func (s *Site) inTus(r *request, err error) error {
	if err == nil {
		return nil
	}
	f, t := s.explain(r, err)
	status := door.Status(fault.KindOf(err))
	if fault.CodeOf(err) == "file.put.big" {
		status = http.StatusRequestEntityTooLarge // as the protocol wants it
	}
	var body strings.Builder
	if err := json.NewEncoder(&body).Encode(toldOf(f, t.Say)); err != nil {
		return err
	}
	return tus.Error{ErrorCode: fault.CodeOf(err), Message: t.Say, HTTPResponse: tus.HTTPResponse{
		StatusCode: status, Body: body.String(), Header: tus.HTTPHeader{"Content-Type": "application/json; charset=utf-8"},
	}}
}

// sameBytes says that a file was there already under other indicators; "" when it was
// not.
func sameBytes(name string, under []string, indicator string) string {
	for _, code := range under {
		if code != indicator {
			return "“" + name + "”与指标" + code + "里的文件内容相同，直接引用，不另占空间。"
		}
	}
	return ""
}
