package web

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"shifan/internal/blob"
	"shifan/internal/casework"
	"shifan/internal/evidence"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/story"
	"shifan/internal/web/page"
)

// worksWithStories lists the roles that work with stories; the others read what is
// public.
var worksWithStories = []stage.Role{stage.Applicant, stage.Clerk, stage.Director}

func (s *Site) storyRoutes() []route {
	anybody := append([]stage.Role{stage.Public}, worksWithStories...)
	write := []stage.Role{stage.Applicant, stage.Clerk}
	office := []stage.Role{stage.Clerk, stage.Director}
	return []route{
		{pattern: "GET /stories", allow: anybody, serve: s.listStories, kept: true},
		{pattern: "GET /stories/new", allow: write, serve: s.askStory},
		{pattern: "POST /stories/new", allow: write, serve: s.draftStory, form: s.askStory},
		{pattern: "GET /stories/{id}", allow: anybody, serve: s.showStory, kept: true},
		{pattern: "GET /stories/{id}/pictures/{n}", allow: anybody, serve: s.sendStoryPicture, kept: true},
		{pattern: "GET /stories/{id}/choices/{file}", allow: write, serve: s.sendStoryChoice},
		{pattern: "GET /stories/{id}/edit", allow: write, serve: s.askEditStory},
		{pattern: "POST /stories/{id}/edit", allow: write, serve: s.editStory, form: s.askEditStory},
		{pattern: "GET /stories/{id}/offer", allow: applicantsOnly, serve: s.askOfferStory},
		{pattern: "POST /stories/{id}/offer", allow: applicantsOnly, serve: s.offerStory, form: s.askOfferStory},
		{pattern: "POST /stories/{id}/reclaim", allow: applicantsOnly, serve: s.reclaimStory, form: s.workStory},
		{pattern: "POST /stories/{id}/discard", allow: write, serve: s.discardStory, form: s.workStory},
		{pattern: "POST /stories/{id}/pass", allow: clerks, serve: s.passStory, form: s.workStory},
		{pattern: "POST /stories/{id}/send-back", allow: office, serve: s.sendBackStory, form: s.workStory},
		{pattern: "POST /stories/{id}/publish", allow: directorsOnly, serve: s.publishStory, form: s.workStory},
		{pattern: "POST /stories/{id}/withdraw", allow: directorsOnly, serve: s.withdrawStory, form: s.workStory},
		{pattern: "GET /stories/{id}/compare/{other}", allow: office, serve: s.compareStories},
	}
}

var storiesLink = page.Link{Word: "先进事迹", URL: "/stories"}

// storiesMost is how many stories a page lists.
const storiesMost = 50

func storyOf(r *request) id.Story { return id.Story(r.PathValue("id")) }

// asPublic reads a page as everybody does when its reader asks for that.
func (r *request) asPublic() {
	if r.FormValue("public") == "yes" {
		r.Actor = stage.Anyone
	}
}

func (s *Site) listStories(w http.ResponseWriter, r *request) error {
	r.asPublic()
	states, state, query := caseFilter(r)
	if r.Actor.Role == stage.Public {
		states, state = nil, ""
	}
	rows, err := s.desk.Stories(r.Context(), r.Actor, casework.StoryFilter{States: states, Query: query, After: id.Story(r.FormValue("after")), Limit: storiesMost})
	if err != nil {
		return err
	}
	next := ""
	if len(rows) == storiesMost {
		q := url.Values{"after": {string(rows[len(rows)-1].Story.ID)}}
		for name, v := range map[string]string{"q": query, "state": state, "public": r.FormValue("public")} {
			if v != "" {
				q.Set(name, v)
			}
		}
		next = "/stories?" + q.Encode()
	}
	if r.inside() {
		return s.render(w, r, http.StatusOK, page.Stories(s.page(r, "先进事迹"), rows, r.Actor, state, query, next))
	}
	return s.sendPage(w, r, page.PublicStories(s.page(r, "先进事迹"), rows, query, next))
}

