package importer

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/importer/mail"
)

// Candidate is an address that may be the user's, and what speaks for it.
type Candidate struct {
	Address  string
	Name     string
	Sent     int // messages from it in a folder of sent mail
	Written  int // messages from it
	Involved int // personal messages from, to or delivered to it
	Why      string
}

// Proposal is who the user seems to be.
type Proposal struct {
	Me         []string    // empty if unknown
	Why        string      // on what ground, or why unknown
	Candidates []Candidate // the likeliest, whether or not any is proposed
	Said       bool        // the options say so, and nothing is proposed
}

// How much evidence a proposal takes.
const (
	minSent       = 3   // messages in folders of sent mail
	aliasShare    = 0.1 // of those, for a further address of the same person
	minPersonal   = 5   // personal messages, where no such folder is known
	ownerShare    = 0.6 // of those that the owner takes part in
	runnerUpShare = 0.7 // of the owner's, which nobody else may exceed
	maxCandidates = 5
)

// maxPeople is how many addresses are counted at a time. A large mailbox names many times
// that, most of them once.
const maxPeople = 50_000

// people counts who writes to whom.
type people struct {
	of        map[string]*person
	most      int
	personal  int // messages that no list and no program sent
	sentTotal int
}

type person struct {
	name                               string
	sent, written, involved, delivered int
}

func newPeople() *people { return &people{of: map[string]*person{}, most: maxPeople} }

func (p *people) get(a mail.Address) *person {
	found := p.of[a.Email]
	if found == nil {
		found = &person{}
		p.of[a.Email] = found
	}
	if found.name == "" {
		found.name = a.Name
	}
	return found
}

// presence is who takes part in a message.
type presence struct {
	from      []mail.Address
	sent      bool           // it lay in a folder of sent mail
	personal  bool           // no list and no program sent it
	party     []mail.Address // of a personal one, the recipients and its writer
	delivered []mail.Address // of a personal one, whose mailbox it came to
}

func presenceOf(h mail.Header, sent bool) presence {
	one := presence{from: h.Addresses("From"), sent: sent, personal: !h.Bulk()}
	if one.personal {
		one.party = h.Addresses("From", "To", "Cc")
		one.delivered = h.Addresses("Delivered-To", "X-Original-To", "Envelope-To")
	}
	return one
}

// forgetRare forgets whom few messages name. Who is proposed has a tenth of some kind of
// messages at least, which is never few, and loses nothing that matters.
func (p *people) forgetRare() {
	for few := 1; len(p.of) > p.most/2; few++ {
		maps.DeleteFunc(p.of, func(_ string, who *person) bool { return who.written+who.involved+who.delivered <= few })
	}
}

// add counts a message.
func (p *people) add(one presence) {
	if len(p.of) > p.most {
		p.forgetRare()
	}
	for _, a := range one.from {
		writer := p.get(a)
		writer.written++
		if one.sent {
			writer.sent++
			p.sentTotal++
		}
	}
	if !one.personal {
		return
	}
	p.personal++
	for _, a := range one.party {
		p.get(a).involved++
	}
	for _, a := range one.delivered {
		mailbox := p.get(a)
		mailbox.delivered++
		if !slices.ContainsFunc(one.party, func(b mail.Address) bool { return a.Email == b.Email }) {
			mailbox.involved++
		}
	}
}

// propose ranks the addresses and decides whether they tell who the user is.
// Where they do not, it says so rather than guess.
func (p *people) propose() Proposal {
	ranked := make([]Candidate, 0, len(p.of))
	for address, who := range p.of {
		ranked = append(ranked, Candidate{
			Address: address, Name: who.name, Sent: who.sent, Written: who.written, Involved: who.involved,
			Why: p.why(who),
		})
	}
	slices.SortFunc(ranked, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Sent, a.Sent), cmp.Compare(b.Involved, a.Involved),
			cmp.Compare(b.Written, a.Written), cmp.Compare(a.Address, b.Address))
	})
	prop := p.bySentFolder(ranked)
	if len(prop.Me) == 0 && prop.Why == "" {
		prop = p.byPresence(ranked)
	}
	prop.Candidates = ranked[:min(len(ranked), maxCandidates)]
	return prop
}

func (p *people) why(who *person) string {
	var parts []string
	if who.sent > 0 {
		parts = append(parts, fmt.Sprintf("wrote %d of %s in folders of sent mail", who.sent, count(p.sentTotal, "message")))
	} else if who.written > 0 {
		parts = append(parts, "wrote "+count(who.written, "message"))
	}
	if who.involved > 0 {
		parts = append(parts, fmt.Sprintf("takes part in %d of %s", who.involved, count(p.personal, "personal message")))
	}
	return strings.Join(parts, ", ")
}

// bySentFolder proposes who wrote what lies in folders of sent mail.
func (p *people) bySentFolder(ranked []Candidate) Proposal {
	if p.sentTotal < minSent {
		return Proposal{}
	}
	var prop Proposal
	for _, c := range ranked {
		if c.Sent >= minSent && float64(c.Sent) >= aliasShare*float64(p.sentTotal) {
			prop.Me = append(prop.Me, c.Address)
		}
	}
	if len(prop.Me) > 0 {
		prop.Why = "wrote what lies in the folders of sent mail"
	}
	return prop
}

// byPresence proposes the one address that takes part in most personal messages.
func (p *people) byPresence(ranked []Candidate) Proposal {
	if len(ranked) == 0 {
		return Proposal{Why: "only mail tells whose it is; where chat has no addresses, take your account, which attrove-mcp people list has"}
	}
	if p.personal < minPersonal {
		return Proposal{Why: "nearly all of it came through mailing lists or from programs, and no folder of sent mail tells whose mailbox this is"}
	}
	byPresence := slices.Clone(ranked)
	slices.SortStableFunc(byPresence, func(a, b Candidate) int { return cmp.Compare(b.Involved, a.Involved) })
	for _, c := range byPresence {
		if float64(c.Involved) < ownerShare*float64(p.personal) {
			break
		}
		delivered := 2*p.of[c.Address].delivered >= p.personal
		if c.Written == 0 && !delivered {
			continue // an address that never writes and is no mailbox, such as a list's
		}
		// Where mail was delivered, an address that never writes is no rival.
		rival := slices.IndexFunc(byPresence, func(o Candidate) bool {
			return o.Address != c.Address && (o.Written > 0 || !delivered)
		})
		if rival >= 0 && float64(byPresence[rival].Involved) > runnerUpShare*float64(c.Involved) {
			return Proposal{Why: fmt.Sprintf("%s takes part in most messages, but not in clearly more than %s", c.Address, byPresence[rival].Address)}
		}
		return Proposal{Me: []string{c.Address}, Why: "takes part in most personal messages"}
	}
	return Proposal{Why: "no address takes part in most of the messages, so it may be a public or shared archive"}
}
