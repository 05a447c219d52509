// Package ballot (表决) is the arithmetic of a committee's vote: what share is
// enough, what figures are possible, what they mean, and who is within the places
// (S54; facts.md §7). It has no states of its own; the chapters meeting and item
// use it.
//
// Shares are compared by multiplying whole numbers, never by dividing: of 16, 8
// is not more than half and is at least half; two thirds of 31 is 21.
//
// How a secret ballot is cast, proved and opened is another matter, and no part
// of this package.
package ballot
