package digest

// The phrases by which sentences are known, in English: whole words, as
// speech.Plain has them. Other languages give nothing, rather than what is wrong.

// Decisions.
const (
	decidedWords = "we decided|we've decided|we have decided|been decided|was decided|were decided|it's decided|is decided|decided not to|decision is|decision was|final decision|we agreed" +
		"|we've agreed|we have agreed|we agree that|we all agree|all agreed|everyone agreed|everybody agreed|everyone agrees|it was agreed|is agreed|agreement is|we'll go with" +
		"|we will go with|let's go with|i'd go with|i'm going with|we're going with|go ahead with|let's go ahead and|we settled on|is approved|are approved|been approved|i approve" +
		"|i approved|we approved|has approved|have approved|has signed off|have signed off|was accepted|has been accepted|have been accepted|consensus is" +
		"|consensus was|consensus to|have consensus|have a consensus" +
		"|rough consensus|strong consensus|sentiment is|conclusion is|we concluded|let's do that|let's do it|let's use|let's stick|let's leave|lets stick with" +
		"|lets go with|let's target|let's aim|let's merge" +
		"|let's skip|let's drop|will be switched|sticking with|will stick with|we stick with|we'll stick with|been rejected|we rejected|is final|replaces my|from now on we|the plan is to" +
		"|plan of record"
	// Those that are one when said aloud.
	spokenWords = decidedWords +
		"|we can go ahead and say|lock in|leaning towards|rejecting|out of the scope|out of scope|let's make it|let's make that|we'll do that|sentiment or consensus|agreed to" +
		"|agreed that|agreed on|decided to|decided on|decided that|people all agree|it's a go|it's a no|decide this now|decide it now|that's decided" +
		"|we're aligned on|we are aligned on|we're all aligned|on the same page that|there's agreement|there is agreement|we landed on|let's keep|let's remove" +
		"|let's defer|let's postpone|let's hold off|let's limit|let's reduce|let's switch|let's plan on|let's plan for|we're dropping|we're not doing" +
		"|so from now on|from now on every|from now on all|from now on each|effective immediately|we will no longer|we no longer|we've settled on" +
		"|we have settled on|we chose|we've chosen|we have chosen|we picked|we've picked|we signed off|final answer|that's settled" +
		"|sounds like we all|sounds like we're all|sounds like we're going to|sounds like we agree|sounds like everyone|sounds like everybody" +
		"|seems like everyone agrees|consensus seems|in favor of it|all in favor|all in favour|everyone's in favor|everyone's in favour|everybody's in favor" +
		"|everybody's in favour" +
		"|motion carried|motion passed|vote passed|motion is carried|no objections so|we'll do it that way|we'll do it this way|do it that way then" +
		"|we're postponing|we are postponing|we're cancelling|we're canceling|we are cancelling|we are canceling|is postponed to|is postponed until" +
		"|are postponed to" +
		"|going to go with|will go with|let's settle on|was rejected|were rejected|was approved|were approved|was turned down|vote is unanimous" +
		"|vote was unanimous|unanimously agreed|agreed unanimously|we've made the decision|we made the decision|we have made the decision|we can all live with" +
		"|that's a no|that's a yes|it's official|we have a decision|in agreement that|in agreement on|we'll go for|we got approval|got the approval" +
		"|going ahead with|we're going ahead|board approved|board has approved|board rejected|board has rejected|committee approved|committee rejected" +
		"|team approved|client approved|customer approved"
	// Those that are one if hardly anything else is said.
	briefWords = "will be the|going with"
	// What becomes one if the next who speak agree, and how they do.
	proposedWords = "i propose|i'd propose|i would propose|we propose|my proposal|i suggest|i'd suggest|i would suggest|we consider|we suggest|we're considering" +
		"|we actually consider|so the idea is|the idea is to" +
		"|so the plan is|how about we|i think we should|i would move to|i'd move to|we could just|should we just|can we just|i would argue|why don't we" +
		"|would it be okay if|what if we|i move that|i vote for|i'd vote for|i'm in favor of|i'm in favour of|let's|we'll keep|we'll use|we'll do|we'll have" +
		"|we'll go"
	// Questions that a yes decides.
	consentWords = "shall we|should we|do we want to|are we all fine with|are we all okay with|are we fine with|are we okay with|are we good with|is everybody okay with" +
		"|is everyone okay with|is everyone fine with|is everybody fine with|is everyone happy with|is everybody happy with|everyone okay with" +
		"|everybody okay with|can we agree on|can we agree that|can we agree to|everybody happy with|everyone happy with|everybody fine with|everyone fine with" +
		"|can we all agree|do we agree on|do we agree that|do we all agree"
	// Questions that a no decides.
	objectWords = "any objections to|any objection to|does anybody object|does anyone object|anybody object to|anyone object to|anybody against|anyone against|anybody opposed|anyone opposed"
	noWords     = "no|nope|none|not from me|no objection|no objections|not really"
	yesWords    = "yes|yeah|yep|yup|sure|okay|ok|fine|good|great|definitely|absolutely|no problem|i think so|i think we should|we should|i'd say so|i would say so|no let's|no objection|no objections"
	// Those that are one where several second them in writing.
	wonderedWords = "could we|can we|shall we|should we"
	// What is planned, and how who speaks next says that it is.
	plannedWords   = "we're going to|we are going to|we're gonna|we won't|we will not|we're not going to|we are not going to|we're not gonna|our plan is to|next step is|next step for us is"
	confirmedWords = "indeed|exactly|correct|that's correct|sounds good|that sounds good|makes sense|agreed|i agree|perfect|works for me|no objection|no objections"
	acceptedWords  = "sounds good|sounds great|that sounds good|that sounds great|i'll say that sounds|yeah sounds good|yeah that sounds good|okay sounds good|makes sense" +
		"|that makes sense|yeah that makes sense|agreed|agree|i agree" +
		"|yes i agree|yeah i agree|yes agreed|yeah agreed|totally agree|fully agree|let's do it|let's do that|yes let's|yeah let's|do it|go for it" +
		"|yes that's correct|that's correct|that works|works for me|no objection|no objections|fine by me|fine with me|yes fine|me too|same here|i second that" +
		"|seconded|plus one|perfect|1"
	// A decision that was not made, or by others.
	undecidedWords = "i think we chose|i think we decided|i believe we|they decided|she decided|he decided|you decided|people decided|they chose|if we|if it|if this|if the" +
		"|were decided to be|appear to have|i hope|when a|trying to|need a decision|needs a decision|no decision|under discussion|no final decision|once the" +
		"|once we|once it|until we|until the|any decision|make a decision|make the decision|make that decision|decision by" +
		"|need to decide|have to decide|time to decide|left to decide|yet to decide|asked to decide|decide whether|decide if|decide by|decide on|not decided|haven't decided" +
		"|hasn't decided|nothing was decided|undecided|can't decide|cannot decide|before we decide|when we decide|once we decide|not agreed|not approved|needs to be approved" +
		"|to be approved|waiting for approval|no consensus|not consensus|any consensus|get consensus|if there is consensus|whether|wasn't decided|who decided|why we decided|could" +
		"|might|perhaps|maybe|would be|i wish|don't think|not sure|i suggest|i propose|i'd suggest|i would suggest|my suggestion|my proposal|my understanding" +
		"|i thought|used to|already decided|just discussing|were discussing|talking about|it will be the|this will be the|that will be the|i'd like" +
		"|i would like"
	// What ends a meeting or a part of it, or only leads on.
	closingWords = "let's say|let's see|let's look|let's talk|let's discuss|let's hear|let's check|check this|check that|go ahead with your|go to|come to|turn to" +
		"|hear from|take a break|a break|have lunch|have a coffee|begin|continue|make sure|wrap up|get into it|get started|get going|be prepared|that box" +
		"|move on|next call|start the|end here|close the|end the"
	// What takes back what was said before.
	undoneWords = "replaces|instead|correction|reversed|reverse|after all|no longer|will not be|won't be|changed our|changed my|postponed|postpone|moved to|cancelled|canceled|withdrawn" +
		"|scrap|scrapped|on second thought|changed my mind|scratch that|forget that|actually let's|not going to|back to|extend|extended|rather than|pushed back|put off|deferred|delayed until"
	// A change of plans.
	movedWords = "postponed|rescheduled|cancelled|canceled|deferred|pushed back|put off|delayed until|replaces my|replaces the|extended until|extended to|reversed"
	weakWords  = "will not be|won't be|moved to|no longer" // one only if it takes a decision back
)

