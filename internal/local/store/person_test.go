package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/attrove/attrove-mcp/internal/local/people"
)

// letter stores a message so many hours after testTime. People are "name <address>".
func letter(t *testing.T, s *Store, u User, hour int, from string, to ...string) Message {
	t.Helper()
	sender := person(from)
	m := Message{UserID: u.ID, SentAt: testTime.Add(time.Duration(hour) * time.Hour), SenderEmail: sender.Email, SenderName: sender.Name}
	for _, one := range to {
		m.Recipients = append(m.Recipients, person(one))
	}
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) (err error) {
		m.ID, m.IntegrationID, err = keep(tx, u, KindMessage, "email", "")
		if err != nil {
			return err
		}
		if m, err = tx.SaveMessage(m, ThreadKeys{}, m.SentAt); err != nil {
			return err
		}
		return tx.SetParticipants(u.ID, m.Ref(), m.Participants())
	}))
	return m
}

func person(text string) Person {
	name, address, ok := strings.Cut(text, " <")
	if !ok {
		return Person{Email: text}
	}
	return Person{Email: strings.TrimSuffix(address, ">"), Name: name}
}

// contacts are a user's entities as "type: handles", the newest first.
func contacts(t *testing.T, s *Store, u User) (all []string) {
	t.Helper()
	require.NoError(t, s.ResolvePersons(t.Context(), u.ID))
	entities, err := s.Entities(t.Context(), u.ID, EntityFilter{Limit: 100})
	require.NoError(t, err)
	for _, e := range entities {
		all = append(all, e.Type+": "+strings.Join(e.Handles, " "))
	}
	return all
}

func decide(t *testing.T, s *Store, u User, same bool, these []string, others ...string) {
	t.Helper()
	require.NoError(t, s.Decide(t.Context(), u.ID, Decision{Decision: people.Decision{Same: same, These: these, Others: others}, At: testTime}))
}

func TestPersons(t *testing.T) {
	places(t, func(t *testing.T, s *Store) {
		t.Helper()
		u := newUser(t, s)
		first := letter(t, s, u, 1, "Orsolya Vidakovic <ov@acme.example>", "Bela <bela@globex.example>")
		assert.Equal(t, []string{"person: bela@globex.example", "person: ov@acme.example", "company: @acme.example", "company: @globex.example"}, contacts(t, s, u))
		before := entityIDs(t, s, u)["ov@acme.example"]

		last := letter(t, s, u, 2, "Vidakovic, Orsolya <orsi@lake.example>", "ov@acme.example")
		assert.Contains(t, contacts(t, s, u), "person: orsi@lake.example", "anybody could have written under that name")
		answer := letter(t, s, u, 0, "bela@globex.example", "orsi@lake.example", "ov@acme.example")
		assert.Equal(t, []string{"person: bela@globex.example", "person: orsi@lake.example ov@acme.example", "company: @acme.example", "company: @globex.example",
			"company: @lake.example"}, contacts(t, s, u))
		e, err := s.Holder(t.Context(), u.ID, "orsi@lake.example")
		require.NoError(t, err)
		assert.Equal(t, before, e.ID, "who was known keeps the id")
		assert.Equal(t, "Vidakovic, Orsolya", e.Name, "the newest")
		assert.Equal(t, []string{"orsi@lake.example", "ov@acme.example"}, e.IDs())

		items, err := s.Involving(t.Context(), InvolvingQuery{UserID: u.ID, EntityIDs: []string{before}, Limit: 10})
		require.NoError(t, err)
		assert.Equal(t, []ItemRef{last.Ref(), first.Ref(), answer.Ref()}, items)
		acme, err := s.Holder(t.Context(), u.ID, "@acme.example")
		require.NoError(t, err)
		items, err = s.Involving(t.Context(), InvolvingQuery{UserID: u.ID, EntityIDs: []string{acme.ID}, Kinds: []Kind{KindMessage}, Limit: 10})
		require.NoError(t, err)
		assert.Len(t, items, 3, "a company is in what its people are in")
		for _, part := range []string{"ORSI@", "orsolya v", "Vidakovic, O"} {
			found, err := s.Entities(t.Context(), u.ID, EntityFilter{Contains: part, Type: "person", Limit: 10})
			require.NoError(t, err)
			require.Len(t, found, 1, part)
			assert.Equal(t, before, found[0].ID)
		}
		graph, err := s.Graph(t.Context(), u.ID, testTime.Add(time.Hour*10))
		require.NoError(t, err)
		_, total, err := s.Relationships(t.Context(), graph, Entity{}, 0, 10)
		require.NoError(t, err)
		assert.Equal(t, 1, total, "nobody is related to their other address")
	})
}

