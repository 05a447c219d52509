// Package countsheet is the scan of the sheet on which the paper ballots on an item, or of a
// ranking of several, were counted (计票单扫描件): who may put it there, until when, and that no result of paper
// ballots is declared without one.
//
// Two scrutineers count, each for themselves, and sign one sheet. The scan stands for the
// figures that they agreed on when it came; where they count again and come to others, the
// sheet of the first count does not do any more. None is ever taken away.
package countsheet
