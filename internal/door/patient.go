package door

import (
	"net/http"
	"time"
)

// Patience is how long a file may be on its way: 20 MB at 200 kbit/s.
const Patience = 15 * time.Minute

// Patient lets a request take as much time as most, and the answer too, past the limits of
// the server that keep slow clients from holding it up. done must be called.
func Patient(w http.ResponseWriter, most time.Duration) (done func()) {
	c := http.NewResponseController(w)
	if c.SetReadDeadline(time.Time{}) != nil || c.SetWriteDeadline(time.Time{}) != nil {
		return func() {} // a recorder of tests has none
	}
	t := time.AfterFunc(most, func() {
		c.SetReadDeadline(time.Unix(1, 0))  //nolint:errcheck // the connection is gone
		c.SetWriteDeadline(time.Unix(1, 0)) //nolint:errcheck // the connection is gone
	})
	return func() { t.Stop() }
}
