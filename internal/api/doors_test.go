package api_test

import (
	"log/slog"
	"net/http"

	"shifan/internal/api"
	"shifan/internal/casework"
	"shifan/internal/testkit"
	"shifan/internal/web"
)

func init() {
	testkit.Doors = func(d *casework.Desk, log *slog.Logger) http.Handler {
		return api.Beside(api.New(d, api.Options{Log: log}), web.New(d, web.Options{Owner: "省社会组织联合党委办公室", Log: log}))
	}
}
