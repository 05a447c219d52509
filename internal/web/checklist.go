package web

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/checklist"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

func (s *Site) checklistRoutes() []route {
	team := []stage.Role{stage.Assessor}
	office := []stage.Role{stage.Clerk, stage.Director}
	reads := []stage.Role{stage.Assessor, stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	return []route{
		{pattern: "GET /visits/{id}/checklist", allow: team, serve: s.askChecklist},
		{pattern: "POST /visits/{id}/checklist", allow: team, serve: s.saveChecklist, form: s.askChecklist},
		{pattern: "POST /visits/{id}/sync", allow: team, serve: s.syncChecklist},
		{pattern: "POST /visits/{id}/photos", allow: team, serve: s.takePhotos, form: s.askChecklist, streams: true},
		{pattern: "GET /visits/{id}/deliberation", allow: reads, serve: s.showDeliberation},
		{pattern: "GET /visits/{id}/send-back", allow: office, serve: s.askVisitBack},
		{pattern: "POST /visits/{id}/send-back", allow: office, serve: s.sendVisitBack, form: s.askVisitBack},
		{pattern: "GET /offline", allow: everyone, serve: s.showOffline},
	}
}

// checklistPage draws a page of the checklist of the address.
func (s *Site) checklistPage(r *request, title string, draw func(page.Frame, casework.ChecklistView) error) error {
	v, err := s.desk.Checklist(r.Context(), r.Actor, visitOf(r))
	if err != nil {
		return err
	}
	return draw(s.page(r, title, visitsLink, page.Link{Word: v.Application.Name, URL: "/visits/" + string(v.Visit.ID)}), v)
}

// askChecklist shows the checklist, also of a visit that takes nothing more: a device may
// still hold what it could not send.
func (s *Site) askChecklist(w http.ResponseWriter, r *request) error {
	return s.checklistPage(r, "考核单", func(f page.Frame, v casework.ChecklistView) error {
		return s.render(w, r, http.StatusOK, page.Checklist(f, v, r.Actor))
	})
}

// saveChecklist is the checklist without script: the fields that were changed on the
// page become edits, over what the page showed.
func (s *Site) saveChecklist(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Checklist(r.Context(), r.Actor, visitOf(r))
	if err != nil {
		return err
	}
	sitting, err := r.number("sitting")
	if err != nil {
		return err
	}
	in := casework.Sync{Sitting: sitting, Clock: s.desk.Now()}
	paths := map[id.Edit]string{}
	for _, field := range append(checklist.TeamFields(), checklist.OwnFields(v.Indicators())...) {
		if _, sent := r.PostForm[field]; !sent {
			continue
		}
		over := edits(r.FormValue("heads." + field))
		value := r.text(field)
		if r.FormValue("choose") != field && value == shownThen(v, checklist.Mine(field, r.Actor.Account), over, r.FormValue("was."+field)) {
			continue // nobody touched it on this page
		}
		e := checklist.Edit{ID: id.New[id.Edit](s.rand()), Field: field, Value: value, Over: over, TakenAt: s.desk.Now()}
		in.Edits, paths[e.ID] = append(in.Edits, e), field
	}
	refused, err := s.desk.SyncVisit(r.Context(), r.Actor, visitOf(r), in)
	if err != nil {
		return err
	}
	var wrong []*fault.Fault
	for key, why := range refused {
		f, ok := errors.AsType[*fault.Fault](why)
		if !ok {
			return why
		}
		wrong = append(wrong, &fault.Fault{Kind: f.Kind, Code: f.Code, Say: f.Say, Basis: f.Basis, Fields: []fault.Field{{Path: paths[key], Say: f.Say}}})
	}
	if err := fault.All(wrong...); err != nil {
		return err
	}
	return s.seeOther(w, r, r.URL.Path, "考核单已保存。")
}

// shownThen is what a field said on the page that a form was sent from.
func shownThen(v casework.ChecklistView, key checklist.Key, over []id.Edit, was string) string {
	f := v.Fields[key]
	for _, e := range append(f.Heads, f.Past...) {
		if len(over) > 0 && e.ID == over[0] {
			return e.Value
		}
	}
	return was
}

func edits(s string) (all []id.Edit) {
	for _, one := range strings.Fields(s) {
		all = append(all, id.Edit(one))
	}
	return all
}

// sent is an edit as a device sends it.
type sent struct {
	ID    id.Edit   `json:"id"`
	Field string    `json:"field"`
	Value string    `json:"value"`
	Over  []id.Edit `json:"over"`
	Taken int64     `json:"taken"` // ms since 1970, by the clock of the device
}

var errEdits = fault.Define(fault.Invalid, "checklist.sync.body", "上传的记录读不出来。重新打开考核单再上传一次。", "")

// syncChecklist takes what a device brings, and tells it how every field stands.
func (s *Site) syncChecklist(w http.ResponseWriter, r *request) error {
	var all []sent
	text := r.FormValue("edits")
	if text != "" && json.Unmarshal([]byte(text), &all) != nil {
		return errEdits.New()
	}
	sitting, err := r.number("sitting")
	if err != nil {
		return err
	}
	in := casework.Sync{Device: shorten(r.text("device")), Clock: clockOf(r), Sitting: sitting}
	for _, e := range all {
		in.Edits = append(in.Edits, checklist.Edit{ID: e.ID, Field: e.Field, Value: e.Value, Over: e.Over, TakenAt: time.UnixMilli(e.Taken).UTC()})
	}
	refused, err := s.desk.SyncVisit(r.Context(), r.Actor, visitOf(r), in)
	if err != nil {
		return err
	}
	v, err := s.desk.Checklist(r.Context(), r.Actor, visitOf(r))
	if err != nil {
		return err
	}
	return s.tellChecklist(w, v, refused, in.Clock.Sub(v.Now))
}

// clockOf is the time that the device says it is; ours when it says none.
func clockOf(r *request) time.Time {
	ms, err := strconv.ParseInt(r.FormValue("clock"), 10, 64)
	if err != nil || ms < 0 || ms > 1e14 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// head is what somebody wrote in a field, as a device keeps it.
type head struct {
	ID    id.Edit `json:"id"`
	Value string  `json:"value"`
	Who   string  `json:"who"`
	At    string  `json:"at"`
}

// synced is the answer to a device.
type synced struct {
	Saved   string             `json:"saved"`
	Fields  map[string][]head  `json:"fields"`
	Refused map[id.Edit]string `json:"refused,omitempty"`
	Clock   string             `json:"clock,omitempty"` // when the clock of the device is far off
	Photos  []id.Edit          `json:"photos,omitempty"`
}

func (s *Site) tellChecklist(w http.ResponseWriter, v casework.ChecklistView, refused map[id.Edit]error, ahead time.Duration) error {
	t := synced{Saved: page.Minute(v.Now), Fields: map[string][]head{}, Refused: map[id.Edit]string{}}
	mine := id.Account("")
	if v.Mine != nil {
		mine = v.Mine.Account
	}
	for k, f := range v.Fields {
		if k.Owner != "" && k.Owner != mine {
			continue // others' marks have their own page
		}
		for _, e := range f.Heads {
			t.Fields[k.Field] = append(t.Fields[k.Field], head{e.ID, e.Value, v.NameOf(e.By), page.Minute(e.At)})
		}
	}
	for key, why := range refused {
		f, ok := errors.AsType[*fault.Fault](why)
		if !ok {
			return why
		}
		t.Refused[key] = f.Say
	}
	if checklist.Off(ahead) {
		t.Clock = "手机的时间" + page.Ahead(ahead) + "。记录按平台收到的时间排先后，手机的时间另外记下。"
	}
	for _, p := range v.Photos {
		t.Photos = append(t.Photos, p.ID)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	return json.NewEncoder(w).Encode(t)
}

// photoForm bounds what stands before the picture in a form.
const photoForm = 1 << 10

// takePhotos takes the photos of a form as they come. What says which photo it is stands
// before it.
func (s *Site) takePhotos(w http.ResponseWriter, r *request) error {
	defer r.patient(w)()
	r.Body = http.MaxBytesReader(w, r.Body, s.desk.Files.Room.Filled().Application)
	parts, err := r.MultipartReader()
	if err != nil {
		return errBody.New()
	}
	said, taken := map[string]string{}, 0
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errBody.New()
		}
		if p.FileName() == "" {
			b, err := io.ReadAll(io.LimitReader(p, photoForm))
			if err != nil {
				return errBody.New()
			}
			said[p.FormName()] = string(b)
			continue
		}
		if err := s.desk.TakePhoto(r.Context(), r.Actor, visitOf(r), s.shot(said, p.FileName()), p); err != nil {
			return atField(err, "file")
		}
		taken++
	}
	switch {
	case taken == 0:
		return errNoFile.At("file")
	case r.script():
		return s.saved(w, nil)
	}
	return s.seeOther(w, r, "/visits/"+r.PathValue("id")+"/checklist", "照片已上传。")
}

func (s *Site) shot(said map[string]string, name string) casework.Shot {
	ms := func(name string) time.Time {
		n, err := strconv.ParseInt(said[name], 10, 64)
		if err != nil || n < 0 || n > 1e14 {
			return time.Time{}
		}
		return time.UnixMilli(n).UTC()
	}
	sitting, _ := strconv.Atoi(said["sitting"]) //nolint:errcheck // none: the first
	shot := casework.Shot{
		ID: id.Edit(said["id"]), Indicator: said["indicator"], Name: name, SHA256: said["sha256"], Device: shorten(said["device"]),
		TakenAt: ms("taken"), Clock: ms("clock"), Sitting: sitting,
	}
	if shot.ID == "" { // of a form without script
		shot.ID, shot.TakenAt = id.New[id.Edit](s.rand()), s.desk.Now()
	}
	return shot
}

func (s *Site) showDeliberation(w http.ResponseWriter, r *request) error {
	return s.checklistPage(r, "组内合议", func(f page.Frame, v casework.ChecklistView) error {
		return s.render(w, r, http.StatusOK, page.Deliberation(f, v, r.Actor))
	})
}

func (s *Site) askVisitBack(w http.ResponseWriter, r *request) error {
	return s.visitPage(r, "退回考核意见", func(f page.Frame, v casework.VisitView) error {
		return s.askReason(w, r, f, page.Reason{
			Title: "退回考核意见", Below: v.Application.Name, Label: "退回的意见", Button: "退回考核组", Audience: "考核组、办公室和主任委员。",
			Warn: "已有的签署作废。考核组修改后重新提交，全组重新签署。",
		}, "/visits/"+string(v.Visit.ID))
	})
}

func (s *Site) sendVisitBack(w http.ResponseWriter, r *request) error {
	if err := s.desk.SendVisitBack(r.Context(), r.Actor, visitOf(r), r.text("reason")); err != nil {
		return err
	}
	return s.toVisit(w, r, "考核意见已退回考核组。")
}

// showOffline is what a browser shows of itself when there is no network.
func (s *Site) showOffline(w http.ResponseWriter, r *request) error {
	f := s.page(r, "没有网络")
	f.Script, f.Offline = s.script, s.offline
	return s.render(w, r, http.StatusOK, page.Offline(f))
}
