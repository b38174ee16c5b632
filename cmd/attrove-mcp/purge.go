package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/importer"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// What is removed is said each time: these flags have no variables, which might
// be left over from another day.
type purgeCommand struct {
	Data   config.Data `embed:""`
	All    bool        `help:"Everything." xor:"what" env:"-"`
	Source string      `help:"Everything from a source, such as email or slack." placeholder:"NAME" xor:"what" env:"-"`
	Person string      `help:"Everything that has this address, or account such as slack:U0123, anywhere in it. A file that was not imported before may bring it back; forget keeps it out." placeholder:"ADDRESS" xor:"what" env:"-"`
	Before string      `help:"Everything that was sent, began or was written before this day, in your time zone, or time." placeholder:"DATE" xor:"what" env:"-"`
	Removing
}

// Removing is how a command removes.
type Removing struct {
	DryRun bool `help:"Only say what would be removed." env:"-"`
	Yes    bool `help:"Do it without asking." env:"-"`
}

// Validate checks that it is said what to remove. Were the flags required, the usage
// would name all of them, of which only one can be given.
func (c *purgeCommand) Validate() error {
	if !c.All && cmp.Or(c.Source, c.Person, c.Before) == "" {
		return errors.New("say what to remove: --all, --source, --person or --before")
	}
	return nil
}

// Run removes what is chosen, from the tables and from the files.
func (c *purgeCommand) Run(ctx context.Context, a *app) error {
	return a.owned(ctx, c.Data, func(owner *local.Owner) error {
		selection, err := c.selection(ctx, owner)
		if err != nil {
			return err
		}
		agreed, err := a.agreed(ctx, owner, selection, c.Removing)
		if err != nil || !agreed {
			return err
		}
		if err := importer.Unrecall(config.StateDir(), owner.UserID(), selection.Addresses); err != nil {
			return err
		}
		if _, err := owner.Purge(ctx, selection); err != nil {
			return err
		}
		if c.All {
			if _, err := importer.RemoveState(config.StateDir(), owner.UserID()); err != nil {
				return err
			}
		}
		return a.print("Removed, from the files as well.\n")
	})
}

func (c *purgeCommand) selection(ctx context.Context, owner *local.Owner) (store.Selection, error) {
	switch {
	case c.All:
		return store.Selection{All: true}, nil
	case c.Source != "":
		known, err := owner.Sources(ctx)
		if err != nil {
			return store.Selection{}, err
		}
		for _, name := range known {
			if strings.EqualFold(name, c.Source) {
				return store.Selection{Source: name}, nil
			}
		}
		return store.Selection{}, usagef("--source %s: nothing came from it; there is: %s", c.Source, cmp.Or(strings.Join(known, ", "), "nothing at all"))
	case c.Person != "":
		addresses, err := strangers(ctx, owner, c.Person)
		return store.Selection{Addresses: addresses}, err
	}
	before, err := moment(c.Before, owner.Zone())
	return store.Selection{Before: before}, err
}

func moment(text string, zone *time.Location) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	at, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		return time.Time{}, usagef("--before %s: write a day such as 2024-01-31, or a time such as 2024-01-31T09:00:00Z", text)
	}
	return at, nil
}

// strangers are others' addresses and accounts in the form in which they are looked
// for.
func strangers(ctx context.Context, owner *local.Owner, given ...string) ([]string, error) {
	them, err := identities(given)
	for _, one := range them {
		mine, err := owner.Mine(ctx, one)
		if err != nil {
			return nil, err
		}
		if mine {
			return nil, usagef("%s: is your own, and in almost everything; purge --all removes all of it", one)
		}
	}
	return them, err
}

