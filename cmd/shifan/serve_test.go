package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/testkit/htmlcheck"
	"shifan/programmes"
)

// asShifan makes the test's own binary the program: a process that can be killed.
const asShifan = "SHIFAN_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if args := os.Getenv(asShifan); args != "" {
		if args != "yes" { // its words, for whoever cannot give them
			os.Args = append(os.Args[:1], strings.Fields(args)...)
		}
		main()
	}
	os.Exit(m.Run())
}

// server is the program as a process of its own, serving a folder.
type server struct {
	cmd  *exec.Cmd
	base string // where it listens
	link string // the one-time link it printed, without the host; "" when none
	log  *messages
}

// messages is what a process writes while a test reads it.
type messages struct {
	one sync.Mutex
	all bytes.Buffer
}

// Write implements io.Writer.
func (m *messages) Write(p []byte) (int, error) {
	m.one.Lock()
	defer m.one.Unlock()
	return m.all.Write(p)
}

// String implements fmt.Stringer.
func (m *messages) String() string {
	m.one.Lock()
	defer m.one.Unlock()
	return m.all.String()
}

// serve starts the program on a folder and waits until it takes connections.
func serve(t testing.TB, dir string) *server {
	t.Helper()
	s := &server{cmd: exec.CommandContext(t.Context(), os.Args[0], "serve", "--listen", "127.0.0.1:0", "--data", dir), log: &messages{}}
	s.cmd.Env, s.cmd.Stderr = append(os.Environ(), asShifan+"=yes"), s.log
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, token, ok := strings.Cut(lines.Text(), "/invitations/"); ok {
			s.link = "/invitations/" + token
		}
		if _, at, ok := strings.Cut(lines.Text(), "监听 "); ok {
			s.base = "http://" + strings.TrimSuffix(at, "）")
			return s
		}
	}
	t.Fatalf("it does not serve: %s", s.log)
	return nil
}

// kill ends the process as a power cut does.
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait() //nolint:errcheck // it was killed
}

// person is somebody's browser. It follows redirects.
type person struct {
	*testing.T
	s      *server
	client *http.Client
}

func (s *server) person(t *testing.T) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{t, s, &http.Client{Jar: jar, Timeout: 20 * time.Second}}
}

// ask sends a request and returns the page that it leads to, which must be 200 and
// in order.
func (p *person) ask(method, path string, pairs ...string) (at *url.URL, body string) {
	p.Helper()
	r, err := request(p.Context(), method, p.s.base+path, pairs...)
	if err != nil {
		p.Fatal(err)
	}
	res, err := p.client.Do(r)
	if err != nil {
		p.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		p.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		p.Fatalf("%s %s: %d %s", method, path, res.StatusCode, htmlcheck.Main(string(b)))
	}
	if err := htmlcheck.Parse(string(b), htmlcheck.Page); err != nil {
		p.Errorf("%s %s: %v", method, path, err)
	}
	return res.Request.URL, string(b)
}

func request(ctx context.Context, method, to string, pairs ...string) (*http.Request, error) {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequestWithContext(ctx, method, to, strings.NewReader(v.Encode()))
	if err == nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	return r, err
}

func (p *person) get(path string) string { _, body := p.ask("GET", path); return body }

func (p *person) post(path string, pairs ...string) string {
	_, body := p.ask("POST", path, pairs...)
	return body
}

// says fails the test unless a page says all the words.
func (p *person) says(body string, words ...string) {
	p.Helper()
	for _, w := range words {
		if err := htmlcheck.Parse(body, htmlcheck.Says(w)); err != nil {
			p.Errorf("%v: %s", err, htmlcheck.Main(body))
		}
	}
}

const goodPassword = "白桦树下 走过 二十里"

var linkOf = regexp.MustCompile(`/invitations/[0-9A-Za-z_-]+`)

