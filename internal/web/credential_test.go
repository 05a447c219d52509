package web_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	vc "shifan/internal/credential"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestCredentialPages: what a stranger's program fetches verifies, with nothing but the
// addresses that the credential itself names; the same state is the same bytes; and the
// holder finds its credential on its own page.
func TestCredentialPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	b := w.Browser(stage.Anyone)
	b.Get("/.well-known/did.json").Want(404)
	b.Get("/status/1").Want(404)
	w.Signing()
	key := w.Designation()
	code := w.PlaqueOf(key).Code
	b.Get("/v/"+code+".json").Want(200, `"stands": true`) // none is issued yet
	b.Get("/v/"+code).Want(200, "还没有签发电子凭证")
	b.Get("/v/" + code + "/kit.zip").Want(404)
	w.At("2021-06-02")
	text := b.Get("/v/" + code + ".json").Want(200)
	fetch := func(address string) []byte {
		path, ok := strings.CutPrefix(address, testkit.Site)
		if !ok {
			t.Errorf("the credential leads to %s", address)
		}
		p := b.Get(path).Want(200)
		if p.Header.Get("Access-Control-Allow-Origin") != "*" || p.Header.Get("ETag") == "" || b.Get(path).Body != p.Body {
			t.Errorf("%s: %v", path, p.Header)
		}
		return []byte(p.Body)
	}
	from := vc.Sources{Now: w.Now(), List: fetch, Document: func(did string) []byte {
		address, err := vc.DocumentURL(did)
		if err != nil {
			t.Error(err)
		}
		return fetch(address)
	}}
	r := vc.Verify([]byte(text.Body), from)
	if r.Result() != vc.Holds || r.Claims.Number != "2021-001" || !bytes.Equal(fetch(r.Claims.ID), []byte(text.Body)) {
		t.Errorf("%+v", r)
	}
	page := b.Get("/v/"+code).Want(200, "技术核验（电子凭证）", "✓ 成立", "✓ 没有作废", "下载核验包", "状态列表")
	if b.Get("/v/"+code).Body != page.Body {
		t.Error("the same state, other bytes")
	}
	again, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.Server()+"/v/"+code+".json", nil)
	if err != nil {
		t.Fatal(err)
	}
	again.Header.Set("If-None-Match", text.Header.Get("ETag"))
	if p := b.Do(again); p.Status != http.StatusNotModified {
		t.Errorf("known already: %d", p.Status)
	}
	b.Get("/v/"+code+"/state.json").Want(200, `"stands": true`)
	if p := b.Get("/v/" + code + "/qr.png").Want(200); !strings.HasPrefix(p.Body, "\x89PNG") {
		t.Error("not a PNG")
	}
	for _, path := range []string{"/v/" + code + "/x", "/v/0000000000/kit.zip", "/v/0000000000/qr.png", "/v/U/kit.zip", "/status/0", "/status/01", "/status/2", "/credentials/crd_x"} {
		b.Get(path).Want(404)
	}
	b.Get("/v/0000000000/state.json").Want(404)

	d, err := w.Desk.Designation(t.Context(), stage.Anyone, key)
	if err != nil {
		t.Fatal(err)
	}
	holder := w.ApplicantOf(d.Designation.Organisation)
	w.Browser(holder).Get("/certificates").Want(200, "电子凭证", "核验包", "二维码")
	if err := w.Desk.ReturnDesignation(t.Context(), holder, key, 0, "不再符合条件"); err != nil {
		t.Fatal(err)
	}
	b.Get("/v/"+code).Want(200, "✗ 已作废")
	if r := vc.Verify([]byte(text.Body), from); r.Signature.Result != vc.Holds || r.Status.Result != vc.Fails {
		t.Errorf("given back: %+v", r)
	}
	if other := b.Get("/v/" + code + ".json"); other.Body != text.Body {
		t.Error("the credential itself changed")
	}
	w.Desk.Signers = nil // a node that lacks the keys shows the page all the same
	b.Get("/v/"+code).Want(200, "✗ 已作废")
	b.Get("/status/1?anew").Want(503, "签名密钥") // what was signed is kept for half a second
}
