package answer

import (
	"regexp"
	"slices"
	"strings"
)

// cue adds its weight to an intent where a question has one of its phrases, or several.
// 5 is for a word that hardly means anything else, 3 for one that others outweigh.
type cue struct {
	intent  intent
	weight  int
	phrases []string
}

// pattern matches the questions, as plainQuestion has them, that have a phrase of the
// cue. Phrases are regular expressions of whole words; " ... " in them stands for
// whatever is between two.
func (c cue) pattern() *regexp.Regexp {
	return regexp.MustCompile(`\b(?:` + strings.ReplaceAll(strings.Join(c.phrases, "|"), " ... ", `\b.*\b`) + `)\b`)
}

// somebody stands for each person or company in a question while its intent is
// looked for.
const somebody = "somebody"

// gathering are the words for people who meet.
const gathering = `(?:meetings?|calls?|syncs?|stand ?ups?|reviews?|kick ?offs?|workshops?|retros?|all hands|sessions?` +
	`|trainings?|interviews?|debriefs?|1 1s?|weekly|board|check ?ins?|demos?|post ?mortems?|conversations?|lunch|visits?` +
	`|planning)`

// telling are the verbs of those who say something.
const telling = `(?:say|said|says|saying|tell|told|tells|write|wrote|written|think|thinks|thought|wants?|wanted` +
	`|ask|asked|asks|mention\w*|suggest\w*|propos\w*|repl(?:y|ied|ies)|respond\w*|answer\w*|explain\w*|report\w*` +
	`|complain\w*|(?:dis)?agree\w*|request\w*|react\w*|rais(?:e|es|ed)|object\w*|confirm\w*|claim\w*|brought up|bring up` +
	`|talk\w* (?:about|of)|sp(?:eak|oke) (?:about|of)|happy|feels?|felt|believe[sd]?|recommend\w*|advis\w*|warn\w*` +
	`|insist\w*|argue[sd]?|admit\w*|announc\w*|stress\w*|emphasi[sz]\w*|describe[sd]?|express\w*|stated?` +
	`|let (?:us|me) know)`

// doing are the verbs of what people promise.
const doing = `(do|deliver|send|help|provide|pay|fix|prepare|check)`

// cues tell the intents apart: that with most weight wins.
func cues() []cue {
	return slices.Concat(cuesOfReadiness(), cuesOfSilence(), cuesOfDuty(), cuesOfTrouble(),
		cuesOfMeetings(), cuesOfVoices(), cuesOfDecisions(), cuesOfCalendar(), cuesOfNews())
}

// cuesOfReadiness are those of what to know before a meeting, and to do first in a day.
func cuesOfReadiness() []cue {
	return []cue{
		{prepare, 5, []string{
			`prep|prepare|preparation|talking points|briefing for|brief me (for|on|before)`,
			`get (me )?ready|need to have ready`,
		}},
		{prepare, 5, []string{`(before|ahead of|going into) (i|we|my|the|our|tomorrow|today) ... (` + gathering + `|talk|meet|see|speak)`}},
		{prepare, 5, []string{`(i am|i have|we have) ... (meeting|seeing|call|` + gathering + `) ... (know|remember|raise|bring up)`}},
		{prepare, 4, []string{
			`(bring up|raise|discuss) with`,
			`(background|topics|need) for (my|the|our)`,
		}},
		{prepare, 5, []string{
			`about to (speak|talk|meet|see|call)`,
			`set me up|cheat sheet|leave off|on my mind`,
		}},

		{attention, 5, []string{
			`attention|priorit\w+|on my plate`,
			`(daily|morning) (digest|briefing|rundown|brief)`,
		}},
		{attention, 4, []string{
			`urgent|pressing|burning|can not wait|is hot|only i can`,
			`(requires?|needs?) (something from )?(me|my action)`,
		}},
		{attention, 4, []string{
			`(should|do|can|must|need) ... (focus|worry|start|look at first|take care|deal with)`,
			`what (should i do|do i (need|have) to do)`,
		}},
		{attention, 3, []string{
			`important|top things|that matters|need me`,
			`matters? (most|now|today)`,
		}},
		{attention, 4, []string{
			`on fire|critical|if you were me`,
			`(must|should|can) (i )?not (forget|miss|wait)`,
			`get to (first|before)`,
			`(start of|my) day rundown`,
		}},
	}
}

