package store

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func named(emails ...string) []Person {
	var all []Person
	for _, email := range emails {
		all = append(all, Person{Email: email})
	}
	return all
}

// keepMessage stores a message from the first address to the others, so many
// hours after testTime, and returns its id.
func keepMessage(t *testing.T, s *Store, u User, hour int, externalID string, emails ...string) string {
	t.Helper()
	m := Message{UserID: u.ID, SentAt: testTime.Add(time.Duration(hour) * time.Hour), SenderEmail: emails[0], Recipients: named(emails[1:]...)}
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) (err error) {
		m.ID, m.IntegrationID, err = keep(tx, u, KindMessage, "email", externalID)
		if err != nil {
			return err
		}
		if m, err = tx.SaveMessage(m, ThreadKeys{}, m.SentAt); err != nil {
			return err
		}
		return tx.SetParticipants(u.ID, m.Ref(), m.Participants())
	}))
	return m.ID
}

func keepMeeting(t *testing.T, s *Store, u User, hour int, emails ...string) string {
	t.Helper()
	m := Meeting{UserID: u.ID, StartAt: testTime.Add(time.Duration(hour) * time.Hour), Attendees: named(emails...)}
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) (err error) {
		m.ID, m.IntegrationID, err = keep(tx, u, KindMeeting, "meeting", "")
		if err != nil {
			return err
		}
		if err := tx.SaveMeeting(m, m.StartAt); err != nil {
			return err
		}
		return tx.SetParticipants(u.ID, m.Ref(), m.Participants())
	}))
	return m.ID
}

// keep accepts an item and takes it off the queue.
func keep(tx *Tx, u User, kind Kind, provider, externalID string) (id, integration string, err error) {
	id, err = tx.Accept(Push{UserID: u.ID, Kind: kind, Provider: provider, ExternalID: externalID, Payload: []byte("{}"), At: testTime, RunAt: testTime})
	if err != nil {
		return "", "", err
	}
	if err := tx.exec(`DELETE FROM jobs WHERE lane = ?`, id); err != nil {
		return "", "", err
	}
	item, err := tx.Item(id)
	if err != nil {
		return "", "", err
	}
	return id, item.IntegrationID, tx.Indexed(id, testTime)
}

// entityIDs are the ids of a user's entities by handle.
func entityIDs(t *testing.T, s *Store, u User) map[string]string {
	t.Helper()
	all, err := s.Entities(t.Context(), u.ID, EntityFilter{Limit: 100})
	require.NoError(t, err)
	ids := map[string]string{}
	for _, e := range all {
		ids[e.Handles[0]] = e.ID
	}
	return ids
}

func TestInvolving(t *testing.T) {
	places(t, func(t *testing.T, s *Store) {
		t.Helper()
		u := newUser(t, s)
		first := keepMessage(t, s, u, 1, "a", "ann@x.org", "Bob@x.org", "ann@x.org")
		meeting := keepMeeting(t, s, u, 2, "bob@x.org", "cy@x.org", "")
		last := keepMessage(t, s, u, 3, "b", "cy@x.org", "ann@x.org")
		ids := entityIDs(t, s, u)
		require.Len(t, ids, 3)
		ann, bob := ids["ann@x.org"], ids["bob@x.org"]

		for name, tc := range map[string]struct {
			q    InvolvingQuery
			want []string
		}{
			"newest first":         {InvolvingQuery{EntityIDs: []string{ann}}, []string{last, first}},
			"each once":            {InvolvingQuery{EntityIDs: []string{ann, bob, bob}}, []string{last, meeting, first}},
			"kind":                 {InvolvingQuery{EntityIDs: []string{bob}, Kinds: []Kind{KindMeeting}}, []string{meeting}},
			"from counts, to not":  {InvolvingQuery{EntityIDs: []string{ann, bob}, From: testTime.Add(time.Hour), To: testTime.Add(3 * time.Hour)}, []string{meeting, first}},
			"limit over all":       {InvolvingQuery{EntityIDs: []string{ann, bob}, Limit: 2}, []string{last, meeting}},
			"no entity, no item":   {InvolvingQuery{}, nil},
			"an entity of no one":  {InvolvingQuery{EntityIDs: []string{"ent_x"}}, nil},
			"of another user none": {InvolvingQuery{EntityIDs: []string{ann}, UserID: "other"}, nil},
		} {
			if tc.q.UserID == "" {
				tc.q.UserID = u.ID
			}
			if tc.q.Limit == 0 {
				tc.q.Limit = 10
			}
			items, err := s.Involving(t.Context(), tc.q)
			require.NoError(t, err, name)
			var got []string
			for _, item := range items {
				got = append(got, item.ID)
			}
			assert.Equal(t, tc.want, got, name)
		}
	})
}

