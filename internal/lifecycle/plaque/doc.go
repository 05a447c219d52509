// Package plaque (牌匾) is the thing on the wall: ordered when the naming is issued,
// handed over, and taken back when the title is withdrawn (S16, S60, S72). Each
// one bears a verification code (核验码) of its own, so that anybody can ask what
// the title behind it is worth today.
//
//	ordered ─hand_over─▶ handed_over ─report_lost─▶ lost ─reissue─▶ replaced
//	   └─cancel─▶ cancelled    │ ▲                    └─find─▶ handed_over
//	                           │ └── reissue (worn) ─▶ replaced
//	                           └─recall─▶ recalled ─hand_back─▶ returned
//
// What must always hold: no plaque before the naming; a title without a plaque is
// valid (S60); a plaque that takes another's place has a new code, so that the
// lost one never passes for it; nothing on a plaque names a person.
package plaque
