package main

import (
	"fmt"
	"io"
	"os"

	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/format"
	"shifan/programmes"
)

// programmeOf reads a programme's file, or one that the program is shipped with
// by its name. What is wrong with it is printed as FILE:LINE:COL: message.
func programmeOf(file string, stdout io.Writer) (*programme.Programme, int) {
	text, err := textOf(file)
	if err != nil {
		fmt.Fprintf(stdout, "%s: 读不到这个文件：%v\n", file, err)
		return nil, exitUsage
	}
	p, problems := format.Read(text)
	for _, wrong := range problems {
		fmt.Fprintf(stdout, "%s:%s\n", file, wrong)
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
	return os.ReadFile(file)
}
