package mail

import "time"

// Hurry bounds how long a sender waits, for tests.
func Hurry(s Sender, d time.Duration) { s.(*smtp).within = d }
