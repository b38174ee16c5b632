package store

import (
	"context"
	"fmt"
)

// mergePages is how much of the full-text index a transaction merges, in pages of 4 KiB.
const mergePages = 512

// MergeIndex merges the pieces of the full-text index that are about as large as each
// other, into each of which a search would look. An import leaves many.
func (s *Store) MergeIndex(ctx context.Context) error {
	for more := true; more; {
		err := s.Write(ctx, func(tx *Tx) (err error) {
			more, err = tx.merge()
			return err
		})
		if err != nil {
			return fmt.Errorf("merge the index: %w", err)
		}
	}
	return nil
}

// merge merges some, and reports whether there was any: it changes two rows then
// (https://sqlite.org/fts5.html, section 6.8).
func (tx *Tx) merge() (bool, error) {
	before, err := one(tx.ctx, tx, scalar[int64], `SELECT total_changes()`)
	if err != nil {
		return false, err
	}
	if err := tx.exec(`INSERT INTO passages_fts (passages_fts, rank) VALUES ('merge', ?)`, mergePages); err != nil {
		return false, err
	}
	after, err := one(tx.ctx, tx, scalar[int64], `SELECT total_changes()`)
	return after-before > 1, err
}
