// Package rectification (整改) is the chapter in which a holder is told what to
// put right and by when (S70, S71).
//
// The chair orders it; serving the order starts the time. The holder reports
// item by item before the time is over, once extended if need be. Whoever then
// verifies says whether it worked, and the committee decides, because "not
// evident" (效果不明显) is a judgement. A holder who reports nothing has failed,
// and the clock says so.
package rectification
