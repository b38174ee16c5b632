package goals

import (
	"slices"
	"strings"

	"github.com/attrove/attrove-mcp/internal/local/speech"
	"github.com/attrove/attrove-mcp/internal/local/store"
)

// dropStrangers takes out the messages of those to whom nobody on the goal has ever
// written, where the goal names contacts outside. Else whoever writes into a thread
// could end a silence, or say that all is done. Contacts' colleagues are no
// strangers. A goal that names only words has no strangers: whoever writes of them
// first, as a new customer does, is its news.
func (s *stream) dropStrangers() {
	met, domains := map[string]bool{}, map[string]bool{}
	outside := false
	for _, contacts := range []map[string]bool{s.scope.people, s.scope.weak} {
		for address := range contacts {
			if strings.IndexByte(address, '@') <= 0 { // a name
				continue
			}
			met[address] = true
			outside = outside || !s.me.Ours(store.Person{Email: address})
			domains[speech.Organization(address)] = true
		}
	}
	if !outside || !knowsSelf(s.me) {
		return
	}
	delete(domains, "") // a mail provider's users are no colleagues
	s.entries = slices.DeleteFunc(s.entries, func(e entry) bool {
		if e.ref.Kind != store.KindMessage || e.author.Email == "" || e.machine {
			return false
		}
		if !met[e.author.Email] && !s.me.Ours(e.author) && !domains[speech.Organization(e.author.Email)] {
			return true
		}
		for _, p := range e.message.Recipients {
			met[p.Email] = true
		}
		return false
	})
}