// What is to be done: leads, which the task follows that somebody takes on or is
// given, and what stands between the two.
const (
	promiseLeads = "i am happy to|i'm happy to|i'd be happy to|i'll|i will|i can|i'm going to|i am going to|i promise|i promised|i'm gonna|i shall|happy to|i volunteer to" +
		"|i plan to|i still need to|i'm planning to|what i'll do is|remind me to|i'll volunteer to|it's on my list to|i have an action item to"
	mindLeads = "would you mind|do you mind" // before what goes on
	// Promises that name no task, and what one lets oneself do that takes leaving.
	oweWords = "i still owe|i owe you|on the hook for|i'll make sure|i will make sure|i'll see to it|keep you posted|keep you updated|keep everybody posted|keep everyone posted"
	dueWords = "is due|are due|deadline for"
	absences = "follow up|check with|circle back|reach out|get back to|look into|find out|take that one|take this one|talk to|talk with|speak to|speak with|ask around" +
		"|dig into|write up|write this up|write that up|write it up|set up|draft|prepare|schedule|put together|come back to you"
	// What calls people together.
	summons    = "let's schedule|let's set up|let's organize|let's organise|let's arrange|let's plan a"
	groupLeads = "we'll|we will|we're going to|we are going to|we shall|we're gonna|we still need to"
	dutyLeads  = "we need to|we have to|we should|i need to|i have to|i've got to|you need to|you should|you'll need to|you'll want to|you guys should|you all should" +
		"|we'll need to|we will need to|we've got to"
	askLeads = "can somebody|can someone|can anybody|can anyone|could somebody|could someone|could anybody|could anyone|can you|could you|would you|will you|please" +
		"|need you to|want you to|ask you to|if you could|would be great if|would be good if|would be nice if|would be helpful if" +
		"|would appreciate if|encourage everyone to|encourage people to|encourage you to|encourage all|encourage anyone|encourage folks|encourage client teams" +
		"|encourage teams|if people could|if folks could" +
		"|if everyone could|if everybody could|if anyone could|if somebody could|if someone could|would love for|great for|good for|have clients" +
		"|ask everyone to|can everyone|someone should|somebody should" +
		"|someone has to|somebody has to|someone needs to|somebody needs to|need someone to|need somebody to|if anyone wants to|if anybody wants to" +
		"|if someone wants to|if somebody wants to|i need everyone to|i need everybody to|i need all of you to|why don't you|don't forget to|remember to" +
		"|are you able to|ask everybody to|ask all of you to"
	// Those after a name.
	thirdLeads = "said she would|said he would|said they would|said she'll|said he'll|said they'll|will|is going to|are going to|has agreed to|have agreed to" +
		"|has promised to|has offered to|has volunteered to|is gonna|to|should|needs to|has to|must|promised to|agreed to|volunteered to|can|could|please" +
		"|is happy to|are happy to|happy to|is willing to|willing to|offered to|offers to|volunteers to"
	// Those without a task.
	awaitLeads = "still waiting for your|waiting for your|waiting on you|awaiting your|need an answer from you|need your|need a decision from you" +
		"|waiting for feedback from|waiting for an answer from|waiting for a reply from|waiting to hear from|waiting to hear back from"
	// What asks for a word back, where people talk.
	feedbackLeads = "your feedback|if you have feedback|have any feedback|feedback is welcome|has any feedback|looking for feedback|feedback welcome|love feedback" +
		"|feedback would be|appreciate feedback|reviews are welcome|review would be|reviews welcome|reviews would be"
	// What is aimed at, with a day.
	aimLeads = "we want to|i want to|we'd like to|my plan is to|my goal is to|the goal is to|our goal is to|the aim is to|the plan is to|our plan is to|aiming to" +
		"|we aim to|i aim to|hoping to|we hope to|i hope to|planning on|should be able to|we plan to|we're planning to|expect to"
	// What takes on what was said just before.
	assentLeads = "i'll take that|i'll take it|i'll take this|i'll do it|i'll do that|i can do that|i can take that|i can take it|that's mine|that one's mine|i'll own that|i'll handle it"
	// What may stand between a lead and its task.
	adverbs = "volunteer|also|just|then|probably|definitely|certainly|try|trying|to|and|make|sure|kindly|quickly|maybe|please|go|ahead|start|be|able|now|soon|actually|really|all|i|we|you|still" +
		"|each|both|either|at|least|have|plan|not|forget|everyone|teams|team|people|anyone|someone|clients|client|hopefully|then|later|another|yeah|like|maybe"
	// What a lead follows that only looks like one: "what I'll do", "so I can send it".
	misleading = "so|then|otherwise|until|if|when|that|than|where|hope|before|what|whatever|whether|how|which|wish|think|imagine|even" +
		"|as|not|never|is|are|was"
	// What is not to be, or would only be.
	unmeantWords = "if i could|if i have any|if i have some|if i run into|i would have|i wish|i'll be honest|not going to|i can't|i cannot" +
		"|we can't|we cannot|don't need to|don't have to|doesn't need|doesn't have to|need not|don't need your|i don't think|i doubt" +
		"|don't think i|don't think we|as far as i can|i can tell|should have|could have|would have|prefer that"
	// Tasks of several words.
	taskPhrases = "look into|look at|take a look|have a look|double check|triple check|follow up|reach out|get in touch|get in contact|let know|let him know|let her know" +
		"|let them know|put together|come up with|come back with" +
		"|get back to|get you|get him|get her|get them|go through|dig into|make a|make an|make the|make fresh|make new|make some|put in|set up|put up|write up" +
		"|get up|think about how|start working|start on|talk to|talk with|speak to|speak with|meet with|circle back|loop in|ask around|drop you|drop him" +
		"|drop her|drop them" +
		"|put some time|put a meeting|put time|look over|dig out|dig up|report back|see if|see whether|sign off|move the|move it|move them|move our"
	// The verbs of what takes doing after the talk; what is done while it goes on (say, show, hear) is none.
	tasks = "tell|call|scope|model|draw|plan|bring|pass|own|shift|double|add|adjust|announce|apply|approve|arrange|ask|assign|audit|backport|benchmark|bring|build|bump|calculate" +
		"|change|check|circulate|clarify|clean|collect|compile|complete|compute|configure|confirm|contact|contribute|convert|coordinate|correct|create|debug|decide|define|deliver" +
		"|deploy|describe|design|develop|diagnose|document|draft|email|ensure|enable|evaluate|examine|extend|file|fill|finalize|finalise|find|finish|fix|follow|forward|gather" +
		"|generate|handle|implement|improve|include|inform|integrate|investigate|invite|land|launch|leave|mail|measure|merge|message|migrate|monitor|negotiate|notify|organise" +
		"|organize|patch|pay|ping|post|prepare|profile|prototype|provide|publish|push|queue|reach|rebase|redo|refactor|register|release|remind|remove|rename|reopen|repair|replace" +
		"|reply|report|repost|reproduce|request|research|resend|resolve|respin|restart|revert|review|revise|rewrite|rework|run|schedule|send|set|setup|share|ship|sign|simplify" +
		"|solve|sort|specify|split|study|submit|summarise|summarize|switch|sync|take|test|track|transfer|translate|triage|update|upload|upgrade|verify|visit|work|write|attend|book" +
		"|buy|cancel|chase|fetch|fly|host|import|export|install|list|open|order|rebuild|recreate|return|support|train|wrap|compare|analyze|analyse|explore" +
		"|hire|pair|loop|involve|renew|recruit|interview|escalate|reschedule|renegotiate|sell|scan|phone|paint|onboard|proofread|rehearse|sketch|estimate|invoice|refund|rent|translate"
	// What may stand before what is done.
	doableAdverbs = "also|just|then|probably|definitely|certainly|try|and|to|quickly|really|actually|hopefully"
	// What may be done, of two words, though the first says little.
	doable = "let you know|let everyone know|let everybody know|give you|give us|give him|give her|give them|do the|do some|do a|do it|get the|get you|get him" +
		"|get her|get them|get it|get our|get this|take the"
	// What only happens, or is done at once, even if it has a day.
	undone = "be|see|have|leave|miss|join|go|come|say|know|think|believe|need|want|like|love|hope|assume|guess|mention|explain|show|hear|remember|forget|stay|wait" +
		"|skip|pass|stop|move|jump|hand|get|take|meet|discuss|talk|continue|keep|not|never|happen|expect|still"
	// With "get" or "have" before it, what will be done.
	finished = "done|ready|merged|set up|fixed|finished|sorted|implemented|updated|reviewed|released|started|up and running|working"
	// Tasks in form, which are done at once or never.
	idle = "make a point|make a comment|make a joke|make a difference|make a case|make the case|make the point|make the call|make the argument|make an argument" +
		"|make a quick|make a mistake|make a remark|make the most" +
		"|make a decision|make the decision|make a suggestion|make an announcement|leave a bit|leave early|leave soon|leave in|look at this slide" +
		"|look at the agenda|look at the time|take a look at the agenda" +
		"|look at the chat|get back to that|correct me|get there|tell you|tell us|tell me|call it|call on|call that|bring us|bring you|pass it|pass the|plan on" +
		"|find attached|find enclosed|find below|find our" +
		"|find the attached|find the enclosed|wrap|summarize|summarise|let you know|let you go|get started|get into|get back to it|get going|get right|get back to that|get back to it|get back to this" +
		"|get back to the slide|get back to the slides|get back to the topic|get back to the agenda|get back to work|get back to where|get a sense" +
		"|get to|take questions|take feedback|take more feedback|take more feedbacks|take any|take it from|push that to next|push this to next|push it to next|push that to the next|push this to the next" +
		"|push it to the next|push that question|push this question|push the discussion|take over|take that|take this|take into|take it into|take them into" +
		"|take us|take your|take my word|take a minute|take a second|take a break" +
		"|take care of yourself|share my|share the screen" +
		"|share screen|share your|share the spec|share a link|share the link|share this|share it|stop sharing|post it|post a link|open the floor|open the chat|open it up|open up" +
		"|ask a question|ask this question|ask that question|ask the question|ask my|ask the member|ask the minister|ask our|remind you|remind us" +
		"|remind the member|remind the minister|leave that|ask you|ask if|ask for" +
		"|ask about|ask one|ask whether|bring up|bring it up|bring that|check in|check the chat|check with you|check if you|add that|add one" +
		"|add just|add to that|add something|run through|run out|run into|list a|set the stage|leave it there|leave it here|leave it at|leave you|leave now|leave the call|double click" +
		"|follow along|find it|work for you|work with|say that|share any|share more|split my time|move the discussion|move it along|some updates|update us" +
		"|quick update|status update|report on|remind everyone|clarify that" +
		"|clarify something|clarify when|clarify what|clarify how|clarify why|clarify if|clarify whether|clarify which|wrap up" +
		"|wrap it|end the|move on|speak up|talk about|speak about|talk to that|talk to this|talk to it|talk to you|talk to the slide|speak to that" +
		"|speak to this|speak to it|speak to the slide|see if you can|see if anyone" +
		"|see if there|see if people|see if everyone|feel free to ask|feel free to jump|describe the|describe how|summarize the|summarize what|next slide"
	// What is done while the talk goes on.
	meanwhile = "in the chat|in chat|my screen|the screen|this call|next slide|an update|the floor"
	// What is done at once, in a meeting.
	atOnce = "quickly|real quick|right now|in a second|in a sec|in two seconds|in 2 seconds|in a minute|in a moment|one second|one moment|as far as i can|briefly|at this point we will|i can see"
	// What is done after the meeting.
	laterWords = "next time|midweek|mid week|over the weekend|end of the week|end of this week|end of next week|after the call|after this call|after the meeting" +
		"|after this|offline|follow up|later today|tomorrow|this week|next week|by next|next call|next meeting|before the next|in the next few days|as soon as" +
		"|before friday|before monday"
	// What a group says that it will do, rather than how things will be.
	handovers = "send|share|post|publish|schedule|ping|write|draft|prepare|organize|organise|set up|put together|look into|look at|have a look|another look|take a look" +
		"|follow up|reach out|open a|open an|file|review|circulate|announce|upload|email|invite"
	// How one begins who has a duty.
	myDuties   = "i should|i've got to|i have to|i need to|i still have to|i still need to|i also have to|i also need to"
	hedgeWords = "maybe|might|i guess|potentially|possibly|at some point|eventually|ideally|if|so that|until|i could|we could|probably|hopefully|i can|we can|happy to"
	doneWords  = "i've|i have|done|merged|sent|posted|uploaded|published|finished|completed|fixed|shipped|signed|is out|is up|is live|went out|has been|were|was|we've|we have|just did" +
		"|took care"
	spokenDone = "i've sent|i've posted|i've done|i've merged|i've opened|i just sent|i just posted|i just did|i just opened|i just merged|i sent it|i posted it" +
		"|i did it|i did that|it's done|that's done|that is done|already done|it's merged|it's out"
)

