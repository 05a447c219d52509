// Package figure puts what was known of a holder when its title was named beside what is
// known now (S69): the conditions, each judged by the standard of the naming and by
// today's, and the numbers of the ledger. What was known then is what is known now with
// the later changes undone.
package figure
