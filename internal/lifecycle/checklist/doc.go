// Package checklist (考核单) is what the members of a team write down at the place,
// each on a telephone of their own that mostly has no network, and how it becomes one
// (办法(三), S49–S51).
//
// Nothing that was written is changed: every edit of a field stays, with who wrote it,
// on which device and when. An edit names the edits that its writer had before their
// eyes and replaces. What a field says is the edits that nobody replaced: one, or
// several that people wrote without knowing of each other. Those that say different
// things are a conflict, which is shown with both, and which a person ends by an edit
// that replaces them all. So the outcome depends on what was written and never on the
// order in which it arrived, and the same edit sent twice is one.
//
// Fields are of two sorts: the team's (what was seen, how many people said what), which
// everybody may write, and each member's own (that they came, and their marks), which
// nobody else writes. The mark of another member on an indicator is seen by who has
// given their own on it.
//
// The clock of the device is kept with what was written and decides nothing.
package checklist
