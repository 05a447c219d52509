package casework

import (
	"context"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/story"
	"shifan/internal/store"
)

// sitemapMost is how many addresses a sitemap may hold (sitemaps.org: 50,000).
const sitemapMost = 50_000

// Sitemap lists the addresses of what is public now, for search engines and whoever copies
// the public pages: of calls, publicities, namings, stories and titles, ended ones included,
// each kind with the latest first. At most 50,000; titles, which are the most, come last.
func (d *Desk) Sitemap(ctx context.Context) (all []string, err error) {
	defer fault.Wrap(&err, "casework.Sitemap")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		programmes, err := tx.Programmes()
		if err != nil {
			return err
		}
		for _, p := range programmes {
			all = append(all, "/guide/"+string(p.Name))
		}
		for _, read := range []func() error{
			func() error {
				return paged(&all, "/calls/", func(after id.Round) ([]round.Round, error) {
					return tx.Rounds(stage.Anyone, store.RoundFilter{After: after, Limit: 500})
				}, func(r *round.Round) id.Round { return r.ID })
			},
			func() error {
				return paged(&all, "/publicities/", func(after id.Publicity) ([]publicity.Publicity, error) {
					return tx.Publicities(stage.Anyone, store.PublicityFilter{After: after, Limit: 500})
				}, func(p *publicity.Publicity) id.Publicity { return p.ID })
			},
			func() error {
				return paged(&all, "/namings/", func(after id.Naming) ([]naming.Naming, error) {
					return tx.Namings(stage.Anyone, store.NamingFilter{After: after, Limit: 500})
				}, func(n *naming.Naming) id.Naming { return n.ID })
			},
			func() error {
				return paged(&all, "/stories/", func(after id.Story) ([]story.Story, error) {
					return tx.StoriesListed(store.StoryFilter{After: after, Limit: 500})
				}, func(s *story.Story) id.Story { return s.ID })
			},
			func() error {
				return paged(&all, "/designations/", func(after id.Designation) ([]designation.Designation, error) {
					return tx.Designations(stage.Anyone, store.DesignationFilter{After: after, Limit: 500})
				}, func(t *designation.Designation) id.Designation { return t.ID })
			},
		} {
			if err := read(); err != nil {
				return err
			}
		}
		return nil
	})
	return all[:min(len(all), sitemapMost)], err
}

// paged reads a list to its end, page by page, and adds the address of each thing.
func paged[T any, K ~string](all *[]string, under string, read func(after K) ([]T, error), key func(*T) K) error {
	var after K
	for len(*all) < sitemapMost {
		page, err := read(after)
		for i := range page {
			after = key(&page[i])
			*all = append(*all, under+string(after))
		}
		if err != nil || len(page) < 500 {
			return err
		}
	}
	return nil
}
