// Package web is the door for people: pages in Chinese, drawn on the server,
// usable without script. It translates requests into acts and views of
// casework and decides nothing itself.
//
// Every route stands in a list with the roles that may use it; a handler returns
// an error, and one place turns errors into pages. How to add a page:
// docs/recipes/add-a-page.md.
package web

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	tus "github.com/tus/tusd/v2/pkg/handler"

	"shifan/internal/casework"
	"shifan/internal/door"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// Options is how an installation presents itself. The zero value works.
type Options struct {
	Name    string // the site's name; 示范创建管理平台 when empty
	Owner   string // 主办单位
	Contact string // 咨询电话 and hours
	Records string // 网站标识码, ICP备案, 公安备案
	Notice  string // a last line of the footer
	BaseURL string // how people reach it; https makes cookies Secure
	// PlaqueURL is what the codes on plaques lead to; empty: BaseURL.
	PlaqueURL string
	Proxies   []netip.Prefix // whose X-Forwarded-For is believed
	Log       *slog.Logger   // nil: the default

	// Demo is there in a demonstration only: roles to enter as, a clock to move.
	Demo Demo
}

// Site is the door. Make one with New.
type Site struct {
	desk              *casework.Desk
	options           Options
	secure            bool
	log               *slog.Logger
	files             map[string]asset // static files by URL
	css               string           // URL of the stylesheet
	icon              string
	script            string // URL of the script; pages work without it
	ballot, balloting string // URLs of the scripts of secret ballots: what they compute, and their pages
	lots              string // URL of the script that recomputes a draw
	offline           string // URL of the script that keeps checklists on a device
	worker            []byte // the service worker, which keeps the pages of checklists
	library           string // URL of the script that sends files piece by piece; "": it was not built in
	tus               *tus.UnroutedHandler
	all               []route
	mux               *http.ServeMux
	limit             *door.Limiter

	kept      keeping   // what visitors without an account get
	own       sync.Once // makes ownSecret, which seals forms of no session
	ownSecret [32]byte
	attaching *door.Limiter // the same for files that come along with what is open
	objecting *door.Limiter // slows down whoever sends in objections one after another
}

// route is one line of the list: a pattern of http.ServeMux, who may use it,
// and what it does. A route that names stage.Public needs no login; for others a
// visitor is sent to the login page, and an account without one of the roles
// gets the page 403.
//
// form names the page that an act (POST) was sent from. When the act is refused
// because of its input, the rules or a conflict, that page is shown again with
// the error summary and everything that was typed; without it there is an error
// page. streams says that the act reads what was sent by itself, piece by piece.
type route struct {
	pattern string
	allow   []stage.Role
	serve   func(http.ResponseWriter, *request) error
	form    func(http.ResponseWriter, *request) error
	streams bool
	kept    bool
	most    int64 // bytes that a form may send; 0: formMost
}

// Policies says by pattern which roles may use each route of this door, so that the
// other door can be compared with it.
func Policies() map[string][]stage.Role {
	s, all := &Site{}, map[string][]stage.Role{}
	for _, rt := range s.routes() {
		all[rt.pattern] = rt.allow
	}
	return all
}

// routes is the one list of what the door serves. Each chapter adds its line.
func (s *Site) routes() []route {
	return slices.Concat(
		s.frameRoutes(),
		s.accountRoutes(),
		s.tokenRoutes(),
		s.messageRoutes(),
		s.webhookRoutes(),
		s.circularRoutes(),
		s.templateRoutes(),
		s.accountsRoutes(),
		s.demoRoutes(),
		s.programmeRoutes(),
		s.roundRoutes(),
		s.interestRoutes(),
		s.applicationRoutes(),
		s.evidenceRoutes(),
		s.uploadRoutes(),
		s.intakeRoutes(),
		s.paperRoutes(),
		s.calendarRoutes(),
		s.operationRoutes(),
		s.recordRoutes(),
		s.organisationRoutes(),
		s.rosterRoutes(),
		s.ledgerRoutes(),
		s.reviewRoutes(),
		s.likenessRoutes(),
		s.visitRoutes(),
		s.drawRoutes(),
		s.planRoutes(),
		s.checklistRoutes(),
		s.scoreRoutes(),
		s.calibrationRoutes(),
		s.statisticRoutes(),
		s.tabulationRoutes(),
		s.meetingRoutes(),
		s.itemRoutes(),
		s.countSheetRoutes(),
		s.electionRoutes(),
		s.rankingRoutes(),
		s.recheckRoutes(),
		s.rectificationRoutes(),
		s.revocationRoutes(),
		s.namingRoutes(),
		s.designationRoutes(),
		s.plaqueRoutes(),
		s.credentialRoutes(),
		s.publicityRoutes(),
		s.objectionRoutes(),
		s.misuseRoutes(),
		s.attachmentRoutes(),
		s.photographRoutes(),
		s.documentRoutes(),
		s.storyRoutes(),
	)
}

