package main

import (
	"fmt"
	"io"

	"shifan/internal/api"
)

// runOpenAPI prints the description of the API, which the server serves too.
func runOpenAPI(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		fmt.Fprintln(stderr, "usage: shifan openapi")
		return exitUsage
	}
	if _, err := stdout.Write(api.Document()); err != nil {
		fmt.Fprintln(stderr, "shifan openapi:", err)
		return exitNot
	}
	return exitDone
}
