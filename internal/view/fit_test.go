package view_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/view"
)

// cutResult is a result as a client reads it.
type cutResult struct {
	Data       []attrove.Message `json:"data"`
	Returned   *int              `json:"returned"`
	HasMore    *bool             `json:"has_more"`
	NextCursor string            `json:"next_cursor"`
	Cut        []view.Cut        `json:"cut"`
	Hint       string            `json:"hint"`
}

// rows is a page of n messages with a text of the given length each.
func rows(t *testing.T, n, length int) string {
	t.Helper()
	page := attrove.Page[attrove.Message]{Pagination: attrove.Pagination{HasMore: true, NextCursor: "next"}}
	for i := range n {
		page.Data = append(page.Data, attrove.Message{
			ID: fmt.Sprintf("msg_%024d", i), ThreadID: "thr_1", SenderName: "Ann", ReceivedAt: "2001-05-14T00:00:00Z",
			BodyText: attrove.ForeignText(strings.Repeat("Grüße! ", length/8)),
		})
	}
	raw, err := json.Marshal(page)
	require.NoError(t, err)
	return string(raw)
}

func messages() view.Spec {
	return view.Spec{Whole: map[string]string{"data[]": "attrove_get_message"}}
}

func fit(t *testing.T, raw string) (cutResult, int) {
	t.Helper()
	got := render(t, attrove.ListMessages, messages(), raw)
	require.False(t, got.Failed(), "%s", got.Structured)
	var r cutResult
	require.NoError(t, json.Unmarshal(got.Structured, &r))
	return r, len(got.Structured)
}

func TestWhatFitsIsNotCut(t *testing.T) {
	r, _ := fit(t, rows(t, 10, 400))
	assert.Empty(t, r.Cut)
	assert.Equal(t, "next", r.NextCursor)
	assert.Equal(t, 10, *r.Returned)
}

func TestLongTextsAreShortenedFirst(t *testing.T) {
	page := strings.Replace(rows(t, 10, 400), `"Grüße! `, `"`+strings.Repeat("long ", 4000), 1)
	r, size := fit(t, page)
	assert.Equal(t, 10, *r.Returned, "no row is dropped for one long text")
	assert.Equal(t, "next", r.NextCursor)
	require.Len(t, r.Cut, 1)
	assert.Equal(t, "data[].body_text", r.Cut[0].Path)
	assert.Equal(t, "attrove_get_message", r.Cut[0].Tool)
	assert.Contains(t, string(r.Data[0].BodyText), fmt.Sprintf("… [+%d bytes]", r.Cut[0].Bytes))
	assert.NotContains(t, string(r.Data[1].BodyText), "bytes]")
	assert.Contains(t, r.Hint, `detail "full"`)
	assert.Greater(t, size, view.Brief-200, "the budget is used")
}

func TestLastRowsAreDroppedWhenShortTextsDoNotFit(t *testing.T) {
	r, _ := fit(t, rows(t, 100, 2000))
	require.NotNil(t, r.HasMore)
	assert.True(t, *r.HasMore)
	assert.Empty(t, r.NextCursor, "the cursor would skip the rows that were dropped")
	assert.Len(t, r.Data, *r.Returned)
	assert.Less(t, *r.Returned, 100)
	assert.Greater(t, *r.Returned, 10)
	assert.Contains(t, r.Hint, fmt.Sprintf("Only the first %d of 100 rows fit: ask again with limit %d", *r.Returned, *r.Returned))
	var paths []string
	for _, c := range r.Cut {
		paths = append(paths, c.Path)
	}
	assert.Equal(t, []string{"data", "data[].body_text"}, paths)
	assert.Equal(t, "attrove_test", r.Cut[0].Tool, "the rest of a list comes from the same tool")
	for i, row := range r.Data {
		assert.Equal(t, fmt.Sprintf("msg_%024d", i), row.ID, "ids survive, in order")
	}
	again, _ := fit(t, rows(t, *r.Returned, 2000))
	assert.Equal(t, *r.Returned, *again.Returned, "what the hint says works")
	assert.Equal(t, "next", again.NextCursor)
}

func TestDetailFullHoldsMore(t *testing.T) {
	v := view.New(outOf(attrove.ListMessages), messages())
	reply := attrove.RawReply{Raw: json.RawMessage(rows(t, 25, 4000))}
	brief := v.Render(reply, view.Request{Budget: view.Brief, Fuller: true})
	full := v.Render(reply, view.Request{Budget: view.Full})
	assert.LessOrEqual(t, len(brief.Structured), view.Brief)
	assert.LessOrEqual(t, len(full.Structured), view.Full)
	assert.Greater(t, len(full.Structured), 3*len(brief.Structured))
	assert.Contains(t, string(full.Structured), "attrove_search finds passages")
}

