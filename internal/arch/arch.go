// Package arch keeps the shape of the program: who may import whom, what the
// pure floors may not touch, how large things may grow, and that the documents
// which name code name code that exists. It holds nothing but tests.
package arch
