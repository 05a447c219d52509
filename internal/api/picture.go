package api

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"shifan/internal/blob"
	"shifan/internal/casework"
	"shifan/internal/evidence"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/likeness"
)

// What pictures and packages are.
const (
	mediaPNG  = "image/png"
	mediaJPG  = "image/jpeg"
	mediaZIP  = "application/zip"
	mediaYAML = "application/yaml; charset=utf-8"
)

// base is where people reach this installation: what codes on plaques lead to.
func (o Options) base(r *http.Request) string {
	if base := strings.TrimSuffix(o.BaseURL, "/"); base != "" {
		return base
	}
	return (&url.URL{Scheme: "http", Host: r.Host}).String()
}

// onPlaques is what the codes on plaques begin with.
func (o Options) onPlaques(r *http.Request) string {
	if base := strings.TrimSuffix(o.PlaqueURL, "/"); base != "" {
		return base
	}
	return o.base(r)
}

// artworkQuery says which form of a drawing is wanted.
type artworkQuery struct {
	As string `query:"as" doc:"pdf or png; pdf when left out"`
}

var errArtworkAs = fault.Define(fault.Invalid, "api.artwork.as",
	"as 写 pdf 或者 png，现在是“%s”。", "")

// artwork is the drawing of a plaque.
func artwork(c *call, q *artworkQuery) (raw, error) {
	if q.As != "" && q.As != "pdf" && q.As != "png" {
		return raw{}, errArtworkAs.At("as", q.As)
	}
	a, err := c.desk.PlaqueArtwork(c.Context(), c.Actor, id.Plaque(c.PathValue("id")), c.options.onPlaques(c.Request))
	if err != nil {
		return raw{}, err
	}
	if q.As == "png" {
		b, err := a.PNG()
		return rawOf(mediaPNG, a.Name+".png", b), err
	}
	b, err := a.PDF()
	return rawOf(mediaPDF, a.Name+".pdf", b), err
}

// picture answers with a picture that is kept.
func picture(name, kind, sum string, in blob.File, err error) (raw, error) {
	if err != nil {
		return raw{}, err
	}
	return raw{evidence.Kind(kind).Media(), name, in, sum}, nil
}

// counted reads a number of the address, which is missing when it is none.
func counted(c *call, name string) (int, error) {
	n, err := strconv.Atoi(c.PathValue(name))
	if err != nil {
		return 0, fault.Missing()
	}
	return n, nil
}

// storySides are two stories side by side.
type storySides struct {
	Here        string          `json:"here" doc:"its title"`
	There       string          `json:"there"`
	HerePieces  []likenessPiece `json:"here_pieces"`
	TherePieces []likenessPiece `json:"there_pieces"`
}

func likenessPieceOf(p likeness.Piece) likenessPiece { return likenessPiece{p.Text, p.Shared} }

// programmeText gives the file of the version of a programme that holds now.
func programmeText(c *call, _ *none) (raw, error) {
	v, err := c.desk.Programme(c.Context(), c.Actor, id.Programme(c.PathValue("id")))
	if err != nil {
		return raw{}, err
	}
	for _, f := range v.Versions {
		if f.Number == v.Programme.Version {
			return rawOf(mediaYAML, f.Key+".yaml", []byte(f.File)), nil
		}
	}
	return raw{}, fault.Missing()
}