// hired invites somebody to the office, who sets a password and signs in.
func (p *person) hired(login, role string) *person {
	p.Helper()
	link := linkOf.FindString(p.post("/accounts/new", "login", login, "name", "办公室"+login, "role1", role))
	if link == "" {
		p.Fatal("no link")
	}
	who := p.s.person(p.T)
	who.post(link, "password", goodPassword, "password2", goodPassword)
	who.post("/login", "login", login, "password", goodPassword)
	return who
}

// administered starts with the one-time link: it makes the administrator, who signs
// in.
func (s *server) administered(t *testing.T) *person {
	t.Helper()
	admin := s.person(t)
	admin.says(admin.get(s.link), "系统管理员")
	admin.post(s.link, "login", "admin", "name", "系统管理员01", "password", goodPassword, "password2", goodPassword)
	admin.says(admin.post("/login", "login", "admin", "password", goodPassword), "工作台")
	return admin
}

// TestTheFirstRealUse is the README's: from serve on an empty folder to a published
// call, by nothing but requests.
func TestTheFirstRealUse(t *testing.T) {
	t.Parallel()
	s := serve(t, t.TempDir())
	admin := s.administered(t)
	file, _ := programmes.Text("jilin-party-building-base")
	admin.says(admin.get("/programmes/new"), "随程序提供的方案")
	admin.says(admin.post("/programmes/new", "text", string(file)), "方案已载入")
	clerk, director := admin.hired("clerk", "clerk"), admin.hired("director", "director")

	today := calendar.DateOf(time.Now())
	at, body := clerk.ask("POST", "/rounds/new", "programme", "jilin-party-building-base", "year", fmt.Sprint(today.Year), "special", "no",
		"title", "关于开展创建活动的通知", "doc_number", fmt.Sprintf("吉社联党发〔%d〕4号", today.Year), "addressees", "省本级各社会组织党委", "dated_on", today.String(),
		"deadline_date", today.AddDays(40).String(), "deadline_time", "24:00", "rest_day", "strict", "quota.", "10", "contact", "联合党委办公室")
	clerk.says(body, "已保存")
	director.says(director.get("/work"), "发布")
	publish := []string{"then", "publish"}
	for _, m := range regexp.MustCompile(`name="acknowledged" value="([^"]*)"`).FindAllStringSubmatch(director.get(at.Path+"/publish"), -1) {
		publish = append(publish, "acknowledged", m[1])
	}
	director.says(director.post(at.Path+"/publish", publish...), "通知已发布")
	visitor := s.person(t)
	visitor.says(visitor.get("/calls"), "关于开展创建活动的通知", "可以申报")
	visitor.says(visitor.get(strings.Replace(at.Path, "/rounds/", "/calls/", 1)), "逾期申报的视为放弃", "联合党委办公室")
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("it does not end well: %v %s", err, s.log)
	}
}

// TestKilled kills the server while several people act, again and again: it starts
// clean, everything that was acknowledged is there, and the record holds.
func TestKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := serve(t, dir)
	admin := s.administered(t)
	var done []string
	for turn := range 3 {
		done = append(done, acts(t, admin, turn)...)
		s = serve(t, dir)
		if s.link != "" {
			t.Error("there is an administrator, and it prints a link")
		}
		admin.s = s
		var stdout, stderr bytes.Buffer
		if status := run([]string{"record", "verify", "--data", dir}, &stdout, &stderr); status != exitDone {
			t.Fatalf("turn %d: record verify: %d %s %s", turn, status, stdout.String(), stderr.String())
		}
		stdout.Reset()
		if status := run([]string{"user", "list", "--data", dir}, &stdout, &stderr); status != exitDone {
			t.Fatalf("%d %s", status, stderr.String())
		}
		for _, login := range done {
			if !strings.Contains(stdout.String(), login+"\t") {
				t.Errorf("turn %d: %s was acknowledged and is not there", turn, login)
			}
		}
		if n := strings.Count(stdout.String(), "\n"); n > 1+len(done)+(turn+1)*hands {
			t.Errorf("turn %d: %d accounts after %d acts", turn, n, len(done))
		}
		// A session is in the database, so that everybody is still signed in; cookies do
		// not know ports.
		admin.says(admin.get("/accounts"), "系统管理员01")
		if log := s.log.String(); strings.Contains(log, "level=ERROR") {
			t.Errorf("turn %d: %s", turn, log)
		}
	}
	if len(done) < 10 {
		t.Errorf("only %d acts", len(done))
	}
}

