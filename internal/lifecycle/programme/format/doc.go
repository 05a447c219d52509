// Package format reads a programme's file, programme.yaml.
//
// Read checks it against the JSON Schema of the folder programmes, fills in the
// defaults that stand there, and then applies the rules of the package check.
// It tells everything that is wrong at once, each thing with its line and
// column, the line itself, and a sentence that names the field, the cause and
// the mend.
//
// The schema is the one table of the format: names in words, bounds, defaults,
// and under "x-honoured" the values that the engine acts on today. Any other
// value there is refused, never ignored.
package format