// New returns the door on a desk.
func New(desk *casework.Desk, o Options) http.Handler {
	s := site(desk, o)
	var h http.Handler = http.HandlerFunc(s.dispatch)
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(s.crossSite))
	return door.Headers(s.secure, s.rescue(cross.Handler(h)))
}

// site makes what answers, without what stands before it.
func site(desk *casework.Desk, o Options) *Site {
	if o.Name == "" {
		o.Name = "示范创建管理平台"
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	s := &Site{desk: desk, options: o, secure: strings.HasPrefix(o.BaseURL, "https:"), log: o.Log}
	s.limit = &door.Limiter{Burst: 20, Every: 30 * time.Second, Now: s.wall()}
	s.objecting = objectionLimit(s.wall())
	s.attaching = objectionLimit(s.wall())
	s.loadFiles()
	s.speakTus()
	s.all = s.routes()
	s.mux = http.NewServeMux()
	for _, rt := range s.all {
		s.mux.Handle(rt.pattern, s.handler(rt))
	}
	return s
}

// Server returns a server for the door with the time limits that keep slow
// clients from holding it up.
func Server(address string, h http.Handler) *http.Server {
	return &http.Server{
		Addr: address, Handler: h,
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 60 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
}

// bar is the top bar in order. A link is shown to those who may follow it, so
// the list of routes is the only place that says who.
var bar = []page.Link{
	{Word: "工作台", URL: "/work"},
	{Word: "年度批次", URL: "/rounds"},
	{Word: "单位", URL: "/organisations"},
	{Word: "台账", URL: "/ledgers"},
	{Word: "申报", URL: "/applications"},
	{Word: "初审", URL: "/reviews"},
	{Word: "考核", URL: "/visits"},
	{Word: "抽取", URL: "/draws", Rare: true},
	{Word: "会议", URL: "/meetings"},
	{Word: "公示", URL: "/publicities"},
	{Word: "异议", URL: "/objections"},
	{Word: "命名", URL: "/namings"},
	{Word: "在册", URL: "/designations"},
	{Word: "证书与牌匾", URL: "/certificates"},
	{Word: "复查计划", URL: "/plans", Rare: true},
	{Word: "复查", URL: "/rechecks"},
	{Word: "整改", URL: "/rectifications"},
	{Word: "撤销", URL: "/revocations"},
	{Word: "滥用线索", URL: "/misuses", Rare: true},
	{Word: "先进事迹", URL: "/stories", Rare: true},
	{Word: "统计", URL: "/statistics"},
	{Word: "方案", URL: "/programmes", Rare: true},
	{Word: "日历", URL: "/calendar", Rare: true},
	{Word: "账号", URL: "/accounts", Rare: true},
	{Word: "发送", URL: "/deliveries", Rare: true},
	{Word: "运行", URL: "/operation", Rare: true},
	{Word: "存证", URL: "/record", Rare: true},
}

// publicBar is the top bar of public pages.
var publicBar = []page.Link{
	{Word: "首页", URL: "/"},
	{Word: "正在申报", URL: "/calls"},
	{Word: "公示", URL: "/publicities"},
	{Word: "名单查询", URL: "/designations"},
	{Word: "办事指南", URL: "/guide"},
	{Word: "牌匾核验", URL: "/v"},
}

// footer ends every page.
var footer = []page.Link{
	{Word: "办事指南", URL: "/guide"},
	{Word: "名单查询", URL: "/designations"},
	{Word: "分布和历年", URL: "/designations/map"},
	{Word: "考核组抽取", URL: "/draws"},
	{Word: "工作日历", URL: "/calendar"},
	{Word: "先进事迹", URL: "/stories"},
	{Word: "存证日志", URL: "/record"},
	{Word: "无障碍说明", URL: "/accessibility"},
	{Word: "隐私说明", URL: "/privacy"},
}

// within says where in the bars a page stands that has an address of its own.
var within = map[string]string{
	"/rosters": "/organisations", "/items": "/meetings", "/elections": "/meetings", "/numbers": "/namings", "/documents": "/namings", "/plaques": "/designations", "/pool": "/draws", "/tabulations": "/applications", "/webhooks": "/deliveries",
}

// nav keeps the links that a role may follow and marks where the reader is.
func (s *Site) nav(links []page.Link, role stage.Role, path string) (all []page.Link) {
	best := ""
	if first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/"); within["/"+first] != "" {
		path = within["/"+first]
	}
	for _, l := range links {
		if (path == l.URL || strings.HasPrefix(path, l.URL+"/")) && len(l.URL) > len(best) {
			best = l.URL
		}
	}
	for _, l := range links {
		pattern := "GET " + l.URL
		if l.URL == "/" {
			pattern = "GET /{$}"
		}
		i := slices.IndexFunc(s.all, func(rt route) bool { return rt.pattern == pattern })
		if i >= 0 && s.all[i].lets(role) {
			l.Here = l.URL == best
			all = append(all, l)
		}
	}
	return all
}

// lets reports whether a role may use a route.
func (rt route) lets(role stage.Role) bool {
	return slices.Contains(rt.allow, role) || slices.Contains(rt.allow, stage.Public)
}

// page returns the frame of a page with its title. The links say where it
// stands, from the outermost: give those above this page, which is added.
func (s *Site) page(r *request, title string, above ...page.Link) page.Frame {
	f := page.Frame{
		Site: page.Site{
			Name: s.options.Name, Owner: s.options.Owner, Contact: s.options.Contact, Records: s.options.Records,
			Notice: s.options.Notice, Stylesheet: s.css, Icon: s.icon,
		},
		Title: title, Public: r.open, Large: r.large, Resize: resizeURL(r), Flash: r.flash, Form: r.form,
	}
	if s.options.Demo != nil && !r.bare {
		f.Banner = s.demoBar(r)
	}
	if r.open {
		f.Nav = s.nav(publicBar, stage.Public, r.URL.Path)
	} else {
		f.Nav = s.nav(bar, r.Actor.Role, r.URL.Path)
	}
	f.Footer = s.nav(footer, stage.Public, r.URL.Path)
	switch {
	case r.Signed == nil:
		f.Tools = []page.Link{{Word: "登录", URL: "/login"}}
	case r.open:
		f.Tools = []page.Link{{Word: "工作台", URL: "/work"}}
	default:
		f.Script, f.Library, f.Offline, f.Keep = s.script, s.library, s.offline, keeper(r.Signed.Account.ID)
		f.Person = r.Signed.Account.Name
		f.Scope = r.Signed.Session.Grant.Role.Word()
		f.Tools = []page.Link{s.unread(r), {Word: r.Signed.Account.Name, URL: "/account"}}
	}
	if r.open && len(above) == 0 || len(above) > 0 {
		f.Crumbs = append(slices.Clone(above), page.Link{Word: title})
	}
	if r.open {
		f.Crumbs = append([]page.Link{{Word: "首页", URL: "/"}}, f.Crumbs...)
	}
	return f
}

// keeper names an account to the script, so that it gives what one person typed
// to nobody else who uses the browser.
func keeper(a id.Account) string {
	sum := sha256.Sum256([]byte("keep " + a))
	return hex.EncodeToString(sum[:6])
}

// resizeURL switches 大字版 and comes back to this page.
func resizeURL(r *request) string {
	q := r.URL.Query()
	q.Set("size", "large")
	if r.large {
		q.Set("size", "normal")
	}
	path := r.URL.Path
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		path = "/" // what a form came back from has no page of its own
	}
	return path + "?" + q.Encode()
}

// wall is the clock of sessions, links and slow-downs.
func (s *Site) wall() func() time.Time {
	if s.desk.Wall != nil {
		return s.desk.Wall
	}
	return s.desk.Now
}

// rand is where error numbers come from.
func (s *Site) rand() io.Reader { return s.desk.Rand }
