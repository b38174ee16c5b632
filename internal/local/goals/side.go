package goals

import (
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// side is on whose side somebody is.
type side int

const (
	nobody side = iota // cannot be told
	us
	them
)

func (s side) other() side {
	switch s {
	case us:
		return them
	case them:
		return us
	case nobody:
	}
	return nobody
}

// parties tell the sides of a stream apart.
type parties struct {
	me    speech.Self
	known bool            // the user has said who they are
	part  bool            // and their side takes part
	two   bool            // and somebody from outside does, too
	names map[string]bool // under which the user writes, also from addresses that nobody told us
}

// knowsSelf reports whether the user has said who they are.
func knowsSelf(me speech.Self) bool { return len(me.Addresses()) > 0 }

func newParties(me speech.Self, entries []entry) parties {
	p := parties{me: me, known: knowsSelf(me)}
	if !p.known {
		return p
	}
	p.names = map[string]bool{}
	for _, e := range entries {
		if me.Is(e.author) && strings.Contains(e.author.Name, " ") {
			p.names[e.author.Name] = true
		}
	}
	for _, e := range entries {
		for _, who := range e.people {
			if e.machine || who.Email == "" {
				continue
			}
			p.part = p.part || p.ours(who)
			p.two = p.two || !p.ours(who)
		}
	}
	p.two = p.two && p.part
	return p
}

// of is the side of a person. Where the user takes no part, there are no sides.
func (p parties) of(who store.Person) side {
	switch {
	case !p.part || who.Email == "":
		return nobody
	case p.ours(who):
		return us
	}
	return them
}

func (p parties) ours(who store.Person) bool { return p.me.Ours(who) || p.names[who.Name] }

// ofEntry is the side whose activity an entry is.
func (p parties) ofEntry(e entry) side {
	switch e.ref.Kind {
	case store.KindMessage:
		return p.of(e.author)
	case store.KindNote:
		return us
	case store.KindMeeting, store.KindEvent:
		if slices.ContainsFunc(e.people, func(who store.Person) bool { return p.of(who) == them }) {
			return them
		}
	}
	return us
}
