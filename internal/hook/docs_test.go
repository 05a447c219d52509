package hook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"shifan/internal/hook"
	"shifan/internal/lifecycle/message"
)

// genuine is the example in Go of docs/webhooks.md, word for word.
func genuine(secret string, h http.Header, body []byte) bool {
	at, err := strconv.ParseInt(h.Get("Shifan-Timestamp"), 10, 64)
	if err != nil || time.Since(time.Unix(at, 0)).Abs() > 5*time.Minute {
		return false
	}
	m := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(m, "%s.%s.", h.Get("Shifan-Timestamp"), h.Get("Shifan-Id"))
	m.Write(body)
	want := "v1=" + hex.EncodeToString(m.Sum(nil))
	return hmac.Equal([]byte(want), []byte(h.Get("Shifan-Signature")))
}

// block returns the code of docs/webhooks.md in a language.
func block(t *testing.T, language string) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "```"+language+"\n")
	code, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatalf("docs/webhooks.md has no %s", language)
	}
	return code
}

// TestTheExamplesOfTheDocs: what docs/webhooks.md tells receivers to do takes what is
// really sent, and refuses what was changed, is old or was signed by somebody else.
func TestTheExamplesOfTheDocs(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("docs_test.go")
	if err != nil || !strings.Contains(string(source), "\n"+block(t, "go")) {
		t.Errorf("the example in Go is not the function above: %v", err)
	}
	type sent struct {
		Secret  string            `json:"secret"`
		Headers map[string]string `json:"headers"`
		Body    string            `json:"body"`
		Want    bool              `json:"want"`
	}
	var got sent
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got = sent{Headers: map[string]string{}, Body: string(b)}
		for _, name := range []string{hook.HeaderID, hook.HeaderTime, hook.HeaderSign} {
			got.Headers[name] = r.Header.Get(name)
		}
	}))
	defer s.Close()
	const secret = "shw_abc"
	c := hook.New([]string{strings.TrimPrefix(s.URL, "http://")})
	deliver := func(at time.Time) sent {
		t.Helper()
		if o := c.Send(t.Context(), hook.Told{ID: "dlv_1", Channel: message.Webhook, Address: s.URL, Secret: secret, Body: []byte(`{"id":"dlv_1","kind":"accepted"}`)}, at); !o.Sent {
			t.Fatal(o)
		}
		got.Secret = secret
		return got
	}
	real, other, changed, renamed := deliver(time.Now()), got, got, got
	real.Want = true
	other.Secret, changed.Body = "shw_other", strings.Replace(got.Body, "accepted", "revoked", 1)
	renamed.Headers = map[string]string{hook.HeaderID: "dlv_2", hook.HeaderTime: got.Headers[hook.HeaderTime], hook.HeaderSign: got.Headers[hook.HeaderSign]}
	cases := []sent{real, other, changed, renamed, deliver(time.Now().Add(-6 * time.Minute)), deliver(time.Now().Add(6 * time.Minute))}
	for i, x := range cases {
		h := http.Header{}
		for name, v := range x.Headers {
			h.Set(name, v)
		}
		if genuine(x.Secret, h, []byte(x.Body)) != x.Want || hook.Verify(x.Secret, h, []byte(x.Body), time.Now()) != x.Want {
			t.Errorf("Go: case %d is not %v", i, x.Want)
		}
	}
	text, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "receiver.py")
	program := block(t, "python") + "\nimport json, sys\nfor n, x in enumerate(json.load(sys.stdin)):\n    assert genuine(x['secret'], x['headers'], x['body'].encode()) == x['want'], n\n"
	if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.Command("python3", file)
	run.Stdin = strings.NewReader(string(text))
	if out, err := run.CombinedOutput(); err != nil {
		t.Errorf("Python: %v: %s", err, out)
	}
}
