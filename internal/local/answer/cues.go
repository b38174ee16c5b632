package answer

// somebody stands for each person or company in a question while its intent is
// looked for.
const somebody = "somebody"

// gathering are the words for people who meet.
const gathering = `(?:meetings?|calls?|syncs?|stand ?ups?|reviews?|kick ?offs?|workshops?|retros?|all hands|sessions?|trainings?|interviews?|debriefs?|1 1s?|weekly|board|check ?ins?|demos?|post ?mortems?|conversations?|lunch|visits?|planning)`

// telling are the verbs of those who say something.
const telling = `(?:say|said|says|saying|tell|told|tells|write|wrote|written|think|thinks|thought|wants?|wanted|ask|asked|asks|mention\w*|suggest\w*|propos\w*|repl(?:y|ied|ies)|respond\w*|answer\w*|explain\w*|report\w*|complain\w*|(?:dis)?agree\w*|request\w*|react\w*|rais(?:e|es|ed)|object\w*|confirm\w*|claim\w*|brought up|bring up|talk\w* (?:about|of)|sp(?:eak|oke) (?:about|of)|happy|feels?|felt|believe[sd]?|recommend\w*|advis\w*|warn\w*|insist\w*|argue[sd]?|admit\w*|announc\w*|stress\w*|emphasi[sz]\w*|describe[sd]?|express\w*|stated?|let (?:us|me) know)`

// cue is a pattern that adds its weight to an intent where a question, as
// plainQuestion has it, matches. 5 is a word that hardly means anything else, 3 one
// that others outweigh.
type cue struct {
	intent  intent
	weight  int
	pattern string
}

// cues tell the intents apart: that with most weight wins.
func cues() []cue { return append(cuesOfWork(), cuesOfTalk()...) }

