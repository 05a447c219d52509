// Package document (发文) is what the office and the issuer sent out under their names: the
// register of document numbers, and each official document as it was signed (签发).
//
// Before it is signed a document is a draft, made anew of what is kept whenever somebody
// asks. Signing fixes its bytes, as PDF and as DOCX: whoever asks afterwards gets those.
//
//	prepared ──sign──▶ signed ──supersede──▶ superseded
//	                     └──────void───────▶ void
//
// Most documents are signed by the act that issues them, in the act's own change: publishing
// a call signs the call. Others somebody signs. Only documents of which all readers read one
// text are signed: what differs by reader (an objection's answer with or without the
// objector's name, the papers of each member) is made for each reader.
//
// What must always hold: of a thing one document of a sort is in force; what was signed never
// changes, a correction supersedes it; the numbers of a word and a year follow one another
// without a gap, none is given twice, and a void one is not given again.
package document