func TestParticipantsFollowTheirItem(t *testing.T) {
	s := openTest(t, "")
	u := newUser(t, s)
	message := keepMessage(t, s, u, 1, "a", "ann@x.org", "bob@x.org")
	meeting := keepMeeting(t, s, u, 2, "ann@x.org")
	ids := entityIDs(t, s, u)
	of := func(email string) []ItemRef {
		items, err := s.Involving(t.Context(), InvolvingQuery{UserID: u.ID, EntityIDs: []string{ids[email]}, Limit: 10})
		require.NoError(t, err)
		return items
	}
	assert.Len(t, of("bob@x.org"), 1)
	keepMessage(t, s, u, 5, "a", "ann@x.org")
	assert.Empty(t, of("bob@x.org"), "a new push names others")
	assert.Equal(t, []ItemRef{{KindMessage, message, testTime.Add(5 * time.Hour)}, {KindMeeting, meeting, testTime.Add(2 * time.Hour)}}, of("ann@x.org"))
	require.NoError(t, s.Archive(t.Context(), u.ID, KindMeeting, meeting, testTime))
	assert.Len(t, of("ann@x.org"), 1, "what is archived is out of sight")
	require.NoError(t, s.Write(t.Context(), func(tx *Tx) error { return tx.exec(`DELETE FROM items WHERE id = ?`, message) }))
	assert.Empty(t, of("ann@x.org"))
}

func TestAnyAddressIsAParticipant(t *testing.T) {
	s := openTest(t, "")
	u := newUser(t, s)
	odd := []string{`"a\"b"@x.org`, `<ann>&@x.org`, "ann\u2028@x.org", "ä\\@x.org", "tab\t@x.org", "null", "7", "nul\x00@x.org"}
	id := keepMessage(t, s, u, 1, "a", odd...)
	ids := entityIDs(t, s, u)
	for _, address := range odd {
		items, err := s.Involving(t.Context(), InvolvingQuery{UserID: u.ID, EntityIDs: []string{ids[address]}, Limit: 1})
		require.NoError(t, err)
		require.Len(t, items, 1, address)
		assert.Equal(t, id, items[0].ID)
	}
}

// What the migration makes of an older database is what pushes keep.
func TestMigrationKnowsParticipants(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "a.db"))
	u := newUser(t, s)
	keepMessage(t, s, u, 1, "a", "ann@x.org", "ann@x.org", "bob@x.org", "bob@x.org", "")
	keepMessage(t, s, u, 1, "b", "", "bob@x.org")
	keepMeeting(t, s, u, 2, "ann@x.org", "cy@x.org")
	require.NoError(t, s.Archive(t.Context(), u.ID, KindMeeting, keepMeeting(t, s, u, 3, "ann@x.org"), testTime))
	dump := func() string {
		t.Helper()
		rows, err := s.writer.conn.QueryContext(t.Context(), `SELECT entity, kind, at, item_id, role, party FROM participants ORDER BY item_id, entity`)
		require.NoError(t, err)
		defer func() { require.NoError(t, rows.Close()) }()
		var out strings.Builder
		for rows.Next() {
			var entity, at, party int64
			var kind, item, role string
			require.NoError(t, rows.Scan(&entity, &kind, &at, &item, &role, &party))
			fmt.Fprintln(&out, entity, kind, at, item, role, party)
		}
		require.NoError(t, rows.Err())
		return out.String()
	}
	kept := dump()
	require.Equal(t, 5, strings.Count(kept, "\n"), kept)
	script, err := migrations.ReadFile("migrations/005_people.sql")
	require.NoError(t, err)
	_, err = s.writer.conn.ExecContext(t.Context(), "DROP TABLE participants; ALTER TABLE entities RENAME COLUMN handle TO email;"+
		string(script)+"; ALTER TABLE entities RENAME COLUMN email TO handle")
	require.NoError(t, err)
	assert.Equal(t, kept, dump())
}

