package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/attrove/attrove-mcp/internal/config"
	"github.com/attrove/attrove-mcp/internal/local"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// peopleCommand looks at who is one person, and corrects it.
type peopleCommand struct {
	List  peopleListCommand  `cmd:"" help:"List people and companies."`
	Show  peopleShowCommand  `cmd:"" help:"Show a person's addresses, and why they are treated as one person's."`
	Merge peopleMergeCommand `cmd:"" help:"Treat several contacts as one person, also in what is imported later."`
	Split peopleSplitCommand `cmd:"" help:"Treat some of a person's addresses as another person's, also in what is imported later."`
	Undo  peopleUndoCommand  `cmd:"" help:"Take back the last merge or split."`
	Me    peopleMeCommand    `cmd:"" help:"Show which addresses are taken for yours, or say which are."`
}

type peopleListCommand struct {
	Data   config.Data `embed:""`
	Merged bool        `help:"Only those with several addresses." env:"-"`
	Part   string      `arg:"" optional:"" help:"Part of a name or an address."`
}

// Run lists contacts.
func (c *peopleListCommand) Run(ctx context.Context, a *app) error {
	return a.owned(ctx, c.Data, func(owner *local.Owner) error {
		all, err := owner.Contacts(ctx, c.Part)
		if err != nil {
			return err
		}
		if c.Merged {
			all = slices.DeleteFunc(all, func(e store.Entity) bool { return len(e.Handles) < 2 })
		}
		if len(all) == 0 {
			a.say("No contact matches.\n")
			return nil
		}
		return a.contacts(all)
	})
}

