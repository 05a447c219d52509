// Package naming (命名) is the decision that makes titles: after the publicity the
// office drafts the list, two persons release it one after the other, and it is
// issued under a document number (办法(六); S58, S59).
//
//	drafted ──release──▶ released ──issue──▶ issued
//	   ▲  └──cancel──▶ cancelled ◄──┘ │
//	   └───────────send_back──────────┘
//
// What must always hold: nobody is named whose full working days were not served,
// against whom an objection is open or upheld, or whom no decision of the
// committee supports; this is asked when the list is drafted, at every release
// and again when it is issued. The list prints the names of the decision, with
// the present one beside it where that has changed. Document numbers run without
// a gap in a register of the agency's word and the year; a number is taken when
// the document is issued, and one that came to nothing stays void (facts.md §6).
package naming
