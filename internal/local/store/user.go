package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

const userColumns = `id, email, first_name, last_name, timezone, external_id, metadata, addresses, created_at, updated_at`

// userQuery reads users with what was found to be theirs.
const userQuery = `SELECT ` + userColumns + `, said, (SELECT json_group_array(handle) FROM entities e
	WHERE e.user_id = users.id AND e.entity_type = 'user' AND e.handle NOT IN (SELECT value FROM json_each(users.addresses))) FROM users WHERE `

func scanUser(rows *sql.Rows) (User, error) {
	var u User
	var created, updated int64
	var found []string
	err := rows.Scan(&u.ID, &u.Email, &u.FirstName, &u.LastName, &u.Timezone, &u.ExternalID,
		objectColumn{&u.Metadata}, listColumn[string]{&u.Addresses}, &created, &updated, &u.Said, listColumn[string]{&found})
	for _, handle := range found {
		if strings.Contains(handle, "@") {
			u.Linked = append(u.Linked, handle)
		} else {
			u.Handles = append(u.Handles, handle)
		}
	}
	u.CreatedAt, u.UpdatedAt = fromMillis(created), fromMillis(updated)
	return u, err
}

// CreateUser adds a user who calls with the key that keyHash is of. The e-mail
// address must be new, or the error is ErrExists.
func (s *Store) CreateUser(ctx context.Context, u User, keyHash []byte) error {
	err := s.Write(ctx, func(tx *Tx) error {
		if err := tx.insertUser(u, `INSERT INTO users (`+userColumns+`, is_local) VALUES (?,?,?,?,?,?,?,?,?,?,0)`); err != nil {
			return err
		}
		return tx.exec(`INSERT INTO api_keys (hash, user_id, created_at) VALUES (?,?,?)`, keyHash, u.ID, millis(u.CreatedAt))
	})
	if err != nil {
		return fmt.Errorf("create user: %w", err)
	}
	return nil
}

func (tx *Tx) insertUser(u User, statement string) error {
	return tx.exec(statement, u.ID, u.Email, u.FirstName, u.LastName, u.Timezone, u.ExternalID,
		encodeObject(u.Metadata), encodeList(u.Addresses), millis(u.CreatedAt), millis(u.UpdatedAt))
}

// User returns the user with an id.
func (s *Store) User(ctx context.Context, id string) (User, error) {
	u, err := one(ctx, s, scanUser, userQuery+`id = ?`, id)
	if err != nil {
		return User{}, fmt.Errorf("user: %w", err)
	}
	return u, nil
}

// Users counts the users.
func (s *Store) Users(ctx context.Context) (int, error) {
	n, err := one(ctx, s, scalar[int], `SELECT count(*) FROM users`)
	if err != nil {
		return 0, fmt.Errorf("count users: %w", err)
	}
	return n, nil
}

// UserByKey returns the user who owns the key that keyHash is of.
func (s *Store) UserByKey(ctx context.Context, keyHash []byte) (User, error) {
	u, err := one(ctx, s, scanUser,
		userQuery+`id = (SELECT user_id FROM api_keys WHERE hash = ?)`, keyHash)
	if err != nil {
		return User{}, fmt.Errorf("user of a key: %w", err)
	}
	return u, nil
}

// LocalUser returns the person at this machine. The first call creates it from
// want; later ones bring e-mail address, name, zone and addresses up to date
// where want has them, but no address of a user who has said theirs (see SetMe). A
// user with want's address who is there already is the same person.
func (s *Store) LocalUser(ctx context.Context, want User) (User, error) {
	found, err := s.localUser(ctx)
	if err == nil && found.has(want) {
		return found, nil
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return User{}, fmt.Errorf("local user: %w", err)
	}
	err = s.Write(ctx, func(tx *Tx) error {
		known, err := one(ctx, tx, scanUser, localUserQuery)
		if errors.Is(err, ErrNotFound) {
			return tx.insertUser(want, `INSERT INTO users (`+userColumns+`, is_local) VALUES (?,?,?,?,?,?,?,?,?,?,1)
				ON CONFLICT (email) DO UPDATE SET is_local = 1`)
		}
		if err != nil {
			return err
		}
		next := known.with(want)
		if err := tx.moveWholeDays(known, next.Location()); err != nil {
			return fmt.Errorf("move whole days: %w", err)
		}
		return tx.updateUser(next)
	})
	if err != nil {
		return User{}, fmt.Errorf("local user: %w", err)
	}
	return s.localUser(ctx)
}

