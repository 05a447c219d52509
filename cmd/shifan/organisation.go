package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"

	"shifan/internal/creditcode"
)

// runOrganisation answers questions about organisations that need no data.
func runOrganisation(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 || args[0] != "check-code" {
		fmt.Fprintln(stderr, "usage: shifan organisation check-code CODE… [--json]")
		return exitUsage
	}
	return checkCodes(args[1:], stdout, stderr)
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
