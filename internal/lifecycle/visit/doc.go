// Package visit (实地考核) is how a team goes to one applicant, looks at papers
// and premises, talks with people, and gives a signed opinion (办法(三), S48–S51).
//
//	planned ── schedule ──► scheduled ── report ──► reported ── conclude ──► signed
//	   │                        ▲                       │                       │
//	   └── waive ──► waived     └─────────────── redo ──┴───────────────────────┘
//
// The team has a leader and at least as many members as the programme says; none
// has an interest in the organisation. The organisation is told some working
// days before and may propose another day. What was said is kept in counts, never
// by name. Every member who was there signs; who disagrees says so with the
// signature. Any later edit makes a new version and voids the signatures. An
// interest that is found later voids the whole visit: it is done again.
package visit