// TestPersonsDoNotDependOnTheOrder in which mail is imported.
func TestPersonsDoNotDependOnTheOrder(t *testing.T) {
	mail := [][]string{
		{"Orsolya Vidakovic <ov@acme.example>", "John Smith <js@acme.example>"}, {"Orsi <orsi@lake.example>", "John Smith <js@globex.example>"},
		{"Orsolya Vidakovic <orsi@lake.example>", "ov@acme.example"}, {"Orsolya B. Vidakovic <x@initech.example>", "noreply@shop.example"},
		{"js@acme.example", "x@initech.example", "orsi@lake.example"},
	}
	var want []string
	for _, order := range [][]int{{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {2, 0, 4, 1, 3}, {1, 2, 0, 3, 4}} {
		s := openTest(t, "")
		u := newUser(t, s)
		for _, i := range order {
			letter(t, s, u, i, mail[i][0], mail[i][1:]...)
			contacts(t, s, u) // as far as it has come
		}
		got := contacts(t, s, u)
		slices.Sort(got)
		if want == nil {
			want = got
		}
		assert.Equal(t, want, got)
		assert.Contains(t, got, "person: orsi@lake.example x@initech.example ov@acme.example")
		assert.Contains(t, got, "bot: noreply@shop.example")
	}
}

func TestDecisionsHold(t *testing.T) {
	path := t.TempDir() + "/a.db"
	s := openTest(t, path)
	u := newUser(t, s)
	write := func() {
		letter(t, s, u, 1, "Orsolya Vidakovic <ov@acme.example>", "John <js@acme.example>")
		letter(t, s, u, 2, "Orsolya Vidakovic <orsi@lake.example>", "Johnny <jj@lake.example>")
		letter(t, s, u, 3, "js@acme.example", "ov@acme.example", "orsi@lake.example")
	}
	people := func() []string {
		return slices.DeleteFunc(contacts(t, s, u), func(c string) bool { return strings.HasPrefix(c, "company") })
	}
	write()
	require.Len(t, people(), 3)
	decide(t, s, u, false, []string{"ov@acme.example"}, "orsi@lake.example")
	decide(t, s, u, true, []string{"js@acme.example", "jj@lake.example"})
	want := []string{"person: orsi@lake.example", "person: js@acme.example jj@lake.example", "person: ov@acme.example"}
	assert.ElementsMatch(t, want, people())

	sel := Selection{Before: testTime.Add(10 * time.Hour)}
	removal, err := s.Removal(t.Context(), u.ID, sel)
	require.NoError(t, err)
	require.NoError(t, s.Purge(t.Context(), u.ID, sel, removal, testTime))
	require.NoError(t, s.Scrub(t.Context()))
	assert.Empty(t, contacts(t, s, u))
	assert.Empty(t, hold(t, path[:len(path)-len("/a.db")], "lake.example"), "what was decided is kept as hashes")
	write()
	assert.ElementsMatch(t, want, people(), "what the user said holds for the same mail")

	taken, err := s.Undecide(t.Context(), u.ID, testTime)
	require.NoError(t, err)
	assert.True(t, taken.Same)
	assert.ElementsMatch(t, []string{"js@acme.example", "jj@lake.example"}, taken.These)
	assert.Len(t, people(), 4)
	_, err = s.Undecide(t.Context(), u.ID, testTime)
	require.NoError(t, err)
	assert.Len(t, people(), 3)
	_, err = s.Undecide(t.Context(), u.ID, testTime)
	require.ErrorIs(t, err, ErrNotFound)
}

func TestPurgedNamesAreGone(t *testing.T) {
	path := t.TempDir() + "/a.db"
	s := openTest(t, path)
	u := newUser(t, s)
	letter(t, s, u, 1, "Ann <ann@x.example>", "Bob Zsecret <bob@x.example>")
	letter(t, s, u, 2, "Cy <cy@x.example>", "Bob Berg <bob@x.example>", "ann2@x.example")
	letter(t, s, u, 3, "Ann <ann@x.example>", "Bob Zthird <bob@x.example>")
	contacts(t, s, u)
	sel := Selection{Addresses: []string{"ann@x.example"}}
	removal, err := s.Removal(t.Context(), u.ID, sel)
	require.NoError(t, err)
	require.NoError(t, s.Purge(t.Context(), u.ID, sel, removal, testTime))
	require.NoError(t, s.Scrub(t.Context()))
	for _, word := range []string{"zsecret", "zthird", "ann@x"} {
		assert.Empty(t, hold(t, path[:len(path)-len("/a.db")], word), word)
	}
	contacts(t, s, u)
	bob, err := s.Holder(t.Context(), u.ID, "bob@x.example")
	require.NoError(t, err)
	assert.Equal(t, "Bob Berg", bob.Name)
}

func TestTheUsersOwn(t *testing.T) {
	s := openTest(t, "")
	me, err := s.LocalUser(t.Context(), User{ID: "u", Email: "vida@acme.example", Addresses: []string{"vida@acme.example", "vida@globex.example"}})
	require.NoError(t, err)
	letter(t, s, me, 1, "Orsolya Vidakovic <vida@acme.example>", "vida@globex.example", "Bela Kun <bk@acme.example>")
	letter(t, s, me, 2, "Orsolya Vidakovic <orsi@gmail.com>", "bk@acme.example")
	letter(t, s, me, 2, "Orsolya Vidakovic <vida@evil.example>", "vida@acme.example")
	letter(t, s, me, 2, "x@evil.example", "vida@evil.example")
	assert.Contains(t, contacts(t, s, me), "user: vida@acme.example vida@globex.example")
	letter(t, s, me, 1, "bk@acme.example", "vida@acme.example", "orsi@gmail.com") // a colleague, who knows
	assert.Contains(t, contacts(t, s, me), "user: orsi@gmail.com vida@acme.example vida@globex.example", "and nobody whom only strangers know")
	me, err = s.User(t.Context(), me.ID)
	require.NoError(t, err)
	assert.Equal(t, []string{"vida@acme.example", "vida@globex.example"}, me.Addresses)
	assert.Equal(t, []string{"orsi@gmail.com"}, me.Linked)

	_, err = s.LocalUser(t.Context(), User{Email: "bk@acme.example", Addresses: []string{"bk@acme.example"}})
	require.NoError(t, err)
	assert.Contains(t, contacts(t, s, me), "user: bk@acme.example")
	assert.Contains(t, contacts(t, s, me), "person: orsi@gmail.com vida@acme.example")
}

func TestWhoIsNamed(t *testing.T) {
	handles := func(all []Participant) (out []string) {
		for _, p := range all {
			out = append(out, string(p.Role)+" "+p.Handle)
		}
		return out
	}
	for want, m := range map[string]Message{
		"sender ann@x.example, recipient bob@x.example":   {SenderEmail: "ann@x.example", Recipients: []Person{{Email: "Bob@x.example"}}},
		"sender anna novak, recipient devs@lists.example": {SenderEmail: "devs@lists.example", SenderName: "Anna Novak via Devs"},
		"sender slack:U1, mentioned slack:U2, mentioned bob@x.example": {SenderName: "Ann", Metadata: []byte(
			`{"sender_id":"slack:U1","mentions":[{"id":"slack:U2","name":"Cy"},{"id":"slack:U3","name":"Bob","email":"bob@x.example"}]}`)},
		"sender ann@x.example": {SenderEmail: "ann@x.example", Metadata: []byte(`{"sender_id":7,"mentions":"all"}`)},
		"sender ":              {SenderName: "Ann", Metadata: []byte(`{"sender_id":"ann"}`)},
	} {
		assert.Equal(t, want, strings.Join(handles(m.Participants()), ", "))
	}
	meeting := Meeting{Title: "Standup 7", Attendees: []Person{{Email: "an@x.example", Name: "Anna Novak"}, {Name: "Bela"}, {Name: "Speaker 1"}},
		Transcript: "Anna: hi\nBela: hi\nCsaba Kun: hi\nAnna: bye"}
	assert.Equal(t, []string{"attendee an@x.example", "attendee bela · standup", "attendee csaba kun"}, handles(meeting.Participants()))
	meeting.Transcript = "We met.\nDecision: none\nIt rained.\nThen it did not.\nWe left."
	assert.Len(t, meeting.Participants(), 2, "no transcript of speakers")
}

func TestSpeakersAreAttendees(t *testing.T) {
	s := openTest(t, "")
	u := newUser(t, s)
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) (err error) {
		m := Meeting{UserID: u.ID, StartAt: testTime, Title: "Standup", Transcript: "Anna: hi\nBela: hi"}
		if m.ID, m.IntegrationID, err = keep(tx, u, KindMeeting, "meeting", ""); err != nil {
			return err
		}
		if err := tx.SaveMeeting(m, testTime); err != nil {
			return err
		}
		if err := tx.SetParticipants(u.ID, m.Ref(), m.Participants()); err != nil {
			return err
		}
		e := Event{UserID: u.ID, StartAt: testTime.Add(5 * time.Minute), EndAt: testTime.Add(time.Hour), Title: "Daily",
			Attendees: []Person{{Email: "an@x.example", Name: "Anna Novak"}, {Email: "b1@x.example", Name: "Bela Kun"}, {Email: "b2@x.example", Name: "Bela Nagy"}}}
		if e.ID, e.IntegrationID, err = keep(tx, u, KindEvent, "calendar", ""); err != nil {
			return err
		}
		if err := tx.SaveEvent(e, testTime); err != nil {
			return err
		}
		return tx.SetParticipants(u.ID, e.Ref(), e.Participants())
	}))
	got := contacts(t, s, u)
	assert.Contains(t, got, "person: an@x.example anna · standup")
	assert.Contains(t, got, "person: bela · standup", "two are called so")
}

