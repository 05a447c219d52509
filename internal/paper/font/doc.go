// Package font reads TrueType fonts: which characters one has, how wide they are,
// and a copy of it that holds only the glyphs that a document uses.
//
// Nothing of a font is read before it is needed, and its outlines never stand in
// memory as a whole: a Chinese font has fifteen megabytes of them and a page uses
// two hundred glyphs. Only TrueType outlines (glyf) are understood; a font with
// PostScript outlines (CFF) is refused.
//
// The fonts themselves are build products: make assets puts them into assets, and
// the program embeds what is there. A program that was built without them works,
// and says so when a document is to be set.
package font