// TestSearchDropsByRank: threads are keyed by id, so that their order says
// nothing; key_messages does.
func TestSearchDropsByRank(t *testing.T) {
	const n = 60
	out := attrove.SearchOut{Conversations: map[string]attrove.SearchConversation{}}
	for i := range n {
		id := fmt.Sprintf("msg_%024d", i)
		out.KeyMessages = append(out.KeyMessages, attrove.SearchKeyMessage{MessageID: id, Snippet: attrove.ForeignText(strings.Repeat("x", 300))})
		conversation := fmt.Sprintf("cnv_%02d", (n-i)%7) // the best are not in the first one
		thread := fmt.Sprintf("thr_%02d", n-i)
		if out.Conversations[conversation].Threads == nil {
			out.Conversations[conversation] = attrove.SearchConversation{Threads: map[string][]attrove.SearchThreadMessage{}}
		}
		out.Conversations[conversation].Threads[thread] = []attrove.SearchThreadMessage{{MessageID: id, BodyText: attrove.ForeignText(strings.Repeat("y", 900))}}
	}
	out.Conversations["cnv_00"].Threads["thr_00"] = []attrove.SearchThreadMessage{{MessageID: "msg_unranked", BodyText: "first of its thread"}}
	raw, err := json.Marshal(out)
	require.NoError(t, err)
	got := render(t, attrove.Search, view.Spec{Ranking: view.Ranking{List: "key_messages", ID: "message_id"}}, string(raw))
	require.False(t, got.Failed(), "%s", got.Structured)
	assert.LessOrEqual(t, len(got.Structured), view.Brief)
	var r attrove.SearchOut
	require.NoError(t, json.Unmarshal(got.Structured, &r))
	assert.Contains(t, string(got.Structured), "are shortened")
	assert.Contains(t, string(got.Structured), "The last rows of some lists did not fit")
	require.NotEmpty(t, r.KeyMessages)
	require.Less(t, len(r.KeyMessages), n)
	kept := map[string]bool{}
	for _, conversation := range r.Conversations {
		assert.NotEmpty(t, conversation.Threads)
		for _, thread := range conversation.Threads {
			require.NotEmpty(t, thread)
			kept[thread[0].MessageID] = true
		}
	}
	assert.Len(t, kept, len(r.KeyMessages), "what is not ranked goes before what is")
	for _, best := range r.KeyMessages {
		assert.True(t, kept[best.MessageID], "%s is among the best and was dropped", best.MessageID)
	}
}

func TestEvenSillyAnswersEndInAResult(t *testing.T) {
	wide := map[string]int{}
	for i := range 5000 {
		wide[fmt.Sprintf("field_%d", i)] = i
	}
	unknown, err := json.Marshal(map[string]any{"id": "note_1", "body": "kept", "extra": wide})
	require.NoError(t, err)
	got := render(t, attrove.GetNote, view.Spec{}, string(unknown))
	require.False(t, got.Failed())
	assert.Contains(t, string(got.Structured), `"body":"kept"`)
	assert.Contains(t, string(got.Structured), `"path":"extra"`)
	assert.Contains(t, string(got.Structured), "The last rows of some lists did not fit")

	flat, err := json.Marshal(wide)
	require.NoError(t, err)
	got = render(t, attrove.GetNote, view.Spec{}, string(flat))
	assert.LessOrEqual(t, len(got.Structured), view.Brief)

	many := map[string]string{"id": "note_1", "body": "kept"}
	for i := range 100 {
		many[fmt.Sprintf("field_%d", i)] = strings.Repeat("x", 300)
	}
	flat, err = json.Marshal(many)
	require.NoError(t, err)
	got = render(t, attrove.GetNote, view.Spec{}, string(flat))
	require.False(t, got.Failed(), "what the contract does not have is left out before all is refused")
	assert.Contains(t, string(got.Structured), `"body":"kept"`)
	assert.NotContains(t, string(got.Structured), `"field_7":`)
	assert.Contains(t, string(got.Structured), `"path":"field_7"`)

	got = render(t, attrove.GetNote, view.Spec{}, `{"id":"`+strings.Repeat("n", 50_000)+`"}`)
	assert.Equal(t, view.CodeTooLarge, got.Code, "an id is never cut")
}

// TestWhatStrangersSendIsQuicklyRead: each of these once took the process down
// or minutes of its time; the limit is for a slow machine.
func TestWhatStrangersSendIsQuicklyRead(t *testing.T) {
	keys := make([]string, 100_000)
	for i := range keys {
		keys[i] = fmt.Sprintf(`"k%d":1`, i)
	}
	for name, raw := range map[string]string{
		"brackets in HTML": `{"id":"msg_1","body_html":"<p>` + strings.Repeat("[", 500_000) + `</p>"}`,
		"tags in HTML":     `{"id":"msg_1","body_html":"` + strings.Repeat("<b>x</b> ", 50_000) + `"}`,
		"many names":       `{"id":"msg_1",` + strings.Join(keys, ",") + `}`,
		"deep metadata":    `{"id":"msg_1","metadata":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}`,
		"deep attendees":   `{"id":"evt_1","attendees":"` + strings.Repeat("[", 8<<20) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			op := attrove.Any(attrove.GetMessage)
			if strings.Contains(raw, "attendees") {
				op = attrove.GetEvent
			}
			start := time.Now()
			got := view.New(outOf(op), view.Spec{}).Render(attrove.RawReply{Raw: json.RawMessage(raw)}, view.Request{Budget: view.Brief})
			assert.True(t, json.Valid(got.Structured))
			assert.Less(t, time.Since(start), 20*time.Second)
		})
	}
}

