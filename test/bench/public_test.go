package bench_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"shifan/internal/testkit"
)

// TestMain is also the other servers, each in a process of its own as ours is.
func TestMain(m *testing.M) {
	serve := map[string]func(address, dir string) error{"bare": serveBare, "pocketbase": servePocketBase}[os.Getenv("BENCH_SERVE")]
	if serve == nil {
		os.Exit(m.Run())
	}
	fmt.Fprintln(os.Stderr, serve(os.Getenv("BENCH_ADDRESS"), os.Getenv("BENCH_DIR")))
	os.Exit(1)
}

// serveBare writes the bytes of files and does nothing else.
func serveBare(address, dir string) error {
	files := map[string][]byte{}
	for path, name := range map[string]string{"/v": "v.html", "/designations": "designations.html"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		files[path] = b
	}
	return http.ListenAndServe(address, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { //nolint:gosec // measured, not used
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(files[r.URL.Path]) //nolint:errcheck // the client went away
	}))
}

// servePocketBase serves one record that everybody may view, with what a plaque's page
// says, and takes more from everybody.
func servePocketBase(address, dir string) error {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	titles := core.NewBaseCollection("titles")
	titles.ViewRule, titles.CreateRule = types.Pointer(""), types.Pointer("")
	for _, name := range []string{"holder", "number", "title", "issuer", "state", "named_on", "valid_to", "text"} {
		titles.Fields.Add(&core.TextField{Name: name})
	}
	if err := app.Save(titles); err != nil {
		return err
	}
	r := core.NewRecord(titles)
	r.Id = "title0000000001"
	r.Load(map[string]any{"holder": "吉林省云杉物流行业协会", "number": "2021-001", "title": "党建创新示范基地", "issuer": "虚构的单位", "state": "valid", "named_on": "2021-06-02", "valid_to": "2024-06-01", "text": "经考核，命名为示范基地。"})
	if err := app.Save(r); err != nil {
		return err
	}
	return apis.Serve(app, apis.ServeConfig{HttpAddr: address})
}

// free is an address that nobody listens on.
func free(b *testing.B) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// begin starts a server and waits until it answers.
func begin(b *testing.B, cmd *exec.Cmd, url string) {
	b.Helper()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		cmd.Process.Kill() //nolint:errcheck // it may have ended
		cmd.Wait()         //nolint:errcheck // it was killed
	})
	for range 100 {
		if res, err := http.Get(url); err == nil { //nolint:noctx // it waits for a start
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	b.Fatalf("%s does not answer", url)
}

// BenchmarkPublic asks for the page of a plaque and the list of titles, by 16 clients that
// keep their connections, at the real server, at a bare handler of net/http and at nginx
// with the same bytes, and at PocketBase for a record of the same facts (issue 5: 0.9 of
// bare, 0.55 of nginx, 10 × PocketBase).
func BenchmarkPublic(b *testing.B) {
	w := testkit.New(b)
	code := w.PlaqueOf(w.Designation()).Code
	ours := serve(b, w)
	dir := b.TempDir()
	for at, name := range map[string]string{"/v/" + code: "v.html", "/designations": "designations.html"} {
		page, err := ours.call(b.Context(), http.StatusOK, http.MethodGet, at, "", "", nil)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), []byte(page), 0o600)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	other := func(what, data, ready string) string {
		address := free(b)
		cmd := exec.CommandContext(b.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), "BENCH_SERVE="+what, "BENCH_ADDRESS="+address, "BENCH_DIR="+data)
		begin(b, cmd, "http://"+address+ready)
		return "http://" + address
	}
	bare, pocket := other("bare", dir, "/v"), other("pocketbase", b.TempDir(), "/api/collections/titles/records/title0000000001")
	asked := []struct{ name, url string }{
		{"plaque/shifan", ours.base + "/v/" + code},
		{"plaque/bare", bare + "/v"},
		{"list/shifan", ours.base + "/designations"},
		{"list/bare", bare + "/designations"},
		{"record/pocketbase", pocket + "/api/collections/titles/records/title0000000001"},
	}
	if _, err := exec.LookPath("nginx"); err == nil {
		at := nginx(b, dir)
		asked = append(asked, struct{ name, url string }{"plaque/nginx", at + "/v.html"}, struct{ name, url string }{"list/nginx", at + "/designations.html"})
	}
	time.Sleep(5 * time.Second) // ours does at its start what is due
	for _, a := range asked {
		b.Run(a.name, func(b *testing.B) { ask(b, a.url) })
	}
}

// nginx serves a folder with two workers.
func nginx(b *testing.B, dir string) string {
	b.Helper()
	run, address := b.TempDir(), free(b)
	conf := filepath.Join(run, "nginx.conf")
	text := fmt.Sprintf("daemon off; pid %[1]s/pid; error_log %[1]s/error.log; user root; worker_processes 2;\nevents {}\nhttp { access_log off; sendfile on; keepalive_requests 1000000; open_file_cache max=100; types { text/html html; } server { listen %[2]s; root %[3]s; } }\n", run, address, dir)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	begin(b, exec.CommandContext(b.Context(), "nginx", "-c", conf, "-e", filepath.Join(run, "error.log")), "http://"+address+"/v.html")
	return "http://" + address
}

// ask sends b.N requests from 16 clients and reports how many a second were answered.
func ask(b *testing.B, url string) {
	const clients = 16
	c := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients, DisableCompression: true}}
	var left atomic.Int64
	left.Store(int64(b.N))
	var all sync.WaitGroup
	b.ResetTimer()
	for range clients {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				if err := once(b.Context(), c, url); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}

func once(ctx context.Context, c *http.Client, url string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	res, err := c.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", strings.TrimPrefix(url, "http://"), res.Status)
	}
	return nil
}
