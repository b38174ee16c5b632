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
		`UPDATE users SET email = '` + PlaceholderEmail + `', first_name = '', last_name = '', timezone = '', external_id = '', metadata = NULL, addresses = '[]' WHERE id = ?`,
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
		`DELETE FROM persons_resolved WHERE user_id = ?`,
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
	if err := tx.exec(`DELETE FROM entities WHERE user_id = ? AND handle IN (SELECT value FROM json_each(?))`, userID, encodeList(addresses)); err != nil {
		return err
	}
	return tx.dropNameless(userID)
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
		WHERE user_id = ? AND instr(reason, '@')`, userID)
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
