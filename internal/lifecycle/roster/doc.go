// Package roster (名册) is how the office brings in what it has in lists: the
// organisations of its register, and what authorities decided about them. A file
// is uploaded, every row is judged and shown, and a clerk confirms: then all of it
// is done at once, or nothing.
//
// A row is judged by the rules of the acts that it stands for (organisation.Register,
// Amend, Rename, Edit), so that nothing comes in by a list that could not come in
// by a form. What a row says already is left alone: the same file again changes
// nothing.
//
//	uploaded ──▶ applied | discarded
package roster
