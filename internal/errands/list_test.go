package errands_test

// errands are what Tessa Marlowe of the sample workspace asks on the Wednesday of
// today: what changes nothing first.
func errands() []errand {
	return append(append(board(), memory()...), changes()...)
}

// board are questions about what is going on.
func board() []errand {
	return []errand{
		{asks: "Prepare me for my next meeting with a customer.",
			does: []step{
				{"attrove_events", `{"start_date":"today","end_date":"in 3 days"}`},
				{"attrove_get_event", `{"id":"${id of Quarterly review with Pellworth in 1}"}`},
				{"attrove_list_goals", `{"lifecycle":"active"}`},
				{"attrove_query", `{"query":"Prepare me for the quarterly review with Pellworth"}`},
				{"attrove_notes", `{}`},
			},
			facts: []string{"Quarterly review with Pellworth + 2026-11-20T20:00:00Z", "Moved from November 19, 10:00", "Adaeze Nwosu + Tomas Brandl + preview of Planner 2.0",
				"Pellworth renewal + on_track + us", "Quarterly review with Pellworth + Last met: Pellworth renewal walkthrough", "140 or 155, and at which seat price", "Adaeze: plain words, full sentences"},
			tokens: 7500},
		{asks: "Which goals wait on us, and why?",
			does: []step{{"attrove_list_goals", `{"lifecycle":"active","next_move_owner":"us"}`}},
			facts: []string{"Pellworth renewal + on_track + 140 or 155", "Win Corvane back + at_risk + Looking forward to the plan",
				"Hire Leonie Haas + waiting_on_human + your scorecard"},
			lacks:  []string{"Osterveld renewal", "Vanterre pilot starts", "Fenwright"},
			tokens: 1050},
		{asks: "What did we promise Corvane?",
			does:  []step{{"attrove_query", `{"query":"What did we promise Corvane?"}`}},
			facts: []string{"recovery plan in writing + November 19 + Where we stand", "Corvane escalation call"}, tokens: 700},
		{asks: "What has changed since yesterday?",
			does: []step{
				{"attrove_query", `{"query":"What has changed since yesterday?"}`},
				{"attrove_goal_events", `{"since":"yesterday","types":["goals.health_changed"]}`},
			},
			facts: []string{"Could we move our review to Friday, November 20, at 15:00? + I can't hold the cutover on November 23 + Osterveld is looking for a + Ines Duarte + 9,800", "goals.health_changed + on_track + waiting_on_human"}, tokens: 1750},
		{asks: "Who is Ruben, and when did he last write?",
			does: []step{
				{"attrove_entities", `{"query":"Ruben"}`},
				{"attrove_relationships", `{"entity_id":"${id of Ruben Achterberg in 1}","limit":5}`},
				{"attrove_messages", `{"sender_email":"ruben.achterberg@osterveld.example","limit":1,"expand":["body_text"]}`},
			},
			facts: []string{"Ruben Achterberg + ruben.achterberg@osterveld.example + person", "Tessa Marlowe", "Can you send me usage by depot + 2026-11-04T23:41:00Z"}, tokens: 1900},
		{asks: "Catch me up on the Vanterre pilot.",
			does: []step{
				{"attrove_discover_threads", `{"query":"Vanterre pilot","after_date":"60d","limit":5}`},
				{"attrove_analyze_thread", `{"conversation_id":"${conversation_id of Vanterre pilot: scope and dates in 1}"}`},
				{"attrove_thread_messages", `{"thread_id":"${thread_id of Vanterre pilot: scope and dates in 1}"}`},
				{"attrove_list_goals", `{"health":"blocked"}`},
				{"attrove_get_goal_status", `{"goal_id":"${id of Vanterre in 4}"}`},
			},
			facts: []string{"Vanterre pilot: scope and dates", "As long as she does not release the addendum we are blocked", "Would it help if our counsel called her directly?",
				"Vanterre pilot starts + blocked + them"}, tokens: 6900},
		{asks: "What is overdue?",
			does:  []step{{"attrove_query", `{"query":"What is overdue?"}`}},
			facts: []string{"INV-2217 + promise from Henrik and me + the release guard, isn't done"}, tokens: 640},
		{asks: "What is unanswered, of what we were asked?",
			does:   []step{{"attrove_query", `{"query":"Which questions to us are still unanswered?"}`}},
			facts:  []string{"140 or 155", "I need an answer from you by Thursday", "Could you read the part about existing contracts", "your scorecard"},
			tokens: 850},
		{asks: "What do I have tomorrow, and with whom?",
			does: []step{{"attrove_events", `{"start_date":"tomorrow","end_date":"tomorrow"}`}},
			facts: []string{"Debrief: Leonie Haas, senior solutions engineer + 2026-11-19T16:00:00Z + Mo Haddad + Hanneke Vos + Owen Blythe + Priya Raman",
				"Due: Corvane recovery plan to Brooke + 2026-11-19T22:00:00Z", "Security training due"},
			lacks: []string{"Quarterly review with Pellworth", "Fire drill", "Coffee with Lucia"}, tokens: 900},
	}
}

