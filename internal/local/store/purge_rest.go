package store

import "time"

// wipe removes what is left of a user whose integrations are gone. The user
// stays, with nothing known of them, and so does whom they have forgotten.
func (tx *Tx) wipe(userID string) error {
	for _, statement := range []string{
		`DELETE FROM jobs WHERE user_id = ?`,
		`DELETE FROM items WHERE user_id = ?`,
		`DELETE FROM goals WHERE user_id = ?`,
		`DELETE FROM goal_commands WHERE user_id = ?`,
		`DELETE FROM goal_looks WHERE user_id = ?`,
		`DELETE FROM connects WHERE user_id = ?`,
		`DELETE FROM conversations WHERE user_id = ?`,
		`DELETE FROM entities WHERE user_id = ?`,
		`DELETE FROM person_decisions WHERE user_id = ?`,
		`DELETE FROM persons_resolved WHERE user_id = ?`,
		`UPDATE users SET email = '` + PlaceholderEmail + `', first_name = '', last_name = '', timezone = '', external_id = '', metadata = NULL, addresses = '[]', said = 0 WHERE id = ?`,
	} {
		if err := tx.exec(statement, userID); err != nil {
			return err
		}
	}
	// What is the organization's goes with its last user.
	for _, statement := range []string{
		`DELETE FROM jobs WHERE user_id IS NULL AND queue <> '` + QueueVectors + `' AND (SELECT count(*) FROM users) = 1`,
		`DELETE FROM webhooks WHERE (SELECT count(*) FROM users) = 1`,
		`DELETE FROM settings WHERE (SELECT count(*) FROM users) = 1`,
	} {
		if err := tx.exec(statement); err != nil {
			return err
		}
	}
	return nil
}

// tidy removes what was made of items that are gone, and every trace of the
// addresses. Work that has read them and is not done is taken from whoever does
// it, and begins anew.
func (tx *Tx) tidy(userID string, addresses []string, at time.Time) error {
	for _, statement := range []string{
		// Nobody can tell any more what was in these.
		`DELETE FROM items WHERE user_id = ? AND status IN ('failed', 'skipped') AND id NOT IN (SELECT id FROM messages UNION ALL
			SELECT id FROM meetings UNION ALL SELECT id FROM events UNION ALL SELECT id FROM notes)`,
		`DELETE FROM goal_commands WHERE user_id = ?`,
		`DELETE FROM jobs WHERE user_id = ? AND queue = '` + QueueGoals + `'`,
		`UPDATE goal_runs SET status = 'failed', error = 'what it was about was removed' WHERE status = 'queued'
			AND goal_id IN (SELECT id FROM goals WHERE user_id = ?)`,
		`UPDATE connects SET problem = '', result = json_remove(result, '$.problems') WHERE user_id = ?`,
	} {
		if err := tx.exec(statement, userID); err != nil {
			return err
		}
	}
	if err := tx.dropPeople(userID, addresses); err != nil {
		return err
	}
	if err := tx.redactGoals(userID, addresses); err != nil {
		return err
	}
	if err := tx.dropSnapshots(userID, addresses); err != nil {
		return err
	}
	if err := tx.recount(userID); err != nil {
		return err
	}
	return tx.EvaluateActive(userID, at, time.Now())
}

func (tx *Tx) dropPeople(userID string, addresses []string) error {
	for _, statement := range []string{
		`DELETE FROM entities WHERE user_id = ? AND lower(handle) IN (SELECT value FROM json_each(?))`,
		`DELETE FROM entity_signs WHERE kind = '` + signID + `' AND entity IN (SELECT seq FROM entities WHERE user_id = ?)
			AND lower(sign) IN (SELECT value FROM json_each(?))`,
	} {
		if err := tx.exec(statement, userID, encodeList(addresses)); err != nil {
			return err
		}
	}
	if err := tx.dropNameless(userID); err != nil {
		return err
	}
	return tx.dropNames(userID)
}

