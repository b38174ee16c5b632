package view

// ranker gives every row its place in its list, so that the last ones go first
// when not all fit. Where ids are ranked elsewhere, that ranking counts.
type ranker struct {
	id     string
	places map[string]int
}

func newRanker(root *node, by Ranking) ranker {
	r := ranker{id: by.ID, places: map[string]int{}}
	if ranked := root.member(by.List); ranked != nil {
		for i, row := range ranked.items {
			if id := row.member(by.ID); id != nil {
				r.places[id.text] = i
			}
		}
	}
	return r
}

// rank ranks what is below n and returns the best rank of a row there; many if
// there is no row.
func (r ranker) rank(n *node) int {
	best := many
	for i, item := range n.items {
		r.rank(item)
		item.rank = r.place(item, i)
		best = min(best, item.rank)
	}
	for i, one := range n.members {
		below := r.rank(one.value)
		if n.keyed {
			one.value.rank = i
			if len(r.places) > 0 && below < many {
				one.value.rank = below
			}
		}
		best = min(best, below)
	}
	return best
}

// place is the rank of a row that is number i of its list.
func (r ranker) place(row *node, i int) int {
	id := row.member(r.id)
	if id == nil || len(r.places) == 0 {
		return i
	}
	if place, ok := r.places[id.text]; ok {
		return place
	}
	return len(r.places) + i
}

// measure notes how long each value is when nothing is cut.
func measure(n *node) int {
	switch n.kind {
	case literal:
		n.size = len(n.text)
	case str:
		n.size = stringSize(n.text)
	case list:
		n.size = 2 + max(0, len(n.items)-1)
		for _, item := range n.items {
			n.size += measure(item)
		}
	case object:
		n.size = 2 + max(0, len(n.members)-1)
		for _, one := range n.members {
			n.size += stringSize(one.name) + 1 + measure(one.value)
		}
	}
	return n.size
}