// agreed says what would be removed, and reports whether it is to be.
func (a *app) agreed(ctx context.Context, owner *local.Owner, selection store.Selection, how Removing) (bool, error) {
	removal, err := owner.Removal(ctx, selection)
	if err != nil {
		return false, err
	}
	others, err := alsoKnown(ctx, owner, selection.Addresses)
	if err != nil {
		return false, err
	}
	if err := a.print(tally(removal) + others); err != nil {
		return false, err
	}
	switch {
	case how.DryRun:
		return false, a.print("Nothing was removed.\n")
	case how.Yes:
		return true, nil
	case !a.attended():
		return false, usagef("this is not a terminal, so that you cannot be asked: add --yes to remove it, or --dry-run to only look")
	}
	answer, err := a.ask(ctx, "Remove it for good? [y/N] ")
	if err != nil {
		return false, err
	}
	if !affirmative(answer) {
		return false, errors.New("nothing was removed")
	}
	return true, nil
}

// alsoKnown says by what else those are known whose addresses go: what has none of
// the addresses stays.
func alsoKnown(ctx context.Context, owner *local.Owner, addresses []string) (string, error) {
	var b strings.Builder
	said := map[string]bool{}
	for _, address := range addresses {
		e, err := owner.Contact(ctx, address)
		if errors.Is(err, local.ErrNobody) || err == nil && said[e.ID] {
			continue
		}
		if err != nil {
			return "", err
		}
		said[e.ID] = true
		rest := slices.DeleteFunc(e.IDs(), func(id string) bool { return slices.Contains(addresses, strings.ToLower(id)) })
		if len(rest) > 0 {
			fmt.Fprintf(&b, "%s is also known as %s. What has only these in it stays, unless you name them, too.\n", address, strings.Join(rest, ", "))
		}
	}
	return b.String(), nil
}

func (a *app) print(text string) error {
	if _, err := fmt.Fprint(a.out, text); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

// tally tells a person what a removal comes to.
func tally(r store.Removal) string {
	var b strings.Builder
	for _, one := range []struct {
		n    int
		what string
	}{
		{len(r.Items[store.KindMessage]), "messages"},
		{len(r.Items[store.KindMeeting]), "meetings"},
		{len(r.Items[store.KindEvent]), "events"},
		{len(r.Items[store.KindNote]), "notes, those about any of these with them"},
		{r.People, "contacts"},
		{r.Goals, "goals"},
		{r.Backups, "copies of the whole database from before it was upgraded"},
	} {
		if one.n > 0 {
			fmt.Fprintf(&b, "%9s %s\n", comma(one.n), one.what)
		}
	}
	if b.Len() == 0 {
		return "There is none of it here.\n"
	}
	return "To be removed:\n" + b.String() + "and what was made of them: the search index, contacts that nothing else names, what goals cite.\n"
}

type forgetCommand struct {
	Data      config.Data `embed:""`
	Addresses []string    `arg:"" name:"address" help:"The person's addresses, and accounts such as slack:U0123."`
	Undo      bool        `help:"Accept what has these addresses in it again; what was removed comes back when the same files are imported again." env:"-"`
	Removing
}

// Run removes what names the addresses, and has no such thing taken again.
func (c *forgetCommand) Run(ctx context.Context, a *app) error {
	return a.owned(ctx, c.Data, func(owner *local.Owner) error {
		addresses, err := strangers(ctx, owner, c.Addresses...)
		if err != nil {
			return err
		}
		if c.Undo {
			return a.remember(ctx, owner, addresses)
		}
		agreed, err := a.agreed(ctx, owner, store.Selection{Addresses: addresses}, c.Removing)
		if err != nil || !agreed {
			return err
		}
		if err := importer.Unrecall(config.StateDir(), owner.UserID(), addresses); err != nil {
			return err
		}
		if _, err := owner.Forget(ctx, addresses); err != nil {
			return err
		}
		return a.print("Removed, from the files as well. What has them in it is refused from now on.\n")
	})
}

// remember takes back that addresses are forgotten, also in files that were imported before.
func (a *app) remember(ctx context.Context, owner *local.Owner, addresses []string) error {
	known, err := owner.Remember(ctx, addresses)
	if err == nil && known > 0 {
		err = importer.Recall(config.StateDir(), owner.UserID(), addresses)
	}
	if err != nil {
		return err
	}
	return a.print(fmt.Sprintf("%d of %d were forgotten; what has them in it is accepted again, and comes back when the same files are imported again.\n",
		known, len(addresses)))
}
