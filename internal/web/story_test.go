package web_test

import (
	"net/http"
	"strings"
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestStoriesForEverybody: the list and a story without login and script, with a tag;
// a draft is nobody's; what comes down says why, and its words are gone.
func TestStoriesForEverybody(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.At("2021-06-21")
	title := w.Designation()
	key := w.StoryOffered(title)
	at := "/stories/" + string(key)
	public, stranger := w.Browser(stage.Anyone), w.Browser(w.ApplicantOf(w.Organisation()))
	public.Get("/stories").Want(200, "还没有发布先进事迹")
	public.Get(at).Want(404)
	starts := func(by stage.Actor, want bool) {
		t.Helper()
		if p := w.Browser(by).Get("/designations/" + string(title)).Want(200); strings.Contains(p.Body, "/stories/new?designation="+string(title)) != want {
			t.Errorf("%s: the start of a story is on the title's page: %v", by.Role, !want)
		}
	}
	starts(w.HolderOf(title), false) // one is on its way
	stranger.Get(at).Want(404)
	stranger.Get(at + "/edit").Want(404)
	clerk, director, holder := w.Browser(w.Office().Clerk), w.Browser(w.Office().Director), w.Browser(w.HolderOf(title))
	clerk.Get(at).Want(200, "审核时看", "把培训办到车间", "审核通过")
	clerk.Post(at+"/send-back", "reason", "", "version", "3").Want(422, "退回的理由没有写")
	clerk.Follow(clerk.Post(at+"/pass", "version", "3")).Want(200, "下一步由办公室负责人发布")
	clerk.Post(at+"/pass", "version", "3").Want(409)
	director.Follow(director.Post(at+"/publish", "version", "4")).Want(200, "已发布")

	p := public.Get(at).Want(200, "党员带头，把培训办到车间", "一、把培训办到车间", "326名从业人员")
	if !strings.Contains(p.Body, "<h2>一、把培训办到车间</h2>") || strings.Contains(p.Body, "审核时看") || strings.Contains(p.Body, "<form") {
		t.Errorf("%s", p.Words())
	}
	public.Get("/stories").Want(200, "党员带头，把培训办到车间")
	public.Get("/").Want(200, "全部先进事迹")
	if !strings.Contains(public.Get("/feed.atom").Body, at) {
		t.Error("it is not in the feed")
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.Server()+at, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("If-None-Match", p.Header.Get("ETag"))
	if again := public.Do(r); again.Status != http.StatusNotModified {
		t.Errorf("again: %d, tag %q", again.Status, p.Header.Get("ETag"))
	}
	stranger.Get(at).Want(200, "把培训办到车间")
	starts(w.HolderOf(title), true)
	starts(w.Office().Clerk, true)
	starts(w.Office().Director, false)
	starts(w.ApplicantOf(w.Organisation()), false)
	starts(stage.Anyone, false)
	holder.Get(at+"?public=yes").Want(200, "把培训办到车间")
	holder.Follow(holder.Post(at+"/reclaim", "version", "5")).Want(200, "同意已撤回")
	if p := public.Get(at).Want(200, "已撤下", "撤回了公开的同意"); strings.Contains(p.Body, "326名") {
		t.Error("its words are still there")
	}
	public.Get("/stories").Want(200, "还没有发布先进事迹")
}

// TestAStoryByItsPages: written in a form that keeps what was typed.
func TestAStoryByItsPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.At("2021-06-21")
	title := w.Designation()
	holder := w.Browser(w.HolderOf(title))
	holder.Get("/stories/new").Want(200, w.TitleOf(title).Number)
	holder.Post("/stories/new", "designation", "").Want(422, "没有选称号")
	edit := holder.Post("/stories/new", "designation", string(title)).Location
	at := strings.TrimSuffix(edit, "/edit")
	holder.Post(edit, "version", "1", "title", "办培训", "text", "联系电话13800001234。").Want(422, "138****1234", "联系电话13800001234")
	holder.Follow(holder.Post(edit, "version", "1", "title", "办培训", "text", "三年办了12期。")).Want(200, "草稿已保存", "三年办了12期")
	holder.Get(at+"/offer").Want(200, "三年办了12期", "本单位同意")
	holder.Post(at+"/offer", "version", "2", "agreed", "yes").Want(422, "文中和图片里的个人")
	holder.Follow(holder.Post(at+"/offer", "version", "2", "agreed", "yes", "persons", "yes")).Want(200, "下一步由办公室审核", "撤回同意")
}
