// Package people decides from evidence which addresses are one person. It knows
// nothing of where the evidence is kept.
//
// A wrong link is worse than a missing one: it puts one person's words into
// another's mouth. So a name links addresses by itself only where it is rare, and
// what is common needs more that agrees. Everybody can write under any name, and
// does so to deceive: of two domains both addresses must be vouched for, too. What
// the user decides goes before all evidence.
//
// Evidence is a set: in whichever order it was gathered, the outcome is the same.
package people

import (
	"cmp"
	"slices"
	"strings"
)

// Identity is one sign by which somebody is known, with what is known of it.
type Identity struct {
	Handle string   // an address in lower case, an id where somebody writes, or a handle of NameHandle
	Names  []string // every name that it was given
	IDs    []string // ids of the same person elsewhere, as the source of the evidence says
	Own    bool     // the user says that it is theirs
	Bot    bool     // the source says that a program writes
	Near   []string // for a name without an address: handles that are named where it is
}

// Decision is what the user said of handles.
type Decision struct {
	Same          bool     // These are one person; otherwise they are nobody of the Others
	These, Others []string // handles
}

// Why is the reason for a link, in words that end a sentence such as "linked,
// because of ...".
type Why string

// The reasons, the strongest first.
const (
	WhySaid    Why = "what you said"
	WhyOwn     Why = "your own addresses"
	WhyID      Why = "the same account"
	WhyMailbox Why = "the same mailbox"
	WhyName    Why = "the same rare name"
	WhyLocal   Why = "the same name and name before the @"
	WhyCompany Why = "the same name at one company"
	WhyPresent Why = "the only one of that name who was there"
)

// Link joins two identities, by their places among all.
type Link struct {
	A, B int
	Why  Why
}

// Resolve returns the links between identities of one person. They have no
// circles: n identities of a person have n-1 links. Handles must be distinct.
// Vouched reports whether somebody else than its owner, who can be trusted, has
// used an address; it is asked only where that decides.
func Resolve(all []Identity, decisions []Decision, vouched func(i int) bool) []Link {
	r := newResolver(all)
	r.vouched = vouched
	r.decide(decisions)
	r.own()
	r.sameAccount()
	r.byMailbox()
	r.byName()
	r.byLocalPart()
	r.bySpeaker()
	return r.links
}

// resolver joins identities step by step. Each step goes through its candidates
// in an order that depends on handles alone.
type resolver struct {
	facts  []facts // sorted by handle
	place  []int   // of each among what the caller gave
	by     map[string]int
	common commonness
	parent []int
	apart  map[int]map[int]bool // who are not one person, by root
	links  []Link

	vouched func(i int) bool // by place among what the caller gave
	asked   map[int]bool     // what it said
}

// facts are what is read from an identity.
type facts struct {
	Identity
	kind    Kind
	address Address
	names   []Name // distinct, those with most words first
	shared  bool   // people of different names use it
}

func newResolver(all []Identity) *resolver {
	r := &resolver{by: make(map[string]int, len(all)), apart: map[int]map[int]bool{}, asked: map[int]bool{}}
	r.place = make([]int, len(all))
	for i := range r.place {
		r.place[i] = i
	}
	slices.SortFunc(r.place, func(a, b int) int { return cmp.Compare(all[a].Handle, all[b].Handle) })
	for i, at := range r.place {
		r.facts = append(r.facts, read(all[at]))
		r.by[all[at].Handle] = i
		r.parent = append(r.parent, i)
	}
	r.common = newCommonness(r.facts)
	return r
}

func read(one Identity) facts {
	f := facts{Identity: one, kind: KindOf(one.Handle), address: ParseAddress(one.Handle)}
	if one.Bot {
		f.kind = Bot
	}
	for _, text := range slices.Sorted(slices.Values(one.Names)) {
		if name := ParseName(text); len(name.Words) > 0 && !slices.ContainsFunc(f.names, name.equal) {
			f.names = append(f.names, name)
		}
	}
	if name, ok := f.address.impliedName(); ok && len(f.names) == 0 {
		f.names = append(f.names, name)
	}
	slices.SortStableFunc(f.names, func(a, b Name) int {
		return cmp.Or(cmp.Compare(len(b.Words), len(a.Words)), cmp.Compare(a.Key(), b.Key()))
	})
	for i, a := range f.names {
		for _, b := range f.names[i+1:] {
			f.shared = f.shared || a.Full() && b.Full() && !a.couldBe(b)
		}
	}
	return f
}

