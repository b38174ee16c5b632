package store

import "time"

// known is what a member of a transaction has found out, so that one that stores
// many items asks once. No other process changes it meanwhile, and the next member
// begins with nothing, because this one may be taken back.
type known struct {
	fresh         string // the last item that was taken in; nothing is stored of it
	marked        bool   // it is marked as indexed, which it is about to be
	integrations  map[integrationKey]string
	conversations map[conversationKey]string
	threads       map[threadKey]string
	forgetful     map[string]bool // by user: whether anybody is forgotten
	counts        map[string]*itemCount
	messages      map[string]int // that came to conversations
	people        map[handleKey]*met
	passage       int64 // the id of the last passage; 0 is not known
}

type integrationKey struct {
	userID, provider string
	kind             Kind
}

type conversationKey struct{ integration, key string }

type threadKey struct{ conversation, key string }

// itemCount is what becomes of an integration's count of items.
type itemCount struct {
	change int
	at     time.Time
}

func newKnown() known {
	return known{integrations: map[integrationKey]string{}, conversations: map[conversationKey]string{}, threads: map[threadKey]string{},
		forgetful: map[string]bool{}, counts: map[string]*itemCount{}, messages: map[string]int{}, people: map[handleKey]*met{}}
}

// count adds to the number of an integration's items, once the member is done.
func (tx *Tx) count(integration string, change int, at time.Time) {
	c := tx.known.counts[integration]
	if c == nil {
		c = &itemCount{}
		tx.known.counts[integration] = c
	}
	c.change, c.at = c.change+change, at
}

// settle writes what the member has put off.
func (tx *Tx) settle() error {
	if err := tx.settleCounts(); err != nil {
		return err
	}
	if err := tx.settlePeople(); err != nil {
		return err
	}
	return tx.index()
}

func (tx *Tx) settleCounts() error {
	for integration, c := range tx.known.counts {
		err := tx.exec(`UPDATE integrations SET items = items + ?, last_synced_at = ? WHERE id = ?`, c.change, millis(c.at), integration)
		if err != nil {
			return err
		}
	}
	grown := map[int][]string{}
	for conversation, n := range tx.known.messages { // those that leave one are counted by triggers
		grown[n] = append(grown[n], conversation)
	}
	for n, some := range grown {
		err := tx.exec(`UPDATE conversations SET messages = messages + ? WHERE id IN (SELECT value FROM json_each(?))`, n, encodeList(some))
		if err != nil {
			return err
		}
	}
	return nil
}
