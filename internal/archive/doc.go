// Package archive (归档包) is the form of a round's archive package: a folder that a
// person reads with a file manager and that anybody verifies with no server and no
// database. It knows files, digests and proofs of the record, and nothing of what the
// files say.
//
// Every file but two stands in manifest.json with its size, its SHA-256 and its SM3.
// The two are the manifest itself and manifest.tlog-proof, which proves that an entry
// of the signed record names the manifest's digest. So nothing in the folder can
// change, come, go or be called otherwise without being found, down to the key that
// signed. Which key that should have been the folder cannot say: who verifies compares
// it with what they know. docs/archive-format.md says all of it, enough to write
// another verifier.
package archive
