package main

import (
	"fmt"
	"io"

	"shifan/internal/lifecycle/roster"
)

const designationUsage = "designation import FILE [--dry-run] [--skip-bad-rows] [--json] [--data DIR]"

// runDesignation brings in the titles that were given outside the system.
func runDesignation(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 && args[0] == "import" {
		return importList(roster.Designations.Name, designationUsage, args[1:], stdout, stderr)
	}
	fmt.Fprintln(stderr, "usage: shifan "+designationUsage)
	return exitUsage
}
