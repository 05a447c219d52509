package page

import (
	"fmt"
	"strconv"
)

// Bar is one line of Bars: up to three parts that make a whole, and what it comes to in
// a few signs, which stands beside it.
type Bar struct {
	Word  string
	Say   string
	Parts [3]int
}

func (b Bar) whole() int { return b.Parts[0] + b.Parts[1] + b.Parts[2] }

// Picture says what a chart shows. Title and Desc are for those who do not see it; the
// figures themselves stand in a table beside it.
type Picture struct {
	ID          string // unique on the page
	Title, Desc string
	Legend      [3]string // what the parts are; an empty one is not drawn
}

// Charts are drawn in lengths of the page (rem and per cent), so that they grow with
// 大字版, fit 360 pixels, and print. Each part has its own pattern beside its colour.

// barRow and barMost are the height of a line of Bars in rem, and how much of the width
// the longest bar takes in per cent: the rest is for what it comes to.
const (
	barRow  = 3.0
	barMost = 72.0
)

// barSpan is where a part of a bar begins and how wide it is, in per cent of the picture.
type barSpan struct{ from, width string }

func barSpans(b Bar, most int) (spans [3]barSpan) {
	at := 0.0
	for i, n := range b.Parts {
		width := 0.0
		if most > 0 {
			width = barMost * float64(n) / float64(most)
		}
		spans[i] = barSpan{percent(at), percent(width)}
		at += width
	}
	return spans
}

func percent(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) + "%" }

func rem(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) + "rem" }

// mostOf is the longest of some bars.
func mostOf(bars []Bar) (most int) {
	for _, b := range bars {
		most = max(most, b.whole())
	}
	return most
}

// partFill is how a part of a picture is painted: full, hatched, dotted.
func partFill(id string, part int) string {
	switch part {
	case 1:
		return "url(#" + id + "-hatch)"
	case 2:
		return "url(#" + id + "-dots)"
	}
	return "#0052D9"
}

// ChartColumn is one column of ColumnChart: a number, and below it a word and what the
// word is part of, which may be empty.
type ChartColumn struct {
	Word, Under string
	N           int
	Mark        bool // hatched: one that stands out
}

// columnsHeight is the height of the columns in rem, without the words.
const columnsHeight = 9.0

// columnsLeast is how many columns there is room for at least: one alone is not as wide as
// the picture.
const columnsLeast = 6

// columnBox places a column: from the left, wide, from the top, high.
func columnBox(i, n, value, most int) (x, width, y, height, middle string) {
	each := 100.0 / float64(max(n, columnsLeast))
	h := 0.0
	if most > 0 {
		h = columnsHeight * float64(value) / float64(most)
	}
	return percent(each*float64(i) + each*0.12), percent(each * 0.76), rem(1.4 + columnsHeight - h), rem(h), percent(each * (float64(i) + 0.5))
}

func mostColumn(all []ChartColumn) (most int) {
	for _, c := range all {
		most = max(most, c.N)
	}
	return most
}

// perCent says thousandths as per cent: 652 as 65.2%.
func perCent(permille int) string { return fmt.Sprintf("%d.%d%%", permille/10, permille%10) }

// shareOf says the share of a part, or a dash where there is nothing to take it of.
func shareOf(permille, whole int) string {
	if whole == 0 {
		return "—"
	}
	return perCent(permille)
}
