package hook_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"shifan/internal/hook"
	"shifan/internal/lifecycle/message"
)

var now = time.Date(2021, 7, 12, 1, 0, 0, 0, time.UTC)

// TestSigned: a receiver knows by the signature that it is ours, that nothing was changed,
// and that it was sent now.
func TestSigned(t *testing.T) {
	t.Parallel()
	var got http.Header
	var body []byte
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r.Header
		body, _ = io.ReadAll(r.Body)
	}))
	defer s.Close()
	told := hook.Told{ID: "dlv_1", Channel: message.Webhook, Address: s.URL + "/in", Secret: "word", Body: []byte(`{"id":"dlv_1"}`)}
	if o := hook.New([]string{host(s)}).Send(t.Context(), told, now); !o.Sent {
		t.Fatal(o)
	}
	if got.Get(hook.HeaderID) != "dlv_1" || string(body) != string(told.Body) {
		t.Errorf("%v %s", got, body)
	}
	other := got.Clone()
	other.Set(hook.HeaderID, "dlv_2")
	for name, tt := range map[string]struct {
		secret string
		header http.Header
		body   string
		at     time.Time
		want   bool
	}{
		"as sent":              {"word", got, string(body), now, true},
		"at the limit":         {"word", got, string(body), now.Add(hook.Tolerance), true},
		"a second later":       {"word", got, string(body), now.Add(hook.Tolerance + time.Second), false},
		"before its time":      {"word", got, string(body), now.Add(-hook.Tolerance - time.Second), false},
		"another secret":       {"words", got, string(body), now, false},
		"another body":         {"word", got, string(body) + " ", now, false},
		"under another number": {"word", other, string(body), now, false},
		"unsigned":             {"word", http.Header{}, string(body), now, false},
	} {
		if hook.Verify(tt.secret, tt.header, []byte(tt.body), tt.at) != tt.want {
			t.Errorf("%s: want %v", name, tt.want)
		}
	}
}

// TestRobots: what WeCom and DingTalk get, and how they say that they took it. The
// signature is that of DingTalk's own example code, computed by hand with openssl.
func TestRobots(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		channel, answer string
		status          int
		want            message.Outcome
	}{
		"wecom takes it":         {message.WeCom, `{"errcode":0,"errmsg":"ok"}`, 200, message.Outcome{Sent: true}},
		"dingtalk takes it":      {message.DingTalk, `{"errcode":0,"errmsg":"ok"}`, 200, message.Outcome{Sent: true}},
		"wecom is told too much": {message.WeCom, `{"errcode":45009,"errmsg":"api freq out of limit"}`, 200, message.Outcome{Say: "机器人答复 45009 api freq out of limit"}},
		"another page":           {message.DingTalk, `<html>`, 200, message.Outcome{Say: "机器人的答复看不懂"}},
		"500":                    {message.Webhook, ``, 500, message.Outcome{Say: "对方答复 500"}},
		"410":                    {message.Webhook, ``, 410, message.Outcome{Final: true, Say: "对方答复 410"}},
		"302":                    {message.Webhook, ``, 302, message.Outcome{Say: "对方答复 302，要转到别的地址，没有跟去"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked *http.Request
			var body string
			visits := 0
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				b, _ := io.ReadAll(r.Body)
				asked, body, visits = r, string(b), visits+1
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.answer)
			}))
			defer s.Close()
			told := hook.Told{ID: "dlv_1", Channel: tt.channel, Address: s.URL + "/send?key=k", Secret: "SECabc", Text: "申报已受理", Body: []byte("{}")}
			if o := hook.New([]string{host(s)}).Send(t.Context(), told, now); o != tt.want || visits != 1 {
				t.Errorf("%+v after %d visits, want %+v", o, visits, tt.want)
			}
			if tt.channel != message.Webhook && body != `{"msgtype":"text","text":{"content":"申报已受理"}}` {
				t.Error(body)
			}
			if tt.channel == message.DingTalk && (asked.URL.Query().Get("timestamp") != "1626051600000" || asked.URL.Query().Get("sign") != "o9D0POfLtAAubxbj7dbpjMS/Lk1nqrBeSPEtXjJRqB8=") {
				t.Error(asked.URL)
			}
		})
	}
}

// TestOnlyPublicAddresses: neither a private address nor a name that stands for one is
// connected to, and what is not encrypted only where it is allowed.
func TestOnlyPublicAddresses(t *testing.T) {
	t.Parallel()
	visited := false
	s := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visited = true }))
	defer s.Close()
	_, port, _ := strings.Cut(host(s), ":")
	for _, address := range []string{
		s.URL, "https://localhost:" + port, "https://localhost.localdomain:" + port, "https://127.0.0.1.nip.invalid:" + port, "http://example.org/", "https://10.0.0.1/", "https://169.254.169.254/latest",
		"https://[::1]:" + port + "/", "https://[::ffff:127.0.0.1]:" + port + "/", "https://user:word@example.org/", "ftp://example.org/", "https://intranet/", "https://0.0.0.0:" + port, "https://2130706433:" + port,
	} {
		told := hook.Told{ID: "dlv_1", Channel: message.Webhook, Address: address, Body: []byte("{}")}
		if o := hook.New(nil).Send(t.Context(), told, now); o.Sent {
			t.Errorf("%s: %+v", address, o)
		}
	}
	if visited {
		t.Error("a server within the network was visited")
	}
}

func host(s *httptest.Server) string {
	u, err := url.Parse(s.URL)
	if err != nil {
		return ""
	}
	return u.Host
}
