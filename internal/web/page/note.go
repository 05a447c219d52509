package page

import (
	"net/url"
	"strconv"

	"shifan/internal/casework"
	"shifan/internal/chars"
	"shifan/internal/id"
)

// NotesURL is the page of the notes beside an indicator, or beside a file under it.
func NotesURL(key id.Review, indicator string, o id.File) string {
	q := url.Values{}
	if indicator != "" {
		q.Set("indicator", indicator)
	}
	if o != "" {
		q.Set("file", string(o))
	}
	at := reviewURL(key) + "/notes"
	if len(q) > 0 {
		at += "?" + q.Encode()
	}
	return at
}

// noteURL leads to where a note stands.
func noteURL(key id.Review, n casework.NoteLine) string {
	at := NotesURL(key, n.Indicator, n.File)
	if n.Page > 0 && n.FileName != "" {
		return at + "#page-" + strconv.Itoa(n.Page)
	}
	return at + "#note-" + string(n.ID)
}

// notePlace says where a note stands.
func notePlace(n casework.NoteLine) string {
	switch {
	case n.Indicator == "":
		return "整件申报"
	case n.File == "":
		return "指标" + n.Indicator
	case n.FileName == "":
		return "指标" + n.Indicator + "，已移除的文件"
	case n.Page == 0:
		return "指标" + n.Indicator + "，" + n.FileName
	}
	return "指标" + n.Indicator + "，" + n.FileName + "第" + strconv.Itoa(n.Page) + "页"
}

// notesHere lists the notes of a place: of its page, or all when page is -1.
func notesHere(v casework.ReviewView, at NotePlace, page int) (all []casework.NoteLine) {
	for _, n := range v.NotesAt(at.Indicator.Code) {
		if (at.File.ID == "" || n.File == at.File.ID) && (page < 0 || n.Page == page) {
			all = append(all, n)
		}
	}
	return all
}

func notesBelow(v casework.ReviewView, at NotePlace) string {
	below := v.Application.Name + "，" + v.Application.Number
	if at.Indicator.Code != "" {
		below += "；指标" + at.Indicator.Code + " " + at.Indicator.Title
	}
	return below
}

// noteAnchor is where on the page of the review a place stands.
func noteAnchor(at NotePlace) string {
	if at.Indicator.Code == "" {
		return ""
	}
	return "#answer-" + at.Indicator.Code
}

func pageHint(f casework.File) string {
	if f.Pages > 0 {
		return "1到" + strconv.Itoa(f.Pages) + "；说整个文件的，留空。"
	}
	return "说整个文件的，留空。"
}

// shortNote is the beginning of a note, by which its button is known.
func shortNote(s string) string { return chars.Cut(s, 12) }
