package web

import (
	"shifan/internal/casework"
	"shifan/internal/lifecycle/stage"
)

// RouteOf is what the policy test may know of a route.
type RouteOf struct {
	Pattern string
	Allow   []stage.Role
	Form    bool
}

// RoutesOf lists the routes of the door.
func RoutesOf(desk *casework.Desk) (all []RouteOf) {
	s := &Site{desk: desk}
	for _, rt := range s.routes() {
		all = append(all, RouteOf{rt.pattern, rt.allow, rt.form != nil})
	}
	return all
}

// Local is the guard against open redirects.
var Local = local
