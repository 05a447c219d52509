package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"shifan/internal/api"
	"shifan/internal/calendar"
	"shifan/internal/evidence"
	"shifan/internal/jobs"
	"shifan/internal/play"
	"shifan/internal/web"
	"shifan/programmes"
)

const demoUsage = "demo [--listen ADDR] [--today DATE] [--data DIR]"

// demoToday is the day on which the demonstration begins: all its years have a
// published arrangement of working days.
const demoToday = "2026-06-15"

// runDemo serves the demonstration: invented organisations and people, and a clock
// that the visitor moves.
func runDemo(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var d data
	flags.StringVar(&d.dir, "data", "", "`folder` to keep the demonstration in; a temporary one when empty")
	listen := flags.String("listen", "127.0.0.1:8080", "`address` to listen on")
	today := flags.String("today", demoToday, "the `date` on which the demonstration begins")
	if flags.Parse(args) != nil || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "usage: shifan "+demoUsage)
		return exitUsage
	}
	day, err := calendar.ParseDate(*today)
	if err != nil {
		fmt.Fprintln(stderr, "shifan demo: --today:", err)
		return exitUsage
	}
	if d.dir == "" {
		if d.dir, err = os.MkdirTemp("", "shifan-demo-"); err != nil {
			fmt.Fprintln(stderr, "shifan demo:", err)
			return exitNot
		}
		defer os.RemoveAll(d.dir) //nolint:errcheck // a temporary folder
		d.cache = evidence.UserCache()
	}
	return demonstrate(d, *listen, day, stdout, stderr)
}

func demonstrate(d data, listen string, day calendar.Date, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	fail := func(err error) int {
		fmt.Fprintln(stderr, "shifan demo:", err)
		return exitNot
	}
	desk, err := d.openFor(ctx, demoData)
	if err != nil {
		return fail(err)
	}
	defer desk.Store.Close() //nolint:errcheck // the process ends
	text, _ := programmes.Text(shippedFirst)
	var seed [32]byte
	if _, err := rand.Read(seed[:]); err != nil {
		return fail(err)
	}
	demo, err := play.OpenDemo(ctx, desk.Store, desk.Files, text, day, seed)
	if err != nil {
		return fail(err)
	}
	demo.Desk.Wall = time.Now
	if err := d.sign(ctx, demo.Desk, "http://"+listen, true, stderr); err != nil {
		return fail(err)
	}
	if _, err := demo.Desk.Tick(ctx); err != nil { // the titles of the past get their credentials
		return fail(err)
	}
	log := slog.New(slog.NewTextHandler(stderr, nil))
	go d.keepSequencing(ctx, desk.Store, log)
	go jobs.Files(ctx, demo.Desk, log)
	site := web.New(demo.Desk, web.Options{
		Owner: "示范单位（虚构）", Contact: "演示环境，没有电话", Notice: "演示环境。单位、人员和数据均为虚构。",
		BaseURL: "http://" + listen, Demo: demo, Log: log,
	})
	site = api.Beside(api.New(demo.Desk, api.Options{BaseURL: "http://" + listen, Log: log}), site)
	return listenAndServe(ctx, listen, site, func(at string) {
		fmt.Fprintf(stdout, "演示已就绪：http://%s/\n选择角色进入（不用密码）：http://%s/demo\n", at, at)
		for _, r := range demo.Roles() {
			fmt.Fprintf(stdout, "  %s\t%s\t%s\n", r.Grant.Role.Word(), r.Name, r.Note)
		}
	}, stderr)
}
