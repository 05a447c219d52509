// Package factproof (证明材料) says which files may stand beside what is known of an
// organisation: the full text of a rule of its own (S20), the picture beside a figure of the
// ledger (S28), the source of a rank (S39).
//
// Its acts are among the organisation's. What must always hold: the same bytes prove a
// section once; what was there when the office confirmed a section stays for the
// organisation to leave alone.
package factproof
