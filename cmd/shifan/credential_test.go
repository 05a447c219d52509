package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	vc "shifan/internal/credential"
)

// issuer is a site that issues one credential, and the folder of its kit.
type issuer struct {
	base, dir                  string
	credential, document, list []byte
}

// newIssuer serves what it issues; index 7 is revoked.
func newIssuer(t *testing.T, index int) *issuer {
	t.Helper()
	s := &issuer{dir: t.TempDir()}
	mux := http.NewServeMux()
	for path, text := range map[string]*[]byte{"/.well-known/did.json": &s.document, "/status/1": &s.list, "/v/C.json": &s.credential} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { w.Write(*text) }) //nolint:errcheck // the reader says so
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	s.base = server.URL
	did := must(vc.DID(s.base))
	ring := &vc.Ring{}
	public := must(ring.Add(rand.Reader))
	method, begins := did+"#"+public, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s.document = must(vc.Document(did, []vc.Method{{ID: method, Key: public}}))
	s.list = must(must(vc.NewList(s.base+"/status/1", did, []int{7}, begins)).Sign(ring.Signer(public), method))
	c := vc.Claims{
		ID: s.base + "/credentials/1", Issuer: did, IssuerName: "某某民政厅", From: begins, Until: begins.AddDate(3, 0, 0), Subject: s.base + "/designations/1", Holder: "某某协会",
		Code: "51220000MJ0000000A", Number: "2026-001", Title: "示范基地", About: "示范基地", Criteria: s.base + "/guide/p", Narrative: "审定", List: s.base + "/status/1", Index: index,
	}
	intent, _, err := c.Intent()
	if err != nil {
		t.Fatal(err)
	}
	s.credential = must(vc.Issue(intent, ring.Signer(public), method, begins))
	for name, text := range map[string][]byte{"credential.json": s.credential, "did.json": s.document, "status-1.json": s.list} {
		if err := os.WriteFile(filepath.Join(s.dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestCredentialVerify: three lines and one status, from an address and from a folder;
// what cannot be known is 3 and never 0, and a revoked one is 1 however well it is
// signed.
func TestCredentialVerify(t *testing.T) {
	t.Parallel()
	good, revoked := newIssuer(t, 6), newIssuer(t, 7)
	alone := filepath.Join(t.TempDir(), "alone.json")
	changed := filepath.Join(good.dir, "changed.json")
	for file, text := range map[string][]byte{alone: good.credential, changed: bytes.Replace(good.credential, []byte("某某协会"), []byte("某某学会"), 1)} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for line, want := range map[string]struct {
		status int
		says   []string
	}{
		good.base + "/v/C.json --at 2026-06-01":          {exitDone, []string{"签名\t成立", "有效期\t在有效期内", "状态\t没有作废"}},
		good.dir + "/credential.json --at 2026-06-01":    {exitDone, []string{"签名\t成立", "有效期\t在有效期内", "状态\t没有作废"}},
		good.dir + "/credential.json --at 2030-01-01":    {exitNot, []string{"签名\t成立", "有效期\t已到期", "状态\t没有作废"}},
		revoked.base + "/v/C.json --at 2026-06-01":       {exitNot, []string{"签名\t成立", "有效期\t在有效期内", "状态\t已作废"}},
		revoked.dir + "/credential.json --at 2026-06-01": {exitNot, []string{"签名\t成立", "有效期\t在有效期内", "状态\t已作废"}},
		changed + " --at 2026-06-01":                     {exitNot, []string{"签名\t不成立", "有效期\t签名没有核对成立", "状态\t签名没有核对成立"}},
		alone + " --at 2026-06-01":                       {exitUnknown, []string{"签名\t无法核对", "有效期\t签名没有核对成立", "状态\t签名没有核对成立"}},
		good.base + "/v/D.json":                          {exitUnknown, nil},
		"http://127.0.0.1:1/v/C.json":                    {exitUnknown, nil},
		filepath.Join(good.dir, "no-such.json"):          {exitUsage, nil},
	} {
		var out, msg bytes.Buffer
		got := run(append([]string{"credential", "verify"}, strings.Fields(line)...), &out, &msg)
		lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		if got != want.status || want.says != nil && len(lines) != 3 || want.says == nil && msg.Len() == 0 {
			t.Errorf("%s: status %d, %q, %q", line, got, &out, &msg)
			continue
		}
		for i, s := range want.says {
			if !strings.HasPrefix(lines[i], s) {
				t.Errorf("%s: line %d says %q, want %q", line, i+1, lines[i], s)
			}
		}
	}
	var out bytes.Buffer
	if got := run([]string{"credential", "verify", "--json", "--at", "2026-06-01", revoked.dir + "/credential.json"}, &out, &out); got != exitNot {
		t.Errorf("status %d", got)
	}
	var said struct {
		Verified  bool
		Signature struct{ Result string }
		Status    struct{ Result string }
	}
	if err := json.Unmarshal(out.Bytes(), &said); err != nil || said.Verified || said.Signature.Result != "holds" || said.Status.Result != "fails" {
		t.Errorf("%s %v", &out, err)
	}
}

// TestSigningKeys: a folder gets its keys encrypted, keeps them when it is served again,
// changes them on command, takes others with another address, and says what is missing
// on a machine that lacks them.
func TestSigningKeys(t *testing.T) {
	t.Parallel()
	d := data{dir: t.TempDir()}
	sign := func(base string, given bool) (key, warning string) {
		t.Helper()
		desk, err := d.open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer desk.Store.Close() //nolint:errcheck // the test ends
		if warning, err = d.signing(t.Context(), desk, base, given); err != nil {
			t.Fatal(err)
		}
		k, err := desk.SigningKey(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if warning == "" && k.ID != "" && desk.Signers.Signer(k.Public) == nil {
			t.Error("the key in use is not at hand")
		}
		return k.ID, warning
	}
	if key, warning := sign("https://a.example/path", true); key != "" || warning == "" {
		t.Errorf("an address with a path: %q, %q", key, warning)
	}
	first, _ := sign("http://127.0.0.1:8080", false)
	if again, _ := sign("http://127.0.0.1:9090", false); again != first || first == "" {
		t.Errorf("a guessed address changed the key: %s, %s", first, again)
	}
	second, _ := sign("https://a.example", true)
	if !strings.HasPrefix(second, "did:web:a.example#") {
		t.Error(second)
	}
	var out, msg bytes.Buffer
	if got := run([]string{"credential", "rotate", "--data", d.dir}, &out, &msg); got != exitDone || !strings.HasPrefix(out.String(), "https://a.example\tz6Mk") {
		t.Errorf("rotate: %d %q %q", got, &out, &msg)
	}
	if third, _ := sign("https://a.example", true); third == second || !strings.HasSuffix(third, strings.TrimSpace(strings.Split(out.String(), "\t")[1])) {
		t.Errorf("after rotate: %s", third)
	}
	file := filepath.Join(d.dir, signingFile)
	if err := os.Rename(file, file+".away"); err != nil {
		t.Fatal(err)
	}
	if _, warning := sign("https://a.example", true); !strings.Contains(warning, signingFile) {
		t.Errorf("without the keys: %q", warning)
	}
	if err := os.Rename(file+".away", file); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.dir, passphraseFile), []byte("wrong"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.ring(); err == nil || !strings.Contains(err.Error(), passphraseVar) {
		t.Error(err)
	}
}
