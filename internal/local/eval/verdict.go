package eval

// verdict is what a case is, and what a system takes it for.
type verdict struct{ is, said bool }

// judge is a system with its verdict on each case.
type judge struct {
	name     string
	verdicts []verdict
}

// classified are the rows of precision, recall and F1 of verdicts on the same cases.
func classified(set string, baselines []judge, ours ...judge) []Row {
	var rows []Row
	for _, metric := range []struct {
		name string
		of   func(both, is, said float64) float64
	}{
		{"precision", func(both, _, said float64) float64 { return both / max(said, 1) }},
		{"recall", func(both, is, _ float64) float64 { return both / max(is, 1) }},
		{"F1", func(both, is, said float64) float64 { return 2 * both / max(is+said, 1) }},
	} {
		contenders := func(judges []judge) []contender {
			var out []contender
			for _, j := range judges {
				out = append(out, contender{j.name, func(sample []int) float64 { return metric.of(count(j.verdicts, sample)) }})
			}
			return out
		}
		cases := 0
		if len(ours) > 0 {
			cases = len(ours[0].verdicts)
		}
		rows = append(rows, compare(set, metric.name, cases, contenders(baselines), contenders(ours)...))
	}
	return rows
}

// count counts what is so, what is said to be, and both.
func count(all []verdict, sample []int) (both, is, said float64) {
	for _, i := range sample {
		v := all[i]
		if v.is {
			is++
		}
		if v.said {
			said++
		}
		if v.is && v.said {
			both++
		}
	}
	return both, is, said
}
