package testkit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"shifan/internal/store"
)

// errNoPostgres says that PostgreSQL is not installed here.
var errNoPostgres = errors.New("PostgreSQL is not installed: run scripts/tools (Debian: apt-get install postgresql)")

// postgresServer is a PostgreSQL server of the test's own.
type postgresServer struct {
	dir string // holds the data and the socket
	url func(database string) string

	one  sync.Mutex // a template is copied by one at a time
	made int
}

// postgres starts the server once a process. It ends with the process, however
// that ends: the server's keeper waits for the end of its standard input, and
// then stops the server and removes its folder.
var postgres = sync.OnceValues(func() (*postgresServer, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil {
		return nil, err
	}
	if p, err := exec.LookPath("postgres"); err == nil {
		found = append(found, p)
	}
	if len(found) == 0 {
		return nil, errNoPostgres
	}
	bin := filepath.Dir(slices.Max(found))
	dir, err := os.MkdirTemp("", "shifan-pg-")
	if err != nil {
		return nil, err
	}
	as, err := asPostgres(dir)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	initdb.SysProcAttr, initdb.Dir = as, dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	if err := keep(bin, dir, data, as); err != nil {
		return nil, err
	}
	p := &postgresServer{dir: dir, url: func(database string) string {
		return "postgres:///" + database + "?user=postgres&host=" + dir
	}}
	return p, p.makeTemplate()
})

// asPostgres returns as whom the server runs: root may not, so it becomes the user
// postgres, who gets the folder.
func asPostgres(dir string) (*syscall.SysProcAttr, error) {
	as := &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() != 0 {
		return as, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	as.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return as, os.Chown(dir, int(uid), int(gid))
}

// keep starts the server under a shell that waits for the end of its input. The
// pipe's other end closes with this process even when it is killed.
func keep(bin, dir, data string, as *syscall.SysProcAttr) error {
	const script = `"$1/postgres" -D "$3" -k "$2" -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off ` +
		`-c max_connections=300 -c shared_buffers=64MB -c autovacuum=off >"$2/log" 2>&1 </dev/null & read -r _; kill -INT $!; wait $!; rm -rf "$2"`
	cmd := exec.Command("/bin/sh", "-c", script, "keeper", bin, dir, data)
	cmd.SysProcAttr, cmd.Dir = as, dir
	if _, err := cmd.StdinPipe(); err != nil { // open as long as cmd is waited for
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	go cmd.Wait() //nolint:errcheck // it ends after this process
	return nil
}

// makeTemplate waits for the server and makes the database that each test's is a
// copy of.
func (p *postgresServer) makeTemplate() error {
	var err error
	for range 200 {
		if err = p.exec("CREATE DATABASE template_shifan"); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err != nil {
		log, _ := os.ReadFile(filepath.Join(p.dir, "log")) //nolint:errcheck // only to explain
		return fmt.Errorf("PostgreSQL did not start: %w: %s", err, log)
	}
	s, err := store.Open(context.Background(), p.url("template_shifan"))
	if err != nil {
		return err
	}
	return s.Close()
}

// exec runs a statement of the administrator.
func (p *postgresServer) exec(statement string) error { return execAt(p.url("postgres"), statement) }

func execAt(place, statement string) error {
	ctx := context.Background()
	c, err := pgx.Connect(ctx, place)
	if err != nil {
		return err
	}
	defer c.Close(ctx) //nolint:errcheck // it was only for this
	_, err = c.Exec(ctx, statement)
	return err
}

// Settle does on PostgreSQL what autovacuum does in life within a minute of many rows
// coming, and what the server of the tests is spared. On SQLite there is nothing to do.
func (w *World) Settle() {
	w.Helper()
	if Engine() != "postgres" {
		return
	}
	if err := execAt(w.Where(), "VACUUM ANALYZE"); err != nil {
		w.Fatal(err)
	}
}

// postgresPlace makes a database for one test. It goes with the server: to drop it
// would wait for a checkpoint. Without PostgreSQL the test is
// skipped, and fails where CI is set.
func postgresPlace(t testing.TB, template string) string {
	t.Helper()
	p, err := postgres()
	if errors.Is(err, errNoPostgres) && os.Getenv("CI") == "" {
		t.Skip("NOT TESTED on PostgreSQL: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	p.one.Lock()
	defer p.one.Unlock()
	p.made++
	name := fmt.Sprintf("test%d", p.made)
	if err := p.exec("CREATE DATABASE " + name + " TEMPLATE " + template + " STRATEGY FILE_COPY"); err != nil {
		t.Fatal(err)
	}
	return p.url(name)
}
