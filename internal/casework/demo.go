package casework

import "shifan/internal/id"

// DemoRole is somebody as whom one may enter the demonstration.
type DemoRole struct {
	Account id.Account
	Grant   Grant
	Name    string // 审核员甲
	Note    string // what this person does
}