// person reports whether an identity may be joined by what it is called.
func (f facts) person() bool { return f.kind == Person && !f.shared }

func (r *resolver) root(i int) int {
	for r.parent[i] != i {
		r.parent[i] = r.parent[r.parent[i]]
		i = r.parent[i]
	}
	return i
}

// join links two identities unless that would make one person of two that the
// user holds apart.
func (r *resolver) join(a, b int, why Why) {
	x, y := r.root(a), r.root(b)
	if x == y || r.apart[x][y] {
		return
	}
	if y < x {
		x, y = y, x
	}
	r.parent[y] = x
	for other := range r.apart[y] {
		delete(r.apart[other], y)
		r.hold(other, x)
	}
	delete(r.apart, y)
	r.links = append(r.links, Link{A: r.place[a], B: r.place[b], Why: why})
}

// hold keeps two roots apart.
func (r *resolver) hold(x, y int) {
	for _, pair := range [][2]int{{x, y}, {y, x}} {
		if r.apart[pair[0]] == nil {
			r.apart[pair[0]] = map[int]bool{}
		}
		r.apart[pair[0]][pair[1]] = true
	}
}

// trusted reports whether two addresses may be joined by what their owners say of
// themselves. Whoever has an account in chat was let in.
func (r *resolver) trusted(a, b int) bool {
	for _, i := range []int{a, b} {
		if r.facts[i].address.domain == "" || r.facts[i].Own {
			continue
		}
		known, asked := r.asked[i]
		if !asked {
			known = r.vouched(r.place[i])
			r.asked[i] = known
		}
		if !known {
			return false
		}
	}
	return true
}

// pair is two identities, the first of which comes first.
type pair [2]int

// decide applies what the user said, of which the last holds.
func (r *resolver) decide(decisions []Decision) {
	last := map[pair]bool{} // whether they are one person
	var order []pair
	say := func(a, b string, same bool) {
		i, known := r.by[a]
		j, both := r.by[b]
		if !known || !both || i == j {
			return
		}
		p := pair{min(i, j), max(i, j)}
		last[p] = same
		order = append(order, p)
	}
	for _, d := range decisions {
		for i, a := range d.These {
			for _, b := range d.These[i+1:] {
				say(a, b, true)
			}
			for _, b := range d.Others {
				say(a, b, false)
			}
		}
	}
	for _, p := range order {
		if !last[p] {
			r.hold(p[0], p[1])
		}
	}
	for _, p := range slices.Backward(order) {
		if last[p] {
			r.join(p[0], p[1], WhySaid)
		}
	}
}

// own joins what the user says is theirs.
func (r *resolver) own() {
	first := -1
	for i, f := range r.facts {
		switch {
		case !f.Own:
		case first < 0:
			first = i
		default:
			r.join(first, i, WhyOwn)
		}
	}
}

// sameAccount joins who has the same id elsewhere.
func (r *resolver) sameAccount() {
	first := map[string]int{}
	for i, f := range r.facts {
		for _, id := range append([]string{f.Handle}, f.IDs...) {
			if strings.Contains(id, "@") {
				continue // an address, which has rules of its own
			}
			if j, ok := first[id]; ok {
				r.join(j, i, WhyID)
			} else {
				first[id] = i
			}
		}
	}
}

// byMailbox joins addresses that one mailbox gets.
func (r *resolver) byMailbox() {
	first := map[string]int{}
	for i, f := range r.facts {
		box := f.address.mailbox()
		if box == "" || f.kind != Person {
			continue
		}
		j, ok := first[box]
		switch {
		case !ok:
			first[box] = i
		case f.address.gmail() || !r.differ(i, j):
			r.join(j, i, WhyMailbox)
		}
	}
}

// differ reports whether two identities have names of which none is the other's.
func (r *resolver) differ(i, j int) bool {
	a, b := r.facts[i], r.facts[j]
	if len(a.names) == 0 || len(b.names) == 0 {
		return false
	}
	for _, x := range a.names {
		if slices.ContainsFunc(b.names, x.couldBe) {
			return false
		}
	}
	return true
}