// cuesOfWork are those of questions about what is open, and what to be ready for.
func cuesOfWork() []cue {
	return []cue{
		{prepare, 5, `\b(prep|prepare|preparation|talking points|briefing for|brief me (for|on|before)|get (me )?ready|need to have ready)\b`},
		{prepare, 5, `\b(before|ahead of|going into) (i|we|my|the|our|tomorrow|today)\b.*\b(` + gathering + `|talk|meet|see|speak)\b`},
		{prepare, 5, `\b(i am|i have|we have) .*\b(meeting|seeing|call|` + gathering + `)\b.*\b(know|remember|raise|bring up)\b`},
		{prepare, 4, `\b(bring up|raise|discuss) with\b|\b(background|topics|need) for (my|the|our)\b`},
		{prepare, 5, `\babout to (speak|talk|meet|see|call)\b|\bset me up\b|\bcheat sheet\b|\bleave off\b|\bon my mind\b`},

		{attention, 5, `\battention\b|\bpriorit\w+|\bon my plate\b|\b(daily|morning) (digest|briefing|rundown|brief)\b`},
		{attention, 4, `\b(urgent|pressing|burning|can not wait)\b|\bis hot\b|\b(requires?|needs?) (something from )?(me|my action)\b|\bonly i can\b`},
		{attention, 4, `\b(should|do|can|must|need) i?\b.*\b(focus|worry|start|look at first|take care|deal with)\b|\bwhat (should i do|do i (need|have) to do)( |$)(now|today|first|next|this|before)?`},
		{attention, 3, `\b(most )?important\b|\btop things\b|\bmatters? (most|now|today)\b|\bthat matters\b|\bneed me\b`},
		{attention, 4, `\bon fire\b|\bif you were me\b|\b(must|should|can) (i )?not (forget|miss|wait)\b|\bget to (first|before)\b|\b(start of|my) day rundown\b|\bcritical\b`},

		{questions, 5, `\bwait\w* (for|on) (me|my)\b|\bhear from me\b|\b(keep\w*|leave|left)( \w+)? (waiting|hanging)\b|\b(sitting|lie|lies) with me\b|\bunanswered\b`},
		{questions, 5, `\bi\b.*\b(reply|replied|answer|answered|respond|responded|write back|get back)\b|\bowe\w* \w+( an?)? (reply|answer|response)\b`},
		{questions, 5, `\b(reply|answer|response|wants?|needs?)\b.* from me\b|\bwaiting for my\b|\bmy (reply|answer|response)\b|\b(to|for) me without\b|\banswer of mine\b`},
		{questions, 4, `\b(asked|asking|ask) me\b|\bwas i asked\b|\bopen questions?\b|\bquestions? .*\bopen\b|\bi (have )?(been )?(ignor|neglect)\w*|\bnothing back\b`},

		{isUnanswered, 6, `\bowes? (us|me) an? (answer|reply|response)\b|\b(gone|went|go|is) (quiet|silent)\b|\b(am i|are we) (still )?waiting (for|on)\b`},
		{isUnanswered, 5, `\b(has|have|did|does) not\b.*\b(answer\w*|repl(y|ied)|respond\w*|got back|written back)\b|\b(nobody|no one|none)\b.*\b(answer\w*|repl(y|ied)|respond\w*)\b|\bno (answer|reply|response)\b`},
		{isUnanswered, 5, `\b(chase|nudge|chasing)\b`},
		{isUnanswered, 5, `\bnever (got|came|wrote) back\b|\bgone dark\b|\bwhose (reply|answer|response)\b|\bfollow up with\b|\b(no|without an?) (reply|answer|response)\b`},

		{tasks, 6, `\b(action (items?|points?)|to dos|todos?|to do list|work items?|follow ?ups?)\b`},
		{tasks, 5, `\b(tasks?|homework|next steps?|loose ends?)\b|\b(my|our|your|his|her|their|open) jobs\b|\bopen items?\b|\bassigned\b|\bon the hook\b|\bdrop\w* the ball\b|\bassignments?\b|\bduties\b|\bworkload\b|\bgiven the (job|task|duty)\b`},
		{tasks, 4, `\b(outstanding|pending|remaining|left to do)\b|\bon (my|our) (list|side)\b`},
		{tasks, 4, `\b(still|forgot|forgotten|supposed|meant|had|have|has|needs?)( \w+){0,2} to (do|be done|be finished|be sent)\b|\bstill (needs?|have|has) to\b|\bwho (has|needs) to do\b`},

		{promises, 6, `\b(promis\w+|commit|commits|committed|commitments?|pledg\w+|guarante\w+|vow\w*|volunteer\w*|sign(ed)? up for|assur\w+|undert\w+|oblig\w+)\b`},
		{promises, 4, `\bow(e|es|ed)\b`},
		{promises, 6, `\b(give|gave|given|keep|kept) \w*( our| my| his| her| their)? ?word\b|\bexpect from (us|me)\b|\bagreed? to (do|deliver|send|help|provide|pay|fix|prepare|check)\b`},
		{promises, 7, `\b(say|said|says|tell|told) (\w+ ){0,2}(i|we|he|she|they) (would|will|could|am going to|are going to|is going to)\b`},
		{promises, 5, `\b(say|said|says|tell|told|offer|offered)\b.*\b(would|will|going to|to (do|deliver|send|help|provide|pay|fix|prepare|check))\b|\bsupposed to (deliver|send|give|provide)\b`},

		{isBlockedOn, 5, `\b(block\w*|stuck|hold\w* up|on hold|obstacles?|in the way of|held up)\b|\bcan not (continue|proceed|go on|start|move)\b|\b(keeps?|stops?|prevents?)\b.*\bfrom\b|\bwhat is the .* waiting for\b`},

		{isOverdue, 7, `\b(overdue|past due|behind schedule)\b|\b(is|are|anything|who is|what is) late\b|\bdeadlines? .*\bmissed\b|\bmissed .*\bdeadlines?\b|\bshould have (arrived|come)\b|\bslipped\b|\brunning late\b|\bpast (its|their|the) (deadline|date)\b`},

		{isEndangered, 5, `\bat risk\b|\brisks?\b|\bin danger\b|\babout to (leave|cancel)\b|\b(unhappy|angry|upset) with us\b|\bgo wrong\b|\bchurn\w*|\bleave us\b|\bin trouble\b|\bwarning signs?\b|\b(lose|losing)\b`},
	}
}

