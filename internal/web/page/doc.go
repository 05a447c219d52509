// Package page draws what people see: the frame that every page stands in, the
// parts that pages are made of, and one file of pages a chapter. It decides
// nothing; it is given what to show. How to add a page: docs/recipes/add-a-page.md.
//
// No page has a style attribute or inline script; everything works without
// script, at 360 px and in 大字版.
package page
