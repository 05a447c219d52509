package casework

import "shifan/internal/id"

// DemoRole is somebody as whom one may enter the demonstration.
type DemoRole struct {
	Account id.Account
	Grant   Grant
	Name    string // 审核员甲
	Note    string // what this person does
}

// DemoScene is something that the cast of the demonstration plays by itself, so that one
// sees what comes of a title over the years.
type DemoScene struct {
	Key  string // what the form sends
	Name string // 复查合格，续期
	Note string // what happens in it
}
