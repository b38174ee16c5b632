package speech

import (
	"bufio"
	"crypto/sha256"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/realdata"
)

var update = flag.Bool("update", false, "learn the weights of requests.tsv anew")

// judged is a sentence of which people said whether it asks for something or
// commits to it.
type judged struct {
	text string
	is   bool
	of   cues
	fold int // 0 stays unseen
}

// TestWeights: the weights are what the judged sentences give, but for the fifth of
// them that eval measures on.
func TestWeights(t *testing.T) {
	r := NewReader()
	seen := readJudged(t, r.english())
	learnt := fit(r.english().requests, seen)
	if *update {
		writeWeights(t, learnt)
		return
	}
	for n, name := range r.english().requests.names {
		assert.InDelta(t, learnt[n], r.english().requests.weights[n], 0.02, "%s: run the test with -update", name)
	}
}

// TestWeightsHold: on a fifth that the weights are not learnt from they do as well,
// each fifth in turn.
func TestWeightsHold(t *testing.T) {
	e := NewReader().english()
	seen := readJudged(t, e)
	var both, is, said float64
	for left := 1; left < folds; left++ {
		var rest []judged
		for _, s := range seen {
			if s.fold != left {
				rest = append(rest, s)
			}
		}
		with := *e.requests
		with.weights = fit(e.requests, rest)
		r := Reader{func() *english { return &english{e.phrases, &with} }}
		for _, s := range seen {
			if s.fold != left {
				continue
			}
			got := r.Read(s.text).Has(Ask | Promise)
			both, is, said = both+count(got && s.is), is+count(s.is), said+count(got)
		}
	}
	f1 := 2 * both / (is + said)
	t.Logf("precision %.3f, recall %.3f, F1 %.3f", both/said, both/is, f1)
	assert.Greater(t, f1, 0.77)
}

func count(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

const folds = 5

// readJudged reads the sentences that may be learnt from.
func readJudged(t *testing.T, e *english) []judged {
	t.Helper()
	file, err := os.Open(realdata.Dir(t, "intents", "parakweet-intent-train.tsv"))
	require.NoError(t, err)
	defer file.Close()
	var out []judged
	rows := bufio.NewScanner(file)
	for rows.Scan() {
		label, text, ok := strings.Cut(rows.Text(), "\t")
		require.True(t, ok)
		found, words := e.phrases.find(text)
		sum := sha256.Sum256([]byte(text))
		if s := (judged{text, label == "Yes", e.requests.complete(found.cues, words), int(sum[0]) % folds}); s.fold != 0 {
			out = append(out, s)
		}
	}
	require.NoError(t, rows.Err())
	return out
}

// fit learns the weights of cues by logistic regression with a penalty on their
// squares, by descent with steps that shrink as AdaGrad's do. Those that are set by
// hand stay, and what is set against them is not learnt from; the cue of every
// sentence has no penalty.
func fit(r *requests, on []judged) []float64 {
	const rounds, rate, penalty = 400, 0.5, 1
	weights, sum, steps := make([]float64, len(r.weights)), make([]float64, len(r.weights)), make([]float64, len(r.weights))
	byHand := fixed()
	var against cues
	for n, name := range r.names {
		if byHand[name] {
			weights[n] = r.weights[n]
			if weights[n] < 0 {
				against.add(n)
			}
		}
	}
	on = slices.DeleteFunc(slices.Clone(on), func(s judged) bool { return s.of.meet(against) })
	with := requests{weights: weights}
	for range rounds {
		for n := range sum {
			sum[n] = penalty * weights[n]
		}
		for n := range r.always.all {
			sum[n] = 0
		}
		for _, s := range on {
			miss := 1/(1+math.Exp(-with.score(s.of))) - count(s.is)
			for n := range s.of.all {
				sum[n] += miss
			}
		}
		for n, name := range r.names {
			if byHand[name] || sum[n] == 0 {
				continue
			}
			steps[n] += sum[n] * sum[n]
			weights[n] -= rate * sum[n] / math.Sqrt(steps[n])
		}
	}
	return weights
}

// fixed names the cues whose weights are set by hand.
func fixed() map[string]bool {
	names := map[string]bool{}
	for line := range strings.Lines(requestTable) {
		if weight, rest, ok := strings.Cut(line, "\t"); ok && strings.HasPrefix(weight, "=") {
			name, _, _ := strings.Cut(rest, "\t")
			names[name] = true
		}
	}
	return names
}

// writeWeights puts the weights in front of the lines of their cues.
func writeWeights(t *testing.T, learnt []float64) {
	t.Helper()
	var out strings.Builder
	n := 0
	section := ""
	for line := range strings.Lines(requestTable) {
		if strings.HasPrefix(line, "[") {
			section = strings.TrimSpace(line)
		}
		weight, rest, ok := strings.Cut(line, "\t")
		if !ok || section != "[asks]" && section != "[adds]" {
			out.WriteString(line)
			continue
		}
		if !strings.HasPrefix(weight, "=") {
			weight = fmt.Sprintf("%+.2f", learnt[n])
		}
		n++
		out.WriteString(weight + "\t" + rest)
	}
	require.Equal(t, len(learnt), n)
	require.NoError(t, os.WriteFile("requests.tsv", []byte(out.String()), 0o600))
}
