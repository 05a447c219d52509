// Package revocation (撤销) is the chapter in which a title is withdrawn (S64,
// S72): proposed for a stated ground, announced to its holder, who is heard,
// decided by the committee, open to one appeal, and then final.
//
// Nothing is decided before the holder was heard or let the time for it pass.
package revocation
