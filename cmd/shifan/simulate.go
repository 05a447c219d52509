package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os/signal"
	"runtime/debug"
	"syscall"

	"shifan/internal/play/simulate"
)

const simulateUsage = "simulate --programme FILE --years N --seed S [--organisations M] [--storage memory|sqlite] [--json]"

// runSimulate lives a programme with random actors and asks after every act
// whether all invariants hold.
func runSimulate(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("simulate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	file := flags.String("programme", "jilin-party-building-base", "a programme's `file`, or the name of one that the program is shipped with")
	o := simulate.Options{}
	flags.IntVar(&o.Years, "years", 100, "programme-years to live, 1 to 10,000,000")
	flags.Uint64Var(&o.Seed, "seed", 1, "everything follows from it")
	flags.IntVar(&o.Organisations, "organisations", 0, "organisations of one life, 1 to 300; 0: 6, on a database 4")
	storage := flags.String("storage", "memory", "memory: the chapters alone; sqlite: casework on a database in a temporary folder")
	asJSON := flags.Bool("json", false, "print one JSON document")
	if flags.Parse(args) != nil || flags.NArg() > 0 || o.Years < 1 || o.Years > 10_000_000 || o.Organisations < 0 || o.Organisations > 300 {
		fmt.Fprintln(stderr, "usage: shifan "+simulateUsage)
		return exitUsage
	}
	p, status := programmeOf(*file, stderr)
	if p == nil {
		return status
	}
	o.Programme = p
	switch *storage {
	case "memory":
		debug.SetGCPercent(400) // little lives and much is thrown away
		return reportSimulation(simulate.Run(o), *asJSON, stdout)
	case "sqlite":
		return simulateKept(o, *file, *asJSON, stdout, stderr)
	}
	fmt.Fprintf(stderr, "shifan simulate: no storage %q\n", *storage)
	return exitUsage
}

// simulateKept lives on a database.
func simulateKept(o simulate.Options, file string, asJSON bool, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	text, err := textOf(file)
	if err == nil {
		var r simulate.Report
		if r, err = simulate.RunKept(ctx, o, text); err == nil {
			return reportSimulation(r, asJSON, stdout)
		}
	}
	fmt.Fprintln(stderr, "shifan simulate:", err)
	return exitNot
}

func reportSimulation(r simulate.Report, asJSON bool, stdout io.Writer) int {
	if asJSON {
		if json.NewEncoder(stdout).Encode(r) != nil {
			return exitNot
		}
	} else {
		fmt.Fprintf(stdout, "%d个方案年，办理%d次，拒绝%d次，%d条不变量，摘要 %s\n", r.Years, r.Acts, r.Refusals, r.Invariants, r.Digest)
		for _, v := range r.Violations {
			fmt.Fprintln(stdout, "违反："+v)
		}
	}
	if len(r.Violations) > 0 {
		return exitNot
	}
	return exitDone
}
