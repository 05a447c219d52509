package api

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"time"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/checklist"
	"shifan/internal/lifecycle/stage"
)

// checklistData is what a team wrote on a visit, as the token's person may see it.
type checklistData struct {
	Sitting int              `json:"sitting" doc:"which doing of the visit: what a device sends names it"`
	Now     time.Time        `json:"now" doc:"by the clock here"`
	Fields  []checklistField `json:"fields"`
	Photos  []checklistPhoto `json:"photos"`
	Most    int64            `json:"photo_most" doc:"bytes of one photo"`
}

// checklistField is a field with what stands in it: several where two wrote at once.
type checklistField struct {
	Field string          `json:"field"`
	Owner string          `json:"owner,omitempty" doc:"of a field that is somebody's own: an account; left out when it is the team's"`
	Heads []checklistHead `json:"heads" doc:"that nobody replaced"`
}

// checklistHead is what somebody wrote.
type checklistHead struct {
	ID    string    `json:"id"`
	Value string    `json:"value"`
	Who   string    `json:"who" doc:"name"`
	At    time.Time `json:"at" doc:"when it came here"`
	Taken time.Time `json:"taken_at,omitzero" doc:"when it was written, by the clock of the device"`
}

// checklistPhoto is a photo of a visit; its bytes are read as evidence.
type checklistPhoto struct {
	ID        string    `json:"id"`
	Indicator string    `json:"indicator,omitempty"`
	File      string    `json:"file,omitempty" doc:"its evidence"`
	Who       string    `json:"who" doc:"name"`
	At        time.Time `json:"at"`
}

func checklistDataOf(v casework.ChecklistView) checklistData {
	d := checklistData{Sitting: v.Sitting, Now: v.Now, Most: v.Most, Fields: []checklistField{}, Photos: each(v.Photos, func(p casework.PhotoLine) checklistPhoto {
		return checklistPhoto{string(p.ID), p.Field, string(p.File.ID), p.Name, p.At}
	})}
	for k, f := range v.Fields {
		d.Fields = append(d.Fields, checklistField{k.Field, string(k.Owner), each(f.Heads, func(e checklist.Edit) checklistHead {
			return checklistHead{string(e.ID), e.Value, v.NameOf(e.By), e.At, e.TakenAt}
		})})
	}
	slices.SortFunc(d.Fields, func(a, b checklistField) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Owner, b.Owner))
	})
	return d
}

// checklistSync is what a device brings.
type checklistSync struct {
	Device  string          `json:"device,omitempty" doc:"the device's own name for itself"`
	Clock   time.Time       `json:"clock,omitzero" doc:"the device's, when it sends"`
	Sitting int             `json:"sitting" doc:"of the visit that it has"`
	Edits   []checklistEdit `json:"edits" doc:"500 at most; what came before changes nothing"`
	sure
}

// checklistEdit is something that was written.
type checklistEdit struct {
	ID    string    `json:"id" doc:"made where it was written, so that it can be sent again"`
	Field string    `json:"field"`
	Value string    `json:"value"`
	Over  []string  `json:"over,omitempty" doc:"the heads that it replaces"`
	Taken time.Time `json:"taken_at,omitzero" doc:"by the clock of the device"`
}

// checklistSynced says what was refused, and how every field stands.
type checklistSynced struct {
	Refused []wrong `json:"refused" doc:"by the identifier of the edit"`
	checklistData
}

func (in checklistSync) sync() casework.Sync {
	return casework.Sync{Device: in.Device, Clock: in.Clock, Sitting: in.Sitting, Edits: each(in.Edits, func(e checklistEdit) checklist.Edit {
		return checklist.Edit{ID: id.Edit(e.ID), Field: e.Field, Value: e.Value, TakenAt: e.Taken, Over: each(e.Over, func(s string) id.Edit { return id.Edit(s) })}
	})}
}

// syncChecklist takes what a device brings; each edit is taken or refused for itself.
func syncChecklist(c *call, in checklistSync) (out checklistSynced, err error) {
	key := id.Visit(c.PathValue("id"))
	refused, err := c.desk.SyncVisit(c.Context(), c.Actor, key, in.sync())
	if err != nil {
		return out, err
	}
	out.Refused = []wrong{}
	for edit, why := range refused {
		f, ok := errors.AsType[*fault.Fault](why)
		if !ok {
			return out, why
		}
		out.Refused = append(out.Refused, wrong{Path: string(edit), Detail: f.Say})
	}
	slices.SortFunc(out.Refused, func(a, b wrong) int { return cmp.Compare(a.Path, b.Path) })
	v, err := c.desk.Checklist(c.Context(), c.Actor, key)
	out.checklistData = checklistDataOf(v)
	return out, err
}

// photoUpload says what the photo is that the body holds.
type photoUpload struct {
	ID        string    `query:"id" doc:"made where it was taken, so that it can be sent again"`
	Indicator string    `query:"indicator" doc:"that it shows"`
	Name      string    `query:"name" doc:"the file's name"`
	SHA256    string    `query:"sha256" doc:"of the bytes, in hex, when the device knows it"`
	Device    string    `query:"device"`
	Sitting   int       `query:"sitting"`
	Taken     time.Time `query:"taken_at" doc:"by the clock of the device"`
	Clock     time.Time `query:"clock" doc:"the device's, when it sends"`
}

// checklistRoutes are what a team writes on a visit, from whatever device.
func checklistRoutes() []route {
	reads := []stage.Role{stage.Assessor, stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	return []route{
		one("/visits/{id}/checklist", "getChecklist", "Read what a team wrote on a visit; the marks of others after one's own.", "GET /visits/{id}/deliberation", reads, func(c *call, key string) (checklistData, int64, error) {
			v, err := c.desk.Checklist(c.Context(), c.Actor, id.Visit(key))
			if err != nil {
				return checklistData{}, 0, err
			}
			return checklistDataOf(v), 0, nil
		}),
		asking("/visits/{id}/sync", "syncChecklist", "Bring what was written on a device, and read how every field stands.", "POST /visits/{id}/sync", assessor, syncChecklist).itself(),
		streaming("/visits/{id}/photos", "takePhoto", "Bring a photo of a visit; the body is its bytes.", "POST /visits/{id}/photos", assessor, func(c *call, q *photoUpload) error {
			return c.desk.TakePhoto(c.Context(), c.Actor, id.Visit(c.PathValue("id")), casework.Shot{
				ID: id.Edit(q.ID), Indicator: q.Indicator, Name: q.Name, SHA256: q.SHA256, Device: q.Device, TakenAt: q.Taken, Clock: q.Clock, Sitting: q.Sitting,
			}, io.TeeReader(c.Body, c.asked))
		}),
	}
}
