package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"shifan/internal/evidence"
	"shifan/internal/paper/font"
)

const readerUsage = "reader --cache DIR"

// itself is the program's file, by which it starts itself again; empty in tests.
var itself string

// readerIn is the command by which the program reads files in a process of its own.
func readerIn(cache string) []string {
	if itself == "" {
		return nil
	}
	return []string{itself, "reader", "--cache", cache}
}

// runReader reads the text of files and draws their pages for a server, which starts it,
// and ends with it.
func runReader(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("reader", flag.ContinueOnError)
	flags.SetOutput(stderr)
	cache := flags.String("cache", "", "`folder` for the compiled renderer")
	if flags.Parse(args) != nil || flags.NArg() > 0 || *cache == "" {
		fmt.Fprintln(stderr, "usage: shifan "+readerUsage+"\nThe server starts it by itself.")
		return exitUsage
	}
	// What interrupts the server lets it finish its requests; this ends when its input does.
	signal.Ignore(syscall.SIGINT)
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(48 << 20) // what it holds at once is mostly less
	}
	x := &evidence.Reader{Cache: *cache, Fonts: font.StandIn()}
	if err := x.Serve(context.Background(), os.Stdin, stdout); err != nil {
		fmt.Fprintln(stderr, "shifan reader:", err)
		return exitNot
	}
	return exitDone
}
