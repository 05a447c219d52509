package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"shifan/internal/api"
	"shifan/internal/casework"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// description is the document as the tests read it.
type description struct {
	Paths map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Responses   map[string]struct {
			Content map[string]struct {
				Schema struct {
					Ref string `json:"$ref"`
				}
			}
		}
	}
}

// judge validates answers by the document's schemas.
type judge struct {
	doc      description
	compiler *jsonschema.Compiler
}

func newJudge(t *testing.T) judge {
	t.Helper()
	j := judge{compiler: jsonschema.NewCompiler()}
	if err := json.Unmarshal(api.Document(), &j.doc); err != nil {
		t.Fatal(err)
	}
	whole, err := jsonschema.UnmarshalJSON(bytes.NewReader(api.Document()))
	if err != nil {
		t.Fatal(err)
	}
	j.compiler.DefaultDraft(jsonschema.Draft2020)
	j.compiler.AssertFormat()
	if err := j.compiler.AddResource("mem:///openapi.json", whole); err != nil {
		t.Fatal(err)
	}
	return j
}

// holds says what is wrong with an answer to an operation.
func (j judge) holds(method, path string, a *testkit.Answer) error {
	schema := "#/components/schemas/problem"
	if a.Status < 300 {
		status := map[int]string{http.StatusOK: "200", http.StatusCreated: "201"}[a.Status]
		schema = j.doc.Paths[path][strings.ToLower(method)].Responses[status].Content["application/json"].Schema.Ref
	}
	s, err := j.compiler.Compile("mem:///openapi.json" + schema)
	if err != nil {
		return err
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(a.Body))
	if err != nil {
		return err
	}
	return s.Validate(v)
}

// TestDocument: every route is in the document and nothing else; what the server sends
// is what the command prints.
func TestDocument(t *testing.T) {
	t.Parallel()
	j, routes := newJudge(t), api.RoutesOf()
	n, names := 0, map[string]bool{}
	for path, at := range j.doc.Paths {
		n += len(at)
		for _, op := range at {
			if names[op.OperationID] {
				t.Errorf("%s: two operations are called %s", path, op.OperationID)
			}
			names[op.OperationID] = true
		}
	}
	if n != len(routes)+1 {
		t.Errorf("%d operations, %d routes and the document", n, len(routes))
	}
	for _, rt := range routes {
		if got := j.doc.Paths[rt.Path][strings.ToLower(rt.Method)].OperationID; got != rt.Name {
			t.Errorf("%s %s is %q, want %q", rt.Method, rt.Path, got, rt.Name)
		}
	}
	w := testkit.New(t)
	if got := w.Program(stage.Anyone).Get("/openapi.json").Want(http.StatusOK).Body; got != string(api.Document()) {
		t.Error("the server sends another document")
	}
}

// TestAnswersAreAsDescribed walks a furnished world as everybody: each list, page by
// page, and each thing on it. Every answer is what the document says, the pages of a
// list are the list without gaps or doubles, and whatever a list shows can be read.
func TestAnswersAreAsDescribed(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	f := w.Furnish()
	o := w.Office()
	if _, _, err := w.Desk.AddHook(t.Context(), o.Director, casework.Hook{
		Programme: w.Programme().Name, Name: "汇总程序", Channel: message.Webhook, Address: "https://example.org/told", Kinds: []string{"accepted"},
	}); err != nil {
		t.Fatal(err)
	}
	j := newJudge(t)
	who := map[string]stage.Actor{
		"public": stage.Anyone, "clerk": o.Clerk, "director": o.Director, "chair": o.Chair, "member": w.Members()[0], "assessor": w.Team()[0],
		"auditor": w.Person("审计员甲", stage.Auditor), "applicant": f.Applicants[0], "operator": w.Person("系统管理员甲", stage.Operator),
	}
	sample, err := w.Desk.PrepareCalibration(t.Context(), o.Clerk, f.Round, "样本一")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for path, at := range map[string]string{"/rounds/{id}/calibrations": "/rounds/" + string(f.Round) + "/calibrations", "/calibrations/{id}": "/calibrations/" + string(sample)} {
		one := w.Program(o.Clerk, "read").Get(at).Want(http.StatusOK)
		if err := j.holds("GET", path, one); err != nil {
			t.Errorf("%s: %v\n%s", path, err, one.Body)
		}
		seen["calibrations"] = true
	}
	for name, by := range who {
		p := w.Program(by, "read")
		for _, rt := range api.RoutesOf() {
			if rt.Acts || strings.Contains(rt.Path, "{") || !slices.Contains(rt.Allow, by.Role) && !slices.Contains(rt.Allow, stage.Public) {
				continue
			}
			query := map[string]string{"/evidence": "?application=" + string(f.Draft), "/ballots": "?meeting=" + string(f.Sitting)}[rt.Path]
			if rt.Path == "/record/checkpoint" || rt.Bytes || name == "public" && rt.Chapter == "evidence" {
				continue
			}
			all := p.Get(rt.Path + query)
			if err := j.holds("GET", rt.Path, all); err != nil {
				t.Errorf("%s as %s: %v", rt.Path, name, err)
			}
			if !rt.Lists {
				seen[rt.Chapter] = seen[rt.Chapter] || all.Status == http.StatusOK
				continue
			}
			for _, key := range keysOf(t, p, rt.Path, query, all) {
				one := p.Get(rt.Path + "/" + key)
				if err := j.holds("GET", rt.Path+"/{id}", one); err != nil {
					t.Errorf("%s/%s as %s: %v\n%s", rt.Path, key, name, err, one.Body)
				}
				if one.Status == http.StatusOK {
					seen[rt.Chapter] = true
				} else if rt.Chapter != "plaques" {
					t.Errorf("%s/%s as %s: %d though it is on the list", rt.Path, key, name, one.Status)
				}
			}
		}
	}
	for _, c := range casework.Chapters {
		if !seen[c[0]] && !slices.Contains([]string{"ledgers", "numbers", "rosters", "record", "evidence", "draws"}, c[0]) {
			t.Errorf("nothing of the chapter %s was read", c[0])
		}
	}
}

// keysOf reads the identifiers of a list, all at once and one by one, and compares.
func keysOf(t *testing.T, p *testkit.Program, path, query string, all *testkit.Answer) (keys []string) {
	t.Helper()
	type page struct {
		Items []struct{ ID, Name string }
		Next  string
	}
	var whole page
	if all.Status != http.StatusOK || json.Unmarshal([]byte(all.Body), &whole) != nil || path == "/record" || path == "/ledgers" {
		return nil
	}
	for _, i := range whole.Items {
		if i.ID == "" {
			i.ID = i.Name
		}
		keys = append(keys, i.ID)
	}
	var one []string
	sign := "?"
	if query != "" {
		sign = "&"
	}
	for at := path + query + sign + "limit=1"; at != ""; {
		var some page
		p.Get(at).Want(http.StatusOK, &some)
		for _, i := range some.Items {
			if i.ID == "" {
				i.ID = i.Name
			}
			one = append(one, i.ID)
		}
		at = strings.TrimPrefix(some.Next, "/api/v1")
		if len(one) > len(keys) {
			break
		}
	}
	if !slices.Equal(one, keys) {
		t.Errorf("%s: at once %v, one by one %v", path, keys, one)
	}
	return keys
}
