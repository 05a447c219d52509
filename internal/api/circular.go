package api

import (
	"net/http"
	"strings"
	"time"

	"shifan/internal/archive"
	"shifan/internal/casework"
	"shifan/internal/door"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// circularText is what the office writes to the applicants of a round.
type circularText struct {
	Subject string `json:"subject"`
	Text    string `json:"text"`
	Seen    string `json:"seen,omitempty" doc:"what the preview gave: when those who would get it changed since, nothing is sent"`
}

// circularPreview says who would get it.
type circularPreview struct {
	Seen string       `json:"seen"`
	To   []circularTo `json:"to"`
}

// circularTo is one of those who would get it.
type circularTo struct {
	Name         string `json:"name"`
	Organisation string `json:"organisation" doc:"its name"`
	Letter       bool   `json:"letter" doc:"gets a letter too"`
}

// dryRunFile is a programme's file with something changed in it.
type dryRunFile struct {
	File string `json:"file" doc:"the programme's YAML, whole"`
}

// dryRunData is what a changed programme would have meant for a round.
type dryRunData struct {
	Changed   []string     `json:"changed" doc:"what the file says otherwise, in words"`
	Lines     []dryRunLine `json:"lines" doc:"those judged by then"`
	Differing int          `json:"differing" doc:"whose outcome would have been another"`
	Open      int          `json:"open" doc:"applications that were not judged to the end"`
	Partial   bool         `json:"partial" doc:"some are left out because of the person's interests"`
}

// dryRunLine is one application.
type dryRunLine struct {
	Application string   `json:"application"`
	Number      string   `json:"number,omitempty"`
	Name        string   `json:"name"`
	Was         []string `json:"was" doc:"what spoke against it then"`
	Would       []string `json:"would" doc:"what would have"`
	WasSum      string   `json:"was_sum,omitempty"`
	Sum         string   `json:"sum,omitempty"`
	Differs     bool     `json:"differs"`
}

func dryRunDataOf(v casework.DryRun) dryRunData {
	return dryRunData{acts(v.Changed), each(v.Lines, func(l casework.DryLine) dryRunLine {
		a := l.Application
		return dryRunLine{string(a.ID), a.Number, a.Name, acts(l.Was), acts(l.Would), l.WasSum, l.Points, l.Differs()}
	}), v.Differing(), v.Open, v.Partial}
}

// circularRoutes write to the applicants of a round, try a changed programme on it, and
// give its archive package.
func circularRoutes() []route {
	key := func(c *call) id.Round { return id.Round(c.PathValue("id")) }
	return []route{
		asking("/rounds/{id}/circular/preview", "previewCircular", "Ask who would get what the office writes to the applicants of a round.", "POST /rounds/{id}/circular/preview", office, func(c *call, in circularText) (circularPreview, error) {
			v, err := c.desk.PreviewCircular(c.Context(), c.Actor, key(c), in.Subject, in.Text)
			return circularPreview{v.Seen, each(v.To, func(a casework.Addressee) circularTo { return circularTo{a.Name, a.Of, a.Letter} })}, err
		}),
		act("/rounds/{id}/circular", "writeCircular", "Write to the applicants of a round, as the preview showed them.", "POST /rounds/{id}/circular", office, func(c *call, in circularText) error {
			_, err := c.desk.WriteCircular(c.Context(), c.Actor, key(c), in.Subject, in.Text, in.Seen)
			return err
		}),
		asking("/rounds/{id}/dry-run", "dryRunProgramme", "Ask what a changed programme would have meant for a round. Nothing of it is kept.", "POST /rounds/{id}/dry-run", []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}, func(c *call, in dryRunFile) (dryRunData, error) {
			v, err := c.desk.TryProgramme(c.Context(), c.Actor, key(c), []byte(in.File))
			return dryRunDataOf(v), err
		}),
		sending("/rounds/{id}/archive", "archiveRound", "Read the archive package of a round, a ZIP that is written as it is sent; the record says so. A connection that ends early is a package that is not whole.", "POST /rounds/{id}/archive", director, "application/zip", sendArchive),
	}
}

// packing is how long an archive package may be on its way: 20 GB at 30 Mbit/s.
const packing = 90 * time.Minute

// sendArchive writes the package as it is made. What goes wrong on the way ends the
// connection.
func sendArchive(c *call, w http.ResponseWriter, begin func(name string)) error {
	round, err := c.desk.MayArchive(c.Context(), c.Actor, id.Round(c.PathValue("id")))
	if err != nil {
		return err
	}
	defer door.Patient(w, packing)()
	name := archive.Safe(strings.TrimSpace(round.Title) + " 归档包")
	begin(name + ".zip")
	z := archive.NewZip(w, name)
	if _, err = c.desk.ArchiveRound(c.Context(), c.Actor, round.ID, z); err == nil {
		err = z.Done()
	}
	return err
}