// dropNames removes the names of people that nothing which is left gives them: a
// letter may have called its receiver anything.
func (tx *Tx) dropNames(userID string) error {
	if err := tx.exec(`WITH given (handle, name) AS MATERIALIZED (
			SELECT sender_email, sender_name FROM messages WHERE user_id = ?1
			UNION SELECT metadata ->> '$.sender_id', sender_name FROM messages WHERE user_id = ?1 AND metadata ->> '$.sender_id' IS NOT NULL
			UNION SELECT coalesce(p.value ->> 'email', ''), p.value ->> 'name' FROM messages m, json_each(m.recipients) p WHERE m.user_id = ?1
			UNION SELECT coalesce(p.value ->> 'email', p.value ->> 'id', ''), p.value ->> 'name' FROM messages m, json_each(m.metadata, '$.mentions') p WHERE m.user_id = ?1
			UNION SELECT coalesce(p.value ->> 'email', ''), p.value ->> 'name' FROM meetings m, json_each(m.attendees) p WHERE m.user_id = ?1
			UNION SELECT coalesce(p.value ->> 'email', ''), p.value ->> 'name' FROM events e, json_each(e.attendees) p WHERE e.user_id = ?1)
		DELETE FROM entity_signs WHERE kind = 'name' AND entity IN (SELECT seq FROM entities WHERE user_id = ?1)
			AND NOT EXISTS (SELECT 1 FROM given g JOIN entities e ON e.seq = entity_signs.entity WHERE g.name = entity_signs.sign
				AND (g.handle = e.handle OR g.handle = '' OR instr(e.handle, '@') = 0))`, userID); err != nil {
		return err
	}
	return tx.exec(`UPDATE entities SET named_at = -9223372036854775808,
			name = coalesce((SELECT max(sign) FROM entity_signs g WHERE g.entity = entities.seq AND kind = 'name'), '')
		WHERE user_id = ?1 AND entity_type <> 'company' AND name <> ''
			AND NOT EXISTS (SELECT 1 FROM entity_signs g WHERE g.entity = entities.seq AND kind = 'name' AND sign = entities.name)`, userID)
}

// redactGoals takes addresses, and people who are not there any more, out of
// what a user's goals say and watch.
func (tx *Tx) redactGoals(userID string, addresses []string) error {
	if len(addresses) == 0 {
		return nil
	}
	gone := make(map[string]bool, len(addresses))
	for _, address := range addresses {
		gone[address] = true
	}
	all, err := collect(tx.ctx, tx, scanGoal, `SELECT `+goalColumns+` FROM goals g WHERE g.user_id = ?`, userID)
	if err != nil {
		return err
	}
	for _, g := range all {
		if g.Scope.EntityIDs, err = collect(tx.ctx, tx, scalar[string], `SELECT value FROM json_each(?) WHERE value IN (SELECT id FROM entities)`,
			encodeList(g.Scope.EntityIDs)); err != nil {
			return err
		}
		for _, text := range g.texts() {
			*text = redact(*text, gone)
		}
		if err := tx.SaveGoal(g); err != nil {
			return err
		}
	}
	return tx.redactReasons(userID, gone)
}

// texts are what people said of a goal.
func (g *Goal) texts() []*string {
	all := []*string{&g.Title, &g.Description, &g.SuccessCriteria, &g.CompletionCondition, &g.Scope.SeedQuery}
	for i := range g.Scope.Keywords {
		all = append(all, &g.Scope.Keywords[i])
	}
	if g.Acknowledgment != nil {
		all = append(all, &g.Acknowledgment.Reason, &g.Acknowledgment.Channel)
	}
	return all
}

func (tx *Tx) redactReasons(userID string, gone map[string]bool) error {
	events, err := collect(tx.ctx, tx, scanGoalEvent, `SELECT seq, id, user_id, goal_id, type, at, data, reason FROM goal_events
		WHERE user_id = ? AND reason <> ''`, userID)
	if err != nil {
		return err
	}
	for _, e := range events {
		if err := tx.exec(`UPDATE goal_events SET reason = ? WHERE seq = ?`, redact(e.Reason, gone), e.Seq); err != nil {
			return err
		}
	}
	return nil
}

// dropSnapshots removes what evaluations found that cites what is gone, or has
// one of the addresses in it.
func (tx *Tx) dropSnapshots(userID string, addresses []string) error {
	if err := tx.exec(`DELETE FROM goal_snapshots WHERE goal_id IN (SELECT id FROM goals WHERE user_id = ?1) AND (
			EXISTS (SELECT 1 FROM json_each(snapshot, '$.cited_evidence_refs') r WHERE r.value ->> 'id' NOT IN (SELECT id FROM items))
			OR EXISTS (SELECT 1 FROM json_each(?2) WHERE instr(lower(snapshot), value)))`, userID, encodeList(addresses)); err != nil {
		return err
	}
	return tx.exec(`UPDATE goals SET snapshot_id = NULL, next_move = NULL WHERE user_id = ?
		AND snapshot_id NOT IN (SELECT id FROM goal_snapshots)`, userID)
}

// recount counts a user's items with their integrations anew.
func (tx *Tx) recount(userID string) error {
	for _, kind := range []Kind{KindMessage, KindMeeting, KindEvent, KindNote} {
		err := tx.exec(`UPDATE integrations SET items = (SELECT count(*) FROM `+kind.table()+` WHERE integration_id = integrations.id`+inSight(kind.table())+`)
			WHERE user_id = ? AND kind = ?`, userID, kind)
		if err != nil {
			return err
		}
	}
	return nil
}
