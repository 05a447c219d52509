// Package recheck (复查) is the chapter in which a title is looked at again: does
// its holder still deserve it (S68, S69)?
//
// The clock opens a recheck some days before it is due. The office starts it and
// names who looks; the holder reports on itself; an assessor compares what is
// now with the standard and with what stood at the naming, and the chair
// concludes. A recheck that is passed renews the title where the programme says
// so. One that is not leads to an order to put things right.
package recheck
