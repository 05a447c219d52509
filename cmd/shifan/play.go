package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"shifan/internal/casework"
	"shifan/internal/lifecycle"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
)

const playUsage = "play [--programme FILE] [--out DIR] [--json]"

// shippedFirst is the programme that play and demo take when none is named.
const shippedFirst = "jilin-party-building-base"

// runPlay lives a programme's whole life with no browser and prints its timeline.
func runPlay(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("play", flag.ContinueOnError)
	flags.SetOutput(stderr)
	file := flags.String("programme", shippedFirst, "a programme's `file`, or the name of one that the program is shipped with")
	out := flags.String("out", "", "`folder` for the artefacts; it must be empty or absent")
	asJSON := flags.Bool("json", false, "print the timeline as one JSON document")
	if flags.Parse(args) != nil || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "usage: shifan "+playUsage)
		return exitUsage
	}
	if p, status := programmeOf(*file, stderr); p == nil {
		return status
	}
	text, err := textOf(*file)
	if err != nil {
		fmt.Fprintln(stderr, "shifan play:", err)
		return exitUsage
	}
	if err := emptyFolder(*out); err != nil {
		fmt.Fprintln(stderr, "shifan play:", err)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	lines, err := playIn(ctx, text, *out)
	if err != nil {
		fmt.Fprintln(stderr, "shifan play:", err)
		return exitNot
	}
	return printTimeline(lines, *asJSON, stdout)
}

var errNotEmpty = errors.New("--out 的文件夹里已有文件。换一个空文件夹")

// emptyFolder refuses a folder that holds something already.
func emptyFolder(dir string) error {
	if dir == "" {
		return nil
	}
	all, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil && len(all) > 0 {
		err = errNotEmpty
	}
	return err
}

// playIn plays in a temporary folder and leaves the artefacts in another.
func playIn(ctx context.Context, file []byte, out string) ([]play.Line, error) {
	dir, err := os.MkdirTemp("", "shifan-play-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	d := data{dir: dir}
	desk, err := d.openFor(ctx, demoData)
	if err != nil {
		return nil, err
	}
	defer desk.Store.Close() //nolint:errcheck // nothing is left to write
	t, lines, counts, err := play.Play(ctx, desk.Store, file)
	if err == nil && out != "" {
		lines, counts, err = t.WriteArchive(ctx, out, counts)
	}
	if err == nil && out != "" {
		err = t.Write(ctx, out, lines, counts)
	}
	return lines, err
}

func printTimeline(lines []play.Line, asJSON bool, stdout io.Writer) int {
	if asJSON {
		e := json.NewEncoder(stdout)
		e.SetEscapeHTML(false)
		if e.Encode(lines) != nil {
			return exitNot
		}
		return exitDone
	}
	for _, l := range lines {
		kind, act := wordsOf(l.Act)
		fmt.Fprintf(stdout, "%s  %s  %s%s  %s  %s\n", l.At.Format("2006-01-02 15:04"), stage.Role(l.Role).Word(), kind, act, l.Thing, l.Basis)
	}
	return exitDone
}

// wordsOf returns how people call an act of the record, 年度批次 and 发布.
func wordsOf(act string) (kind, word string) {
	for _, k := range append([]stage.Kind{casework.AccountKind}, lifecycle.Kinds...) {
		if len(act) > len(k.Name) && act[:len(k.Name)+1] == k.Name+"." {
			return k.Label, "：" + k.Word(act[len(k.Name)+1:])
		}
	}
	return act, ""
}
