// Package election (无记名表决) is a secret ballot of a meeting that anyone can
// recount (S54; facts.md §7). What is encrypted, proved and decrypted is package
// ballot's; the figures' meaning is the chapter ballot's; here stands who does what,
// and when.
//
//	prepared ─▶ registered ─▶ voting ─▶ closed ─▶ tallied ─▶ resolved
//	    └───────────┴───────────┴─────────┴──────────┴──▶ void
//
// The trustees made a key (chapter ceremony). The chair prepares an election of items for each distinct set of
// those who may vote; a set of fewer than five is refused, because its figures
// would tell what single members said. The registrar makes a credential for each
// voter on the own device and hands it over on paper; the server gets the public
// halves in an order that says nothing. Members encrypt in their browsers, may vote
// again until the close, and the last counts. Then the trustees decrypt the sums.
//
// A voter and a ballot are held together only while voting runs, by a key that the
// close forgets; ballots keep the hour and no finer time.
package election
