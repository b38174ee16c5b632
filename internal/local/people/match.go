package people

import (
	"maps"
	"slices"
	"strings"
)

// crowd is how many organizations a rare name may write from before it is no
// name of a person but of something that sends mail for many.
const crowd = 8

// byName joins addresses and accounts under one full name where it is rare.
func (r *resolver) byName() {
	named := r.byKey(func(f facts) bool { return f.address.domain != "" || f.account() })
	for _, key := range slices.Sorted(maps.Keys(named)) {
		all := named[key]
		name := ParseName(key)
		if len(all) < 2 || !r.common.rare(name) || r.organizations(all) > crowd {
			continue
		}
		for i, a := range all {
			for _, b := range all[i+1:] {
				if r.root(a) != r.root(b) && r.agree(a, b, name) && (r.colleagues(a, b) || r.trusted(a, b)) {
					r.join(a, b, WhyName)
				}
			}
		}
	}
}

// byKey lists who has a full name, by name.
func (r *resolver) byKey(which func(facts) bool) map[string][]int {
	named := map[string][]int{}
	for i, f := range r.facts {
		if !f.person() || !which(f) {
			continue
		}
		for _, n := range f.names {
			if key := n.Key(); n.Full() && !slices.Contains(named[key], i) {
				named[key] = append(named[key], i)
			}
		}
	}
	return named
}

func (r *resolver) organizations(all []int) int {
	seen := map[string]bool{}
	for _, i := range all {
		seen[r.facts[i].address.domain] = true
	}
	return len(seen)
}

// agree reports whether nothing but their name tells two identities apart: no
// initials between that differ, no number after the same name at one company, no
// address that names somebody else.
func (r *resolver) agree(a, b int, name Name) bool {
	x, y := r.facts[a], r.facts[b]
	if x.address.belies(name) || y.address.belies(name) {
		return false
	}
	if x.address.domain != "" && x.address.domain == y.address.domain && numbered(x.address.local, y.address.local) {
		return false
	}
	for _, n := range x.names {
		if slices.ContainsFunc(y.names, n.alike) {
			return true
		}
	}
	return false
}

// colleagues reports whether two addresses are of one company, whose addresses
// nobody else has.
func (r *resolver) colleagues(a, b int) bool {
	owner := Organization(r.facts[a].Handle)
	return owner != "" && owner == Organization(r.facts[b].Handle)
}

// numbered reports whether two local parts differ in a number at their end alone,
// by which companies tell people of one name.
func numbered(a, b string) bool {
	const digits = "0123456789"
	return a != b && strings.TrimRight(a, digits) == strings.TrimRight(b, digits)
}

// byLocalPart joins addresses of the same name before the @ whose names agree: at
// one company where its names are made of people's, and elsewhere if it is one
// that the person chose or their name is rare.
func (r *resolver) byLocalPart() {
	at := map[string][]int{}
	for i, f := range r.facts {
		if !f.person() || f.address.domain == "" {
			continue
		}
		owner := Organization(f.Handle)
		seen := map[string]bool{}
		for _, n := range f.names { // whose surnames must agree in any case
			if surname := n.surname(); !seen[surname] {
				seen[surname] = true
				at[f.address.local+" "+surname] = append(at[f.address.local+" "+surname], i)
				if owner != "" {
					at["@"+owner+" "+surname] = append(at["@"+owner+" "+surname], i)
				}
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(at)) {
		all := at[key]
		for i, a := range all {
			for _, b := range all[i+1:] {
				if why, ok := r.near(a, b); ok && r.root(a) != r.root(b) && (r.colleagues(a, b) || r.trusted(a, b)) {
					r.join(a, b, why)
				}
			}
		}
	}
}

// near decides on two addresses with the same local part or organization.
func (r *resolver) near(a, b int) (Why, bool) {
	x, y := r.facts[a], r.facts[b]
	name, ok := sameName(x, y)
	if !ok || x.address.belies(name) || y.address.belies(name) {
		return "", false
	}
	written := name.Full() && slices.ContainsFunc(x.names, func(n Name) bool { return n.Key() == name.Key() }) &&
		slices.ContainsFunc(y.names, func(n Name) bool { return n.Key() == name.Key() })
	same := x.address.local == y.address.local && len(x.address.local) > 2
	switch {
	case same && (r.common.rareSurname(name) || written && !x.address.derived(name)):
		return WhyLocal, true
	case same && written && x.address.brand() != "" && x.address.brand() == y.address.brand():
		return WhyCompany, true
	case !same && written && Organization(x.Handle) == Organization(y.Handle) && Organization(x.Handle) != "" &&
		x.address.derived(name) && y.address.derived(name):
		return WhyCompany, true
	}
	return "", false
}

// sameName returns a name of which both have a spelling, the longest.
func sameName(x, y facts) (Name, bool) {
	for _, n := range x.names {
		for _, m := range y.names {
			if n.alike(m) && (n.Full() || m.Full()) {
				if len(m.Words) > len(n.Words) {
					return m, true
				}
				return n, true
			}
		}
	}
	return Name{}, false
}

// rareSurname reports whether a full name is rare by its surname alone, so that
// its given name may be short or an initial.
func (c commonness) rareSurname(n Name) bool {
	return n.Full() && c.rare(n) && !c.surnames[n.surname()] && !c.isGiven(n.surname())
}

// account reports whether an identity is an id where somebody writes.
func (f facts) account() bool {
	return strings.Contains(f.Handle, ":") && !strings.Contains(f.Handle, "@")
}

// bySpeaker joins names without an address to the one person who is called that:
// of all who are known for a full name that is rare, else of those who were there.
func (r *resolver) bySpeaker() {
	named := r.byKey(func(f facts) bool { return f.address.domain != "" || f.account() })
	for i, f := range r.facts {
		if f.address.domain != "" || f.account() || f.kind != Person || len(f.names) == 0 {
			continue
		}
		name := f.names[0]
		if root, ok := r.only(r.present(f, name)); ok {
			r.join(root, i, WhyPresent)
			continue
		}
		if root, ok := r.only(named[name.Key()]); ok && r.common.rare(name) {
			r.join(root, i, WhyName)
		}
	}
}

// present are who was near a name and may be called so.
func (r *resolver) present(f facts, name Name) []int {
	var found []int
	for _, handle := range f.Near {
		i, ok := r.by[handle]
		if !ok || !r.facts[i].person() || r.facts[i].address.domain == "" && !r.facts[i].account() {
			continue
		}
		if slices.ContainsFunc(r.facts[i].names, name.calls) {
			found = append(found, i)
		}
	}
	return found
}

// calls reports whether a speaker's name may be how another, fuller one is said.
func (n Name) calls(o Name) bool {
	if len(n.Words) == 1 && n.leading == "" && len(n.Initials) == 0 {
		return o.given() != "" && sameGiven(n.Words[0], o.given()) || slices.Contains(o.Words, n.Words[0])
	}
	if len(n.Words) == 1 && n.leading == "" { // "Anna K."
		return sameGiven(n.Words[0], o.given()) && len(o.Words) > 1 && string(firstRune(o.surname())) == n.Initials[0]
	}
	return n.alike(o)
}

// only returns one of the identities if they are all of one person.
func (r *resolver) only(all []int) (int, bool) {
	for _, i := range all {
		if r.root(i) != r.root(all[0]) {
			return 0, false
		}
	}
	if len(all) == 0 {
		return 0, false
	}
	return slices.Min(all), true
}
