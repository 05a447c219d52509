// Package score (评分) adds up points and says what they mean by the programme's rule:
// weights, floors of groups, the pass mark, strict or inclusive.
//
// All of it is exact. An indicator with a weight adds its points × weight ÷ full points,
// a fraction that is never rounded, so that no outcome hangs on how a computer rounds
// (facts.md §9: 70分以上 and more than 70 differ by one case). What several people gave
// to one thing is told with its spread; who of them is strict is the second opinion of
// package raters.
package score
