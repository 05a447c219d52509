// Command shifan runs the whole life of a recognition programme: the server,
// the demonstration, and the checks that anyone can repeat without it.
//
// Exit status: 0 done, or the thing checked holds; 1 the thing checked does not
// hold; 2 wrong usage; 3 the answer cannot be known yet. Answers go to standard
// output, messages to standard error.
package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	_ "time/tzdata" // a bare machine has no zone files
)

// The exit statuses.
const (
	exitDone    = 0
	exitNot     = 1
	exitUsage   = 2
	exitUnknown = 3
)

// command is one word after "shifan".
type command struct {
	name  string
	usage string
	run   func(args []string, stdout, stderr io.Writer) int
}

// commands lists what the binary does, in the order of the help.
func commands() []command {
	return []command{
		{"archive", archiveUsage, runArchive},
		{"backup", backupUsage, runBackup},
		{"ballot", ballotUsage, runBallot},
		{"calendar", calendarUsage, runCalendar},
		{"demo", demoUsage, runDemo},
		{"designation", designationUsage, runDesignation},
		{"draw", drawUsage, runDraw},
		{"play", playUsage, runPlay},
		{"serve", serveUsage, runServe},
		{"programme", programmeUsage, runProgramme},
		{"organisation", organisationUsage, runOrganisation},
		{"user", userUsage, runUser},
		{"site", siteUsage, runSite},
		{"simulate", simulateUsage, runSimulate},
		{"record", recordUsage, runRecord},
		{"restore", restoreUsage, runRestore},
		{"credential", credentialUsage, runCredential},
		{"openapi", "openapi", runOpenAPI},
		{"paper", paperUsage, runPaper},
		{"reader", readerUsage, runReader},
		{"version", "version", runVersion},
	}
}

func main() {
	itself, _ = os.Executable() //nolint:errcheck // without it this process reads files itself
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run finds the command and runs it.
func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		help(stderr)
		return exitUsage
	}
	if slices.Contains([]string{"help", "-h", "--help"}, args[0]) {
		help(stdout)
		return exitDone
	}
	for _, c := range commands() {
		switch {
		case c.name != args[0]:
		case slices.Contains(args[1:], "-h") || slices.Contains(args[1:], "--help"):
			explain(c, stdout)
			return exitDone
		default:
			return c.run(args[1:], stdout, stderr)
		}
	}
	fmt.Fprintf(stderr, "shifan: no command %q\n\n", args[0])
	help(stderr)
	return exitUsage
}

// explain prints a command's usage and its flags.
func explain(c command, w io.Writer) {
	var said strings.Builder
	c.run([]string{"--help"}, io.Discard, &said)
	usage := "usage: shifan " + c.usage + "\n"
	fmt.Fprint(w, usage, strings.ReplaceAll(said.String(), usage, ""))
}

func help(w io.Writer) {
	fmt.Fprintln(w, "usage: shifan COMMAND … (shifan COMMAND --help says its flags)")
	for _, c := range commands() {
		fmt.Fprintln(w, "  shifan "+c.usage)
	}
	fmt.Fprintln(w, "Commands that read data take --data DIR (default ./data) or --database-url postgres://….")
	fmt.Fprintln(w, "Exit status: 0 done, or it holds; 1 it does not hold; 2 wrong usage; 3 it cannot be known yet.")
}
