// Package publicity (公示) makes a proposed list public for full working days, so
// that anybody may object before it takes effect.
//
// A clerk drafts the list from what the committee carried; another person
// publishes it, and sees first which days will count, by both ways of counting.
// It stands on the site that the programme names (S55), so the office also keeps
// where and when it was really posted there: the days count from the later of
// the two. The clock ends the publicity at 24:00 of its last working day (S56),
// and not before the full days were really served: an outage, a correction or a
// late posting starts them anew or adds the days that were lost, as the programme
// says, and everybody sees it. A changed arrangement of holidays moves nothing by
// itself; it is reported, and where it leaves too few days the end waits for the
// director.
//
//	drafted ──publish──▶ running ──serve──▶ served
//	   │                 ▲  │  │
//	 cancel              └──┘  └─withdraw──▶ withdrawn
//	   ▼              correct, interrupt,
//	cancelled         post, recount
//
// Each name on the list is a candidate (拟命名对象) of its own: one objection
// holds one candidate and no other (S58). Objections are the next chapter.
//
//	listed ──clear──▶ cleared        listed ──uphold──▶ upheld (异议成立)
//	                                 listed ──remove──▶ removed
//
// What must always hold: no day before the real publication counts; who drafted
// a list does not publish it; a name stands as the committee decided it (S59);
// what was published is kept word for word, with its digest.
package publicity
