// Package pdf writes PDF files (ISO 32000-1) of text, lines and codes: fonts
// embedded as subsets, every character findable, an outline, the language, and a
// structure that reading machines follow. The same calls give the same bytes.
//
// It knows nothing of layout. Lengths are points of 1/72 inch, places are from the
// lower left corner of the page.
package pdf
