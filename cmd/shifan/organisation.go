package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/creditcode"
	"shifan/internal/lifecycle/roster"
	"shifan/internal/sheet"
)

const organisationUsage = "organisation check-code CODE… [--json] | organisation import FILE [--dry-run] [--skip-bad-rows] [--json] [--data DIR]"

// runOrganisation answers questions about codes, which need no data, and brings in
// rosters.
func runOrganisation(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		switch args[0] {
		case "check-code":
			return checkCodes(args[1:], stdout, stderr)
		case "import":
			return importRoster(args[1:], stdout, stderr)
		}
	}
	fmt.Fprintln(stderr, "usage: shifan "+organisationUsage)
	return exitUsage
}

// importRoster brings in a roster of organisations and prints one line a row:
// LINE<TAB>result<TAB>CODE<TAB>name<TAB>what is new or wrong. Nothing is written
// when a row is wrong, unless --skip-bad-rows.
func importRoster(args []string, stdout, stderr io.Writer) int {
	return importList("", organisationUsage, args, stdout, stderr)
}

// importList brings in a list of a kind; of the kind that --list says when it is "".
func importList(kind, usage string, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	flags.SetOutput(stderr)
	asJSON := flags.Bool("json", false, "print one JSON document")
	dry := flags.Bool("dry-run", false, "say what would be done, and do nothing")
	skip := flags.Bool("skip-bad-rows", false, "leave out the rows that are wrong")
	var title string
	var asOf calendar.Date
	if kind == "" {
		flags.StringVar(&kind, "list", roster.Organisations.Name, "the kind of `list`")
		flags.StringVar(&title, "title", "", "what a list of facts is called")
		flags.TextVar(&asOf, "as-of", calendar.Date{}, "the `day` on which a list of facts was published")
	}
	var d data
	d.flags(flags)
	files, err := interspersed(flags, args)
	if err != nil || len(files) != 1 {
		if err == nil {
			fmt.Fprintln(stderr, "usage: shifan "+usage)
		}
		return exitUsage
	}
	content, err := readAtMost(files[0], sheet.BytesMost+1)
	if err != nil {
		fmt.Fprintf(stderr, "%v。\n", err)
		return exitUsage
	}
	ctx := context.Background()
	desk, err := d.open(ctx)
	if err != nil {
		return wrong(stderr, err)
	}
	defer desk.Store.Close() //nolint:errcheck // what was written is committed
	p, err := desk.ImportRoster(ctx, casework.ConsoleOffice, casework.RosterFile{List: kind, Name: filepath.Base(files[0]), Content: content, AsOf: asOf, Title: title}, *skip, *dry)
	if len(p.Rows) == 0 && err != nil {
		return wrong(stderr, err)
	}
	if printed := printRoster(p, *asJSON, *dry, err, stdout, stderr); printed != nil {
		fmt.Fprintln(stderr, printed)
		return exitNot
	}
	if err != nil {
		return wrong(stderr, err)
	}
	if p.Tally.Wrong > 0 && !*skip {
		return exitNot
	}
	return exitDone
}

// readAtMost reads no more of a file than is looked at.
func readAtMost(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, unreadable(name, err)
	}
	defer f.Close() //nolint:errcheck // it was read only
	text, err := io.ReadAll(io.LimitReader(f, most))
	return text, unreadable(name, err)
}

func printRoster(p casework.RosterPlan, asJSON, dry bool, failed error, stdout, stderr io.Writer) error {
	if asJSON {
		out := json.NewEncoder(stdout)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		return out.Encode(map[string]any{"rows": p.Rows, "tally": p.Tally, "unknown_columns": p.Unknown, "dry_run": dry, "written": failed == nil && !dry})
	}
	w := bufio.NewWriter(stdout)
	for _, r := range p.Rows {
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\n", r.Line, roster.Words[r.Result], r.Code, r.Name, r.Say())
	}
	if len(p.Unknown) > 0 {
		fmt.Fprintf(stderr, "没有读取的列：%s\n", strings.Join(p.Unknown, "、"))
	}
	fmt.Fprintln(stderr, p.Tally.Say())
	return w.Flush()
}

// checkCodes checks each Unified Social Credit Code and prints one line a code:
// CODE<TAB>ok|invalid|mismatch<TAB>reason.
func checkCodes(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("organisation check-code", flag.ContinueOnError)
	flags.SetOutput(stderr)
	asJSON := flags.Bool("json", false, "print one JSON document")
	codes, err := interspersed(flags, args)
	if err != nil || len(codes) == 0 {
		if err == nil {
			fmt.Fprintln(stderr, "usage: shifan organisation check-code CODE… [--json]")
		}
		return exitUsage
	}
	status := exitDone
	var all []creditcode.Code
	for _, typed := range codes {
		c := creditcode.Check(typed)
		if c.Result != creditcode.OK {
			status = exitNot
		}
		all = append(all, c)
	}
	if *asJSON {
		out := json.NewEncoder(stdout)
		out.SetIndent("", "  ")
		if err := out.Encode(all); err != nil {
			fmt.Fprintln(stderr, err)
			return exitNot
		}
		return status
	}
	for _, c := range all {
		fmt.Fprintf(stdout, "%s\t%s\t%s\n", c.Code, c.Result, c.Reason)
	}
	return status
}

// interspersed parses flags that may stand after the arguments, and returns the
// arguments.
func interspersed(flags *flag.FlagSet, args []string) (rest []string, err error) {
	for {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		if flags.NArg() == 0 {
			return rest, nil
		}
		rest = append(rest, flags.Arg(0))
		args = flags.Args()[1:]
	}
}
