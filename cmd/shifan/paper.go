package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"shifan/internal/evidence"
	"shifan/internal/paper/check"
)

const paperUsage = "paper check FILE.pdf|FILE.docx [--json]"

// runPaper measures a document of any origin against GB/T 9704-2012.
func runPaper(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("paper", flag.ContinueOnError)
	flags.SetOutput(stderr)
	asJSON := flags.Bool("json", false, "print one JSON document")
	words, err := interspersed(flags, args)
	if err != nil || len(words) != 2 || words[0] != "check" {
		fmt.Fprintln(stderr, "usage: shifan "+paperUsage)
		return exitUsage
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	return checkPaper(ctx, words[1], *asJSON, stdout, stderr)
}

func checkPaper(ctx context.Context, name string, asJSON bool, stdout, stderr io.Writer) int {
	f, err := os.Open(name)
	if err != nil {
		fmt.Fprintln(stderr, "shifan paper:", err)
		return exitUsage
	}
	defer f.Close() //nolint:errcheck // it was only read
	is, err := f.Stat()
	if err == nil && !is.Mode().IsRegular() {
		fmt.Fprintf(stderr, "shifan paper: %s 不是文件\n", name)
		return exitUsage
	}
	var r *check.Report
	if err == nil {
		r, err = check.File(ctx, &evidence.Reader{Cache: evidence.UserCache()}, f, is.Size())
	}
	if err != nil {
		fmt.Fprintf(stderr, "shifan paper: %s：%v\n", name, err)
		return exitUnknown
	}
	if asJSON {
		e := json.NewEncoder(stdout)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		err = e.Encode(struct {
			Holds bool `json:"holds"`
			*check.Report
		}{r.Holds(), r})
	} else {
		err = tellPaper(r, stdout)
	}
	if err != nil || !r.Holds() {
		return exitNot
	}
	return exitDone
}

// tellPaper prints a line for each rule: result, clause, rule, expected, measured.
func tellPaper(r *check.Report, w io.Writer) error {
	words := map[check.Result]string{check.Pass: "符合", check.Warn: "提示", check.Fail: "不符"}
	count := map[check.Result]int{}
	for _, l := range r.Lines {
		count[l.Result]++
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\t应为 %s\t实测 %s\n", words[l.Result], l.Clause, l.Rule, l.Expected, l.Measured); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%s，按GB/T 9704-2012量了%d项：符合%d项，提示%d项，不符%d项。\n", r.Form, len(r.Lines), count[check.Pass], count[check.Warn], count[check.Fail])
	return err
}
