// Package schema is the JSON Schema of a programme's file as the program reads
// it: programmes/programme.schema.json, the one table of the format. Beside what
// JSON Schema itself says it holds the names in words ("title"), the words of
// each value ("enumDescriptions", "x-words", "x-say", "x-zero"), the defaults that
// facts.md §10 gives, and the values that the engine acts on today ("x-honoured"). "x-unless" names the
// setting beside which there is no default, "x-example" how a missing one is written.
package schema
