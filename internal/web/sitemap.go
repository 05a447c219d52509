package web

import (
	"encoding/xml"
	"net/http"
	"slices"

	"shifan/internal/web/page"
)

// sitemap is the list of addresses as sitemaps.org has it.
type sitemap struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	At string `xml:"loc"`
}

// sendSitemap lists the public pages.
func (s *Site) sendSitemap(w http.ResponseWriter, r *request) error {
	things, err := s.desk.Sitemap(r.Context())
	if err != nil {
		return err
	}
	var m sitemap
	base := s.base(r)
	for i, l := range slices.Concat(publicBar, footer) {
		if i < len(publicBar) || !slices.ContainsFunc(publicBar, func(above page.Link) bool { return above.URL == l.URL }) {
			m.URLs = append(m.URLs, sitemapURL{base + l.URL})
		}
	}
	for _, at := range things {
		m.URLs = append(m.URLs, sitemapURL{base + at})
	}
	b, err := xml.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	return s.send(w, r, "application/xml; charset=utf-8", append([]byte(xml.Header), b...))
}

// sendRobots asks search engines to read what is public and nothing that only forms lead
// to. It hides nothing: what is not public needs a login.
func (s *Site) sendRobots(w http.ResponseWriter, r *request) error {
	return s.send(w, r, "text/plain; charset=utf-8", []byte("User-agent: *\nDisallow: /login\nDisallow: /*/new$\nDisallow: /v/*/report$\nDisallow: /*?\nSitemap: "+s.base(r)+"/sitemap.xml\n"))
}
