// Package raters (评分人) is a second opinion on who scored what: how far people agree,
// and what scores would look like if everybody were equally strict. Nothing here decides:
// outcomes rest on the exact sums of package score alone, and what this package says
// stands beside them and never in their place.
//
// Agreement is Krippendorff's alpha (K. Krippendorff, Content Analysis, 4th ed. 2018,
// ch. 12; "Computing Krippendorff's Alpha-Reliability", 2011): 1 is complete agreement, 0
// is what chance alone would give, below 0 is systematic disagreement. It takes any
// number of raters, and things that not everybody rated.
//
// The adjusted scores come from the additive model
//
//	score of a thing by a rater = worth of the thing + strictness of the rater + chance
//
// in which strictness is shrunk towards nobody being strict, the more the less a rater's
// scores say: the best linear unbiased prediction of a random effect (C. R. Henderson,
// Biometrics 31, 1975, 423–447; G. K. Robinson, "That BLUP is a good thing", Statistical
// Science 6, 1991, 15–32), with both variances estimated from the scores themselves by
// restricted maximum likelihood (EM after Laird, Lange and Stram, JASA 82, 1987, 97–105).
// It is right only where raters met comparable things, and says nothing where they
// have too few in common: then it refuses. Miscalibration can be other than additive
// (J. Wang and N. B. Shah, "Your 2 is My 1, Your 3 is My 9", 2019).
package raters
