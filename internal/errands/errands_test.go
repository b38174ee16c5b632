// Package errands measures the product as a user meets it: what they ask of an
// assistant, the calls that a capable one makes for it, and the facts that must be
// in the results, at what price. No model takes part. The errands run twice: over
// the sample workspace, and over one in which strangers planted orders.
package errands_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tiktoken-go/tokenizer"
)

// errand is something that a user asks of an assistant.
type errand struct {
	asks string // in the user's words
	does []step
	// What the results must say, from the sample's files and not from what comes
	// out. Words joined by " + " belong to one thing: a row of a list, or the one
	// thing that a result is about.
	facts   []string
	lacks   []string // what would mislead
	tokens  int      // at the most
	changes []string // what differs afterwards, as changesBetween says it; nothing else may
}

// step is one call. In its arguments "${id of Osterveld renewal in 1}" is the
// field id of what has that title, name or address in the result of step 1.
type step struct{ tool, args string }

// mostSteps is how many calls an errand may take.
const mostSteps = 5

// outcome is what an errand came to.
type outcome struct {
	asks                 string
	steps, tokens, facts int
}

// run does what e asks, and holds the results to it.
func (d desk) run(e errand) (outcome, []json.RawMessage) {
	d.Helper()
	var results []json.RawMessage
	for _, s := range e.does {
		results = append(results, d.good(s.tool, fill(d.T, s.args, results)))
	}
	o := outcome{asks: e.asks, steps: len(e.does)}
	assert.LessOrEqual(d, o.steps, mostSteps, e.asks)
	for _, fact := range e.facts {
		if assert.True(d, holds(d.T, results, fact), "%s: nothing says %q in\n%s", e.asks, fact, results) {
			o.facts++
		}
	}
	for _, words := range e.lacks {
		assert.False(d, holds(d.T, results, words), "%s: the results say %q", e.asks, words)
	}
	return o, results
}

// TestErrands: the facts are there, for the calls and tokens that they may cost,
// and nothing changes but what was asked for. Ids are random, and so are 3 % of the
// tokens: a limit has to leave room for that.
func TestErrands(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	codec, err := tokenizer.Get(tokenizer.O200kBase)
	require.NoError(t, err)
	list := errands()
	require.Len(t, list, 20)
	var done []outcome
	before := d.state()
	for _, e := range list {
		o, results := d.run(e)
		o.tokens = count(t, codec, results)
		assert.LessOrEqual(t, o.tokens, e.tokens, "%s: tokens", e.asks)
		assert.Less(t, e.tokens, o.tokens*5/4, "%s: the limit of tokens could be lower", e.asks)
		after := d.state()
		assert.ElementsMatch(t, e.changes, changesBetween(before, after), e.asks)
		after.knows(t, results)
		before, done = after, append(done, o)
	}
	report(t, done)
}

// report prints what the errands cost.
func report(t *testing.T, done []outcome) {
	t.Helper()
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	var all outcome
	fmt.Fprintf(w, "calls\ttokens\tfacts\t  errand\n")
	for _, o := range done {
		fmt.Fprintf(w, "%d\t%d\t%d\t  %s\n", o.steps, o.tokens, o.facts, o.asks)
		all.steps, all.tokens, all.facts = all.steps+o.steps, all.tokens+o.tokens, all.facts+o.facts
	}
	fmt.Fprintf(w, "%d\t%d\t%d\t  all %d\n", all.steps, all.tokens, all.facts, len(done))
	require.NoError(t, w.Flush())
	t.Log("\n" + b.String())
}

// count is what a model reads of results.
func count(t *testing.T, codec tokenizer.Codec, results []json.RawMessage) (sum int) {
	t.Helper()
	for _, r := range results {
		n, err := codec.Count(string(r))
		require.NoError(t, err)
		sum += n
	}
	return sum
}

var reference = regexp.MustCompile(`\$\{(\w+) of (.+?) in (\d+)\}`)

// fill replaces the references in args by values of earlier results.
func fill(t *testing.T, args string, results []json.RawMessage) string {
	t.Helper()
	return reference.ReplaceAllStringFunc(args, func(ref string) string {
		m := reference.FindStringSubmatch(ref)
		var n int
		_, err := fmt.Sscan(m[3], &n)
		require.NoError(t, err)
		require.LessOrEqual(t, n, len(results), ref)
		for _, thing := range things(t, results[n-1]) {
			for _, name := range []string{"title", "name", "subject", "topic", "snippet", "description"} {
				if words, ok := thing[name].(string); ok && strings.Contains(words, m[2]) {
					if value, ok := thing[m[1]].(string); ok {
						return value
					}
				}
			}
		}
		require.Fail(t, "nothing to refer to", "%s in\n%s", ref, results[n-1])
		return ""
	})
}

// holds reports whether one thing in the results has all words of fact.
func holds(t *testing.T, results []json.RawMessage, fact string) bool {
	t.Helper()
	words := strings.Split(fact, " + ")
	for _, r := range results {
		for _, thing := range things(t, r) {
			said := plain(t, thing)
			found := 0
			for _, word := range words {
				if strings.Contains(said, word) {
					found++
				}
			}
			if found == len(words) {
				return true
			}
		}
	}
	return false
}

// things lists what a result is about: the rows of its lists, or itself where it
// is no list.
func things(t *testing.T, result json.RawMessage) []map[string]any {
	t.Helper()
	var root map[string]any
	require.NoError(t, json.Unmarshal(result, &root))
	var found []map[string]any
	for name, member := range root {
		rows, ok := member.([]any)
		if !ok || name == "history" {
			continue
		}
		for _, row := range rows {
			if thing, ok := row.(map[string]any); ok {
				found = append(found, thing)
			}
		}
	}
	if _, list := root["returned"]; !list {
		found = append(found, root)
	}
	return found
}

// plain is a thing as JSON that reads as it was written.
func plain(t *testing.T, thing map[string]any) string {
	t.Helper()
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	require.NoError(t, encoder.Encode(thing))
	return b.String()
}
