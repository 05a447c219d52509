package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"shifan/internal/web"
)

// meters count what an operator watches. Nothing in them is about a person or a
// thing: a request counts under the pattern of its route, never under its address.
type meters struct {
	all      *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	changes  prometheus.Histogram
	commits  prometheus.Histogram
	acts     prometheus.Counter
	failed   prometheus.Counter
	ticks    prometheus.Histogram
	ticked   prometheus.Gauge
}

func newMeters() *meters {
	seconds := prometheus.ExponentialBuckets(0.001, 2, 14) // a millisecond to eight seconds
	m := &meters{
		all: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "shifan_requests_total", Help: "Requests by the pattern of their route and their status.",
		}, []string{"route", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "shifan_request_seconds", Help: "How long requests took, by the pattern of their route.", Buckets: seconds,
		}, []string{"route"}),
		changes: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "shifan_commit_changes", Help: "How many changes shared a commit.", Buckets: prometheus.ExponentialBuckets(1, 2, 8),
		}),
		commits: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "shifan_commit_seconds", Help: "How long transactions that change took, until they were durable.", Buckets: seconds,
		}),
		acts:   prometheus.NewCounter(prometheus.CounterOpts{Name: "shifan_tick_acts_total", Help: "Acts of the clock."}),
		failed: prometheus.NewCounter(prometheus.CounterOpts{Name: "shifan_tick_errors_total", Help: "Times the clock could not do all its work."}),
		ticks:  prometheus.NewHistogram(prometheus.HistogramOpts{Name: "shifan_tick_seconds", Help: "How long the clock's work took.", Buckets: seconds}),
		ticked: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "shifan_tick_last_timestamp_seconds", Help: "When the clock's work was last done; more than two minutes ago is too long.",
		}),
	}
	m.all.MustRegister(m.requests, m.took, m.changes, m.commits, m.acts, m.failed, m.ticks, m.ticked,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// commit watches a transaction that changes something.
func (m *meters) commit() func(changes int) {
	began := time.Now()
	return func(changes int) {
		m.changes.Observe(float64(changes))
		m.commits.Observe(time.Since(began).Seconds())
	}
}

// tick watches the clock's work.
func (m *meters) tick() func(acts int, err error) {
	began := time.Now()
	return func(acts int, err error) {
		m.acts.Add(float64(acts))
		m.ticks.Observe(time.Since(began).Seconds())
		if err != nil {
			m.failed.Inc()
			return
		}
		m.ticked.SetToCurrentTime()
	}
}

// door watches requests. The router writes a request's route into it.
func (m *meters) door(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, seen := time.Now(), &answer{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			route := r.Pattern
			if route == "" {
				route = "other" // static files, and what there is not
			}
			m.requests.WithLabelValues(route, strconv.Itoa(seen.status)).Inc()
			m.took.WithLabelValues(route).Observe(time.Since(began).Seconds())
		}()
		next.ServeHTTP(seen, r)
	})
}

// answer remembers the status of an answer.
type answer struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController find what the writer can.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// listen serves /metrics, and nothing else, on an address of its own.
func (m *meters) listen(ctx context.Context, address string, stdout io.Writer, log *slog.Logger) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.all, promhttp.HandlerOpts{}))
	server := web.Server(address, mux)
	context.AfterFunc(ctx, func() { server.Close() }) //nolint:errcheck // the process ends
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("metrics", "error", err)
		}
	}()
	fmt.Fprintf(stdout, "运行指标 http://%s/metrics\n", l.Addr())
	return nil
}