// Questions.
const (
	// What wants no answer, or one on the spot.
	noQuestion = "can you hear|can everyone hear|hear me|see my screen|see the screen|see my|you see it|any questions|questions or comments|any comments|questions comments|any other" +
		"|anything else|anyone else|any thoughts|is that right|does that make sense|make sense|you know what|right|how are you|what's up|isn't it|guess what|who knows|why not" +
		"|so what|what about you|can i go|shall we start|should we start|ready to|anybody else|are you there|is there anything|do you want to|you want to|would you like to" +
		"|go ahead|is everyone"
	// What says that something is open.
	openWords = "open question|open questions is|still unclear|unclear whether|unclear how|unclear who|question is whether|question is who|question is how|question remains|remains to be seen" +
		"|we don't know yet|nobody knows yet|not decided yet|haven't decided|have not decided|yet to be decided|yet to decide|still to be decided" +
		"|needs to be decided|still undecided|still have to decide|still need to decide|have to decide whether|need to decide whether" +
		"|still have to figure out|still need to figure out|have to figure out how|need to figure out how|have to figure out whether|need to figure out whether" +
		"|need to figure out who|need to find out whether|have to find out whether"
	// What leaves a question open.
	noAnswer = "i don't know|i dunno|don't know yet|to check|to find out|not sure|i'm not sure|no idea|good question|great question|have to check|need to check" +
		"|will check|i'll check|let me check|find out" +
		"|let me ask|i'll ask|get back to you|come back to you|take it offline|take this offline|take that offline|to be decided|tbd|we'll see|look into"
	// What only says that a wish will be granted.
	agreedWords = "sure|yes|yeah sure|yeah i can|yeah i'll|yes i can|yep|absolutely|definitely|certainly|of course|will do|can do|no problem|happy to|i can|i'll|i will" +
		"|ok i'll|okay i'll|ok will do|okay will do|on it|i'm on it|sounds good i'll"
	assentWords = "will do|on it|sure|sure thing|no problem|of course|i'll|i will|we'll|we will|happy to|absolutely|yes|ok|okay|can do"
)

