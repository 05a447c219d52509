// Package inquiry (核查) is what objections and reports of misuse have in common once
// somebody raised them: to whom they are given, what their handler may write without
// telling who raised them, and the files that were sent along.
//
// What must always hold: nobody looks into a case in which they have an interest; what
// others read does not tell who raised it; and what was sent along is kept as it came,
// looked at like every file, and shown to those alone who know who raised the case.
package inquiry
