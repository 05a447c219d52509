// Package artwork draws what hangs on a wall: the plaque, print-ready, and the
// certificate.
//
// A Plaque or a Certificate says what is on it; Draw lays it out once, in millimetres,
// and gives a Drawing. PDF writes the drawing down for a workshop: true size, with a
// bleed, crop marks outside the trim, and every character as an outline, so that no
// machine needs a font. PNG paints the same outlines for a screen.
//
//	Plaque ──Draw──▶ Drawing ──PDF──▶ for the workshop
//	                         └─PNG──▶ to look at, and to try the code with a phone
//
// What must hold: the same words give the same bytes; every character is drawn or the
// drawing is refused with the characters' names; nothing lies outside its place: a text
// that is too long is set smaller and in more lines, down to what the eye reads from two
// steps away, and refused below that; the code has 29 × 29 modules and its quiet zone.
// Nothing looks like a seal or an emblem of the state or the Party: those are not ours to
// draw.
package artwork
