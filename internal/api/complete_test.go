package api_test

import (
	"slices"
	"strings"
	"testing"

	"shifan/internal/api"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web"
)

// elsewhere leads from a page to the operation that does or shows the same, when that
// names another page: two pages that are one here, a step before an act.
var elsewhere = map[string]string{
	"POST /visits/{id}/checklist":              "syncChecklist",   // the form without script
	"POST /items/{id}/check":                   "vote",            // the vote once more before it is cast
	"GET /meetings/{id}/roster":                "getMeeting",      // its roster
	"GET /meetings/{id}/rankings":              "getMeeting",      // its rankings
	"GET /meetings/{id}/minutes":               "getMeetingPaper", // the minutes are a paper of it
	"GET /meetings/{id}/elections/state":       "getElections",    // for the script of the page
	"GET /applications/{id}/check":             "getApplication",  // its gaps and checks
	"POST /applications/{id}/signature":        "saveApplication", // signatory and committed are parts of it
	"POST /publicities/{id}/objections/edit":   "checkObjection",  // back to the form
	"POST /publicities/{id}/objections/letter": "fileObjection",   // and attachToObjection its scans
	"GET /organisations.csv":                   "getOrganisationTable",
	"GET /numbers.csv":                         "getRegisterTable",
	"GET /plans/{id}/checks.csv":               "getPlanTable",
	"GET /tabulations.csv":                     "getTabulationTable",
	"GET /rounds/{id}/review":                  "getReviewReport",
	"POST /objections/{id}/answer-check":       "answerObjection", // the answer once more before it goes out
	"GET /applications/{id}/content":           "getApplication",
	"GET /publicities/{id}/manage":             "getPublicity",
	"GET /publicities/{id}/text":               "getPublicity",
	"GET /plaques/list":                        "listPlaques",
	"GET /certificates":                        "listDesignations",
	"GET /record/verifier":                     "getCheckpoint", // a program to verify it with
}

// apart lists the pages to which no operation belongs, by the reason why.
var apart = []struct {
	why   string
	pages []string
}{
	{"who is at the browser: sessions and passwords are no programs'", []string{
		"GET /login", "POST /login", "POST /logout", "GET /invitations/{token}", "POST /invitations/{token}", "POST /account/role",
	}},
	{"a program that could make tokens could give itself more than it was given", []string{"POST /account/tokens/new"}},
	{"a code that came by letter, typed in by who reads it", []string{"GET /account/mail/{code}", "POST /account/mail/{code}"}},
	{"says that an act was done: the act's answer says it", []string{
		"GET /applications/{id}/submitted", "GET /designations/{id}/returned", "GET /namings/{id}/issued", "GET /organisations/{id}/ended", "GET /publicities/{id}/published",
		"GET /rechecks/{id}/self-reported", "GET /rectifications/{id}/reported", "GET /reviews/{id}/done", "GET /revocations/{id}/appealed", "GET /revocations/{id}/stated",
		"GET /rounds/{id}/published", "GET /visits/{id}/signed", "GET /visits/{id}/waived",
	}},
	{"asks for a code and leads to what it tells", []string{"GET /v", "GET /V/{code}"}},
	{"about the site, for people", []string{"GET /{$}", "GET /accessibility", "GET /privacy", "GET /offline"}},
	{"for search engines", []string{"GET /robots.txt", "GET /sitemap.xml"}},
	{"for who runs the server: /healthz, /readyz and /metrics are what programs watch", []string{"GET /healthz", "GET /readyz", "GET /operation"}},
	{"a public address for programs of its own, in a format that others defined (surface.md)", []string{
		"GET /.well-known/did.json", "GET /credentials/{id}", "GET /status/{list}", "GET /v/{code}", "GET /v/{code}/{part}", "GET /designations.json", "GET /designations.csv", "GET /feed.atom",
		"GET /record/tile/{path...}", "GET /designations/map", "GET /designations/map.json", "GET /draws/{id}/draw.json", "GET /draws/{id}/recompute.py", "GET /plans/{id}/draw.json", "GET /calendar/{file}",
	}},
	{"a file in pieces by the tus protocol, which programs speak at the same address in the browser; POST /evidence takes it whole", []string{
		"OPTIONS /applications/{id}/evidence/{indicator}/uploads", "POST /applications/{id}/evidence/{indicator}/uploads",
		"HEAD /uploads/{id}", "GET /uploads/{id}", "POST /uploads/{id}", "PATCH /uploads/{id}", "DELETE /uploads/{id}", "POST /uploads/{id}/give-up",
	}},
	{"for the wall of a room: what it shows is read from the thing", []string{"GET /draws/{id}/projector", "GET /items/{id}/projector", "GET /meetings/{id}/projector"}},
}

// TestEveryPageHasAnOperation: what a person can do or read on a page, a program can do
// here. A page is named by an operation; or it is the form that an act is sent from; or it
// stands in one of the lists above, which hold nothing that is no page or has an operation.
func TestEveryPageHasAnOperation(t *testing.T) {
	t.Parallel()
	pages, named, byName := web.Policies(), map[string]bool{}, map[string]api.RouteOf{}
	for _, rt := range api.RoutesOf() {
		named[rt.Page], byName[rt.Name] = true, rt
	}
	found := map[string]string{}
	for page, operation := range elsewhere {
		rt, ok := byName[operation]
		switch {
		case !ok:
			t.Errorf("%s: no operation %s", page, operation)
		case !slices.Contains(rt.Allow, stage.Public):
			for _, r := range pages[page] {
				if !slices.Contains(rt.Allow, r) {
					t.Errorf("%s lets in %s, %s does not", page, r, operation)
				}
			}
		}
		found[page] = operation
	}
	for _, a := range apart {
		for _, page := range a.pages {
			if found[page] != "" {
				t.Errorf("%s twice: %s, %s", page, found[page], a.why)
			}
			found[page] = a.why
		}
	}
	for page, why := range found {
		if _, ok := pages[page]; !ok {
			t.Errorf("no page %s (%s)", page, why)
		}
		if named[page] {
			t.Errorf("%s has an operation of its own (%s)", page, why)
		}
	}
	for page := range pages {
		method, path, _ := strings.Cut(page, " ")
		if _, form := pages["POST "+path]; form && method == "GET" {
			continue // its act is what counts
		}
		if !named[page] && found[page] == "" {
			t.Errorf("%s: no operation belongs to it, and no reason stands here", page)
		}
	}
}
