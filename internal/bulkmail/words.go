package bulkmail

import (
	"math"
	"math/rand/v2"
	"strings"
)

// vocabulary is how many words there are besides function words.
const vocabulary = 3_000_000

// mandelbrot draws a rank below n with a probability of nearly 1/(rank+shift),
// as words have in texts.
func mandelbrot(r *rand.Rand, shift, n float64) uint64 {
	return uint64(shift * (math.Exp(r.Float64()*math.Log1p(n/shift)) - 1))
}

// common draws a function word.
func common(r *rand.Rand) string {
	words := [...]string{"the", "to", "and", "of", "a", "in", "is", "for", "that", "we", "on", "it", "this", "be", "with",
		"you", "as", "at", "are", "will", "have", "not", "by", "if", "from", "or", "our", "can", "but", "would", "your", "has",
		"all", "been", "was", "they", "do", "any", "there", "about", "so", "what", "which", "when", "should", "more", "also", "then"}
	return words[mandelbrot(r, 2, float64(len(words)))]
}

// word spells the word of a rank, more frequent words shorter.
func word(rank uint64) string {
	const consonants, vowels = "bdfgklmnprstvz", "aeiou"
	var b strings.Builder
	for rank += 70; rank > 0; rank /= 70 {
		syllable := rank % 70
		b.WriteByte(consonants[syllable/5])
		b.WriteByte(vowels[syllable%5])
	}
	b.WriteByte(consonants[b.Len()*3%len(consonants)])
	return b.String()
}

// inflected is a word as sentences have it.
func inflected(r *rand.Rand, w string) string {
	switch p := r.Float64(); {
	case p < 0.10:
		return w + "s"
	case p < 0.16:
		return w + "ed"
	case p < 0.22:
		return w + "ing"
	default:
		return w
	}
}

func capital(w string) string { return strings.ToUpper(w[:1]) + w[1:] }
