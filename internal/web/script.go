package web

import (
	"encoding/json"
	"net/http"

	"shifan/internal/calendar"
	"shifan/internal/fault"
)

// told is what the page's own script is told when it saves: the same act as the
// form's, the same rules, in a few words instead of a page.
type told struct {
	Say    string            `json:"say"`              // a sentence, when something is wrong
	Code   string            `json:"code,omitempty"`   // the fault's
	Fields map[string]string `json:"fields,omitempty"` // what is wrong, by field
	Saved  string            `json:"saved,omitempty"`  // 14:03
	Seen   map[string]string `json:"seen,omitempty"`   // the seals of what is kept now, by part
}

var errSession = fault.Define(fault.Forbidden, "web.session",
	"登录已超过时限。重新登录后接着保存，写好的内容留在这一页。", "制度:30分钟无操作或者满12小时退出")

// script reports whether the page's own script asks, or another client of the tus
// protocol, and not a form.
func (r *request) script() bool {
	return r.Header.Get("Accept") == "application/json" || r.Header.Get("Tus-Resumable") != ""
}

// saved answers the script that a part was saved.
func (s *Site) saved(w http.ResponseWriter, seen map[string]string) error {
	return tell(w, http.StatusOK, told{Saved: s.desk.Now().In(calendar.Zone).Format("15:04"), Seen: seen})
}

// toldOf is what the script is told of a fault; f is nil for what is no fault.
func toldOf(f *fault.Fault, say string) told {
	t := told{Say: say}
	if f != nil {
		t.Code = f.Code
		for _, field := range f.Fields {
			if t.Fields == nil {
				t.Fields = map[string]string{}
			}
			t.Fields[field.Path] = field.Say
		}
	}
	return t
}

// refuse tells the script what is wrong.
func (s *Site) refuse(w http.ResponseWriter, status int, f *fault.Fault, say string) {
	if err := tell(w, status, toldOf(f, say)); err != nil {
		s.log.Info("the reader went away", "error", err)
	}
}

func tell(w http.ResponseWriter, status int, t told) error {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(t)
}
