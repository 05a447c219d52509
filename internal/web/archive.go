package web

import (
	"net/http"
	"time"

	"shifan/internal/archive"
	"shifan/internal/door"
	"shifan/internal/id"
)

// packing is how long an archive package may be on its way: 20 GB at 30 Mbit/s.
const packing = 90 * time.Minute

// sendArchive sends a round's archive package as a ZIP, which is written as it is sent.
// What goes wrong on the way ends the connection: a browser says that the download
// failed, and what it has is no ZIP.
func (s *Site) sendArchive(w http.ResponseWriter, r *request) error {
	round, err := s.desk.MayArchive(r.Context(), r.Actor, id.Round(r.PathValue("id")))
	if err != nil {
		return err
	}
	defer door.Patient(w, packing)()
	name := archive.Safe(round.Title + " 归档包")
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", disposition(name+".zip", "zip"))
	z := archive.NewZip(w, name)
	if _, err = s.desk.ArchiveRound(r.Context(), r.Actor, round.ID, z); err == nil {
		err = z.Done()
	}
	if err != nil {
		s.log.Error("an archive package was not sent whole", "round", round.ID, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}