const localUserQuery = userQuery + `is_local = 1`

// ProposeMe keeps addresses, the main one first, as a user's own unless it is known
// who they are, and returns the user as it is then.
func (s *Store) ProposeMe(ctx context.Context, userID string, addresses []string, at time.Time) (User, error) {
	if len(addresses) == 0 {
		return s.User(ctx, userID)
	}
	err := s.Write(ctx, func(tx *Tx) error {
		known, err := one(ctx, tx, scanUser, userQuery+`id = ?`, userID)
		if err != nil || len(known.Addresses) > 0 {
			return err
		}
		return tx.updateUser(known.with(User{Email: addresses[0], Addresses: addresses, UpdatedAt: at}))
	})
	if err != nil {
		return User{}, fmt.Errorf("propose who the user is: %w", err)
	}
	return s.User(ctx, userID)
}

// SetMe keeps what a user says of who they are, as want has it: from here on only they
// can change it.
func (s *Store) SetMe(ctx context.Context, userID string, want User) (User, error) {
	err := s.Write(ctx, func(tx *Tx) error {
		known, err := one(ctx, tx, scanUser, userQuery+`id = ?`, userID)
		if err != nil {
			return err
		}
		known.Said = false
		if err := tx.updateUser(known.with(want)); err != nil {
			return err
		}
		return tx.exec(`UPDATE users SET said = 1 WHERE id = ?`, userID)
	})
	if err != nil {
		return User{}, fmt.Errorf("say who the user is: %w", err)
	}
	return s.User(ctx, userID)
}

func (s *Store) localUser(ctx context.Context) (User, error) {
	return one(ctx, s, scanUser, localUserQuery)
}

// updateUser writes what can change, and tells the user anew from the people
// met so far, and what goals make of it. An address that another user has stays that user's.
func (tx *Tx) updateUser(u User) error {
	if err := tx.exec(`UPDATE OR IGNORE users SET email = ? WHERE id = ?`, u.Email, u.ID); err != nil {
		return err
	}
	addresses := encodeList(u.Addresses)
	if err := tx.exec(`UPDATE users SET first_name = ?, last_name = ?, timezone = ?, addresses = ?, updated_at = ? WHERE id = ?`,
		u.FirstName, u.LastName, u.Timezone, addresses, millis(u.UpdatedAt), u.ID); err != nil {
		return err
	}
	return tx.decided(u.ID, u.UpdatedAt)
}

// PlaceholderEmail is the address of a local user who has not said theirs.
const PlaceholderEmail = "you@localhost.invalid"

// with is u with what want says.
func (u User) with(want User) User {
	if u.Said {
		want.Email, want.Addresses = "", nil
	}
	if want.Email != "" && want.Email != PlaceholderEmail {
		u.Email = want.Email
	}
	if want.FirstName != "" {
		u.FirstName, u.LastName = want.FirstName, want.LastName
	}
	if want.Timezone != "" {
		u.Timezone = want.Timezone
	}
	if len(want.Addresses) > 0 {
		u.Addresses = want.Addresses
	}
	u.UpdatedAt = want.UpdatedAt
	return u
}

// has reports whether u already is what want says.
func (u User) has(want User) bool {
	next := u.with(want)
	return next.Email == u.Email && next.FirstName == u.FirstName && next.LastName == u.LastName &&
		next.Timezone == u.Timezone && slices.Equal(next.Addresses, u.Addresses)
}

// Empty reports whether nothing was ever pushed for a user.
func (s *Store) Empty(ctx context.Context, userID string) (bool, error) {
	some, err := one(ctx, s, scalar[bool], `SELECT EXISTS (SELECT 1 FROM integrations WHERE user_id = ?)`, userID)
	if err != nil {
		return false, fmt.Errorf("look for data: %w", err)
	}
	return !some, nil
}
