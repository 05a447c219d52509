package fact

// Settle gives each fact of f its source: what stands unchanged in was keeps the
// old one, the rest gets src. Touched names what was confirmed in was and is
// changed or gone.
func (f Facts) Settle(was Facts, src Source) (settled Facts, touched []string) {
	f = f.clone() // the lists may be those of was
	settle(&touched, "年检", was.Inspections, f.Inspections, src, func(v *Inspection) *Source { return &v.Source })
	settle(&touched, "行政处罚", was.Penalties, f.Penalties, src, func(v *Penalty) *Source { return &v.Source })
	settle(&touched, "评估等级", was.Grades, f.Grades, src, func(v *Grade) *Source { return &v.Source })
	settle(&touched, "名录", was.Listings, f.Listings, src, func(v *Listing) *Source { return &v.Source })
	settle(&touched, "规章制度", was.Regulations, f.Regulations, src, func(v *Regulation) *Source { return &v.Source })
	settle(&touched, "业务指标", was.Metrics, f.Metrics, src, func(v *Metric) *Source { return &v.Source })
	settle(&touched, "工作台账", was.Ledgers, f.Ledgers, src, func(v *Ledger) *Source { return &v.Source })
	charter := []Charter{f.Charter}
	settle(&touched, "章程", []Charter{was.Charter}, charter, src, func(v *Charter) *Source { return &v.Source })
	f.Charter = charter[0]
	if bare := (Charter{}); f.Charter == (Charter{Source: f.Charter.Source}) {
		f.Charter = bare
	}
	f.NoPenalty = complete(was.NoPenalty, f.NoPenalty, len(was.Penalties) == len(f.Penalties), src)
	f.NoListing = complete(was.NoListing, f.NoListing, len(was.Listings) == len(f.Listings), src)
	return f, touched
}

// settle gives each fact its source: the old one when nothing else changed, or
// the new one. It adds the label to touched when a confirmed fact is gone.
func settle[T comparable](touched *[]string, label string, was, now []T, src Source, of func(*T) *Source) {
	bare := func(v T) T { *of(&v) = Source{}; return v }
	kept := map[int]bool{}
	for i := range now {
		*of(&now[i]) = src
		for j := range was {
			if !kept[j] && bare(was[j]) == bare(now[i]) {
				now[i], kept[j] = was[j], true
				break
			}
		}
	}
	for j := range was {
		if !kept[j] && of(&was[j]).Confirmed {
			*touched = append(*touched, label)
			return
		}
	}
}

// complete settles the statement that a list is complete: zero withdraws it.
func complete(was, now Source, same bool, src Source) Source {
	switch {
	case now == Source{}:
		return now
	case was != Source{} && same:
		return was
	}
	return src
}

// Confirm returns the facts with all that was declared confirmed by src.
func (f Facts) Confirm(src Source) Facts {
	f = f.clone()
	for _, s := range f.sources() {
		if *s != (Source{}) && !s.Confirmed {
			*s = src
		}
	}
	return f
}

// Declared counts the facts that the organisation declared and the office has
// not confirmed.
func (f *Facts) Declared() (n int) {
	for _, s := range f.sources() {
		if *s != (Source{}) && !s.Confirmed {
			n++
		}
	}
	return n
}

// clone copies the lists, so that changing the copy leaves f alone.
func (f Facts) clone() Facts {
	f.Inspections, f.Penalties, f.Grades = append([]Inspection(nil), f.Inspections...), append([]Penalty(nil), f.Penalties...), append([]Grade(nil), f.Grades...)
	f.Listings, f.Regulations = append([]Listing(nil), f.Listings...), append([]Regulation(nil), f.Regulations...)
	f.Metrics, f.Ledgers = append([]Metric(nil), f.Metrics...), append([]Ledger(nil), f.Ledgers...)
	return f
}

// sources lists where each fact keeps its source.
func (f *Facts) sources() []*Source {
	all := []*Source{&f.NoPenalty, &f.NoListing, &f.Charter.Source}
	add(&all, f.Inspections, func(v *Inspection) *Source { return &v.Source })
	add(&all, f.Penalties, func(v *Penalty) *Source { return &v.Source })
	add(&all, f.Grades, func(v *Grade) *Source { return &v.Source })
	add(&all, f.Listings, func(v *Listing) *Source { return &v.Source })
	add(&all, f.Regulations, func(v *Regulation) *Source { return &v.Source })
	add(&all, f.Metrics, func(v *Metric) *Source { return &v.Source })
	add(&all, f.Ledgers, func(v *Ledger) *Source { return &v.Source })
	return all
}

func add[T any](all *[]*Source, list []T, of func(*T) *Source) {
	for i := range list {
		*all = append(*all, of(&list[i]))
	}
}
