// Package misuse (滥用线索) is what anybody may tell the office about a plaque or a title
// that somebody uses as they may not: a forged plaque, one that hangs elsewhere, a title
// that is used to charge money or that ended long ago (五(二) 动态管理).
//
// A report is about the title behind a verification code. It comes by the form on the page of
// that code, or by letter, by telephone or in person, and then a clerk enters it who has no
// interest in the holder. It may be unsigned. The director gives it to a clerk without an interest in the holder, who notes what was looked into and
// says how it ended, and what the reporter is told. When the holder itself did it, the title
// is rechecked at once: the act that finds so raises a trigger.
//
//	received ──assign──▶ investigating ──find──────▶ founded
//	                          │      └─────dismiss──▶ unfounded
//	                          └────────────refer────▶ referred
//
// What must always hold: who reported is known to the handler by name and to nobody else;
// nobody handles a report about a holder to whom they are tied; what others read does not
// tell who reported; a report is settled once.
package misuse
