package embed

import (
	"errors"
	"math"
)

// maxDimensions bounds what is kept for each passage.
const maxDimensions = 4096

// Vector is where a text lies among all others, at distance 1 from the middle.
type Vector []float32

// unit makes a vector of what a model answered.
func unit(of []float64) (Vector, error) {
	square := 0.0
	for _, x := range of {
		square += x * x
	}
	length := math.Sqrt(square)
	switch {
	case len(of) == 0, math.IsNaN(length), math.IsInf(length, 0), length == 0:
		return nil, errors.New("its answer has a vector that points nowhere")
	case len(of) > maxDimensions:
		return nil, errors.New("its vectors are too long: 4096 dimensions at most")
	}
	v := make(Vector, len(of))
	for i, x := range of {
		v[i] = float32(x / length)
	}
	return v, nil
}

// Pack rounds a vector to a signed byte for each dimension. What is lost is how
// long it was, which is 1.
func (v Vector) Pack() []byte {
	greatest := float32(0)
	for _, x := range v {
		greatest = max(greatest, x, -x)
	}
	packed := make([]byte, len(v))
	for i, x := range v {
		packed[i] = byte(int8(math.Round(float64(x / greatest * math.MaxInt8)))) //nolint:gosec // the same eight bits
	}
	return packed
}

// Cosine tells how alike two texts are, from -1 to 1: v, and what was packed. It is
// 0 where they are of different models.
func (v Vector) Cosine(packed []byte) float64 {
	if len(v) != len(packed) {
		return 0
	}
	product, square := float32(0), 0
	for i, b := range packed {
		x := int8(b) //nolint:gosec // as it was packed
		product += v[i] * float32(x)
		square += int(x) * int(x)
	}
	if square == 0 {
		return 0
	}
	return float64(product) / math.Sqrt(float64(square))
}
