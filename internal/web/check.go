package web

import (
	"net/http"

	"shifan/internal/chars"
	"shifan/internal/web/page"
)

// lookOver puts a page between a form and an act that cannot be undone. It reports
// whether it showed one: the text once more, or the form again for who wants to change
// it. A text that the act would refuse goes straight to the act, which says why.
func lookOver(w http.ResponseWriter, r *request, text string, most int, check func() error, form func(http.ResponseWriter, *request) error) (bool, error) {
	switch {
	case r.FormValue("confirm") == "edit":
		r.form = page.Form{Values: r.PostForm}
		return true, form(w, r)
	case r.yes("confirm") || text == "" || chars.Count(text) > most:
		return false, nil
	}
	return true, check()
}