func TestHTMLThatIsNotReadIsSaid(t *testing.T) {
	got := render(t, attrove.GetMessage, view.Spec{}, `{"id":"msg_1","body_html":"<p>`+strings.Repeat(" ", 200_000)+`late</p>"}`)
	assert.NotContains(t, string(got.Structured), "late")
	assert.Regexp(t, `\[\+\d+ bytes\]`, string(got.Structured))
}

// FuzzFit: whatever comes, the result is valid, within the budget, the same each
// time, and has the ids of the rows that it shows.
func FuzzFit(f *testing.F) {
	f.Add(uint8(3), uint16(100), "body", "x")
	f.Add(uint8(90), uint16(900), "Grüße 👩‍👩‍👧 \u202e", "\x1b[2J<p>a</p>")
	f.Add(uint8(1), uint16(60_000), "\xff\xfe\u2028\"\\", "")
	f.Fuzz(func(t *testing.T, n uint8, repeat uint16, body, name string) {
		page := attrove.Page[attrove.Message]{Pagination: attrove.Pagination{HasMore: true, NextCursor: "next"}}
		for i := range int(n) {
			text := strings.Repeat(body, min(int(repeat), 200_000/(len(body)+1))/(i+1)+1)
			page.Data = append(page.Data, attrove.Message{ID: fmt.Sprintf("msg_%d", i), BodyText: attrove.ForeignText(text),
				SenderName: attrove.ForeignText(name), RecipientNames: []attrove.ForeignText{attrove.ForeignText(name)}})
		}
		raw, err := json.Marshal(page)
		require.NoError(t, err)
		v := view.New(outOf(attrove.ListMessages), messages())
		one := v.Render(attrove.RawReply{Raw: raw}, view.Request{Budget: view.Brief, Fuller: true})
		two := v.Render(attrove.RawReply{Raw: raw}, view.Request{Budget: view.Brief, Fuller: true})
		require.Equal(t, string(one.Structured), string(two.Structured))
		require.LessOrEqual(t, len(one.Structured), view.Brief)
		require.True(t, json.Valid(one.Structured))
		require.True(t, utf8.Valid(one.Structured))
		require.False(t, one.Failed(), "%s", one.Structured)
		var r cutResult
		require.NoError(t, json.Unmarshal(one.Structured, &r))
		require.Len(t, r.Data, *r.Returned)
		require.Equal(t, *r.Returned < int(n), strings.Contains(r.Hint, "Only the first"))
		for i, row := range r.Data {
			require.Equal(t, fmt.Sprintf("msg_%d", i), row.ID)
		}
	})
}

// TestIdsDatesAndLinksSurvive fills every answer with endless words: what is not
// words is there to the last byte.
func TestIdsDatesAndLinksSurvive(t *testing.T) {
	words := strings.Repeat("endless ", 5000)
	for _, op := range attrove.All() {
		t.Run(op.Info().Name, func(t *testing.T) {
			kept := map[string]bool{}
			raw, err := json.Marshal(endless(outOf(op), "", words, kept))
			require.NoError(t, err)
			got := view.New(outOf(op), view.Spec{}).Render(attrove.RawReply{Raw: raw}, view.Request{Budget: view.Brief, Reveal: true})
			require.False(t, got.Failed(), "%s", got.Structured)
			assert.LessOrEqual(t, len(got.Structured), view.Brief)
			for value := range kept {
				assert.Contains(t, string(got.Structured), `"`+value+`"`)
			}
			assert.Equal(t, len(raw) > view.Brief, strings.Contains(string(got.Structured), `"cut":[{`), "a cut is declared")
		})
	}
}

// endless is a value of a type in which whatever strangers write is words, and
// every other text says where it is; kept are those.
func endless(t reflect.Type, path, words string, kept map[string]bool) any {
	switch {
	case t == reflect.TypeFor[attrove.ForeignText](), t == reflect.TypeFor[json.RawMessage](), t.Kind() == reflect.Interface:
		return words
	case t.Kind() == reflect.Pointer:
		return endless(t.Elem(), path, words, kept)
	case t.Kind() == reflect.Slice:
		return []any{endless(t.Elem(), path, words, kept)}
	case t.Kind() == reflect.Map:
		return map[string]any{"key": endless(t.Elem(), path+".key", words, kept)}
	case t.Kind() == reflect.Struct:
		fields := map[string]any{}
		for _, field := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name != "" && name != "pagination" && field.Tag.Get("mcp") != "-" {
				fields[name] = endless(field.Type, path+"."+name, words, kept)
			}
		}
		return fields
	case t.Kind() == reflect.String:
		kept["at"+path] = true
		return "at" + path
	case t.Kind() == reflect.Bool:
		return true
	}
	return 1
}