// cuesOfTalk are those of questions about what was said, decided and planned.
func cuesOfTalk() []cue {
	return []cue{
		{lastMeeting, 4, `\b(last|latest|previous) (\w+ ){0,2}` + gathering + `\b|\blast time\b`},
		{lastMeeting, 5, `\b(minutes|takeaways|outcomes?|highlights|recap|summary|summari[sz]e|tl dr|notes)\b.*\b` + gathering + `\b`},
		{lastMeeting, 5, `\b(discuss\w*|talk(ed)? about|covered|came out|come out|happened)\b.*\b(` + gathering + `|last time)\b|\bthey talk about\b`},
		{lastMeeting, 5, `\bhow did .*\b` + gathering + ` go\b|\bwhat was .*\b` + gathering + ` about\b|\bwho was (at|in) .*\b` + gathering + `\b|\bdid we discuss\b`},
		{lastMeeting, 4, `\b(what|which|tell|give)\b.*\b(did|was|were|went on|gist|points|topics|results?|came up|learn\w*)\b.*\b` + gathering + `\b`},

		{contact, 7, `\blast (hear|write|talk|speak|meet|see|contact)\b|\b(since|when) .*\bheard? from\b|\bheard from\b|\bhow long (has it been |is it )?since\b|\blast (exchanged?|spoke|talked|met|saw|wrote)\b`},
		{contact, 7, `\b(last|latest|most recent) (contact|message|e ?mail|mail|letter|thing|word)\b`},

		{said, 6, `\b(did|does|has|is|was|do) ` + somebody + `\b.*\b` + telling + `\b|\bwhat ` + somebody + ` ` + telling + `\b|\b` + somebody + ` (said|wrote|told)\b`},
		{said, 6, `\b` + somebody + ` 's (opinions?|views?|positions?|answer|concerns?|take|thoughts|reaction|reply|response|stance|objections?)\b|\b(opinion|view|position|thoughts) of ` + somebody + `\b|\bquote ` + somebody + `\b|\b` + somebody + ` 's words\b|\baccording to ` + somebody + `\b`},
		{said, -6, `^(by |until )?when\b`},

		{whoSaid, 6, `\bwho( else)?( was it that)? ` + telling + `\b|\bwhich \w+ ` + telling + `\b`},
		{whoSaid, 5, `\b(did|has|have) (anyone|anybody|someone|any of \w+)\b.*\b` + telling + `\b`},

		{noted, 7, `\b(my|our) notes?\b|\b(i|did i|have i) (note|noted)\b|\b(jot|jotted|write|wrote|written)( \w+)? down\b`},
		{noted, 5, `\bnotes? (say|about|on)\b`},

		{decisions, 6, `\b(decid\w+|decisions?|verdict|settled? on|conclud\w+|outcome of the vote)\b`},
		{decisions, 2, `^what (was|were|is|has been|have we|did (we|they|` + somebody + `)) decided?\b`},
		{decisions, 5, `\b(signed off|sign off|approved?|chosen|chose|pick(ed)?|go(ing)? ahead|go with|went with)\b|\bagreed? (so far|on|with)\b|\b(was|have we|did we) agreed?( |$)`},
		{decisions, 5, `\b(made|make) up (our|their|his|her|your|my) minds?\b|\bwhich way did\b|\b(been|was|were|is) (settled|resolved|accepted|rejected|turned down)\b`},

		{calendar, 6, `\b(calendar|schedules?|scheduled|agenda|appointments?)\b|\bmy (day|week|afternoon|morning)( look\w*| free| busy|$)`},
		{calendar, 5, `\b(am i|are we|is \w+) (\w+ )?(free|busy|available)\b|\b(free time|conflicts?)\b|\b(rescheduled|postponed|cancell?ed|moved|still on|pushed back|brought forward|put off|called off|shifted)\b`},
		{calendar, 4, `\b(what|which|any|my|many|upcoming|next) (meetings?|events?|calls?)\b|\b(coming up|upcoming|take place)\b`},
		{calendar, 5, `\b(what time|when|where|which room|which day|what day|which date|how long|who is (coming|invited|attending))\b.*\b` + gathering + `\b`},
		{calendar, 5, `\bwhen (do|are|will) (i|we) (meet|meeting|see)\b|\b(do|will) i (meet|see)\b|\bis there an? (call|meeting)\b|\b(what time|when) do we meet\b`},
		{calendar, 4, `\b(do i have|have i got|what do i have) (anything |something )?on\b|\bi (have|got) (anything|something)\b|\bwhat (have i got|do i have|is) on (today|tomorrow|next|this|\w+day)\b|\bwhat (have i got|do i have) (today|tomorrow|next|this|on)\b`},
		{calendar, 3, `\bwhen (is|are|was|were)\b|\bwhen does .*\b(start|begin)\b`},
		{calendar, -3, `\b(due|ends?|expires?|deadline|needs?)\b`},

		{catchUp, 4, `\bcatch (me|us) up\b|\bup to (speed|date)\b|\bfill (me|us) in\b|\bi miss(ed)?\b|\bthe latest\b|\bsummary|\bsummari[sz]e|\brecap\b|\boverview\b|\bdevelopments?\b|\bprogress\b|\bup to date\b|\brundown\b|\brun me through\b|\bhow far (along|are|have|is)\b`},
		{catchUp, 4, `\bwhat (is|was|has been|is been) (new|going on|happening)\b|\b(what|anything)( has)? (happen|happened|changed)\b|\bis (cooking|up) with\b|\bget to with\b|\b(anything|something) new\b|\bnews\b|\bupdates?\b|\bstatus\b|\bstate of\b|\btell me about\b|\bpeople .*talking about\b`},
		{catchUp, -4, `\b(discussion|debate|conversation|questioning|argument|exchange)s? (about|on|of|over|around|between)\b`},
		{catchUp, 4, `\bwhere ((are|do) (we|things)|does \w+)\b.*\b(with|stand)\b|\bhow (is|are|did|was) .*\b(going|go|things with)\b|\bhow are things\b`},
	}
}