// cuesOfSilence are those of who waits for an answer: others for the user's, or the
// user for theirs.
func cuesOfSilence() []cue {
	return []cue{
		{questions, 5, []string{
			`wait\w* (for|on) (me|my)|hear from me|unanswered`,
			`(keep\w*|leave|left)( \w+)? (waiting|hanging)`,
			`(sitting|lie|lies) with me`,
		}},
		{questions, 5, []string{
			`i ... (reply|replied|answer|answered|respond|responded|write back|get back)`,
			`owe\w* \w+( an?)? (reply|answer|response)`,
		}},
		{questions, 5, []string{
			`(reply|answer|response|wants?|needs?) ... from me`,
			`waiting for my|my (reply|answer|response)|answer of mine`,
			`(to|for) me without`,
		}},
		{questions, 4, []string{
			`(asked|asking|ask) me|was i asked|open questions?|questions? ... open`,
			`i (have )?(been )?(ignor|neglect)\w*|nothing back`,
		}},

		{isUnanswered, 6, []string{
			`owes? (us|me) an? (answer|reply|response)`,
			`(gone|went|go|is) (quiet|silent)`,
			`(am i|are we) (still )?waiting (for|on)`,
		}},
		{isUnanswered, 5, []string{
			`(has|have|did|does) not ... (answer\w*|repl(y|ied)|respond\w*|got back|written back)`,
			`(nobody|no one|none) ... (answer\w*|repl(y|ied)|respond\w*)`,
			`no (answer|reply|response)`,
		}},
		{isUnanswered, 5, []string{`chase|nudge|chasing`}},
		{isUnanswered, 5, []string{
			`never (got|came|wrote) back|gone dark|follow up with`,
			`(whose|no|without an?) (reply|answer|response)`,
		}},
	}
}

// cuesOfDuty are those of what somebody has to do, or said that they would.
func cuesOfDuty() []cue {
	return []cue{
		{tasks, 6, []string{`action (items?|points?)|to dos|todos?|to do list|work items?|follow ?ups?`}},
		{tasks, 5, []string{
			`tasks?|homework|next steps?|loose ends?|open items?|assignments?|duties|workload`,
			`(my|our|your|his|her|their|open) jobs`,
			`assigned|on the hook|drop\w* the ball|given the (job|task|duty)`,
		}},
		{tasks, 4, []string{
			`outstanding|pending|remaining|left to do`,
			`on (my|our) (list|side)`,
		}},
		{tasks, 4, []string{
			`(still|forgot|forgotten|supposed|meant|had|have|has|needs?)( \w+){0,2} to (do|be done|be finished|be sent)`,
			`still (needs?|have|has) to|who (has|needs) to do`,
		}},

		{isDue, 6, []string{
			`(what|which|who|whose|all|anything|something|everything|things?|reports?|invoices?) ... (is|are|falls|comes|gets) due`,
			`due (today|tomorrow|this|next|on|by)|(what|which|any|upcoming) (\w+ )?deadlines`,
		}},

		{promises, 6, []string{
			`promis\w+|commit|commits|committed|commitments?|pledg\w+|guarante\w+|vow\w*|volunteer\w*|sign(ed)? up for`,
			`assur\w+|undert\w+|oblig\w+`,
		}},
		{promises, 4, []string{`ow(e|es|ed)`}},
		{promises, 6, []string{
			`(give|gave|given|keep|kept) (\w+ )?((our|my|his|her|their) )?word`,
			`expect from (us|me)`,
			`agreed? to ` + doing,
		}},
		{promises, 7, []string{
			`(say|said|says|tell|told) (\w+ ){0,2}(i|we|he|she|they) (would|will|could|am going to|are going to|is going to)`,
		}},
		{promises, 5, []string{
			`(say|said|says|tell|told|offer|offered) ... (would|will|going to|to ` + doing + `)`,
			`supposed to (deliver|send|give|provide)`,
		}},
	}
}

