package eval

import (
	"encoding/json"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/store"
	"github.com/attrove/attrove-mcp/internal/realdata"
)

// TestReport runs all sections; what each is held to is in its own test.
func TestReport(t *testing.T) {
	report, err := Run(t.Context(), Options{Dir: realdata.Dir(t)})
	require.NoError(t, err)
	require.Len(t, report, len(SectionNames()))
	t.Log("\n" + report.String())
	for _, s := range report {
		assert.NotEmpty(t, s.Rows, s.Name)
	}
	t.Run("search", func(t *testing.T) { checkSearch(t, report[0]) })
	t.Run("answers", func(t *testing.T) { checkAnswers(t, report[1]) })
	t.Run("intents", func(t *testing.T) { checkIntents(t, report[2]) })
	t.Run("people", func(t *testing.T) { checkPeople(t, report[3]) })
	t.Run("threads", func(t *testing.T) { checkThreads(t, report[4]) })
}

// score is what a section says of our system.
func score(t *testing.T, s Section, set, metric, system string) float64 {
	t.Helper()
	v, ok := s.Value(set, metric, system, "")
	require.True(t, ok, "%s, %s of %s", set, metric, system)
	return v.Value
}

func checkSearch(t *testing.T, s Section) {
	t.Helper()
	for _, set := range []string{"enron-aeslc", "ethpm-silver", "qmsum-train", "enron subjects", "list subjects"} {
		for metric, below := range map[string]float64{"hit@1": 0, "hit@10": 0.005, "MRR@10": 0} { // one of Enron's subjects in 368
			assert.GreaterOrEqual(t, score(t, s, set, metric, "ours"), score(t, s, set, metric, "BM25 whole")-below, "%s of %s", metric, set)
		}
	}
	for _, set := range []string{"ethpm-silver", "qmsum-train"} {
		for _, metric := range []string{"passage hit@1", "passage hit@10", "passage MRR@10"} {
			assert.Greater(t, score(t, s, set, metric, "ours"), score(t, s, set, metric, "BM25 passages")+0.03, "%s of %s", metric, set)
		}
	}
	assert.GreaterOrEqual(t, score(t, s, "enron-aeslc", "hit@10", "ours"), score(t, s, "enron-aeslc", "hit@10", "BM25 passages"),
		"one of its queries rests on a spelling, which is looked for only as long as there is time")
}

func checkAnswers(t *testing.T, s Section) {
	t.Helper()
	for metric, least := range map[string]float64{"answered": 0.7, "right first": 0.5, "right turns": 0.45, "right sentences": 0.4} {
		assert.GreaterOrEqual(t, score(t, s, "qmsum-train", metric, "ours"), least, metric)
		assert.GreaterOrEqual(t, score(t, s, "qmsum-train, unseen", metric, "ours"), least-0.1, metric)
	}
	for _, set := range []string{"meetings' questions to calls", "meetings' questions to mail", "calls' points to meetings", "said by nobody"} {
		assert.GreaterOrEqual(t, score(t, s, set, "no answer", "ours"), 0.9, set)
	}
}

func checkIntents(t *testing.T, s Section) {
	t.Helper()
	assert.Greater(t, score(t, s, "all", "F1", "ours"), 0.76)
	assert.Greater(t, score(t, s, "unseen fifth", "F1", "ours"), score(t, s, "unseen fifth", "F1", "one line")+0.05)
}

// checkPeople holds that nobody is taken for another.
func checkPeople(t *testing.T, s Section) {
	t.Helper()
	for set, recall := range map[string]float64{"list, senders": 0.6, "list, all named": 0.6, "calls, given names": 0.9} {
		assert.InDelta(t, 1, score(t, s, set, "precision", "ours"), 0, set)
		assert.GreaterOrEqual(t, score(t, s, set, "recall", "ours"), recall, set)
	}
}

func checkThreads(t *testing.T, s Section) {
	t.Helper()
	for _, metric := range []string{"action items found", "decisions found"} {
		assert.Greater(t, score(t, s, "calls", metric, "ours"), 1.5*score(t, s, "calls", metric, "chance"), metric)
	}
	for _, metric := range []string{"action items found", "owners right", "resolutions found"} {
		assert.Greater(t, score(t, s, "minutes", metric, "ours"), 0.9, metric)
	}
}

func TestRunSaysWhatIsMissing(t *testing.T) {
	_, err := Run(t.Context(), Options{Dir: t.TempDir()})
	for _, missing := range []string{
		"search: open", "enron-allen-p.mbox", "intents: open", "parakweet-intent-train.tsv", "people: open", "ksummit-2023-2026.mbox",
		"threads: there is no", "*.vtt",
	} {
		require.ErrorContains(t, err, missing)
	}
	_, err = Run(t.Context(), Options{Dir: t.TempDir(), Sections: []string{"intents", "intentions"}})
	require.ErrorContains(t, err, `"intentions"`)
	require.ErrorContains(t, err, "search, answers, intents, people, threads")
}

