package store

import (
	"context"
	"fmt"
)

// Words lists words that begin so in the full-text index, as it stems them. They
// are of all users. It reads what the index has of them, which takes the longer
// the more frequent they are: bound it by the context.
func (s *Store) Words(ctx context.Context, beginning string, limit int) ([]string, error) {
	const after = "\U0010FFFF" // sorts behind all that words are made of
	words, err := collect(ctx, s, scalar[string], `SELECT term FROM passages_words WHERE term >= ? AND term < ? LIMIT ?`,
		beginning, beginning+after, limit)
	if err != nil {
		return nil, fmt.Errorf("list words: %w", err)
	}
	return words, nil
}
