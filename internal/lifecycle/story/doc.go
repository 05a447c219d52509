// Package story is what a title's holder did well, told for everybody (先进事迹,
// 五(三) 总结经验做法, S74).
//
// A story begins with assessed evidence: what the holder said to an indicator that
// the assessment found met, and what the visit noted of it. The holder or the office
// writes it; the holder consents to the very words and pictures that are to be
// published; somebody of the office who wrote none of it reads them; the director
// publishes.
//
//	drafted ⇄ offered → reviewed → published → withdrawn
//	   │         (consent)  (four eyes)
//	   └→ discarded
//
// Nothing that was consented to changes: back in a draft, the consent is gone. The
// holder takes its consent back at any time, and a story that was public comes down
// with it. Whether a published story is shown follows from its title, whenever
// somebody looks (Standing): of a title that was withdrawn it is not, and of one that
// ended in another way it says so.
package story