// cuesOfTrouble are those of what does not go on, comes late or may go wrong.
func cuesOfTrouble() []cue {
	return []cue{
		{isBlockedOn, 5, []string{
			`block\w*|stuck|hold\w* up|on hold|held up|obstacles?|in the way of`,
			`can not (continue|proceed|go on|start|move)`,
			`(keeps?|stops?|prevents?) ... from|what is the ... waiting for`,
		}},
		{isOverdue, 7, []string{
			`overdue|past due|behind schedule|slipped|running late|(is|are|anything) late`,
			`deadlines? ... missed|missed ... deadlines?|past (its|their|the) (deadline|date)`,
			`should have (arrived|come)`,
		}},
		{isEndangered, 5, []string{
			`risks?|in danger|in trouble|go wrong|warning signs?`,
			`churn\w*|leave us|lose|losing|about to (leave|cancel)`,
			`(unhappy|angry|upset) with us`,
		}},
	}
}

// cuesOfMeetings are those of what a meeting was about, and when somebody was last in
// touch.
func cuesOfMeetings() []cue {
	return []cue{
		{lastMeeting, 4, []string{
			`(last|latest|previous) (\w+ ){0,2}` + gathering,
			`last time`,
		}},
		{lastMeeting, 5, []string{
			`(minutes|takeaways|outcomes?|highlights|recap|summary|summari[sz]e|tl dr|notes) ... ` + gathering,
		}},
		{lastMeeting, 5, []string{
			`(discuss\w*|talk(ed)? about|covered|came out|come out|happened) ... (` + gathering + `|last time)`,
			`they talk about`,
		}},
		{lastMeeting, 5, []string{
			`how did ... ` + gathering + ` go`,
			`what was ... ` + gathering + ` about`,
			`who was (at|in) ... ` + gathering,
			`did we discuss`,
		}},
		{lastMeeting, 4, []string{
			`(what|which|tell|give) ... (did|was|were|went on|gist|points|topics|results?|came up|learn\w*) ... ` + gathering,
		}},

		{contact, 7, []string{
			`last (hear|write|talk|speak|meet|see|contact)`,
			`last (exchanged?|spoke|talked|met|saw|wrote)`,
			`(since|when) ... heard? from|heard from|how long (has it been |is it )?since`,
		}},
		{whoIs, 9, []string{`^who (is|are|was|were) ` + somebody + `( again| exactly| actually)?$`}},

		{contact, 7, []string{`(last|latest|most recent) (contact|message|e ?mail|mail|letter|thing|word)`}},
	}
}

// cuesOfVoices are those of who said what, and of what the user noted.
func cuesOfVoices() []cue {
	return []cue{
		{said, 6, []string{
			`(did|does|has|is|was|do) ` + somebody + ` ... ` + telling,
			`what ` + somebody + ` ` + telling,
			somebody + ` (said|wrote|told)`,
		}},
		{said, 6, []string{
			somebody + ` 's (opinions?|views?|positions?|answer|concerns?|take|thoughts|reaction|reply|response|stance|objections?)`,
			`(opinion|view|position|thoughts) of ` + somebody,
			`quote ` + somebody + `|` + somebody + ` 's words|according to ` + somebody,
		}},
		{said, -6, []string{`^(by |until )?when`}},

		{whoSaid, 6, []string{
			`who( else)?( was it that)? ` + telling,
			`which \w+ ` + telling,
		}},
		{whoSaid, 5, []string{`(did|has|have) (anyone|anybody|someone|any of \w+) ... ` + telling}},

		{listMail, 7, []string{`^(find|show|list|search|get|give)\b ... (e ?mails?|mails?|messages?|letters?) ... (from|to|by|with|about|on|regarding)`}},

		{noted, 7, []string{
			`(my|our) notes?|(i|did i|have i) (note|noted)`,
			`(jot|jotted|write|wrote|written)( \w+)? down`,
		}},
		{noted, 5, []string{`notes? (say|about|on)`}},
	}
}