// TestCoverageIsInTheOrderOfTheData, whichever source was heard of first, or in
// the same instant.
func TestCoverageIsInTheOrderOfTheData(t *testing.T) {
	s := openTest(t, "")
	u := newUser(t, s)
	for i, source := range []string{"c", "a", "b", "0"} {
		m := Message{UserID: u.ID, SentAt: testTime.Add(time.Duration(max(0, 2-i)) * time.Hour)}
		require.NoError(t, s.Write(t.Context(), func(tx *Tx) (err error) {
			if m.ID, m.IntegrationID, err = keep(tx, u, KindMessage, source, ""); err != nil {
				return err
			}
			_, err = tx.SaveMessage(m, ThreadKeys{}, m.SentAt)
			return err
		}))
	}
	all, err := s.Coverage(t.Context(), u.ID)
	require.NoError(t, err)
	var order []string
	for _, c := range all {
		order = append(order, c.Source)
	}
	assert.Equal(t, []string{"0", "b", "a", "c"}, order)
}

// TestAMailToMany: more people than one statement adds.
func TestAMailToMany(t *testing.T) {
	s := openTest(t, "")
	u := newUser(t, s)
	for _, n := range []int{participantsAtOnce, 2*participantsAtOnce + 1} {
		emails := make([]string, n)
		for i := range emails {
			emails[i] = fmt.Sprintf("p%d@acme.example", i)
		}
		id := keepMessage(t, s, u, 0, strconv.Itoa(n), emails...)
		ids := entityIDs(t, s, u)
		require.Len(t, ids, n)
		for email, entity := range ids {
			items, err := s.Involving(t.Context(), InvolvingQuery{UserID: u.ID, EntityIDs: []string{entity}, Limit: 10})
			require.NoError(t, err)
			assert.Contains(t, items, ItemRef{KindMessage, id, testTime}, email)
		}
	}
}

// TestNamesAreSigns: whatever an entity is called is among the signs of it, after
// items were removed and pushed again, too.
func TestNamesAreSigns(t *testing.T) {
	s := openTest(t, "")
	u := newUser(t, s)
	write := func(name string, day int) {
		require.NoError(t, s.Write(t.Context(), func(tx *Tx) error {
			m := Message{UserID: u.ID, SentAt: testTime.AddDate(0, 0, day), SenderEmail: "ann@acme.example", SenderName: name}
			var err error
			if m.ID, m.IntegrationID, err = keep(tx, u, KindMessage, "email", name); err != nil {
				return err
			}
			if m, err = tx.SaveMessage(m, ThreadKeys{}, testTime); err != nil {
				return err
			}
			return tx.SetParticipants(u.ID, m.Ref(), m.Participants())
		}))
	}
	names := func() []string {
		all, err := collect(t.Context(), s, scalar[string], `SELECT sign FROM entity_signs ORDER BY sign`)
		require.NoError(t, err)
		return all
	}
	write("Ann", 0)
	write("Ann Lee", 1)
	write("Ann", 2)
	assert.Equal(t, []string{"Ann", "Ann Lee"}, names())

	sel := Selection{Before: testTime.AddDate(0, 0, 2)}
	removal, err := s.Removal(t.Context(), u.ID, sel)
	require.NoError(t, err)
	require.NoError(t, s.Purge(t.Context(), u.ID, sel, removal, testTime))
	assert.Equal(t, []string{"Ann"}, names())
	write("Ann Lee", 3)
	assert.Equal(t, []string{"Ann", "Ann Lee"}, names())
}