// BenchmarkResolvePersons is what a look at 20,000 contacts costs whose every
// tenth has two addresses, after one more came in.
func BenchmarkResolvePersons(b *testing.B) {
	s, err := Open(b.Context(), b.TempDir()+"/a.db")
	require.NoError(b, err)
	defer func() { require.NoError(b, s.Close()) }()
	u := User{ID: "u", Email: "me@x.example"}
	require.NoError(b, s.CreateUser(b.Context(), u, []byte("key")))
	const n = 20_000
	require.NoError(b, s.Write(b.Context(), func(tx *Tx) error {
		id, _, err := keep(tx, u, KindMessage, "email", "")
		if err != nil {
			return err
		}
		var all []Participant
		for i := range n {
			all = append(all, Participant{Handle: fmt.Sprintf("n%d@c%d.example", i, i%5000), Name: fmt.Sprintf("Given%c Sur%d", 'a'+i%26, i%(n*9/10)), Role: RoleRecipient})
		}
		return tx.SetParticipants(u.ID, ItemRef{Kind: KindMessage, ID: id, At: testTime}, all)
	}))
	require.NoError(b, s.ResolvePersons(b.Context(), u.ID))
	b.ResetTimer()
	for range b.N {
		require.NoError(b, s.Write(b.Context(), func(tx *Tx) error { return tx.resolvePersons(u.ID) }))
	}
}