// cuesOfDecisions are those of what was decided.
func cuesOfDecisions() []cue {
	return []cue{
		{decisions, 6, []string{`decid\w+|decisions?|verdict|settled? on|conclud\w+|outcome of the vote`}},
		{decisions, 2, []string{`^what (was|were|is|has been|have we|did (we|they|` + somebody + `)) decided?`}},
		{decisions, 5, []string{
			`signed off|sign off|approved?|chosen|chose|pick(ed)?|go(ing)? ahead|go with|went with`,
			`agreed? (so far|on|with)|(was|have we|did we) agreed?`,
		}},
		{decisions, 5, []string{
			`(made|make) up (our|their|his|her|your|my) minds?|which way did`,
			`(been|was|were|is) (settled|resolved|accepted|rejected|turned down)`,
		}},
	}
}

// cuesOfCalendar are those of which events there are, and when they are.
func cuesOfCalendar() []cue {
	return []cue{
		{calendar, 6, []string{
			`calendar|schedules?|scheduled|agenda|appointments?`,
			`my (day|week|afternoon|morning)( look\w*| free| busy|$)`,
		}},
		{calendar, 5, []string{
			`(am i|are we|is \w+) (\w+ )?(free|busy|available)|free time|conflicts?`,
			`rescheduled|postponed|cancell?ed|moved|still on|pushed back|brought forward|put off|called off|shifted`,
		}},
		{calendar, 4, []string{
			`(what|which|any|my|many|upcoming|next) (meetings?|events?|calls?)`,
			`coming up|upcoming|take place`,
		}},
		{calendar, 5, []string{
			`(what time|when|where|which room|which day|what day|which date|how long) ... ` + gathering,
			`who is (coming|invited|attending) ... ` + gathering,
		}},
		{calendar, 5, []string{
			`when (do|are|will) (i|we) (meet|meeting|see)|(what time|when) do we meet`,
			`(do|will) i (meet|see)|is there an? (call|meeting)`,
		}},
		{calendar, 4, []string{
			`(do i have|have i got) (anything |something )?on`,
			`i (have|got) (anything|something)`,
			`what (have i got|do i have|is) on (today|tomorrow|next|this|\w+day)`,
			`what (have i got|do i have) (today|tomorrow|next|this)`,
		}},
		{calendar, 3, []string{`when (is|are|was|were)|when does ... (start|begin)`}},
		{calendar, -3, []string{`due|ends?|expires?|deadline|needs?`}},
	}
}

// cuesOfNews are those of what happened, and how things stand.
func cuesOfNews() []cue {
	return []cue{
		{catchUp, 4, []string{
			`catch (me|us) up|fill (me|us) in|up to (speed|date)|i miss(ed)?`,
			`the latest|summary\w*|summari[sz]e\w*|recap|overview|developments?|progress|rundown|run me through`,
			`how far (along|are|have|is)`,
		}},
		{catchUp, 4, []string{
			`what (is|was|has been|is been) (new|going on|happening)|(what|anything)( has)? (happen|happened|changed)`,
			`is (cooking|up) with|get to with|tell me about|people ... talking about`,
			`(anything|something) new|news|updates?|status|state of`,
		}},
		{catchUp, -4, []string{`(discussion|debate|conversation|questioning|argument|exchange)s? (about|on|of|over|around|between)`}},
		{catchUp, 4, []string{
			`where ((are|do) (we|things)|does \w+) ... (with|stand)`,
			`how (is|are|did|was) ... (going|go|things with)|how are things`,
		}},
	}
}
