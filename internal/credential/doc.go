// Package credential makes and checks the credential of a designation: a Verifiable
// Credential 2.0 that is an AchievementCredential of Open Badges 3.0, signed twice
// (eddsa-rdfc-2022 and eddsa-jcs-2022), with one entry in a Bitstring Status List
// and a did:web issuer whose retired keys stay listed. Bytes in, bytes out: it reads
// no clock, no file and no network, and randomness comes in as an io.Reader.
//
// A credential is what Claims says and nothing else, so its N-Quads are written by
// hand for that one shape (docs/decisions/2026-11-30-credentials.md); the tests hold
// them against a full JSON-LD processor. See docs/credential-format.md.
package credential
