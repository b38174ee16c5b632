package attrove_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// Whatever a model sends, a call stays below the caller's own user and reaches
// the operation it names.
func FuzzPlace(f *testing.F) {
	for _, s := range samples() {
		f.Add(s.op, []byte(s.args))
	}
	f.Add("get_goal", []byte(`{"goal_id":"../../victim"}`))
	f.Add("get_goal", []byte(`{"goal_id":"%2e%2e"}`))
	f.Add("get_goal", []byte(`{"goal_id":"x?y=1#z","GOAL_ID":"y"}`))
	f.Add("list_notes", []byte(`{"user_id":"victim","ids":[null,"a"]}`))
	f.Fuzz(func(t *testing.T, name string, args []byte) {
		for _, op := range attrove.All() {
			m := op.Info()
			if m.Name != name {
				continue
			}
			placed, err := attrove.Place(m, testUser, json.RawMessage(args))
			var failure *attrove.Error
			if err != nil {
				if !errors.As(err, &failure) || failure.Code != attrove.CodeInvalidArgument {
					t.Fatalf("%s: an error of another kind: %v", args, err)
				}
				continue
			}
			checkPlaced(t, m, placed)
		}
	})
}

func checkPlaced(t *testing.T, m attrove.Meta, placed attrove.Request) {
	t.Helper()
	u, err := url.Parse("https://api.attrove.com" + placed.Path + "?" + placed.Query.Encode())
	if err != nil {
		t.Fatalf("%s: %v", placed.Path, err)
	}
	got, want := strings.Split(u.EscapedPath(), "/"), strings.Split(m.Path, "/")
	if len(got) != len(want) {
		t.Fatalf("%s became %s", m.Path, placed.Path)
	}
	for i, segment := range want {
		plain, err := url.PathUnescape(got[i])
		switch {
		case err != nil || plain == "." || plain == "..":
			t.Fatalf("%s became %s", m.Path, placed.Path)
		case segment == "{user_id}" && m.Auth == attrove.AuthUser && plain != testUser:
			t.Fatalf("%s is another user's", placed.Path)
		case !strings.HasPrefix(segment, "{") && plain != segment:
			t.Fatalf("%s became %s", m.Path, placed.Path)
		}
	}
	if placed.Body != nil && !json.Valid(placed.Body) {
		t.Fatalf("the body is not JSON: %s", placed.Body)
	}
}
