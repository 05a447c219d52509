// Package ballot is the cryptography of a secret ballot that anyone can verify:
// the message format of Belenios 2.0, version 1 of its election object, as the
// program belenios-tool 2.0 writes and reads it. Where the specification's text
// and the program differ, the program decides.
//
// # What is kept secret from whom
//
// Every answer is a 0 or 1, encrypted to the trustees' common key y by exponential
// ElGamal in a subgroup of prime order: (alpha, beta) = (g^r, y^r·g^m). A ballot
// proves in zero knowledge that each answer is 0 or 1 and that their number is
// allowed, and is signed with the voter's credential. Nobody decrypts a ballot:
// the ciphertexts of one answer are multiplied, which adds the votes, and only
// that product is decrypted, by trustees of whom a threshold has to agree. Each
// trustee proves that its part is right. Whoever has the archive recomputes all
// of it: Verify.
//
// Promised: eligibility, one ballot a credential (the last counts), secrecy unless
// a threshold of trustees collude, and that the tally is of the ballots in the
// archive. Not promised: secrecy of a unanimous result, and freedom from coercion.
//
// # What Verify asks beyond the program
//
// belenios-tool accepts an archive in which ballots follow the end of voting, an
// encrypted tally is not that of the ballots, a result number is off by a
// multiple of the group's order, or the same ballot stands twice. Verify refuses
// all of these, and every number that is not written in its one plain form.
//
// # Constant time
//
// Exponents that are secret (a credential's, a trustee's, the randomness of a
// ciphertext) pass through math/big, whose Exp is not constant-time for all
// moduli. Ballots are therefore encrypted in the voter's browser, and trustees'
// parts computed on the trustee's own machine; this package handles secrets on a
// server only in rehearsals and tests.
//
// Everything is pure: bytes in, bytes out; randomness comes in as Random.
package ballot
