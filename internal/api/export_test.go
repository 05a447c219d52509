package api

import (
	"reflect"

	"shifan/internal/lifecycle/stage"
)

// RouteOf is what the tests may know of a route.
type RouteOf struct {
	Method, Path, Name, Page, Chapter string
	Allow                             []stage.Role
	Acts, Matched, Streams            bool
	Lists, Coded, Bytes, Free         bool
}

// RoutesOf lists the routes of the door.
func RoutesOf() (all []RouteOf) {
	for _, rt := range routes() {
		all = append(all, RouteOf{rt.method, rt.path, rt.name, rt.page, rt.chapter(), rt.allow, rt.do != nil, rt.matched, rt.streams, rt.lists, rt.coded, len(rt.media) > 0, rt.free})
	}
	return all
}

// Limits of the door.
const (
	TokenRate = tokenRate
	BodyMost  = bodyMost
)

// Types of what routes read, for the test of bad input.
func InOf(name string) reflect.Type {
	for _, rt := range routes() {
		if rt.name == name {
			return rt.in
		}
	}
	return nil
}
