package main

import (
	"fmt"
	"io"

	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/format"
	"shifan/programmes"
)

// programmeOf reads a programme's file, or one that the program is shipped with
// by its name. What is wrong with it is printed as FILE:LINE:COL: message.
func programmeOf(file string, out io.Writer) (*programme.Programme, int) {
	text, err := textOf(file)
	if err != nil {
		fmt.Fprintf(out, "%v。\n", err)
		return nil, exitUsage
	}
	p, problems := format.Read(text)
	for _, wrong := range problems {
		fmt.Fprintf(out, "%s:%s\n", file, wrong)
	}
	if len(problems) > 0 {
		return nil, exitNot
	}
	return p, exitDone
}

// textOf returns the text of a programme's file, or of one that the program is
// shipped with.
func textOf(file string) ([]byte, error) {
	if text, ok := programmes.Text(file); ok {
		return text, nil
	}
	return readFile(file)
}
