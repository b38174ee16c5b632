package eval

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
)

// measurePeople imports the mail of a list on which people write from several
// addresses, and asks for every two addresses of senders whether they are one
// person's. They are if the senders give the same name, of two words or more.
func measurePeople(ctx context.Context, o Options) (out Section, err error) {
	out.About = "every two addresses that write to a list, of which some are one person's by the name that they give.\nBeside it, that every address is a person."
	path := filepath.Join(o.Dir, "email", "ksummit-2023-2026.mbox")
	named, err := senders(path)
	if err != nil {
		return out, err
	}
	w, err := newWorkspace(ctx)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	if err := w.load(ctx, path); err != nil {
		return out, err
	}
	person, err := w.people(ctx)
	if err != nil {
		return out, err
	}
	var apart, ours []verdict
	for i, a := range named {
		for _, b := range named[:i] {
			one := a.name == b.name && strings.Contains(a.name, " ")
			same := person[a.address] != "" && person[a.address] == person[b.address]
			if one || same { // two strangers whom nobody takes for one are no case
				apart, ours = append(apart, verdict{one, false}), append(ours, verdict{one, same})
			}
		}
	}
	out.Rows = classified("ksummit senders", []judge{{"address", apart}}, judge{"ours", ours})
	return out, nil
}

// sender is an address and a name that is given with it.
type sender struct{ address, name string }

// senders are those of a mailbox, each address with the last name given.
func senders(path string) ([]sender, error) {
	docs, err := mailbox(path)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, d := range docs {
		address := strings.ToLower(d.message.SenderEmail)
		name := strings.Join(strings.Fields(strings.ToLower(d.message.SenderName)), " ")
		if address != "" && name != "" {
			names[address] = name
		}
	}
	var out []sender
	for address, name := range names {
		out = append(out, sender{address, name})
	}
	slices.SortFunc(out, func(a, b sender) int { return strings.Compare(a.address, b.address) })
	return out, nil
}
