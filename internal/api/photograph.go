package api

import (
	"io"
	"time"

	"shifan/internal/evidence"
	"shifan/internal/id"
	"shifan/internal/lifecycle/photograph"
	"shifan/internal/lifecycle/stage"
)

// photographRow is a photograph of a plaque.
type photographRow struct {
	ID          string      `json:"id"`
	State       stage.State `json:"state" doc:"shown: on the page of the plaque's code, for everybody"`
	StateWord   string      `json:"state_word"`
	Description string      `json:"description" doc:"what is to be seen"`
	Width       int         `json:"width" doc:"points"`
	Height      int         `json:"height" doc:"points"`
	Size        int64       `json:"size" doc:"bytes"`
	SHA256      string      `json:"sha256" doc:"in hex, of the picture as it is kept"`
	ByHolder    bool        `json:"by_holder" doc:"the holder offered it"`
	At          time.Time   `json:"at"`
	EndedAt     time.Time   `json:"ended_at,omitzero"`
	Reason      string      `json:"reason,omitempty" doc:"why it was declined or taken down"`
}

func photographRowOf(p photograph.Photograph) photographRow {
	return photographRow{
		string(p.ID), p.State, photograph.Kind.Word(string(p.State)), p.Description, p.Width, p.Height, p.Size, p.SHA256, p.ByHolder,
		p.At, p.EndedAt, p.Reason,
	}
}

// photographUpload names a picture and says what is to be seen.
type photographUpload struct {
	Name        string `query:"name" doc:"the file's name"`
	Description string `query:"description" doc:"what is to be seen, for those who cannot see it; everybody reads it"`
}

// photographRoutes bring and show the photographs of plaques; a plaque lists its own.
func photographRoutes() []route {
	bring, clerk := []stage.Role{stage.Clerk, stage.Applicant}, []stage.Role{stage.Clerk}
	of := func(c *call) (id.Plaque, id.Photograph) {
		return id.Plaque(c.PathValue("id")), id.Photograph(c.PathValue("photograph"))
	}
	const at, page = "/plaques/{id}/photographs/{photograph}", "/plaques/{id}/photographs/{photograph}"
	return []route{
		streaming("/plaques/{id}/photographs", "addPhotograph", "Bring a photograph of a plaque; the body is its bytes. From the office it is shown at once, from the holder once the office looked at it.", "POST /plaques/{id}/photograph", bring, func(c *call, q *photographUpload) error {
			return c.desk.AddPhotograph(c.Context(), c.Actor, id.Plaque(c.PathValue("id")), q.Name, q.Description, io.TeeReader(c.Body, c.asked))
		}),
		one(at, "getPhotograph", "Read the bytes of a photograph of a plaque.", "GET "+page, []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Chair, stage.Auditor}, func(c *call, plaque string) (raw, int64, error) {
			p, in, err := c.desk.OpenPhotograph(c.Context(), c.Actor, id.Plaque(plaque), id.Photograph(c.PathValue("photograph")))
			if err != nil {
				return raw{}, 0, err
			}
			return raw{evidence.JPG.Media(), "photograph.jpg", in, p.SHA256}, 0, nil
		}),
		act(at+"/show", "showPhotograph", "Show a photograph that the holder offered.", "POST "+page+"/show", clerk, func(c *call, _ none) error {
			plaque, key := of(c)
			return c.desk.ShowPhotograph(c.Context(), c.Actor, plaque, key)
		}),
		act(at+"/decline", "declinePhotograph", "Decline a photograph that the holder offered.", "POST "+page+"/decline", clerk, func(c *call, in reasoned) error {
			plaque, key := of(c)
			return c.desk.DeclinePhotograph(c.Context(), c.Actor, plaque, key, in.Reason)
		}),
		act(at+"/take-back", "takeBackPhotograph", "Take back a photograph that the office has not looked at, as the holder.", "POST "+page+"/take-back", []stage.Role{stage.Applicant}, func(c *call, _ none) error {
			plaque, key := of(c)
			return c.desk.TakeBackPhotograph(c.Context(), c.Actor, plaque, key)
		}),
		act(at+"/remove", "removePhotograph", "Take a photograph down.", "POST "+page+"/remove", bring, func(c *call, in reasoned) error {
			plaque, key := of(c)
			return c.desk.RemovePhotograph(c.Context(), c.Actor, plaque, key, in.Reason)
		}),
	}
}
