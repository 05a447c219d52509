package api

import (
	"io"
	"strconv"

	"shifan/internal/evidence"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// sheetUpload names the scan of a count sheet.
type sheetUpload struct {
	Name string `query:"name" doc:"the file's name"`
}

// rankingNumber is the number of a ranking in an address; 0, which none has, where it is none.
func rankingNumber(c *call) int {
	n, err := strconv.Atoi(c.PathValue("n"))
	if err != nil {
		return 0
	}
	return n
}

// countSheetRoutes bring and give the scans of how paper ballots were counted.
func countSheetRoutes() []route {
	key := func(c *call) id.Item { return id.Item(c.PathValue("id")) }
	return []route{
		streaming("/ballots/{id}/sheet", "attachCountSheet", "Bring the scan of the signed count sheet; the body is its bytes.", "POST /items/{id}/sheet", []stage.Role{stage.Scrutineer, stage.Clerk}, func(c *call, q *sheetUpload) error {
			return c.desk.AttachCountSheet(c.Context(), c.Actor, key(c), q.Name, io.TeeReader(c.Body, c.asked))
		}),
		one("/ballots/{id}/sheets/{sheet}", "getCountSheet", "Read the bytes of a scan of a count sheet.", "GET /items/{id}/sheets/{sheet}", seesMeetings, func(c *call, of string) (raw, int64, error) {
			s, _, in, err := c.desk.OpenCountSheet(c.Context(), c.Actor, id.Item(of), id.CountSheet(c.PathValue("sheet")))
			if err != nil {
				return raw{}, 0, err
			}
			return raw{evidence.Kind(s.Kind).Media(), s.Name, in, s.SHA256}, 0, nil
		}),
		streaming("/meetings/{id}/rankings/{n}/sheet", "attachRankingSheet", "Bring the scan of the signed count sheet of a ranking; the body is its bytes.", "POST /meetings/{id}/rankings/{n}/sheet", []stage.Role{stage.Scrutineer, stage.Clerk}, func(c *call, q *sheetUpload) error {
			return c.desk.AttachRankingSheet(c.Context(), c.Actor, id.Meeting(c.PathValue("id")), rankingNumber(c), q.Name, io.TeeReader(c.Body, c.asked))
		}),
		one("/meetings/{id}/rankings/{n}/sheets/{sheet}", "getRankingSheet", "Read the bytes of a scan of a ranking's count sheet.", "GET /meetings/{id}/rankings/{n}/sheets/{sheet}", seesMeetings, func(c *call, of string) (raw, int64, error) {
			s, _, in, err := c.desk.OpenRankingSheet(c.Context(), c.Actor, id.Meeting(of), rankingNumber(c), id.CountSheet(c.PathValue("sheet")))
			if err != nil {
				return raw{}, 0, err
			}
			return raw{evidence.Kind(s.Kind).Media(), s.Name, in, s.SHA256}, 0, nil
		}),
	}
}