// sendPage sends a page that holds nothing but what is public, with a tag by which a
// reader that has it already is told so.
func (s *Site) sendPage(w http.ResponseWriter, r *request, c templ.Component) error {
	var b bytes.Buffer
	if err := c.Render(r.Context(), &b); err != nil {
		return err
	}
	return s.send(w, r, "text/html; charset=utf-8", b.Bytes())
}

func (s *Site) showStory(w http.ResponseWriter, r *request) error {
	r.asPublic()
	v, err := s.desk.Story(r.Context(), r.Actor, storyOf(r))
	if err != nil {
		return err
	}
	if v.Inside && r.inside() {
		return s.render(w, r, http.StatusOK, page.Story(s.page(r, v.Story.Title, storiesLink), v, r.Actor))
	}
	title := v.Story.Title
	if !v.Standing.Shown {
		title = "已撤下"
	}
	return s.sendPage(w, r, page.PublicStory(s.page(r, title, storiesLink), v))
}

// workStory shows a story to who works with it, after an act was refused.
func (s *Site) workStory(w http.ResponseWriter, r *request) error {
	return s.aStory(r, "", "", func(f page.Frame, v casework.StoryView) error {
		return s.render(w, r, http.StatusOK, page.Story(f, v, r.Actor))
	})
}

// aStory draws a page of the story of the address for who works with it; one for an act
// only to who may take it now.
func (s *Site) aStory(r *request, title, act string, draw func(page.Frame, casework.StoryView) error) error {
	v, err := s.desk.Story(r.Context(), r.Actor, storyOf(r))
	if err != nil {
		return err
	}
	if !v.Inside {
		return fault.Missing()
	}
	above := []page.Link{storiesLink}
	if title == "" {
		title = v.Story.Title
	} else {
		above = append(above, page.Link{Word: v.Story.Title, URL: "/stories/" + string(v.Story.ID)})
	}
	if act != "" && r.form.Fault == nil {
		if _, err := story.Kind.Step(v.Story.State, act, r.Actor.Role); err != nil {
			return err
		}
	}
	return draw(s.page(r, title, above...), v)
}

func (s *Site) askStory(w http.ResponseWriter, r *request) error {
	f := s.page(r, "起草先进事迹", storiesLink)
	if key := id.Designation(r.FormValue("designation")); key != "" {
		v, err := s.desk.StoryMaterials(r.Context(), r.Actor, key)
		if err != nil {
			return err
		}
		return s.render(w, r, http.StatusOK, page.NewStory(f, nil, v, r.Actor))
	}
	titles, err := s.desk.TitlesToTell(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.NewStory(f, titles, casework.StoryMaterials{}, r.Actor))
}

var errNoTitle = fault.Define(fault.Invalid, "story.draft.designation", "没有选称号。选一个有效的称号。", "")

func (s *Site) draftStory(w http.ResponseWriter, r *request) error {
	title := id.Designation(r.text("designation"))
	if title == "" {
		return errNoTitle.At("designation")
	}
	key, err := s.desk.DraftStory(r.Context(), r.Actor, title, r.all("materials"))
	if err != nil {
		return err
	}
	return s.seeOther(w, r, "/stories/"+string(key)+"/edit", "草稿已建立。带入的文字要改写成一篇完整的事迹。")
}

func (s *Site) askEditStory(w http.ResponseWriter, r *request) error {
	return s.aStory(r, "修改先进事迹", "edit", func(f page.Frame, v casework.StoryView) error {
		return s.render(w, r, http.StatusOK, page.EditStory(f, v))
	})
}

func (s *Site) editStory(w http.ResponseWriter, r *request) error {
	c := story.Content{Title: r.text("title"), Text: r.text("text")}
	for _, key := range r.all("pictures") {
		c.Pictures = append(c.Pictures, story.Picture{File: id.File(key), Describes: r.text("describes." + key), Caption: r.text("caption." + key)})
	}
	if err := s.desk.EditStory(r.Context(), r.Actor, storyOf(r), r.version(), c); err != nil {
		return err
	}
	return s.toStory(w, r, "草稿已保存。下面是读者将看到的样子。")
}