// contacts prints a line for each.
func (a *app) contacts(all []store.Entity) error {
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, e := range all {
		if _, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", e.ID, e.Type, e.Name, strings.Join(e.IDs(), ", ")); err != nil {
			return fmt.Errorf("print: %w", err)
		}
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

type peopleShowCommand struct {
	Data config.Data `embed:""`
	Who  string      `arg:"" help:"An address, a name or a contact's id (ent_...)."`
}

// Run shows a contact.
func (c *peopleShowCommand) Run(ctx context.Context, a *app) error {
	return a.owned(ctx, c.Data, func(owner *local.Owner) error {
		e, err := a.contact(ctx, owner, c.Who)
		if err != nil {
			return err
		}
		why, err := owner.Why(ctx, e)
		if err != nil {
			return err
		}
		var b strings.Builder
		fmt.Fprintf(&b, "%s, %s, %s\n", called(e), e.Type, e.ID)
		for _, handle := range e.Handles {
			fmt.Fprintf(&b, "  %s", strings.TrimPrefix(handle, "@"))
			if reason := why[handle]; reason != "" {
				fmt.Fprintf(&b, " (%s)", reason)
			}
			b.WriteByte('\n')
		}
		return a.print(b.String())
	})
}

// called is what to call a contact.
func called(e store.Entity) string {
	if e.Name != "" {
		return e.Name
	}
	return e.Handles[0]
}

// contact finds a contact. Where several may be meant it prints them.
func (a *app) contact(ctx context.Context, owner *local.Owner, who string) (store.Entity, error) {
	e, err := owner.Contact(ctx, who)
	var several *local.AmbiguousError
	switch {
	case errors.As(err, &several):
		if err := a.contacts(several.Among); err != nil {
			return e, err
		}
		return e, usagef("%w: say whom you mean by an address or an id of those above", err)
	case errors.Is(err, local.ErrNobody):
		return e, usagef("%w: attrove-mcp people list shows all of them", err)
	}
	return e, err
}

type peopleMergeCommand struct {
	Data config.Data `embed:""`
	Who  []string    `arg:"" help:"Two or more: addresses, names or ids (ent_...)."`
}

// Run makes one person of several.
func (c *peopleMergeCommand) Run(ctx context.Context, a *app) error {
	return a.owned(ctx, c.Data, func(owner *local.Owner) error {
		them := map[string]store.Entity{}
		for _, who := range c.Who {
			e, err := a.contact(ctx, owner, who)
			if err != nil {
				return err
			}
			if e.Type == "company" {
				return usagef("%s is a company: only people can be merged", who)
			}
			them[e.ID] = e
		}
		if len(them) < 2 {
			return usagef("say at least two people: %s is one already", strings.Join(c.Who, ", "))
		}
		var all []store.Entity
		for _, id := range slices.Sorted(maps.Keys(them)) {
			all = append(all, them[id])
		}
		one, err := owner.Merge(ctx, all...)
		if err != nil {
			return err
		}
		return a.print(fmt.Sprintf("%s is one person: %s. To take it back: attrove-mcp people undo\n", called(one), strings.Join(one.Handles, ", ")))
	})
}

type peopleSplitCommand struct {
	Data      config.Data `embed:""`
	Who       string      `arg:"" help:"An address, a name or an id (ent_...)."`
	Addresses []string    `arg:"" name:"address" help:"Which of the addresses are another person's."`
}

// Run makes another person of some addresses.
func (c *peopleSplitCommand) Run(ctx context.Context, a *app) error {
	return a.owned(ctx, c.Data, func(owner *local.Owner) error {
		e, err := a.contact(ctx, owner, c.Who)
		if err != nil {
			return err
		}
		var handles []string
		for _, address := range c.Addresses {
			i := slices.IndexFunc(e.Handles, func(h string) bool { return strings.EqualFold(h, strings.TrimSpace(address)) })
			if i < 0 {
				return usagef("%s is none of the addresses of %s: they are %s", address, called(e), strings.Join(e.Handles, ", "))
			}
			if !slices.Contains(handles, e.Handles[i]) {
				handles = append(handles, e.Handles[i])
			}
		}
		if len(handles) == len(e.Handles) {
			return usagef("these are all addresses of %s: leave at least one", called(e))
		}
		if slices.ContainsFunc(handles, owner.Own) {
			return usagef("%s: is one of your own addresses; if it is not, say which are: attrove-mcp people me ADDRESS ...", strings.Join(c.Addresses, ", "))
		}
		other, err := owner.Split(ctx, e, handles)
		if err != nil {
			return err
		}
		return a.print(fmt.Sprintf("%s is a person of their own: %s. To take it back: attrove-mcp people undo\n", called(other), strings.Join(other.Handles, ", ")))
	})
}

type peopleUndoCommand struct {
	Data config.Data `embed:""`
}

// Run takes the last decision back.
func (c *peopleUndoCommand) Run(ctx context.Context, a *app) error {
	return a.owned(ctx, c.Data, func(owner *local.Owner) error {
		last, err := owner.Undo(ctx)
		if errors.Is(err, store.ErrNotFound) {
			return usagef("nobody was merged or split")
		}
		if err != nil {
			return err
		}
		what := "split"
		if last.Same {
			what = "merge"
		}
		return a.print(fmt.Sprintf("Took back the %s of %s, said on %s.\n", what, strings.Join(last.These, ", "), last.At.In(owner.Zone()).Format("2 January 2006")))
	})
}

type peopleMeCommand struct {
	Data      config.Data `embed:""`
	Addresses []string    `arg:"" optional:"" name:"address" help:"All of your own addresses, the main one first; they replace those known before. Where chat has no addresses, accounts such as slack:U0123."`
}

// Run shows or says who the user is.
func (c *peopleMeCommand) Run(ctx context.Context, a *app) error {
	return a.owned(ctx, c.Data, func(owner *local.Owner) error {
		if len(c.Addresses) > 0 {
			mine, err := ownOf(ctx, owner, c.Addresses)
			if err != nil {
				return err
			}
			if err := owner.SetMe(ctx, mine); err != nil {
				return err
			}
		}
		own, linked, err := owner.Me(ctx)
		if err != nil {
			return err
		}
		return a.print(introduction(own, linked))
	})
}

// introduction tells a person who they are taken for.
func introduction(own, linked []string) string {
	if len(own) == 0 {
		return "It is not known which addresses are yours, so no promise counts as yours. Say which: attrove-mcp people me ADDRESS ...\n"
	}
	text := "You are " + strings.Join(own, ", ") + ".\n"
	if len(linked) > 0 {
		text += "Taken for yours as well: " + strings.Join(linked, ", ") + ". If one is not yours: attrove-mcp people split " + own[0] + " ADDRESS\n"
	}
	return text + "To correct it, say all of them: attrove-mcp people me ADDRESS ...\n"
}

// ownOf are addresses and accounts in the form that they are kept in.
func ownOf(ctx context.Context, owner *local.Owner, given []string) ([]string, error) {
	own, err := identities(given)
	for i, one := range own {
		if isAddress(one) {
			continue
		}
		if own[i], err = owner.Account(ctx, one); err != nil {
			return nil, usagef("%w: write an account as attrove-mcp people list shows it", err)
		}
	}
	return own, err
}

// identities are addresses and accounts in lower case, each once.
func identities(given []string) ([]string, error) {
	var all []string
	for _, one := range given {
		one = strings.ToLower(strings.TrimSpace(one))
		if !isAddress(one) && !isAccount(one) {
			return nil, usagef("%s: must be an e-mail address or an account such as slack:U0123, and nothing else", one)
		}
		if !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return all, nil
}

func isAddress(text string) bool {
	name, domain, _ := strings.Cut(text, "@")
	return name != "" && domain != "" && !strings.ContainsAny(text, " <>\",;")
}

// isAccount reports whether a text is an account as items name it
// (attrove.MetaSenderID).
func isAccount(text string) bool {
	service, id, _ := strings.Cut(text, ":")
	return word(service) && word(id)
}

func word(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_'
	})
}
