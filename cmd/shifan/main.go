// Command shifan runs the whole life of a recognition programme.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "shifan: no command")
	os.Exit(2)
}
