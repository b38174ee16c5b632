package speech_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/local/speech"
)

const (
	none    = 0
	asks    = speech.Ask
	commits = speech.Promise
	both    = speech.Ask | speech.Promise
)

// TestRequestsAndPromises: what a sentence wants of its reader, and what its writer
// takes on, as people put it in mail, in chat and aloud.
func TestRequestsAndPromises(t *testing.T) {
	reader := speech.NewReader()
	for of, sentences := range map[string]map[string]speech.Signal{
		"mail": {
			"Could you send me the lease before Thursday?":                     asks,
			"Please sign both copies and return one to us.":                    asks,
			"Send the floor plan to Priya.":                                    asks,
			"Tomas, check the second invoice.":                                 asks,
			"I need the signed copy by noon.":                                  asks,
			"I would like you to review the draft.":                            asks,
			"Let me know which of the two you prefer.":                         asks,
			"It would be great if you could bring the samples.":                asks,
			"Let's meet on Tuesday to discuss the tender.":                     asks,
			"Don't ship the pallets before Friday.":                            asks,
			"Just give me a call when the crane is there.":                     asks,
			"I'll send the minutes tomorrow.":                                  commits,
			"We will deliver the last two pallets on Friday.":                  commits,
			"You'll have it by Monday.":                                        commits,
			"Leave it with me.":                                                commits,
			"I'm going to write to the landlord tonight.":                      commits,
			"I'll be sending the figures this week.":                           commits,
			"I will try to finish the layout by Friday.":                       commits,
			"Send me the number and I'll give them a call.":                    both,
			"I'll call you tomorrow to discuss the tender.":                    commits,
			"I'll send it tomorrow, let me know if you need it earlier.":       both,
			"The crane arrived this morning.":                                  none,
			"Thanks a lot for the quick answer.":                               none,
			"We met the landlord on Monday and discussed the roof.":            none,
			"He sends his regards.":                                            none,
			"My number is below.":                                              none,
			"Have a good weekend.":                                             none,
			"I look forward to working with you.":                              none,
			"The contract needs to be signed by both parties to become valid.": none,
		},
		"chat": {
			"can u send the link pls":             asks,
			"pls check the numbers":               asks,
			"lmk when ur done":                    asks,
			"could someone restart the runner":    asks,
			"anyone know who owns this dashboard": asks,
			"ping me when its merged":             asks,
			"hey, can you take a look":            asks,
			"thoughts?":                           asks,
			"ill push the fix tonight":            commits,
			"gonna be late":                       none,
			"i'm on it":                           commits,
			"will fix it after lunch":             commits,
			"sure, will check with ops":           commits,
			"what version are you running":        asks,
			"do you have the file":                asks,
			"feedback welcome on the second page": asks,
			"lol nice":                            none,
			"same here":                           none,
			"merged":                              none,
		},
		"aloud": {
			"So I'll take that one.":                                       commits,
			"Yeah, I'll, uh, follow up with the vendor on that.":           commits,
			"And then we'll circle back with legal.":                       commits,
			"So can you maybe write that down for us, Ines.":               asks,
			"I don't think I'll make it to the fair.":                      none,
			"And we're gonna have three of those in the end.":              none,
			"I'll be happy to write that down.":                            commits,
			"We'll see how that goes.":                                     none,
			"I'll be honest, the numbers are bad.":                         none,
			"I'll say that again, the roof leaks.":                         none,
			"I think we'll need more time.":                                none,
			"Let me share my screen.":                                      none,
			"I don't know if you heard, but the harbour is closed.":        none,
			"You know, we had a look at it and it was fine.":               none,
			"It's hard to say what we will do when the harbour is closed.": none,
		},
		"what is not wanted": {
			"No need to reply.":                                                        none,
			"You don't have to come in on Friday.":                                     none,
			"Don't worry about the deposit.":                                           none,
			"Please find the signed copy attached.":                                    none,
			"Please note that the office is closed on Friday.":                         none,
			"Feel free to call me.":                                                    none,
			"Please don't hesitate to contact me.":                                     none,
			"If you have any questions, please contact our help desk.":                 none,
			"Let me know if you have any questions.":                                   none,
			"Please find the plan attached and let me know whether the roof is right.": asks,
		},
		"what is told": {
			"I asked you to send it on Monday.":                 none,
			"He said he would pay tomorrow.":                    none,
			"She told me she'll send it.":                       none,
			"They wanted us to sign the lease last year.":       none,
			"I promised nothing of the kind to the landlord.":   commits, // "I promised" is one, whatever follows
			`Dana wrote: "I'll pay the invoice tomorrow."`:      none,
			`“Please send us the keys” is all that they wrote.`: none,
			`The button says "Call me back" now.`:               none,
			`Please change the label to "Send me a copy".`:      asks,
			`The pipe is 24" wide, can you order one.`:          asks,
		},
		"what may be": {
			"If you send me the number, I'll call them.":     asks, // and promises only then
			"I hope we will see the harbour one day.":        none,
			"Maybe I'll come to the fair.":                   none,
			"When I'll be back is not clear.":                none,
			"I will not sign that.":                          none,
			"I'll never understand the parking rules here.":  none,
			"We will need more chairs than last year.":       none,
			"I'll be in Rome next week.":                     none,
			"You will love the view from the terrace.":       none,
			"If we had more chairs we could seat everybody.": none,
		},
		"programs and mailings": {
			"To unsubscribe, please click here.":                                                none,
			"Please do not reply to this message.":                                              none,
			"Please add us to your address book to make sure that our mails reach your inbox.":  none,
			"If you received this message in error, please notify the sender and delete it.":    none,
			"You receive this because you are subscribed; change your email preferences below.": none,
			"Save up to 40% on all garden chairs this weekend.":                                 none,
			"Please consider the environment before printing this email.":                       none,
			"This message is confidential and intended for the addressee only.":                 none,
			"Sent from my phone, please excuse typos.":                                          none,
		},
	} {
		for sentence, want := range sentences {
			assert.Equal(t, want, reader.Read(sentence)&both, "%s: %s", of, sentence)
		}
	}
}

// TestText: what a whole text does is what its sentences do, each by itself.
func TestText(t *testing.T) {
	reader := speech.NewReader()
	assert.Equal(t, both, reader.Text("Hello Ines,\n\nI'll bring the keys. Can you open the gate?\n\nTomas\n-- \nPlease consider the planet"))
	assert.Equal(t, speech.Signal(none), reader.Text("Hello Ines,\n\nthe gate is open.\n\n> I'll bring the keys.\n> Can you open the gate?"))
	assert.Equal(t, speech.Signal(none), reader.Text(""))
}
