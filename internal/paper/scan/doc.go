// Package scan reads the codes at the foot of a print edition from what a scanner or
// a camera made of it: a picture, or a PDF that holds one picture a page.
//
// Nothing it is given is trusted. Pictures are measured before they are decoded, a
// PDF is never interpreted: only the pictures in it are looked for, which the
// format keeps as streams that stand in the open. A PDF that holds no pictures, or
// pictures of a kind that office scanners hardly make (JBIG2, JPEG 2000), has pages
// that are not read, and says so.
package scan
