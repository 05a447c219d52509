package lifecycle

import (
	"slices"

	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/calibration"
	"shifan/internal/lifecycle/ceremony"
	"shifan/internal/lifecycle/credential"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/election"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/interest"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/misuse"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/photograph"
	"shifan/internal/lifecycle/plan"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/roster"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/story"
	"shifan/internal/lifecycle/trigger"
	"shifan/internal/lifecycle/upload"
	"shifan/internal/lifecycle/visit"
)

// Kinds lists every kind of thing that has a life, in the order of the life. To
// add one, follow docs/recipes/add-a-stage.md; this is the only list to extend.
var Kinds = []stage.Kind{
	programme.Kind,
	round.Kind,
	organisation.Kind,
	roster.Kind,
	application.Kind,
	file.Kind,
	upload.Kind,
	review.Kind,
	interest.Kind,
	draw.PoolKind,
	draw.Kind,
	calibration.Kind,
	visit.Kind,
	meeting.Kind,
	item.Kind,
	ceremony.Kind,
	election.Kind,
	publicity.Kind,
	publicity.CandidateKind,
	objection.Kind,
	designation.Kind,
	naming.Kind,
	document.Kind,
	document.NumberKind,
	plaque.Kind,
	photograph.Kind,
	credential.Kind,
	credential.KeyKind,
	trigger.Kind,
	misuse.Kind,
	recheck.Kind,
	rectification.Kind,
	plan.Kind,
	revocation.Kind,
	story.Kind,
	message.Kind,
	message.DeliveryKind,
	message.HookKind,
}

// Procedure is the stages that a round prescribes, in order.
type Procedure []string

// First returns the stage that an accepted application enters.
func (p Procedure) First() string {
	if len(p) == 0 {
		return ""
	}
	return p[0]
}

// through names the kind of thing that an application is while it passes a
// stage, where that is not the stage itself: at a meeting it is an item.
var through = map[string]string{"meeting": "item"}

// After returns the stage that follows one that ended in the given state. It
// returns false when that state does not lead on, or the procedure is over.
func (p Procedure) After(name string, ended stage.State) (string, bool) {
	i := slices.Index(p, name)
	kind, other := through[name]
	if !other {
		kind = name
	}
	if !Named(kind).Ends[ended] || i < 0 || i+1 >= len(p) {
		return "", false
	}
	return p[i+1], true
}

// Named returns the kind with the given name, or the zero Kind.
func Named(name string) stage.Kind {
	for _, k := range Kinds {
		if k.Name == name {
			return k
		}
	}
	return stage.Kind{}
}
