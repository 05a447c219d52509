package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"shifan/internal/casework"
	"shifan/internal/record"
	"shifan/internal/store"
)

const recordUsage = "record verify [--json] | record export DIR | record prove THING_ID --out FILE   [--data DIR]"

// runRecord verifies the record, exports it, or proves one of its entries.
func runRecord(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("record", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var d data
	d.flags(flags)
	asJSON := flags.Bool("json", false, "print one JSON document")
	out := flags.String("out", "", "the `file` of the proof")
	words, err := interspersed(flags, args)
	if err != nil {
		return exitUsage
	}
	ctx := context.Background()
	switch {
	case len(words) == 1 && words[0] == "verify":
		return verifyRecord(ctx, d, *asJSON, stdout, stderr)
	case len(words) == 2 && words[0] == "export":
		return exportRecord(ctx, d, words[1], stdout, stderr)
	case len(words) == 2 && words[0] == "prove" && *out != "":
		return proveRecord(ctx, d, words[1], *out, stdout, stderr)
	}
	fmt.Fprintln(stderr, "usage: shifan "+recordUsage)
	return exitUsage
}

// verifyRecord recomputes the record and compares the database with it. It goes on
// where the server would refuse to start, to say what is wrong.
func verifyRecord(ctx context.Context, d data, asJSON bool, stdout, stderr io.Writer) int {
	if err := d.there(); err != nil {
		return wrong(stderr, err)
	}
	s, key, err := d.store(ctx)
	if err != nil {
		return wrong(stderr, err)
	}
	defer s.Close() //nolint:errcheck // the process ends
	var found []error
	if err := s.UseKey(ctx, key); err != nil {
		found = append(found, err)
	}
	if err := d.extends(ctx, s, key.Verifier); err != nil {
		found = append(found, err)
	}
	if len(found) == 0 {
		if err := d.sequence(ctx, s); err != nil {
			found = append(found, err)
		}
	}
	v, err := s.Verify(ctx, key.Verifier)
	if err != nil {
		return wrong(stderr, err)
	}
	for _, err := range found {
		v.Differences = append(v.Differences, store.Difference{Table: "heads", Key: "1", Entry: -1, What: err.Error()})
	}
	if asJSON {
		enc := json.NewEncoder(stdout)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		err = enc.Encode(struct {
			Holds bool `json:"holds"`
			store.Verdict
		}{v.Holds(), v})
	} else {
		sayVerdict(v, stdout)
	}
	if err != nil || !v.Holds() {
		return exitNot
	}
	return exitDone
}

// sayVerdict prints what verifying found, one difference a line:
// TABLE<TAB>KEY<TAB>ENTRY<TAB>what.
func sayVerdict(v store.Verdict, stdout io.Writer) {
	if v.Holds() {
		fmt.Fprintf(stdout, "存证日志%d条，各表%d行，全部相符。\n", v.Entries, v.Rows)
		return
	}
	for _, d := range v.Differences {
		entry := "-"
		if d.Entry >= 0 {
			entry = fmt.Sprint(d.Entry)
		}
		fmt.Fprintf(stdout, "%s\t%s\t%s\t%s\n", d.Table, d.Key, entry, d.What)
	}
	if v.More > 0 {
		fmt.Fprintf(stdout, "还有%d处没有列出。\n", v.More)
	}
	if v.First >= 0 {
		fmt.Fprintf(stdout, "第一处不符的是第%d条。\n", v.First)
	}
}

// opened opens the data, real or of a demonstration, for reading the record with
// every entry in its place.
func (d *data) opened(ctx context.Context) (*casework.Desk, error) {
	if err := d.there(); err != nil {
		return nil, err
	}
	s, key, err := d.store(ctx)
	if err != nil {
		return nil, err
	}
	err = s.UseKey(ctx, key)
	if err == nil {
		err = d.extends(ctx, s, key.Verifier)
	}
	if err == nil {
		err = d.sequence(ctx, s)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return &casework.Desk{Store: s}, nil
}

func exportRecord(ctx context.Context, d data, dir string, stdout, stderr io.Writer) int {
	desk, err := d.opened(ctx)
	if err != nil {
		return wrong(stderr, err)
	}
	defer desk.Store.Close() //nolint:errcheck // the process ends
	size, err := desk.ExportRecord(ctx, func(path string, b []byte) error {
		file := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		return os.WriteFile(file, b, 0o644)
	})
	if err != nil {
		return wrong(stderr, err)
	}
	fmt.Fprintf(stdout, "%s\t%d\n", filepath.Join(dir, "checkpoint"), size)
	return exitDone
}

func proveRecord(ctx context.Context, d data, thing, file string, stdout, stderr io.Writer) int {
	desk, err := d.opened(ctx)
	if err != nil {
		return wrong(stderr, err)
	}
	defer desk.Store.Close() //nolint:errcheck // the process ends
	p, err := desk.ProveRecord(ctx, casework.Console, thing)
	if err != nil {
		return wrong(stderr, err)
	}
	if err := os.WriteFile(file, []byte(p.String()), 0o644); err != nil {
		return wrong(stderr, err)
	}
	l, err := record.ParseLeaf(p.Leaf)
	if err != nil {
		return wrong(stderr, err)
	}
	fmt.Fprintf(stdout, "%s\t%d\t%s\t%s→%s\n", thing, p.Index, l.Act, l.From, l.To)
	return exitDone
}
