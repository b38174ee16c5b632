package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
)

// ErrForgotten says that something names an address that is forgotten.
var ErrForgotten = errors.New("it names somebody who is forgotten")

// Forget has nothing accepted any more that names one of the addresses or
// accounts, which are in lower case. What is there already goes with Purge.
func (s *Store) Forget(ctx context.Context, userID string, addresses []string) error {
	err := s.Write(ctx, func(tx *Tx) error {
		if err := tx.salt(); err != nil {
			return err
		}
		hashes, err := tx.hashes(addresses)
		if err != nil {
			return err
		}
		return tx.exec(`INSERT INTO forgotten (user_id, hash) SELECT ?, value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
			userID, encodeList(hashes))
	})
	if err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	return nil
}

// Remember takes Forget back, and returns how many of the addresses were
// forgotten.
func (s *Store) Remember(ctx context.Context, userID string, addresses []string) (known int, err error) {
	err = s.Write(ctx, func(tx *Tx) error {
		hashes, err := tx.hashes(addresses)
		if errors.Is(err, ErrNotFound) { // nobody ever was
			return nil
		}
		if err != nil {
			return err
		}
		n, err := tx.changed(`DELETE FROM forgotten WHERE user_id = ? AND hash IN (SELECT value FROM json_each(?))`, userID, encodeList(hashes))
		known = int(n)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("remember: %w", err)
	}
	return known, nil
}

// Forgotten counts whom a user has forgotten.
func (s *Store) Forgotten(ctx context.Context, userID string) (int, error) {
	n, err := one(ctx, s, scalar[int], `SELECT count(*) FROM forgotten WHERE user_id = ?`, userID)
	if err != nil {
		return 0, fmt.Errorf("count who is forgotten: %w", err)
	}
	return n, nil
}

func newSalt() []byte {
	salt := make([]byte, sha256.Size)
	rand.Read(salt) // never fails since Go 1.24
	return salt
}

// admit fails with ErrForgotten for a payload that has a forgotten address or
// account anywhere in it. Where nobody is forgotten it reads no payload.
func (tx *Tx) admit(userID string, payload []byte) error {
	some, ok := tx.known.forgetful[userID]
	if !ok {
		var err error
		some, err = one(tx.ctx, tx, scalar[bool], `SELECT EXISTS (SELECT 1 FROM forgotten WHERE user_id = ?)`, userID)
		if err != nil {
			return err
		}
		tx.known.forgetful[userID] = some
	}
	if !some {
		return nil
	}
	names, err := identitiesOf(payload)
	if err != nil || len(names) == 0 {
		return err
	}
	hashes, err := tx.hashes(names)
	if err != nil {
		return err
	}
	found, err := one(tx.ctx, tx, scalar[bool], `SELECT EXISTS (SELECT 1 FROM json_each(?) h JOIN forgotten f ON f.user_id = ? AND f.hash = h.value)`,
		encodeList(hashes), userID)
	if err == nil && found {
		err = ErrForgotten
	}
	return err
}

// hashes are what is kept of addresses. The salt keeps lists of hashes that were
// made elsewhere from telling whose they are; whoever has the file can still try
// an address that they know.
func (tx *Tx) hashes(addresses []string) ([]string, error) {
	salt, err := one(tx.ctx, tx, func(rows *sql.Rows) (salt []byte, err error) { return salt, rows.Scan(&salt) }, `SELECT salt FROM forgotten_salt`)
	if err != nil {
		return nil, err
	}
	all := make([]string, len(addresses))
	for i, address := range addresses {
		mac := hmac.New(sha256.New, salt)
		mac.Write([]byte(address))
		all[i] = hex.EncodeToString(mac.Sum(nil))
	}
	return all, nil
}
