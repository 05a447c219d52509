// Package party (党组织) is the Party organisations that cover social
// organisations: their form, size and superior, their elections, and the terms
// that follow from them (S17, S18; facts.md §3). A Party organisation may cover
// several organisations, and an organisation may have several.
package party
