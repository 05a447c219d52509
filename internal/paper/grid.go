package paper

// The page of GB/T 9704-2012, in mm.
const (
	pageWidth, pageHeight = 210.0, 297.0 // A4 (5.1)
	top                   = 37.0         // 天头 (5.2.1)
	binding               = 28.0         // 订口 (5.2.1)
	textWidth, textHeight = 156.0, 225.0 // 版心 (5.2.1)
	perLine, perPage      = 28, 22       // characters a line, lines a page (5.2.3)
	cell                  = textWidth / perLine
	pitch                 = textHeight / perPage
	titlePitch            = pitch * 1.1 // of a title of several lines

	markTop     = 35.0                  // the name of the office, below the upper edge of the text (7.2.4)
	underNo     = 4.0                   // from the number down to the red line (7.2.7)
	redLine     = 0.5                   // how thick; the standard says nothing
	noBelow     = 7.0                   // from the lower edge of the text to the dash of the page number (7.5)
	thick       = 0.35                  // first and last rule of the imprint (7.4.1)
	thin        = 0.25                  // rules between (7.4.1), and of tables
	letterTop   = 30.0                  // the name in the letter form, from the paper's edge (10.1)
	letterWide  = 170.0                 // its double lines (10.1)
	underDouble = three * point * 7 / 8 // from the double line down to the number (10.1)
	letterFoot  = 20.0                  // the second, from the lower edge of the paper (10.1)
)

// The double lines of a letter, in mm: their strokes and what is between; the standard
// says nothing.
const (
	thickRed, betweenRed, thinRed = 0.8, 0.6, 0.3
	double                        = thickRed + betweenRed + thinRed
)

// Sizes of type in points: 二号, 三号, 四号, 小四, 五号, 小五.
const (
	two, three, four, smallFour, five, smallFive = 22.0, 16.0, 14.0, 12.0, 10.5, 9.0
)

const (
	point = 25.4 / 72 // mm in a point
	rise  = 0.88      // of an em, from its upper edge to the line that characters stand on
)

// red is the colour of the head.
var red = [3]float64{0.78, 0.05, 0.05}