// What is glad in a talk, and what is not.
const (
	gladWords = "thank you|thanks|great|excellent|perfect|glad|happy|love|nice work|good work|well done|congratulations|appreciate|awesome|wonderful|pleased|looking forward|good news" +
		"|fantastic|works well|delighted"
	sorryWords = "sorry|unfortunately|disappointed|frustrated|frustrating|unacceptable|angry|annoyed|annoying|worried|worrying|concerned|upset|terrible|awful|broken|failed|failure|outage" +
		"|complaint|problem|trouble|lost|bad news|ridiculous|nonsense|bullshit|garbage|insane|stupid|fed up|can't go on|regret"
)

// boilerplate is what stands below mails and around meetings.
const boilerplate = "have questions|there are questions|there are any questions|have further questions|have any questions|any further questions|received it in error|received this message in error|in error please|designated recipient|intended recipient|privileged or confidential|privileged and confidential" +
	"|unsubscribe|click here|please click|fax|phone list|all rights reserved|sent from my"

// procedure is how a meeting is led, which is not what it is about.
const procedure = "welcome everyone|welcome everybody|welcome to|hand the floor|hand it over|hand over to|the floor|on the agenda|next topic|first item|next point|next item|today's agenda|the agenda for|let's move on|move on to|moving on" +
	"|any questions|share some updates|share some status|status updates from|give an update|quick update|can you hear|get started|before we start" +
	"|let's start|wrap up|next slide|raised hand|hand up|on mute|dropped a link|drop a link|in the chat"