// hands is how many act at once while the server is killed.
const hands = 3

// acts adds accounts from several hands until the server is killed, and returns
// those that were acknowledged.
func acts(t *testing.T, admin *person, turn int) (done []string) {
	t.Helper()
	var one sync.Mutex
	var all sync.WaitGroup
	var once sync.Once
	enough := make(chan struct{})
	for hand := range hands {
		all.Go(func() {
			for n := 0; ; n++ {
				login := fmt.Sprintf("t%dh%dn%d", turn, hand, n)
				r, err := request(t.Context(), "POST", admin.s.base+"/accounts/new", "login", login, "name", "审核员", "role1", "clerk")
				if err != nil {
					t.Error(err)
					return
				}
				res, err := admin.client.Do(r)
				if err != nil {
					return // killed
				}
				_, err = io.Copy(io.Discard, res.Body)
				if err = errors.Join(err, res.Body.Close()); err != nil {
					return
				}
				one.Lock()
				if res.StatusCode == http.StatusOK {
					done = append(done, login)
				} else {
					t.Errorf("%s: %d", login, res.StatusCode)
				}
				if len(done) >= 12+turn*7 {
					once.Do(func() { close(enough) })
				}
				one.Unlock()
			}
		})
	}
	<-enough
	admin.s.kill()
	all.Wait()
	return slices.Clone(done)
}

// TestLostFiles: a server whose files are elsewhere says so when it starts and on
// /readyz, until they are there.
func TestLostFiles(t *testing.T) {
	t.Parallel()
	dir, text := t.TempDir(), []byte("章程")
	sum := fmt.Sprintf("%x", sha256.Sum256(text))
	desk, err := (&data{dir: dir}).open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := desk.Store.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "shifan.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `INSERT INTO files (id, programme, round, organisation, application, name, kind, size, sha256, pages, state, reading, drawing, hints, uploaded_by, uploaded_at, version)
		VALUES ('f', '', '', '', '', 'a.pdf', 'pdf', ?, ?, 0, 'waiting', '', '', '[]', '', 1, 1)`, len(text), sum); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s := serve(t, dir)
	ready := func() string {
		t.Helper()
		r, err := request(t.Context(), http.MethodGet, s.base+"/readyz")
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%d %s", res.StatusCode, b)
	}
	if got := ready(); got != "503 not ready: files\n" || !strings.Contains(s.log.String(), "缺少文件") || !strings.Contains(s.log.String(), sum) {
		t.Errorf("%q %s", got, s.log)
	}
	if err := os.MkdirAll(filepath.Join(dir, "files", sum[:2]), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "files", sum[:2], sum[2:]), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := ready(); got != "200 ready\n" {
		t.Errorf("%q", got)
	}
}

// BenchmarkFirstPage measures how long one waits from starting the program on an empty
// folder until the home page is there, and the most memory that the process held.
func BenchmarkFirstPage(b *testing.B) {
	peak := 0
	for b.Loop() {
		s := serve(b, b.TempDir())
		r, err := request(b.Context(), http.MethodGet, s.base+"/")
		if err != nil {
			b.Fatal(err)
		}
		page, err := http.DefaultClient.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		body, err := io.ReadAll(page.Body)
		if page.Body.Close(); err != nil || page.StatusCode != http.StatusOK || len(body) == 0 {
			b.Fatal(page.Status, err)
		}
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
		if err != nil {
			b.Fatal(err)
		}
		for line := range strings.Lines(string(status)) {
			if name, kB, _ := strings.Cut(line, ":"); name == "VmHWM" {
				n, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(kB), " kB"))
				peak = max(peak, n)
			}
		}
		s.kill()
	}
	if peak == 0 {
		b.Fatal("nobody knows how much memory it held")
	}
	b.ReportMetric(float64(peak)/1024, "MB-peak")
}
