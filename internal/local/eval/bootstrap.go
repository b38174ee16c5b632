package eval

import (
	"crypto/sha256"
	"math/rand/v2"
	"slices"
)

const (
	resamples = 10_000
	seed      = 1
	tail      = 0.025 // on either side of an interval
)

// Interval is one of 95 %, by the paired bootstrap of the package comment.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// contender is a system with what it scores on a sample of the cases, which are
// called by their numbers.
type contender struct {
	name  string
	score func(sample []int) float64
}

// averaging is a contender that scores the mean of a value for each case.
func averaging(name string, values []float64) contender {
	return contender{name, func(sample []int) float64 {
		sum := 0.0
		for _, i := range sample {
			sum += values[i]
		}
		return sum / float64(max(len(sample), 1))
	}}
}

// compare makes a row: what baselines and ours score on all cases, and how much
// each of ours is above each baseline.
func compare(set, metric string, cases int, baselines []contender, ours ...contender) Row {
	row := Row{Set: set, Cases: cases, Metric: metric}
	all := slices.Concat(baselines, ours)
	whole := make([]int, cases)
	for i := range whole {
		whole[i] = i
	}
	scores := map[string]float64{}
	for _, c := range all {
		scores[c.name] = c.score(whole)
		row.Values = append(row.Values, Value{System: c.name, Value: scores[c.name]})
	}
	if len(baselines) == 0 || cases == 0 {
		return row
	}
	drawn := draw(cases, all)
	for _, our := range ours {
		for _, base := range baselines {
			row.Values = append(row.Values, Value{System: our.name, Versus: base.name,
				Value: scores[our.name] - scores[base.name], Interval: interval(drawn[our.name], drawn[base.name])})
		}
	}
	return row
}

// draw scores the contenders, by their names, on the same resamples of the cases.
func draw(cases int, all []contender) map[string][]float64 {
	random := rand.New(rand.NewPCG(seed, uint64(cases))) //nolint:gosec // a bootstrap is to be the same each time
	scores := map[string][]float64{}
	sample := make([]int, cases)
	for range resamples {
		for i := range sample {
			sample[i] = random.IntN(cases)
		}
		for _, c := range all {
			scores[c.name] = append(scores[c.name], c.score(sample))
		}
	}
	return scores
}

// interval is that of the differences between two systems on the same resamples.
func interval(ours, base []float64) *Interval {
	differences := make([]float64, len(ours))
	for i := range ours {
		differences[i] = ours[i] - base[i]
	}
	slices.Sort(differences)
	last := float64(len(differences) - 1)
	return &Interval{Low: differences[int(tail*last+0.5)], High: differences[int((1-tail)*last+0.5)]}
}

// folds is into how many parts cases are divided of which one stays unseen while
// rules are made.
const folds = 5

// unseen reports whether a case belongs to the part that rules are not made on. It
// goes by the case's own text, so that the same text is never on both sides.
func unseen(text string) bool {
	return sha256.Sum256([]byte(text))[0]%folds == 0
}
