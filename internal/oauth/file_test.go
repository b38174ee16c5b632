package oauth_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/oauth"
)

const issuerURL = "https://login.example.com/"

func newKey(t *testing.T) attrove.Secret {
	t.Helper()
	key, err := oauth.NewKey()
	require.NoError(t, err)
	return key
}

// adding is an edit that adds users.
func adding(users ...oauth.User) func(*oauth.Book) error {
	return func(b *oauth.Book) error {
		b.Issuer = issuerURL
		b.Users = append(b.Users, users...)
		return nil
	}
}

func ann() oauth.User { return oauth.User{Subject: "idp|ann", UserID: "u_ann", Key: "sk_planted_ann"} }
func bob() oauth.User { return oauth.User{Subject: "idp|bob", UserID: "u_bob", Key: "sk_planted_bob"} }

func newFile(t *testing.T, users ...oauth.User) oauth.File {
	t.Helper()
	file := oauth.File{Path: filepath.Join(t.TempDir(), "users.age"), Keys: newKey(t)}
	require.NoError(t, file.Edit(adding(users...)))
	return file
}

func TestAUserMapIsSealed(t *testing.T) {
	file := newFile(t, ann())
	require.NoError(t, file.Edit(adding(bob())))
	book, err := file.Read()
	require.NoError(t, err)
	assert.Equal(t, oauth.Book{Issuer: issuerURL, Users: []oauth.User{ann(), bob()}}, book)

	raw, err := os.ReadFile(file.Path)
	require.NoError(t, err)
	for _, plain := range []string{"sk_planted", "u_ann", "idp|ann", "login.example.com"} {
		assert.NotContains(t, string(raw), plain)
	}
	if runtime.GOOS != "windows" {
		info, err := os.Stat(file.Path)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	left, err := os.ReadDir(filepath.Dir(file.Path))
	require.NoError(t, err)
	assert.Len(t, left, 1)

	other := oauth.File{Path: file.Path, Keys: newKey(t)}
	_, err = other.Read()
	require.ErrorContains(t, err, "the key does not open it")
	require.NoError(t, os.WriteFile(file.Path, bytes.Replace(raw, []byte("\n"), []byte("\nAAAA"), 3), 0o600))
	_, err = file.Read()
	require.Error(t, err, "damaged")
}

// TestKeysOfUserMapsRotate: the file is sealed for all keys that are given, so
// that the old one can go afterwards.
func TestKeysOfUserMapsRotate(t *testing.T) {
	file := newFile(t, ann())
	fresh := newKey(t)
	both := oauth.File{Path: file.Path, Keys: file.Keys + fresh}
	require.NoError(t, both.Edit(adding()))
	book, err := oauth.File{Path: file.Path, Keys: fresh}.Read()
	require.NoError(t, err)
	assert.Equal(t, []oauth.User{ann()}, book.Users)
}

// TestAUserMapIsAgesOwn: what age itself sealed is read, armored or not.
func TestAUserMapIsAgesOwn(t *testing.T) {
	identity, err := age.GenerateHybridIdentity()
	require.NoError(t, err)
	var sealed bytes.Buffer
	in, err := age.Encrypt(&sealed, identity.Recipient())
	require.NoError(t, err)
	_, err = io.WriteString(in, `{"issuer":"`+issuerURL+`","users":[{"subject":"idp|ann","user_id":"u_ann","key":"sk_planted_ann"}]}`)
	require.NoError(t, errors.Join(err, in.Close()))
	file := oauth.File{Path: filepath.Join(t.TempDir(), "users.age"), Keys: attrove.Secret(identity.String())}
	require.NoError(t, os.WriteFile(file.Path, sealed.Bytes(), 0o600))
	require.NoError(t, file.Edit(adding(bob())))
	book, err := file.Read()
	require.NoError(t, err)
	assert.Equal(t, []oauth.User{ann(), bob()}, book.Users)
}

func TestUserMapsThatAreRefused(t *testing.T) {
	const users = `{"issuer":"i","users":[`
	for name, c := range map[string]struct{ plain, says string }{
		"no JSON":             {`sk_planted`, "is no JSON of the form"},
		"two documents":       {`{"issuer":"i","users":[]} {}`, "is no JSON of the form"},
		"a name misspelt":     {users + `{"sub":"a","user_id":"u","key":"sk_planted"}]}`, "is no JSON of the form"},
		"no issuer":           {`{"users":[]}`, "issuer: is missing"},
		"no subject":          {users + `{"user_id":"u","key":"sk_planted"}]}`, "users[0].subject: is missing"},
		"a subject twice":     {users + `{"subject":"a","user_id":"u","key":"sk_planted"},{"subject":"a","user_id":"v","key":"sk_planted"}]}`, `users[1].subject: "a" is there twice`},
		"no user":             {users + `{"subject":"a","key":"sk_planted"}]}`, "users[0].user_id: is missing"},
		"another sort of key": {users + `{"subject":"a","user_id":"u","key":"planted"}]}`, "users[0].key: a user's key begins with sk_"},
	} {
		t.Run(name, func(t *testing.T) {
			file := newFile(t, ann())
			seal(t, file, c.plain)
			_, err := file.Read()
			require.ErrorContains(t, err, c.says)
			assert.NotContains(t, err.Error(), "planted")
		})
	}
	_, err := oauth.File{Path: "users.age", Keys: "sk_planted"}.Read()
	require.ErrorContains(t, err, "must be lines that begin with AGE-SECRET-KEY-1")
	assert.NotContains(t, err.Error(), "planted")
	_, err = oauth.File{Path: filepath.Join(t.TempDir(), "none"), Keys: newKey(t)}.Read()
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// seal seals whatever text in a file's place, as an operator with age could.
func seal(t *testing.T, file oauth.File, plain string) {
	t.Helper()
	identities, err := age.ParseIdentities(strings.NewReader(file.Keys.Reveal()))
	require.NoError(t, err)
	key, ok := identities[0].(*age.X25519Identity)
	require.True(t, ok)
	var sealed bytes.Buffer
	in, err := age.Encrypt(&sealed, key.Recipient())
	require.NoError(t, err)
	_, err = io.WriteString(in, plain)
	require.NoError(t, errors.Join(err, in.Close()))
	require.NoError(t, os.WriteFile(file.Path, sealed.Bytes(), 0o600))
}

func TestAnEditThatFailsChangesNothing(t *testing.T) {
	file := newFile(t, ann())
	broken := errors.New("broken")
	require.ErrorIs(t, file.Edit(func(*oauth.Book) error { return broken }), broken)
	require.ErrorContains(t, file.Edit(adding(ann())), "is there twice")
	err := file.Edit(func(*oauth.Book) error { return file.Edit(adding(bob())) })
	require.ErrorContains(t, err, "somebody else is changing it")
	require.ErrorContains(t, err, file.Path+".new")
	require.NoError(t, file.Edit(adding()), "nothing is left behind")
	book, err := file.Read()
	require.NoError(t, err)
	assert.Equal(t, []oauth.User{ann()}, book.Users)
}

func TestUsersAreReloaded(t *testing.T) {
	file := newFile(t, ann())
	users, err := oauth.OpenUsers(file, issuerURL)
	require.NoError(t, err)
	who, ok := users.Caller("idp|ann")
	assert.True(t, ok)
	assert.Equal(t, attrove.Caller{UserID: "u_ann", Key: "sk_planted_ann"}, who)
	_, ok = users.Caller("idp|bob")
	assert.False(t, ok)

	require.NoError(t, file.Edit(adding(bob())))
	_, ok = users.Caller("idp|bob")
	assert.False(t, ok, "not before it is read")
	require.NoError(t, users.Reload(t.Context()))
	_, ok = users.Caller("idp|bob")
	assert.True(t, ok)

	seal(t, file, `{"issuer":"https://another.example","users":[]}`)
	require.ErrorContains(t, users.Reload(t.Context()), "its subjects are those of https://another.example")
	require.NoError(t, os.WriteFile(file.Path, []byte("broken"), 0o600))
	require.Error(t, users.Reload(t.Context()))
	_, ok = users.Caller("idp|bob")
	assert.True(t, ok, "they are those of before")

	_, err = oauth.OpenUsers(file, issuerURL)
	require.Error(t, err)
}