// pictureRoutes give what is neither text nor a table: drawings, pictures, packages.
func pictureRoutes() []route {
	register := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	holders := append([]stage.Role{stage.Applicant}, register...)
	staff := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Member, stage.Assessor, stage.Operator, stage.Auditor}
	opens := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Assessor, stage.Member, stage.Chair, stage.Auditor}
	writers := []stage.Role{stage.Applicant, stage.Clerk}
	pictures := []string{mediaJPG, mediaPNG}
	return []route{
		bytesOf("/designations/{id}/certificate", "getCertificate", "Read the certificate of a title.", "GET /designations/{id}/certificate.pdf", holders, []string{mediaPDF}, func(c *call, _ *none) (raw, error) {
			p, err := c.desk.Certificate(c.Context(), c.Actor, id.Designation(c.PathValue("id")), c.options.onPlaques(c.Request))
			return rawOf(mediaPDF, p.Name+".pdf", p.PDF), err
		}),
		bytesOf("/plaques/{id}/artwork", "getArtwork", "Read the drawing of a plaque: for a workshop, or to look at.", "GET /plaques/{id}/{drawing}", holders, []string{mediaPDF, mediaPNG}, artwork),
		bytesOf("/programmes/{id}/file", "getProgrammeFile", "Read the file of the version of a programme that holds now.", "GET /programmes/{name}/file", staff, []string{mediaYAML}, programmeText),
		bytesOf("/publicities/{id}/handover", "getHandover", "Read the package to hand over to the site that publishes.", "GET /publicities/{id}/handover.zip", register, []string{mediaZIP}, func(c *call, _ *none) (raw, error) {
			name, b, err := c.desk.HandoverZIP(c.Context(), c.Actor, id.Publicity(c.PathValue("id")), c.options.base(c.Request))
			return rawOf(mediaZIP, name, b), err
		}),
		bytesOf("/evidence/{id}/pages/{page}", "getEvidencePage", "Read a page of a file as the picture that was drawn of it.", "GET /files/{id}/pages/{page}", opens, []string{mediaJPG}, func(c *call, _ *none) (raw, error) {
			n, err := counted(c, "page")
			if err != nil {
				return raw{}, err
			}
			p, in, err := c.desk.OpenPreview(c.Context(), c.Actor, id.File(c.PathValue("id")), n)
			return picture(strconv.Itoa(n)+".jpg", string(evidence.JPG), p.SHA256, in, err)
		}),
		bytesOf("/stories/{id}/pictures/{n}", "getStoryPicture", "Read a picture of a story.", "GET /stories/{id}/pictures/{n}", append([]stage.Role{stage.Public, stage.Director}, writers...), pictures, func(c *call, _ *none) (raw, error) {
			n, err := counted(c, "n")
			if err != nil {
				return raw{}, err
			}
			kind, sum, in, err := c.desk.OpenStoryPicture(c.Context(), c.Actor, id.Story(c.PathValue("id")), n)
			return picture(strconv.Itoa(n)+"."+kind, kind, sum, in, err)
		}),
		bytesOf("/stories/{id}/choices/{file}", "getStoryChoice", "Read a picture that may be in a story.", "GET /stories/{id}/choices/{file}", writers, pictures, func(c *call, _ *none) (raw, error) {
			kind, sum, in, err := c.desk.OpenStoryChoice(c.Context(), c.Actor, id.Story(c.PathValue("id")), id.File(c.PathValue("file")))
			return picture("picture."+kind, kind, sum, in, err)
		}),
		one("/stories/{id}/compare/{other}", "compareStories", "Read two stories side by side, with the passages that both have.", "GET /stories/{id}/compare/{other}", office, func(c *call, key string) (storySides, int64, error) {
			v, err := c.desk.CompareStories(c.Context(), c.Actor, id.Story(key), id.Story(c.PathValue("other")))
			return storySides{v.Here.Story.Title, v.There.Story.Title, each(v.HerePieces, likenessPieceOf), each(v.TherePieces, likenessPieceOf)}, 0, err
		}),
	}
}

// guideRoutes are what everybody may read of a programme before there is a call.
func guideRoutes() []route {
	return []route{
		list("/guides", "listGuides", "List the programmes, for those who may want to apply.", "GET /guide", everyone, func(c *call, q *paging, _ int) ([]programmeRow, string, error) {
			all, err := c.desk.Programmes(c.Context(), stage.Anyone)
			return whole(all, err, q, func(v casework.ProgrammeView) string { return string(v.Standing.Name) }, programmeRowOf)
		}),
		one("/guides/{id}", "getGuide", "Read what a programme asks of those who apply.", "GET /guide/{name}", everyone, func(c *call, key string) (guideData, int64, error) {
			v, err := c.desk.Programme(c.Context(), stage.Anyone, id.Programme(key))
			if err != nil {
				return guideData{}, 0, err
			}
			return guideData{programmeRowOf(v), groupsOf(v.Programme.Criteria)}, 0, nil
		}),
		bytesOf("/guides/{id}/forms/{form}", "getBlankForm", "Read an empty form, to be filled in by hand.", "GET /guide/{name}/forms/{form}", everyone, []string{mediaCSV}, func(c *call, _ *none) (raw, error) {
			b, err := c.desk.BlankForm(c.Context(), id.Programme(c.PathValue("id")), c.PathValue("form"))
			return rawOf(mediaCSV, c.PathValue("form"), b), err
		}),
	}
}
