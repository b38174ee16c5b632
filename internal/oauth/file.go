package oauth

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/attrove/attrove-mcp/internal/attrove"
)

// maxFile is the most that a user map may hold.
const maxFile = 16 << 20

// Book is what a user map says.
type Book struct {
	Issuer string // whose subjects they are
	Users  []User
}

// User is the Attrove user that a subject is.
type User struct {
	Subject string
	UserID  string
	Key     attrove.Secret
}

// stored is a Book as the file has it: JSON, with keys that show.
type stored struct {
	Issuer string       `json:"issuer"`
	Users  []storedUser `json:"users"`
}

type storedUser struct {
	Subject string `json:"subject"`
	UserID  string `json:"user_id"`
	Key     string `json:"key"`
}

// File is a user map, sealed with age (age-encryption.org/v1), so that
// `age --decrypt --identity KEY FILE` shows it.
type File struct {
	Path string
	Keys attrove.Secret // age identities, as age-keygen writes them: any opens the file, and it is sealed for each
}

// NewKey makes a key to seal a user map with, in the form of age-keygen.
func NewKey() (attrove.Secret, error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return "", fmt.Errorf("make a key: %w", err)
	}
	return attrove.Secret(fmt.Sprintf("# public key: %s\n%s\n", identity.Recipient(), identity)), nil
}

// identities are the keys. What is wrong with one is not repeated.
func (f File) identities() ([]age.Identity, error) {
	all, err := age.ParseIdentities(strings.NewReader(f.Keys.Reveal()))
	if err != nil {
		return nil, errors.New("the user map's key: must be lines that begin with AGE-SECRET-KEY-1, as `attrove-mcp users key` makes")
	}
	return all, nil
}

// Read opens the file. One that does not exist is an error of kind fs.ErrNotExist.
func (f File) Read() (Book, error) {
	plain, err := f.open()
	if err != nil {
		return Book{}, fmt.Errorf("user map: %w", err)
	}
	var s stored
	dec := json.NewDecoder(bytes.NewReader(plain))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil || dec.More() { // the error could repeat a key
		return Book{}, fmt.Errorf(`user map %s: is no JSON of the form {"issuer": "...", "users": [{"subject": "...", "user_id": "...", "key": "sk_..."}]}`, f.Path)
	}
	book := Book{Issuer: s.Issuer}
	for _, one := range s.Users {
		book.Users = append(book.Users, User{Subject: one.Subject, UserID: one.UserID, Key: attrove.Secret(one.Key)})
	}
	if err := book.check(); err != nil {
		return Book{}, fmt.Errorf("user map %s: %w", f.Path, err)
	}
	return book, nil
}

func (f File) open() ([]byte, error) {
	identities, err := f.identities()
	if err != nil {
		return nil, err
	}
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, err
	}
	sealed, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	if len(sealed) > maxFile {
		return nil, fmt.Errorf("%s: holds more than %d bytes", f.Path, maxFile)
	}
	var in io.Reader = bytes.NewReader(sealed)
	if bytes.HasPrefix(bytes.TrimSpace(sealed), []byte(armor.Header)) {
		in = armor.NewReader(in)
	}
	opened, err := age.Decrypt(in, identities...)
	if err != nil {
		return nil, fmt.Errorf("%s: the key does not open it: %w", f.Path, err)
	}
	plain, err := io.ReadAll(opened)
	if err != nil {
		return nil, fmt.Errorf("%s: is damaged: %w", f.Path, err)
	}
	return plain, nil
}

// check refuses a book by which somebody could be taken for another.
func (b Book) check() error {
	if b.Issuer == "" {
		return errors.New("issuer: is missing")
	}
	seen := map[string]bool{}
	for i, one := range b.Users {
		switch {
		case one.Subject == "":
			return fmt.Errorf("users[%d].subject: is missing", i)
		case seen[one.Subject]:
			return fmt.Errorf("users[%d].subject: %q is there twice", i, one.Subject)
		case one.UserID == "":
			return fmt.Errorf("users[%d].user_id: is missing", i)
		case !strings.HasPrefix(one.Key.Reveal(), attrove.KeyPrefix):
			return fmt.Errorf("users[%d].key: a user's key begins with %s", i, attrove.KeyPrefix)
		}
		seen[one.Subject] = true
	}
	return nil
}

// Edit changes what the file says, or makes it. A reader sees what it said before
// or says afterwards, whole; of two who edit at once one fails.
func (f File) Edit(change func(*Book) error) error {
	temporary := f.Path + ".new"
	file, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("user map: somebody else is changing it; if not, delete %s", temporary)
	}
	if err != nil {
		return fmt.Errorf("user map: %w", err)
	}
	sealed, err := f.changed(change)
	if err == nil {
		_, err = file.Write(sealed)
	}
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(temporary, f.Path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary))
	}
	return nil
}

// changed is what the file is to hold after a change.
func (f File) changed(change func(*Book) error) ([]byte, error) {
	book, err := f.Read()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := change(&book); err != nil {
		return nil, err
	}
	if err := book.check(); err != nil {
		return nil, fmt.Errorf("user map: %w", err)
	}
	sealed, err := f.seal(book)
	if err != nil {
		return nil, fmt.Errorf("seal the user map: %w", err)
	}
	return sealed, nil
}

func (f File) seal(b Book) ([]byte, error) {
	identities, err := f.identities()
	if err != nil {
		return nil, err
	}
	var recipients []age.Recipient
	for _, one := range identities {
		switch key := one.(type) {
		case *age.X25519Identity:
			recipients = append(recipients, key.Recipient())
		case *age.HybridIdentity:
			recipients = append(recipients, key.Recipient())
		default:
			return nil, errors.New("its key can open a file and not seal one: change it with age itself")
		}
	}
	s := stored{Issuer: b.Issuer, Users: []storedUser{}}
	for _, one := range b.Users {
		s.Users = append(s.Users, storedUser{Subject: one.Subject, UserID: one.UserID, Key: one.Key.Reveal()})
	}
	plain, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, err
	}
	var sealed bytes.Buffer
	text := armor.NewWriter(&sealed)
	in, err := age.Encrypt(text, recipients...)
	if err != nil {
		return nil, err
	}
	if _, err := in.Write(plain); err != nil {
		return nil, err
	}
	if err := errors.Join(in.Close(), text.Close()); err != nil {
		return nil, err
	}
	return sealed.Bytes(), nil
}
