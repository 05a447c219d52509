// Package objection (异议) is what anybody may raise against one candidate of a
// publicity, and what the office makes of it.
//
// An objection arrives on the web, by letter, by telephone or in person, signed
// with a real name or for a unit where the programme asks for that. The office
// opens a case, the director assigns somebody without an interest, who asks the
// organisation for its word without telling who objected, and concludes. An
// unfounded objection is answered and counts as none (S58). A founded one goes
// back to the committee, which upholds or overrules it. One that comes after the
// last second, or unsigned where a name is asked for, is a report (举报) and holds
// nobody up. The objector may withdraw; the facts are looked into all the same.
//
//	received ──admit──▶ admitted ──assign──▶ investigating
//	   │                                    │           │
//	transfer                         conclude_unfounded conclude_founded
//	   ▼                                    ▼           ▼
//	transferred                         unfounded     founded
//	                                        │         │     │
//	                                     answer   overrule uphold
//	                                        ▼         ▼     ▼
//	                                    answered ◀── overruled, upheld
//	                                            answer
//
// What must always hold: who objected is known to those who handle the case and
// to nobody else, never to the organisation concerned; one objection holds only
// its own candidate; nobody handles a case in which they have an interest; the
// organisation is heard before an objection is found to hold.
package objection
