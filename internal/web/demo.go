package web

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// Demo is what the demonstration adds to a site: people to enter as without a
// password, and a clock to move. Package play provides it; a real installation
// has none.
type Demo interface {
	// Roles lists the people one may enter as, in the order of the life.
	Roles() []casework.DemoRole
	// Jumps lists the instants ahead that are worth moving to, the nearest
	// first.
	Jumps(ctx context.Context) ([]casework.Milestone, error)
	// MoveTo moves the clock forward and does everything that falls due on the
	// way. It refuses to move it back.
	MoveTo(ctx context.Context, t time.Time) error
	// Scenes lists what the cast plays by itself, in the order of the years.
	Scenes() []casework.DemoScene
	// Play plays a scene and returns the path of the page that shows what became of it.
	Play(ctx context.Context, key string) (page string, err error)
}

var (
	errNoRole = fault.Define(fault.Invalid, "demo.enter.unknown", "没有这个演示角色。从列表里选一个。", "")
	errMoment = fault.Define(fault.Invalid, "demo.clock.malformed", "没有看懂要拨到的时间。写成 2021-09-14 的样子。", "")
)

// demoRoutes are there only in a demonstration.
func (s *Site) demoRoutes() []route {
	if s.options.Demo == nil {
		return nil
	}
	anyone := []stage.Role{stage.Public}
	return []route{
		{pattern: "GET /demo", allow: anyone, serve: s.showDemo},
		{pattern: "POST /demo/enter", allow: anyone, serve: s.enterDemo, form: s.showDemo},
		{pattern: "POST /demo/clock", allow: anyone, serve: s.moveClock, form: s.showDemo},
		{pattern: "POST /demo/scene", allow: anyone, serve: s.playScene, form: s.showDemo},
	}
}

// showDemo lists the people one may enter as and the clock.
func (s *Site) showDemo(w http.ResponseWriter, r *request) error {
	jumps, err := s.options.Demo.Jumps(r.Context())
	if err != nil {
		return err
	}
	var people []page.DemoPerson
	for _, d := range s.options.Demo.Roles() {
		people = append(people, page.DemoPerson{
			Key: string(d.Account) + " " + string(d.Grant.Role), Name: d.Name, Role: d.Grant.Role.Word(), Note: d.Note,
		})
	}
	return s.render(w, r, http.StatusOK, page.Demo(s.page(r, "选择角色进入演示"), s.desk.Now(), people, jumps, s.options.Demo.Scenes()))
}

// enterDemo signs somebody in without a password.
func (s *Site) enterDemo(w http.ResponseWriter, r *request) error {
	for _, d := range s.options.Demo.Roles() {
		if r.text("who") != string(d.Account)+" "+string(d.Grant.Role) {
			continue
		}
		cookie, err := s.desk.OpenSession(r.Context(), d.Account, d.Grant)
		if err != nil {
			return err
		}
		s.setCookie(w, "session", cookie, 0)
		return s.seeOther(w, r, "/work", "")
	}
	return errNoRole.At("who")
}

// moveClock moves the demonstration's clock to an instant of the list, or to
// 9:00 of a day.
func (s *Site) moveClock(w http.ResponseWriter, r *request) error {
	to, err := time.Parse(time.RFC3339, r.text("to"))
	if err != nil {
		day, err := calendar.ParseDate(r.code("day"))
		if err != nil {
			return errMoment.At("day")
		}
		to = day.Start().Add(9 * time.Hour)
	}
	if err := s.options.Demo.MoveTo(r.Context(), to); err != nil {
		return err
	}
	return s.seeOther(w, r, local(r.text("back")), "时钟已拨到"+page.Minute(to)+"。")
}

// playScene lets the cast play a scene, and shows what became of it.
func (s *Site) playScene(w http.ResponseWriter, r *request) error {
	to, err := s.options.Demo.Play(r.Context(), r.text("scene"))
	if err != nil {
		return err
	}
	return s.seeOther(w, r, local(to), "这一幕演完了，现在是"+page.Minute(s.desk.Now())+"。")
}

// demoBar is the line above every page. A page whose next milestone cannot be
// told is shown without one.
func (s *Site) demoBar(r *request) templ.Component {
	jumps, err := s.options.Demo.Jumps(r.Context())
	if err != nil {
		s.log.Warn("demo", "error", err)
	}
	back := r.URL.RequestURI()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		back = "/work"
	}
	return page.DemoBar(s.desk.Now(), jumps, back)
}
