package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/id"
)

// triedLine is one application of a dry run, for programs.
type triedLine struct {
	Number  string   `json:"number"`
	Name    string   `json:"name"`
	Was     []string `json:"was"`   // what spoke against it; empty: nothing
	Would   []string `json:"would"` // what would have
	WasSum  string   `json:"was_total,omitempty"`
	Points  string   `json:"would_total,omitempty"`
	Differs bool     `json:"differs"`
}

// dryRunProgramme says which outcomes of a past round a changed programme file would
// have changed. Nothing is written; it is done, not wrong, when some would.
func dryRunProgramme(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("programme dry-run", flag.ContinueOnError)
	flags.SetOutput(stderr)
	key := flags.String("round", "", "the past round")
	asJSON := flags.Bool("json", false, "print one JSON document")
	var d data
	d.flags(flags)
	files, err := interspersed(flags, args)
	if err != nil || len(files) != 1 || *key == "" {
		fmt.Fprintln(stderr, "usage: shifan programme dry-run FILE --round ROUND [--json] [--data DIR | --database-url URL]")
		return exitUsage
	}
	text, err := textOf(files[0])
	if err != nil {
		fmt.Fprintf(stderr, "%v。\n", err)
		return exitUsage
	}
	ctx := context.Background()
	desk, err := d.open(ctx)
	if err != nil {
		return wrong(stderr, err)
	}
	defer desk.Store.Close() //nolint:errcheck // nothing was written
	v, err := desk.TryProgramme(ctx, casework.ConsoleOffice, id.Round(*key), text)
	if err != nil {
		return wrong(stderr, err)
	}
	lines := []triedLine{}
	for _, l := range v.Lines {
		lines = append(lines, triedLine{l.Application.Number, l.Application.Name, append([]string{}, l.Was...), append([]string{}, l.Would...), l.WasSum, l.Points, l.Differs()})
	}
	if *asJSON {
		return printJSON(map[string]any{"round": v.Round.ID, "changed": append([]string{}, v.Changed...), "applications": lines, "differing": v.Differing(), "open": v.Open}, exitDone, stdout, stderr)
	}
	for _, c := range v.Changed {
		fmt.Fprintf(stdout, "改动\t%s\n", c)
	}
	for _, l := range v.Lines {
		if l.Differs() {
			fmt.Fprintf(stdout, "%s\t%s\t%s\t→\t%s\n", l.Application.Number, l.Application.Name, orPasses(l.Was), orPasses(l.Would))
		}
	}
	fmt.Fprintf(stderr, "%d件里有%d件的结论会不同，%d件没有办完不能比较。什么也没有改。\n", len(v.Lines), v.Differing(), v.Open)
	return exitDone
}

func orPasses(why []string) string {
	if len(why) == 0 {
		return "可以通过"
	}
	return strings.Join(why, "；")
}
