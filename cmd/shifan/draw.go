package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"shifan/internal/lot"
)

const drawUsage = "draw verify FILE [--json]"

// runDraw recomputes a draw of assessors from its published document. It reads the
// file and nothing else: no database, no network.
func runDraw(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("draw verify", flag.ContinueOnError)
	flags.SetOutput(stderr)
	asJSON := flags.Bool("json", false, "print one JSON document")
	wrong := len(args) == 0 || args[0] != "verify" || flags.Parse(args[1:]) != nil || flags.NArg() == 0
	file := flags.Arg(0)
	if wrong || flags.Parse(flags.Args()[1:]) != nil || flags.NArg() > 0 { // flags may stand behind the file
		fmt.Fprintln(stderr, "usage: shifan "+drawUsage)
		return exitUsage
	}
	b, err := os.ReadFile(file)
	if err != nil {
		fmt.Fprintln(stderr, "shifan draw:", err)
		return exitUsage
	}
	report, err := lot.Verify(b)
	status := exitDone
	switch {
	case errors.Is(err, lot.ErrOpen):
		status = exitUnknown
	case err != nil:
		status = exitNot
	}
	if *asJSON {
		return drawJSON(report, err, status, stdout)
	}
	switch status {
	case exitUnknown:
		fmt.Fprintln(stdout, "还不能知道：", err)
	case exitNot:
		fmt.Fprintln(stdout, "不成立：", err)
	default:
		sayDraw(report, stdout)
	}
	return status
}

func sayDraw(r lot.Report, w io.Writer) {
	fmt.Fprintf(w, "成立。抽取 %s，名单%d人，%d方承诺并揭示\n", r.Draw, r.Members, r.Parties)
	fmt.Fprintf(w, "名单\t%s\n规则\t%s\n种子\t%s\n文件\t%s\n", r.Pool, r.Rule, r.Seed, r.Digest)
	for _, k := range r.Ranking {
		for n, one := range k.Order {
			fmt.Fprintf(w, "排序\t%s\t%d\t%s\n", k.Stratum, n+1, one.ID)
		}
	}
	for _, team := range r.Teams {
		for n, one := range team.Members {
			seat := "组员"
			if n == 0 {
				seat = "组长"
			}
			fmt.Fprintf(w, "考核组\t%s\t%s\t%s\n", team.Case, seat, one)
		}
	}
}

func drawJSON(r lot.Report, err error, status int, stdout io.Writer) int {
	out := struct {
		Holds  bool       `json:"holds"`
		Open   bool       `json:"open,omitempty"` // there is no result that could be recomputed
		Why    string     `json:"why,omitempty"`
		Report lot.Report `json:"report"`
	}{Holds: err == nil, Open: status == exitUnknown, Report: r}
	if err != nil {
		out.Why = err.Error()
	}
	if json.NewEncoder(stdout).Encode(out) != nil {
		return exitNot
	}
	return status
}
