package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/term"

	"github.com/attrove/attrove-mcp/internal/attrove"
	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/oauth"
)

// usersCommand changes who the subjects of access tokens are.
type usersCommand struct {
	Key    usersKeyCommand    `cmd:"" help:"Create the key that a user map is encrypted with."`
	Add    usersAddCommand    `cmd:"" help:"Add a subject and its Attrove user, or replace the user's key, which is read from ATTROVE_SECRET_KEY or else from standard input."`
	Remove usersRemoveCommand `cmd:"" help:"Remove a subject, whose tokens are refused from then on."`
	List   usersListCommand   `cmd:"" help:"List the subjects and their users, without keys."`
}

type usersKeyCommand struct {
	File string `arg:"" help:"Where to save it." placeholder:"FILE"`
}

// Run saves a new key, and never in place of another.
func (c *usersKeyCommand) Run(a *app) (err error) {
	key, err := oauth.NewKey()
	if err != nil {
		return err
	}
	file, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("save the key: %w", err)
	}
	if _, err = io.WriteString(file, key.Reveal()); err != nil {
		return errors.Join(fmt.Errorf("save the key: %w", err), file.Close())
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("save the key: %w", err)
	}
	a.say("The key is in %s. Whoever has it and the user map has the users' keys.\n", c.File)
	return nil
}

type usersAddCommand struct {
	UserMap config.UserMap `embed:""`
	Issuer  string         `name:"oauth-issuer" help:"The issuer of the subjects' tokens; needed for the first subject." placeholder:"URL"`
	Subject string         `arg:"" help:"What the user's tokens have as sub."`
	UserID  string         `arg:"" help:"The Attrove user's id."`
}

// Run adds a subject, or gives it the new key of the same user.
func (c *usersAddCommand) Run(a *app) error {
	file, err := a.userMap(c.UserMap)
	if err != nil {
		return err
	}
	key, err := a.readKey(c.UserID)
	if err != nil {
		return err
	}
	err = file.Edit(func(b *oauth.Book) error {
		switch {
		case b.Issuer == "" && c.Issuer == "":
			return usagef("--oauth-issuer: say whose subjects they are")
		case b.Issuer == "":
			b.Issuer = c.Issuer
		case c.Issuer != "" && c.Issuer != b.Issuer:
			return usagef("--oauth-issuer %s: the subjects in %s are those of %s", c.Issuer, file.Path, b.Issuer)
		}
		one := oauth.User{Subject: c.Subject, UserID: c.UserID, Key: key}
		i := subjectIn(b, c.Subject)
		if i < 0 {
			b.Users = append(b.Users, one)
			return nil
		}
		if b.Users[i].UserID != c.UserID {
			return usagef("%s is %s; remove it first if that is to change", c.Subject, b.Users[i].UserID)
		}
		b.Users[i] = one
		return nil
	})
	if err != nil {
		return err
	}
	a.say("%s is %s. Servers that run learn of it by SIGHUP.\n", c.Subject, c.UserID)
	return nil
}

type usersRemoveCommand struct {
	UserMap config.UserMap `embed:""`
	Subject string         `arg:"" help:"What the user's tokens have as sub."`
}

// Run removes a subject.
func (c *usersRemoveCommand) Run(a *app) error {
	file, err := a.userMap(c.UserMap)
	if err != nil {
		return err
	}
	err = file.Edit(func(b *oauth.Book) error {
		i := subjectIn(b, c.Subject)
		if i < 0 {
			return usagef("%s is not in %s", c.Subject, file.Path)
		}
		b.Users = slices.Delete(b.Users, i, i+1)
		return nil
	})
	if err != nil {
		return err
	}
	a.say("%s is nobody. Servers that run learn of it by SIGHUP.\n", c.Subject)
	return nil
}

type usersListCommand struct {
	UserMap config.UserMap `embed:""`
}

// Run lists the subjects.
func (c *usersListCommand) Run(a *app) error {
	file, err := a.userMap(c.UserMap)
	if err != nil {
		return err
	}
	book, err := file.Read()
	if err != nil {
		return err
	}
	a.say("Subjects of %s\n", book.Issuer)
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, one := range book.Users {
		if _, err := fmt.Fprintf(table, "%s\t%s\n", one.Subject, one.UserID); err != nil {
			return fmt.Errorf("print: %w", err)
		}
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

func subjectIn(b *oauth.Book, subject string) int {
	return slices.IndexFunc(b.Users, func(one oauth.User) bool { return one.Subject == subject })
}

// userMap is the file that c names, with its key.
func (a *app) userMap(c config.UserMap) (oauth.File, error) {
	if c.Path == "" {
		return oauth.File{}, usagef("--oauth-user-map FILE: say which user map")
	}
	key, err := c.Key(a.env)
	if err != nil {
		return oauth.File{}, usageError{err}
	}
	return oauth.File{Path: c.Path, Keys: key}, nil
}

// readKey reads a user's key, which no command line should hold: those are seen
// by all who use the machine.
func (a *app) readKey(user string) (attrove.Secret, error) {
	if key := config.ReadCredentials(a.env).User.Key; key != "" {
		return key, nil
	}
	file, ok := a.in.(*os.File)
	if ok && a.terminal && term.IsTerminal(int(file.Fd())) {
		a.say("The key of %s (%s...), which is not shown: ", user, attrove.KeyPrefix)
		key, err := term.ReadPassword(int(file.Fd()))
		a.say("\n")
		if err != nil {
			return "", fmt.Errorf("read the key: %w", err)
		}
		return attrove.Secret(strings.TrimSpace(string(key))), nil
	}
	line, err := bufio.NewReader(a.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the key: %w", err)
	}
	if line = strings.TrimSpace(line); line == "" {
		return "", usagef("the key of %s: give it in %s, or on standard input", user, config.EnvSecretKey)
	}
	return attrove.Secret(line), nil
}