// chatter reports whether a stem is one that many sentences have and that says
// nothing of what a talk is about.
func chatter(term string) bool {
	switch term {
	case "think", "thing", "go", "realli", "actual", "someth", "kind", "sort", "bit", "lot", "sure", "mean", "yeah", "okai", "ok", "right", "well", "probabl", "mayb",
		"thank", "good", "great", "look", "see", "make", "sai", "talk", "guess", "basic", "pretti", "yes", "hi", "hello", "one", "two", "us", "wai", "come", "take", "work", "time", "people", "peopl", "point", "question", "hei", "alreadi",
		"abl", "try", "tri", "littl", "start", "next", "week", "todai", "call", "updat", "bring", "put", "open", "anyth", "everyth", "everyon", "anyon", "someon", "folk", "gui", "case", "part", "idea", "feel", "hear", "first", "second",
		"last", "back", "end", "dai", "around", "quit", "sens", "move", "run", "keep", "ask", "add", "mention", "comment", "share", "screen", "minut", "later", "let'", "don't", "happen", "even", "though", "gonna", "sorri", "pleas", "don", "doesn",
		"new", "use", "differ", "exactli", "perhap", "rather", "wrote", "write", "hope", "sound", "agenda", "meet", "meeting", "got", "alright", "cool", "nice", "bad", "never", "alwai", "long", "small", "big":
		return true
	}
	return false
}