func (s *Site) toStory(w http.ResponseWriter, r *request, say string) error {
	return s.seeOther(w, r, "/stories/"+r.PathValue("id"), say)
}

func (s *Site) askOfferStory(w http.ResponseWriter, r *request) error {
	return s.aStory(r, "同意公开并送审", "offer", func(f page.Frame, v casework.StoryView) error {
		return s.render(w, r, http.StatusOK, page.OfferStory(f, v))
	})
}

func (s *Site) offerStory(w http.ResponseWriter, r *request) error {
	if err := s.desk.OfferStory(r.Context(), r.Actor, storyOf(r), r.version(), r.yes("agreed"), r.yes("persons")); err != nil {
		return err
	}
	return s.toStory(w, r, "已同意公开并送审。下一步由办公室审核。")
}

func (s *Site) reclaimStory(w http.ResponseWriter, r *request) error {
	if err := s.desk.ReclaimStory(r.Context(), r.Actor, storyOf(r), r.version()); err != nil {
		return err
	}
	return s.toStory(w, r, "同意已撤回。")
}

func (s *Site) discardStory(w http.ResponseWriter, r *request) error {
	if err := s.desk.DiscardStory(r.Context(), r.Actor, storyOf(r), r.version()); err != nil {
		return err
	}
	return s.toStory(w, r, "草稿已放弃。")
}

func (s *Site) passStory(w http.ResponseWriter, r *request) error {
	if err := s.desk.PassStory(r.Context(), r.Actor, storyOf(r), r.version()); err != nil {
		return err
	}
	return s.toStory(w, r, "审核已通过。下一步由办公室负责人发布。")
}

func (s *Site) sendBackStory(w http.ResponseWriter, r *request) error {
	if err := s.desk.SendBackStory(r.Context(), r.Actor, storyOf(r), r.version(), r.text("reason")); err != nil {
		return err
	}
	return s.toStory(w, r, "已退回修改。")
}

func (s *Site) publishStory(w http.ResponseWriter, r *request) error {
	if err := s.desk.PublishStory(r.Context(), r.Actor, storyOf(r), r.version()); err != nil {
		return err
	}
	return s.toStory(w, r, "已发布，所有人都可以读到。")
}

func (s *Site) withdrawStory(w http.ResponseWriter, r *request) error {
	if err := s.desk.WithdrawStory(r.Context(), r.Actor, storyOf(r), r.version(), r.text("reason")); err != nil {
		return err
	}
	return s.toStory(w, r, "已撤下。")
}

func (s *Site) compareStories(w http.ResponseWriter, r *request) error {
	v, err := s.desk.CompareStories(r.Context(), r.Actor, storyOf(r), id.Story(r.PathValue("other")))
	if err != nil {
		return err
	}
	above := page.Link{Word: v.Here.Story.Title, URL: "/stories/" + string(v.Here.Story.ID)}
	return s.render(w, r, http.StatusOK, page.CompareStories(s.page(r, "并排比对", storiesLink, above), v))
}

// sendStoryPicture shows a picture of a story.
func (s *Site) sendStoryPicture(w http.ResponseWriter, r *request) error {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return fault.Missing()
	}
	kind, sum, in, err := s.desk.OpenStoryPicture(r.Context(), r.Actor, storyOf(r), n)
	if err != nil {
		return err
	}
	return sendPicture(w, r, kind, sum, in)
}

// sendStoryChoice shows a picture that may be in a story.
func (s *Site) sendStoryChoice(w http.ResponseWriter, r *request) error {
	kind, sum, in, err := s.desk.OpenStoryChoice(r.Context(), r.Actor, storyOf(r), id.File(r.PathValue("file")))
	if err != nil {
		return err
	}
	return sendPicture(w, r, kind, sum, in)
}

// sendPicture shows a picture, and nothing that it might hold besides.
func sendPicture(w http.ResponseWriter, r *request, kind, sum string, in blob.File) error {
	defer in.Close()
	h := w.Header()
	h.Set("Content-Type", evidence.Kind(kind).Media())
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", `"`+sum+`"`)
	http.ServeContent(w, r.Request, "", time.Time{}, in)
	return nil
}