// A system with itself differs by nothing; one that is right on all cases but the
// first hundredth differs from it by what the binomial distribution says.
func TestIntervals(t *testing.T) {
	const cases = 400
	sure, half := make([]float64, cases), make([]float64, cases)
	for i := range cases {
		sure[i], half[i] = 1, float64(i%2)
	}
	row := compare("set", "hit@1", cases, []contender{averaging("half", half)}, averaging("sure", sure), averaging("same", half))
	require.Len(t, row.Values, 5)
	assert.Equal(t, []Value{{System: "half", Value: 0.5}, {System: "sure", Value: 1}, {System: "same", Value: 0.5}}, row.Values[:3])
	above, same := row.Values[3], row.Values[4]
	assert.Equal(t, Value{System: "same", Versus: "half", Interval: &Interval{}}, same)
	assert.Equal(t, "sure", above.System)
	assert.InDelta(t, 0.5, above.Value, 1e-12)
	// The standard error of a share of one half in 400 is 0.025.
	assert.InDelta(t, 0.5-1.96*0.025, above.Interval.Low, 0.003)
	assert.InDelta(t, 0.5+1.96*0.025, above.Interval.High, 0.003)
	assert.Equal(t, row, compare("set", "hit@1", cases, []contender{averaging("half", half)}, averaging("sure", sure), averaging("same", half)), "it is the same each time")
}

// Pairing is what makes a small difference seen: two noisy systems of which one is
// above the other in every case.
func TestIntervalsArePaired(t *testing.T) {
	const cases = 50
	random := rand.New(rand.NewPCG(1, 2))
	low, high := make([]float64, cases), make([]float64, cases)
	for i := range cases {
		low[i] = random.Float64()
		high[i] = low[i] + 0.01
	}
	row := compare("set", "mean", cases, []contender{averaging("low", low)}, averaging("high", high))
	assert.InDelta(t, 0.01, row.Values[2].Interval.Low, 1e-9)
	assert.InDelta(t, 0.01, row.Values[2].Interval.High, 1e-9)
}

func TestNothingIsCompared(t *testing.T) {
	row := compare("set", "mean", 0, []contender{averaging("a", nil)}, averaging("b", nil))
	assert.Equal(t, []Value{{System: "a"}, {System: "b"}}, row.Values)
}

func TestClassified(t *testing.T) {
	judged := []verdict{{true, true}, {true, true}, {true, false}, {false, true}, {false, false}}
	none := make([]verdict, len(judged))
	rows := classified("set", []judge{{"none", none}}, judge{"ours", judged})
	require.Len(t, rows, 3)
	for i, want := range []float64{2. / 3, 2. / 3, 4. / 6} {
		assert.InDelta(t, want, rows[i].Values[1].Value, 1e-12, rows[i].Metric)
		assert.Zero(t, rows[i].Values[0].Value)
	}
}

func TestRanksAreCounted(t *testing.T) {
	s := set{name: "set", queries: make([]query, 4)}
	rows := s.rows("passage ", func(f found) []int { return f.passages }, nil, []found{{system{name: "ours"}, ranks{passages: []int{1, 4, 0, 10}}}})
	for i, want := range []float64{0.25, 0.75, (1 + 0.25 + 0.1) / 4} {
		assert.InDelta(t, want, rows[i].Values[0].Value, 1e-12, rows[i].Metric)
	}
	assert.Equal(t, "passage hit@10", rows[1].Metric)
}

func TestBySubject(t *testing.T) {
	const text = "The crane of the old harbour is to be lifted off its rails on Monday by two tugs, weather and tide allowing."
	docs := make([]document, 0, 8)
	for i, subject := range []string{"[cranes] Moving the harbour crane", "Re: [cranes] Moving the harbour crane", "Fwd: Old harbour rails lifted",
		"Crane news", "Weekly harbour crane report", "Weekly harbour crane report", "Weekly harbour crane report", "Weekly harbour crane report"} {
		docs = append(docs, document{name: strconv.Itoa(i), message: &store.Message{Subject: subject, BodyText: text}})
	}
	docs = append(docs, document{name: "short", message: &store.Message{Subject: "Harbour crane lifted yesterday", BodyText: "Done."}})
	s := bySubject("mail", docs)
	assert.Equal(t, []query{{text: "moving the harbour crane", documents: map[string]bool{"0": true}}}, s.queries)
	require.Len(t, s.documents, len(docs))
	for i, d := range s.documents {
		assert.Empty(t, d.message.Subject)
		assert.NotEmpty(t, docs[i].message.Subject, "what it was made of is as it was")
	}
}

func TestReportPrints(t *testing.T) {
	report := Report{{Name: "search", About: "known items.", Rows: []Row{
		{Set: "mail", Cases: 27, Metric: "hit@1", Values: []Value{{System: "BM25", Value: 0.5}, {System: "ours", Value: 0.625},
			{System: "ours", Versus: "BM25", Value: 0.125, Interval: &Interval{-0.01, 0.25}}}},
		{Set: "mail", Cases: 27, Metric: "passages", Values: []Value{{System: "ours", Value: 1}, {System: "late", Value: 0.25}}},
	}}, {Name: "people", About: "who."}}
	assert.Equal(t, `SEARCH: known items.

set   cases  metric    BM25   ours   late   ours - BM25
mail  27     hit@1     0.500  0.625         +0.125 [-0.010, +0.250]
mail  27     passages         1.000  0.250  

PEOPLE: who.

set  cases  metric
`, report.String())
	raw, err := json.Marshal(report[0].Rows[0])
	require.NoError(t, err)
	assert.JSONEq(t, `{"set":"mail","cases":27,"metric":"hit@1","values":[{"system":"BM25","value":0.5},{"system":"ours","value":0.625},
		{"system":"ours","versus":"BM25","value":0.125,"interval":{"low":-0.01,"high":0.25}}]}`, string(raw))
}
