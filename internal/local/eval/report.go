package eval

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// Report is what was measured, section by section.
type Report []Section

// Section is one part of a report.
type Section struct {
	Name  string `json:"name"`
	About string `json:"about"` // what is measured, in a sentence or two
	Rows  []Row  `json:"rows"`
}

// Row is one metric on one set of cases, of every system.
type Row struct {
	Set    string  `json:"set"`
	Cases  int     `json:"cases"`
	Metric string  `json:"metric"`
	Values []Value `json:"values"`
}

// Value is what a system scores, or how much more than another does.
type Value struct {
	System   string    `json:"system"`
	Versus   string    `json:"versus,omitempty"` // the system that was subtracted, if any
	Value    float64   `json:"value"`
	Interval *Interval `json:"interval,omitempty"` // of a difference
}

func (v Value) column() string {
	if v.Versus == "" {
		return v.System
	}
	return v.System + " - " + v.Versus
}

func (v Value) String() string {
	switch {
	case v.Versus == "":
		return fmt.Sprintf("%.3f", v.Value)
	case v.Interval == nil:
		return fmt.Sprintf("%+.3f", v.Value)
	}
	return fmt.Sprintf("%+.3f [%+.3f, %+.3f]", v.Value, v.Interval.Low, v.Interval.High)
}

// Value returns what a system scores, on its own or with versus above that one.
func (s Section) Value(set, metric, system, versus string) (Value, bool) {
	for _, r := range s.Rows {
		if r.Set != set || r.Metric != metric {
			continue
		}
		for _, v := range r.Values {
			if v.System == system && v.Versus == versus {
				return v, true
			}
		}
	}
	return Value{}, false
}

// String is the report as tables.
func (r Report) String() string {
	var out strings.Builder
	for i, s := range r {
		if i > 0 {
			out.WriteByte('\n')
		}
		out.WriteString(strings.ToUpper(s.Name) + ": " + s.About + "\n\n")
		s.table(&out)
	}
	return out.String()
}

// table prints the rows, with a column for every system and difference, in the
// order in which they are first met, scores before differences.
func (s Section) table(out io.Writer) {
	var columns []Value
	for _, r := range s.Rows {
		for _, v := range r.Values {
			if !slices.ContainsFunc(columns, func(c Value) bool { return c.column() == v.column() }) {
				columns = append(columns, v)
			}
		}
	}
	slices.SortStableFunc(columns, func(a, b Value) int { return cmp.Compare(min(len(a.Versus), 1), min(len(b.Versus), 1)) })
	tab := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprint(tab, "set\tcases\tmetric") // the writer is a strings.Builder's, which takes everything
	for _, c := range columns {
		_, _ = fmt.Fprint(tab, "\t"+c.column())
	}
	_, _ = fmt.Fprintln(tab)
	for _, r := range s.Rows {
		_, _ = fmt.Fprintf(tab, "%s\t%d\t%s", r.Set, r.Cases, r.Metric)
		for _, c := range columns {
			text := ""
			if i := slices.IndexFunc(r.Values, func(v Value) bool { return v.column() == c.column() }); i >= 0 {
				text = r.Values[i].String()
			}
			_, _ = fmt.Fprint(tab, "\t"+text)
		}
		_, _ = fmt.Fprintln(tab)
	}
	_ = tab.Flush()
}
