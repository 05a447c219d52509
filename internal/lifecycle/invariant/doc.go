// Package invariant says what must be true of everything after every act, each
// in a named sentence with the clause or promise it keeps.
//
// A rule of a chapter looks at one act and refuses it; an invariant looks at what
// stands afterwards, whoever did what in which order. The store checks those of
// what a change touched before it commits, in production too, and refuses the
// change; simulate checks all of them after every act of thousands of years.
//
// Those that look at several things side by side are in the package together, those of
// signed documents and their numbers in the chapter of documents (document.Promises).
package invariant
