// Package credential (电子凭证) is the file that says a title is held, which anybody can
// check without asking us. It follows the title: issued when the title begins,
// replaced when what it says changed (a renewal, a new name), revoked when the title
// ends before its time, expired with it (S15, S72, S75). A title has one that stands,
// or none.
//
//	issued ─replace─▶ replaced      (and another is issued)
//	   ├────revoke──▶ revoked
//	   └────expire──▶ expired
//
// What must always hold: an entry of a status list is given once; its bit is set when
// the credential is replaced or revoked and never cleared; what a credential says and
// by which key it is signed is in the record before anything is signed.
//
// How a credential is written and signed is the ground's credential package. The keys
// (签名密钥) have a machine of their own: one signs, the others are retired and stay
// listed.
package credential
