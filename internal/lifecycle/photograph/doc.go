// Package photograph (牌匾照片) is how a plaque looks, so that whoever scans its code can
// compare what hangs on the wall (S16). The office adds one, or the holder offers one that
// the office looks at first: what is shown stands on the public page of the code.
//
//	(holder) offered ──show──▶ shown ──replace──▶ replaced
//	            │ └──decline─▶ declined │
//	            └─take_back▶ removed ◀──┘
//
// What must always hold: at most one is shown of a plaque; none is shown that the office did
// not look at, nor without words for those who cannot see it; what is kept and shown is drawn
// anew from what was sent, the right way up and without what it said of place and camera;
// nothing is ever erased from the history.
package photograph
