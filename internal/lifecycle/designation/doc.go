// Package designation (称号) is the title that naming brings into being: who holds
// it, from when to when, and every way in which it can end (S15, S66, S73).
//
//	(naming) ─▶ valid ◄──restore── rectifying ─▶ revoked ──reinstate─▶ valid
//	             │ │ └──order_rectification─▶┘
//	             │ └── renew, keep: a recheck passed
//	             └─▶ expired | returned | dissolved | succeeded | abolished
//
// What must always hold: a title has one holder and, where the programme says
// so, one last day, on whose 24:00 it ends; the name is that of the decision and
// never changes (S59), the current one is shown beside it; what ended stays
// readable with its history (S75). Recheck, rectification and revocation are
// chapters of their own and move the title by their outcomes. A successor holds
// the title only by a decision of the committee, for the time that remains (S73).
package designation
