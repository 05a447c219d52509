// Package api is the door for programs: JSON under /api/v1, with the same acts, views
// and permissions as the pages, because both call casework with the same viewer. It
// decides nothing itself.
//
// Every route stands in one list with the scope and the roles that may use it, the types
// of what it reads and answers, and the method of casework that it calls. The handlers,
// the OpenAPI document and the tests are made of that list, so that they cannot drift
// apart. docs/api.md tells programmers how to use it.
package api

import (
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"shifan/internal/casework"
	"shifan/internal/door"
)

// Base is where the door is.
const Base = "/api/v1"

// Options is how an installation presents itself. The zero value works.
type Options struct {
	BaseURL   string         // how programs reach it; https adds HSTS
	PlaqueURL string         // what the codes on plaques lead to; empty: BaseURL
	Proxies   []netip.Prefix // whose X-Forwarded-For is believed
	Log       *slog.Logger   // nil: the default
}

// api is the door.
type api struct {
	options Options
	desk    *casework.Desk
	log     *slog.Logger
	proxies []netip.Prefix
	all     []route
	mux     *http.ServeMux
	tokens  *door.Limiter // by token
	others  *door.Limiter // by address, of those who show none
	guesses *door.Limiter
	codes   *door.Limiter // by address, of who shows query codes of no case
	sending *door.Limiter // by address, of who sends files along with a case
	opening *door.Limiter // by address, of who opens cases
}

// routes is the one list of what the door serves. Each chapter adds its line.
func routes() []route {
	return slices.Concat(
		programmeRoutes(),
		roundRoutes(),
		organisationRoutes(),
		factRoutes(),
		factProofRoutes(),
		rulingRoutes(),
		applicationRoutes(),
		evidenceRoutes(),
		reviewRoutes(),
		drawRoutes(),
		poolRoutes(),
		planRoutes(),
		calibrationRoutes(),
		visitRoutes(),
		checklistRoutes(),
		meetingRoutes(),
		rankingRoutes(),
		countSheetRoutes(),
		photographRoutes(),
		ballotRoutes(),
		electionRoutes(),
		publicityRoutes(),
		objectionRoutes(),
		misuseRoutes(),
		filingRoutes(),
		attachmentRoutes(),
		namingRoutes(),
		numberRoutes(),
		documentRoutes(),
		paperRoutes(),
		designationRoutes(),
		plaqueRoutes(),
		recheckRoutes(),
		rectificationRoutes(),
		revocationRoutes(),
		storyRoutes(),
		ledgerRoutes(),
		ledgerFileRoutes(),
		templateRoutes(),
		circularRoutes(),
		likenessRoutes(),
		ownRoutes(),
		deliveryRoutes(),
		rosterRoutes(),
		interestRoutes(),
		calendarRoutes(),
		accountRoutes(),
		statisticRoutes(),
		tabulationRoutes(),
		tableRoutes(),
		pictureRoutes(),
		guideRoutes(),
		recordRoutes(),
		messageRoutes(),
		hookRoutes(),
	)
}

// New returns the door on a desk. It serves what begins with Base and answers anything
// else with 404.
func New(desk *casework.Desk, o Options) http.Handler {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	a := &api{desk: desk, options: o, log: o.Log, proxies: o.Proxies, all: routes(), mux: http.NewServeMux()}
	wall := desk.Wall
	if wall == nil {
		wall = desk.Now
	}
	a.tokens = perMinute(tokenRate, wall)
	a.others = perMinute(otherRate, wall)
	a.guesses = &door.Limiter{Burst: 20, Every: 30 * time.Second, Now: wall}
	a.codes = &door.Limiter{Burst: 20, Every: 30 * time.Second, Now: wall}
	a.sending = &door.Limiter{Burst: 10, Every: 10 * time.Minute, Now: wall}
	a.opening = &door.Limiter{Burst: 10, Every: 10 * time.Minute, Now: wall}
	for _, rt := range a.all {
		a.mux.Handle(rt.method+" "+Base+rt.path, a.handler(rt))
	}
	a.mux.HandleFunc("GET "+Base+"/openapi.json", a.document)
	return door.Headers(strings.HasPrefix(o.BaseURL, "https:"), a.rescue(http.HandlerFunc(a.dispatch)))
}

// Beside lets one address serve both doors: what begins with /api/ goes to programs'
// door, everything else to people's.
func Beside(programs, people http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			programs.ServeHTTP(w, r)
			return
		}
		people.ServeHTTP(w, r)
	})
}
