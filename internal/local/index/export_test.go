package index

// Limit has x take a store for a large one that has more than so many passages, and
// rank no more matches of common words.
func Limit(x *Index, small, ranked int) {
	x.limits = limits{small: int64(small), ranked: ranked, walked: 50 * ranked, enough: 2}
}
