package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"shifan/internal/api"
	"shifan/internal/blob"
	"shifan/internal/casework"
	"shifan/internal/jobs"
	"shifan/internal/web"
)

const serveUsage = "serve [--listen ADDR] [--base-url URL] [--plaque-url URL] [--metrics-listen ADDR] [--data DIR | --database-url URL] [--blob-url URL] [--orphan-grace TIME] [--clamd ADDR] [--smtp-url URL --mail-from ADDR] [--hook-allow HOSTS]"

// checkAtStart is how many of the newest files are looked for at the start.
const checkAtStart = 100

// runServe serves an installation until it is interrupted.
func runServe(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var d data
	d.flags(flags)
	flags.StringVar(&d.blobs, "blob-url", "", "s3://KEY:SECRET@HOST/BUCKET or file:///FOLDER for uploaded files; a folder in --data when empty")
	grace := flags.Duration("orphan-grace", 24*time.Hour, "how long uploaded bytes that nothing names are left alone before they are removed; at least "+blob.Grace.String())
	flags.StringVar(&d.clamd, "clamd", "", "HOST:PORT or socket of the virus scanner clamd; without it files say that they are not scanned")
	listen := flags.String("listen", "127.0.0.1:8080", "`address` to listen on")
	base := flags.String("base-url", "", "the `URL` by which people reach it; http://ADDRESS when empty")
	plaques := flags.String("plaque-url", "", "the `URL` that the codes on plaques lead to, where --base-url is too long for them; it must reach this site")
	var shown face
	shown.flags(flags)
	metrics := flags.String("metrics-listen", "", "`address` on which Prometheus may read /metrics; nobody may when empty")
	var o outbox
	o.flags(flags)
	if flags.Parse(args) != nil || flags.NArg() > 0 || *grace < blob.Grace {
		fmt.Fprintln(stderr, "usage: shifan "+serveUsage)
		return exitUsage
	}
	frugal()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	desk, err := d.open(ctx)
	if err != nil {
		fmt.Fprintln(stderr, "shifan serve:", err)
		return exitNot
	}
	defer desk.Store.Close() //nolint:errcheck // the process ends
	given := *base != ""
	*base = cmp.Or(*base, "http://"+*listen)
	*plaques = cmp.Or(*plaques, *base)
	if err := casework.FitsPlaque(*plaques); err != nil {
		fmt.Fprintln(stderr, "shifan serve:", err)
		return exitUsage
	}
	if err := d.sign(ctx, desk, *base, given, stderr); err != nil {
		fmt.Fprintln(stderr, "shifan serve:", err)
		return exitNot
	}
	if err := firstLink(ctx, desk, *base, stdout); err != nil {
		fmt.Fprintln(stderr, "shifan serve:", err)
		return exitNot
	}
	if err := desk.CheckBlobs(ctx, checkAtStart); err != nil {
		fmt.Fprintln(stderr, "shifan serve:", err)
	}
	post, err := o.post(desk, d.dir, *base)
	if err != nil {
		fmt.Fprintln(stderr, "shifan serve:", err)
		return exitUsage
	}
	log, beat := slog.New(slog.NewTextHandler(stderr, nil)), &pulse{}
	desk.Machine = func() casework.Machine { return d.machine(beat) }
	options := shown.options(*base)
	options.PlaqueURL, options.Log = *plaques, log
	site := api.Beside(api.New(desk, api.Options{BaseURL: *base, PlaqueURL: *plaques, Log: log}), web.New(desk, options))
	var woken jobs.Watch
	if *metrics != "" {
		m := newMeters()
		desk.Store.Watch(m.commit)
		site, woken = m.door(site), m.tick
		if err := m.listen(ctx, *metrics, stdout, log); err != nil {
			fmt.Fprintln(stderr, "shifan serve:", err)
			return exitNot
		}
	}
	go jobs.Run(ctx, desk, log, beat.watch(woken))
	go jobs.Probes(ctx, desk, *base, time.Now, log)
	go jobs.Letters(ctx, desk, post, log)
	go jobs.Files(ctx, desk, log)
	go jobs.Orphans(ctx, desk, *grace, time.Now, log)
	go d.keepSequencing(ctx, desk.Store, log)
	return listenAndServe(ctx, *listen, site, func(at string) {
		fmt.Fprintf(stdout, "示范创建管理平台 %s（监听 %s）\n", *base, at)
	}, stderr)
}

// firstLink prints the one-time link that creates the administrator while
// nobody has an account. There is no default account.
func firstLink(ctx context.Context, desk *casework.Desk, base string, stdout io.Writer) error {
	first, err := desk.FirstStart(ctx)
	if err != nil || !first {
		return err
	}
	token, err := desk.FirstInvitation(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "还没有任何账号。打开下面的一次性链接创建系统管理员（7天内有效，重新启动会换新链接）：\n%s/invitations/%s\n",
		strings.TrimSuffix(base, "/"), token)
	return nil
}

// listenAndServe serves until ctx is done, and then lets the requests under way
// finish. ready is told the address once connections are accepted.
func listenAndServe(ctx context.Context, address string, site http.Handler, ready func(at string), stderr io.Writer) int {
	l, err := net.Listen("tcp", address)
	if err != nil {
		fmt.Fprintln(stderr, "shifan:", err)
		return exitNot
	}
	server := web.Server(address, site)
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	ready(l.Addr().String())
	select {
	case err = <-done:
	case <-ctx.Done():
		grace, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		err = server.Shutdown(grace)
	}
	if err != nil && !errors.Is(err, http.ErrServerClosed) {
		fmt.Fprintln(stderr, "shifan:", err)
		return exitNot
	}
	return exitDone
}

// frugal lets the collector work harder beyond 160 MB: reading and drawing what people
// upload leaves much behind at once, and a small machine has other things to do with its
// memory. GOMEMLIMIT says otherwise. It is a wish and no bound: nothing fails by it.
func frugal() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(160 << 20)
	}
}
