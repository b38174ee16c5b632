package oauth

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// Users say which Attrove user the subject of a token is. They are read from a
// file of which a change counts when Reload has read it. They are safe for
// concurrent use.
type Users struct {
	file   File
	issuer string
	known  atomic.Pointer[map[string]attrove.Caller]
}

// OpenUsers reads the users of an issuer's subjects.
func OpenUsers(file File, issuer string) (*Users, error) {
	u := &Users{file: file, issuer: issuer}
	if err := u.read(); err != nil {
		return nil, err
	}
	return u, nil
}

// Reload reads the file again. After an error the users are those of before.
func (u *Users) Reload(context.Context) error { return u.read() }

func (u *Users) read() error {
	book, err := u.file.Read()
	if err != nil {
		return err
	}
	if book.Issuer != u.issuer { // another's subjects are other people
		return fmt.Errorf("user map %s: its subjects are those of %s, and not of %s", u.file.Path, book.Issuer, u.issuer)
	}
	known := make(map[string]attrove.Caller, len(book.Users))
	for _, one := range book.Users {
		known[one.Subject] = attrove.Caller{UserID: one.UserID, Key: one.Key}
	}
	u.known.Store(&known)
	return nil
}

// Caller is the user that a subject is.
func (u *Users) Caller(subject string) (who attrove.Caller, ok bool) {
	who, ok = (*u.known.Load())[subject]
	return who, ok
}
