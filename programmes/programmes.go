// Package programmes is the folder of programmes that the program is shipped
// with: a folder each with its programme.yaml and blank forms, and beside them
// the JSON Schema that every programme's file is checked against. An editor
// reads the same file: see docs/programme-format.md.
package programmes

import (
	"embed"
	"io/fs"
)

//go:embed programme.schema.json */programme.yaml */forms/*
var files embed.FS

// Schema returns the JSON Schema of a programme's file.
func Schema() []byte {
	b, err := files.ReadFile("programme.schema.json")
	if err != nil {
		panic(err) // it is embedded
	}
	return b
}

// Names lists the programmes that the program is shipped with, in order.
func Names() (all []string) {
	paths, err := fs.Glob(files, "*/programme.yaml")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for _, p := range paths {
		all = append(all, p[:len(p)-len("/programme.yaml")])
	}
	return all
}

// Text returns the file of the programme with the given name, or false.
func Text(name string) ([]byte, bool) {
	b, err := files.ReadFile(name + "/programme.yaml")
	return b, err == nil
}

// Form returns a blank form of the programme with the given name, or false.
func Form(name, form string) ([]byte, bool) {
	b, err := files.ReadFile(name + "/forms/" + form)
	return b, err == nil
}