// memory are questions about what was said.
func memory() []errand {
	return []errand{
		{asks: "When is the Pellworth review? Was it moved?",
			does:  []step{{"attrove_query", `{"query":"When is the Pellworth review? Has it moved?"}`}},
			facts: []string{"Could we move our review to Friday, November 20, at 15:00? + Friday at 15:00 works on our side!"}, tokens: 600},
		{asks: "What was decided about the v1 API, and is it still true?",
			does:  []step{{"attrove_query", `{"query":"What was decided about the v1 API, and is it still true?"}`}},
			facts: []string{"Latest: Kit Nakamura + The v1 API will NOT be switched off on December 16 + stays for another six months", "Before that: Kit Nakamura + Decision: the v1 API will be switched off"}, tokens: 430},
		{asks: "Find Vanterre's security questionnaire. Who approved it?",
			does:  []step{{"attrove_search", `{"query":"security questionnaire VH-SEC-14 approved","include_body_text":true}`}},
			facts: []string{"the security review is finished and approved, VH-SEC-14 is closed + Lucien Faure"}, tokens: 2750},
		{asks: "Sum up my last meeting, with the action items.",
			does: []step{
				{"attrove_meetings", `{"limit":1}`},
				{"attrove_get_meeting", `{"id":"${id of 1:1 in 1}"}`},
			},
			facts: []string{"1:1 Tessa / Gideon + 2026-11-16T14:00:00Z + Show Gideon the Corvane plan before it goes to Brooke + Scorecard for Leonie Haas before the debrief on November 19 + Give Ines the approval for up to USD 9,800",
				"On-site days have to be booked by November 25"}, tokens: 2200},
		{asks: "Is Norrgate's export late, and who says so?",
			does:  []step{{"attrove_query", `{"query":"Is the Norrgate asset export late, and who said so?"}`}},
			facts: []string{"Priya Raman + I'm still waiting for your asset export, promised for November 13."}, tokens: 650},
		{asks: "Which sources are connected, and is anything stale?",
			does:  []step{{"attrove_integrations", `{}`}, {"attrove_get_integration", `{"integration_id":"${id of email in 1}"}`}},
			facts: []string{"email + connected", "chat", "calendar"}, tokens: 750},
		{asks: "Draft a nudge to Osterveld.",
			does: []step{
				{"attrove_list_goals", `{"next_move_owner":"them"}`},
				{"attrove_draft_goal_follow_up", `{"goal_id":"${id of Osterveld in 1}"}`},
			},
			facts: []string{"Osterveld renewal + at_risk", "ruben.achterberg@osterveld.example + body_text + Are you still planning to renew for all 11 depots"}, tokens: 1400},
	}
}

// changes are what a user wants done.
func changes() []errand {
	return []errand{
		{asks: "Osterveld's silence is fine until Monday: they told me on the phone.",
			does: []step{
				{"attrove_list_goals", `{"health":"at_risk"}`},
				{"attrove_acknowledge_goal", `{"goal_id":"${id of Osterveld in 1}","until":"monday","reason":"Ruben said so.","channel":"phone"}`},
			},
			facts:  []string{"Osterveld renewal + acknowledgment + 2026-11-23 + Ruben said so."},
			tokens: 2550, changes: []string{"changed goal Osterveld renewal"}},
		{asks: "Note that Lucia wants no adjectives in the Pellworth case study, and find it again.",
			does: []step{
				{"attrove_push_note", `{"title":"Pellworth case study","body":"Lucia agreed: no adjectives when she writes about Adaeze."}`},
				{"attrove_search", `{"query":"case study adjectives Lucia"}`},
				{"attrove_get_note", `{"note_id":"${id of Pellworth case study in 2}"}`},
			},
			facts:  []string{"Pellworth case study + no adjectives when she writes about Adaeze"},
			tokens: 1800, changes: []string{"new note Pellworth case study"}},
		{asks: "Save these minutes of my call with Pippa, and watch that Brackenholt pays.",
			does: []step{
				{"attrove_push_meeting", `{"title":"Call with Pippa","start_time":"2026-11-18T14:30:00Z","end_time":"2026-11-18T14:40:00Z","summary":"Mr Colby has approved INV-2217. Brackenholt pays USD 18,400 in the payment run of November 20.","attendees":[{"name":"Tessa Marlowe","email":"tessa@larkmoor.example"},{"name":"Philippa Gale","email":"philippa@brackenholt.example"}],"action_items":[{"description":"Pay INV-2217 by November 20","assignee":"Philippa Gale"}]}`},
				{"attrove_entities", `{"query":"brackenholt"}`},
				{"attrove_create_goal", `{"title":"Brackenholt pays INV-2217","success_criteria":"INV-2217 is paid","watch_scope":{"entity_ids":["${id of Philippa Gale in 2}"],"keywords":["INV-2217"]},"deadline":"2026-11-20"}`},
				{"attrove_evaluate_goal", `{"goal_id":"${id of Brackenholt pays in 3}"}`},
				{"attrove_get_goal_status", `{"goal_id":"${id of Brackenholt pays in 3}"}`},
			},
			facts:  []string{"Brackenholt pays INV-2217 + active + waiting_on_human + I need an answer from you by Thursday", "Brackenholt pays INV-2217 + Pay INV-2217 by November 20"},
			lacks:  []string{`"suggested_lifecycle":"completed"`}, // approved, not paid
			tokens: 2800, changes: []string{"new meeting Call with Pippa", "new goal Brackenholt pays INV-2217"}},
		{asks: "Tomas has just called: PW-2031 is signed. Are we done there?",
			does: []step{
				{"attrove_list_goals", `{"lifecycle":"active"}`},
				{"attrove_add_goal_note", `{"goal_id":"${id of Pellworth in 1}","title":"Signed","body":"Tomas called: order form PW-2031 is signed by both sides."}`},
				{"attrove_evaluate_goal", `{"goal_id":"${id of Pellworth in 1}"}`},
				{"attrove_get_goal_status", `{"goal_id":"${id of Pellworth in 1}"}`},
			},
			facts:  []string{`Pellworth renewal + "lifecycle":"active" + "suggested_lifecycle":"completed" + PW-2031 is signed by both sides`},
			tokens: 4100, changes: []string{"new note Signed"}},
	}
}
