package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"shifan/internal/web"
)

const siteUsage = "site --out DIR --base-url URL [--data DIR | --database-url URL] [--name NAME] [--owner OWNER] [--contact CONTACT] [--records RECORDS] [--notice NOTICE] [--json]"

// siteList is the file in a tree that names the files of the tree.
const siteList = ".shifan-site"

var errNotATree = errors.New("文件夹里有别的文件。请换一个空的文件夹，或者上次用 shifan site 写出的文件夹")

// face is how an installation presents itself: what stands in the head and the foot of its
// pages.
type face struct{ name, owner, contact, records, notice string }

func (f *face) flags(flags *flag.FlagSet) {
	flags.StringVar(&f.name, "name", "", "the site's `name`; 示范创建管理平台 when empty")
	flags.StringVar(&f.owner, "owner", "", "主办单位, shown in the footer")
	flags.StringVar(&f.contact, "contact", "", "咨询电话 and hours, shown in the footer")
	flags.StringVar(&f.records, "records", "", "网站标识码, ICP备案 and 公安备案, shown in the footer")
	flags.StringVar(&f.notice, "notice", "", "a last `line` of the footer")
}

func (f face) options(base string) web.Options {
	return web.Options{Name: f.name, Owner: f.owner, Contact: f.contact, Records: f.records, Notice: f.notice, BaseURL: base}
}

// runSite writes the public pages out as files. Run again, it replaces what changed and
// takes away what is no longer public.
func runSite(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("site", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var d data
	d.flags(flags)
	var f face
	f.flags(flags)
	out := flags.String("out", "", "`folder` for the pages; empty, absent, or one that this command wrote")
	base := flags.String("base-url", "", "the `URL` of the running server, to which forms and searches lead")
	asJSON := flags.Bool("json", false, "print one JSON document")
	if flags.Parse(args) != nil || flags.NArg() > 0 || *out == "" || !strings.HasPrefix(*base, "http") {
		fmt.Fprintln(stderr, "usage: shifan "+siteUsage)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	desk, err := d.packing(ctx)
	if err != nil {
		return wrong(stderr, err)
	}
	defer desk.Store.Close() //nolint:errcheck // only read
	ring, err := d.ring()    // what plaques are verified with is signed when it is written
	if err != nil {
		return wrong(stderr, err)
	}
	desk.Signers = &keyring{data: &d, ring: ring}
	t, err := openTree(*out)
	if err != nil {
		fmt.Fprintln(stderr, "shifan site:", err)
		return exitUsage
	}
	files, err := web.Tree(ctx, desk, f.options(*base), t.put)
	if err == nil {
		err = t.close()
	}
	if err != nil {
		return wrong(stderr, err)
	}
	if *asJSON {
		return printJSON(map[string]any{"out": *out, "files": files, "written": t.written, "removed": t.removed}, exitDone, stdout, stderr)
	}
	fmt.Fprintf(stdout, "%s\t%d个文件\t更新%d个\t删去%d个\n", *out, files, t.written, t.removed)
	return exitDone
}

// treeFolder is a tree of files that a web server may read while it is renewed: each file is
// replaced whole.
type treeFolder struct {
	dir              string
	before           map[string]bool // the files of the last time
	now              []string
	written, removed int
}

func openTree(dir string) (*treeFolder, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	t := &treeFolder{dir: dir, before: map[string]bool{}}
	list, err := os.ReadFile(filepath.Join(dir, siteList))
	if errors.Is(err, fs.ErrNotExist) {
		there, err := os.ReadDir(dir)
		if err == nil && len(there) > 0 {
			err = errNotATree
		}
		return t, err
	}
	for place := range strings.Lines(string(list)) {
		if place = strings.TrimSpace(place); filepath.IsLocal(place) {
			t.before[place] = true
		}
	}
	return t, err
}

// put writes a file, unless it is there already with the same bytes: a CDN compares times.
func (t *treeFolder) put(place string, body []byte) error {
	if !filepath.IsLocal(place) {
		return fmt.Errorf("no place for %q", place)
	}
	t.now = append(t.now, place)
	at := filepath.Join(t.dir, place)
	if old, err := os.ReadFile(at); err == nil && string(old) == string(body) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		return err
	}
	t.written++
	if err := os.WriteFile(at+".new", body, 0o644); err != nil {
		return err
	}
	return os.Rename(at+".new", at)
}

// close takes away what is no longer public, and notes what there is.
func (t *treeFolder) close() error {
	slices.Sort(t.now)
	for place := range t.before {
		if _, still := slices.BinarySearch(t.now, place); still {
			continue
		}
		if err := os.Remove(filepath.Join(t.dir, place)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		t.removed++
	}
	return os.WriteFile(filepath.Join(t.dir, siteList), []byte(strings.Join(t.now, "\n")+"\n"), 0o644)
}
