package eval

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/people"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// measurePeople imports the mail of a list on which people write from several
// addresses, and asks for every two addresses whether they are one person's. They
// are if they share a name of two words: on this list no two people do. Then it
// has the speakers of calls called by one word of their names, and asks which of
// the call's attendees they are.
func measurePeople(ctx context.Context, o Options) (out Section, err error) {
	out.About = "every two addresses of a list, of which some are one person's by the names that they give. Beside it, that every address is a person.\n" +
		"Speakers of calls by their given names alone, among all who spoke. Beside it, the first who is called so."
	path := filepath.Join(o.Dir, "email", "ksummit-2023-2026.mbox")
	docs, err := mailbox(path)
	if err != nil {
		return out, err
	}
	calls, err := transcripts(filepath.Join(o.Dir, "transcripts", "vtt-ethereum-pm", "*.vtt"), cues)
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
	for set, named := range map[string]map[string][]string{"list, senders": namesOf(docs, true), "list, all named": namesOf(docs, false)} {
		apart, ours := sameOwners(named, person)
		out.Rows = append(out.Rows, classified(set, []judge{{"address", apart}}, judge{"ours", ours})...)
	}
	slices.SortStableFunc(out.Rows, func(a, b Row) int { return strings.Compare(b.Set, a.Set) })
	first, ours := calledByOne(calls)
	out.Rows = append(out.Rows, classified("calls, given names", []judge{{"first", first}}, judge{"ours", ours})...)
	return out, nil
}

// namesOf are the full names that each address of a mailbox goes by. One that has
// no word of the most frequent one was put to it by mistake.
func namesOf(docs []document, senders bool) map[string][]string {
	times := map[string]map[string]int{}
	add := func(p store.Person) {
		address, name := strings.ToLower(p.Email), plainName(p.Name)
		if address == "" || !strings.Contains(name, " ") {
			return
		}
		if times[address] == nil {
			times[address] = map[string]int{}
		}
		times[address][name]++
	}
	for _, d := range docs {
		add(store.Person{Email: d.message.SenderEmail, Name: d.message.SenderName})
		if !senders {
			for _, p := range d.message.Recipients {
				add(p)
			}
		}
	}
	named := map[string][]string{}
	for address, names := range times {
		all := slices.Sorted(maps.Keys(names))
		most := strings.Fields(slices.MaxFunc(all, func(a, b string) int { return cmp.Compare(names[a], names[b]) }))
		named[address] = slices.DeleteFunc(all, func(name string) bool {
			return !slices.ContainsFunc(strings.Fields(name), func(word string) bool { return slices.Contains(most, word) })
		})
	}
	return named
}

var aside = regexp.MustCompile(`\([^)]*\)|\[[^\]]*\]`)

// plainName is a name in lower case, given name first, without what stands in
// brackets.
func plainName(name string) string {
	name = aside.ReplaceAllString(strings.ToLower(name), "")
	if last, first, ok := strings.Cut(name, ","); ok {
		name = first + " " + last
	}
	return strings.Join(strings.Fields(strings.Trim(name, `'" `)), " ")
}

// sameOwners judges every two addresses that are one person's, or are taken for
// one. Two strangers whom nobody takes for one are no case.
func sameOwners(named map[string][]string, person map[string]string) (apart, ours []verdict) {
	var addresses []string
	for address := range named {
		addresses = append(addresses, address)
	}
	slices.Sort(addresses)
	for i, a := range addresses {
		for _, b := range addresses[:i] {
			one := slices.ContainsFunc(named[a], func(name string) bool { return slices.Contains(named[b], name) })
			same := person[a] != "" && person[a] == person[b]
			if one || same {
				apart, ours = append(apart, verdict{one, false}), append(ours, verdict{one, same})
			}
		}
	}
	return apart, ours
}

// calledByOne judges who the speakers of calls are by the first words of their names
// alone. Of a word that several are called by nobody knows whose it is.
func calledByOne(calls []document) (first, ours []verdict) {
	for _, call := range calls {
		var names []string
		for _, l := range call.lines {
			name, _, ok := strings.Cut(l.text, ": ")
			if ok && strings.Contains(plainName(name), " ") && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		for i, name := range names {
			given := strings.Fields(aside.ReplaceAllString(name, ""))[0]
			same, sure := people.SameSpeaker(given, names)
			ours = append(ours, judged(i, same, sure)...)
			same = slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(n, given) })
			first = append(first, judged(i, same, true)...)
		}
	}
	return first, ours
}

// judged is the verdict on one speaker: missed, found, or taken for another, which
// is as if a stranger had been taken for one besides. There are two for each, so
// that cases of systems stand side by side.
func judged(is, said int, sure bool) []verdict {
	return []verdict{{is: true, said: sure && said == is}, {is: false, said: sure && said != is}}
}
