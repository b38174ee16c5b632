package loadtest

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"text/tabwriter"
	"time"
)

// maxCallers is the most callers at a time for whom servers keep connections.
const maxCallers = 64

// Plan says how much is measured.
type Plan struct {
	Rounds  int   // medians are of these
	Calls   int   // of each target in a round
	Callers []int // at a time
}

// Row is what a target came to with so many callers: medians over the rounds,
// and those of the ratio to the first target in the same round.
type Row struct {
	Target  string
	Callers int
	Sample
	Memory int64 // of the server, at the end
	Ratio  float64
}

// Compare measures targets in rounds, in each of which they take turns in
// another order. What a row's ratio refers to is the CPU time of the first.
func Compare(ctx context.Context, p Plan, targets ...Target) ([]Row, error) {
	var rows []Row
	for _, callers := range p.Callers {
		measured := make([][]Sample, len(targets))
		for range p.Rounds {
			for _, i := range rand.Perm(len(targets)) { //nolint:gosec // any order does
				s, err := Drive(ctx, targets[i], callers, p.Calls)
				if err != nil {
					return nil, err
				}
				measured[i] = append(measured[i], s)
			}
		}
		for i, t := range targets {
			row := Row{Target: t.Name, Callers: callers, Sample: middle(measured[i])}
			ratios := make([]float64, p.Rounds)
			for round, s := range measured[i] {
				ratios[round] = float64(s.CPU) / float64(measured[0][round].CPU)
			}
			row.Ratio = median(ratios)
			var err error
			if row.Memory, err = t.Server.Memory(); err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// middle has the median of each figure.
func middle(all []Sample) Sample {
	of := func(figure func(Sample) time.Duration) time.Duration {
		figures := make([]time.Duration, len(all))
		for i, s := range all {
			figures[i] = figure(s)
		}
		return median(figures)
	}
	return Sample{
		Calls:   all[0].Calls,
		Elapsed: of(func(s Sample) time.Duration { return s.Elapsed }),
		CPU:     of(func(s Sample) time.Duration { return s.CPU }),
		P50:     of(func(s Sample) time.Duration { return s.P50 }),
		P99:     of(func(s Sample) time.Duration { return s.P99 }),
	}
}

func median[T cmp.Ordered](figures []T) T {
	slices.Sort(figures)
	return figures[len(figures)/2]
}

// Print writes rows as a table.
func Print(w io.Writer, rows []Row) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "callers\ttarget\tcalls/s\tp50 ms\tp99 ms\tCPU-s/1k\tratio\tRSS MB\t") // Flush says what goes wrong
	for _, r := range rows {
		_, _ = fmt.Fprintf(table, "%d\t%s\t%.0f\t%.2f\t%.2f\t%.3f\t%.2f\t%d\t\n", r.Callers, r.Target, r.PerSecond(),
			ms(r.P50), ms(r.P99), r.PerThousand(), r.Ratio, r.Memory>>20)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
