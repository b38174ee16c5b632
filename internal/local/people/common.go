package people

import (
	"slices"
	"strings"
)

// ordinary is how many surnames a given name goes with among all that is known,
// or given names a surname, from which it is common there.
const ordinary = 4

// commonness tells common names from rare ones: by lists of those that are common
// in the world, and by what the evidence itself has often.
type commonness struct {
	given, surnames map[string]bool
	things          map[string]bool // words that are of no person's name
}

func newCommonness(all []facts) commonness {
	c := commonness{given: set(givenNames), surnames: set(surnames), things: set(thingWords)}
	beside := map[string]map[string]bool{} // by word, with ">" before given names
	note := func(word, other string) {
		if beside[word] == nil {
			beside[word] = map[string]bool{}
		}
		beside[word][other] = true
	}
	for _, f := range all {
		for _, n := range f.names {
			if len(n.Words) > 1 {
				note(">"+longForm(n.given()), n.surname())
				note(n.surname(), longForm(n.given()))
			}
		}
	}
	for word, others := range beside {
		if len(others) < ordinary {
			continue
		}
		if given, ok := strings.CutPrefix(word, ">"); ok {
			c.given[given] = true
		} else {
			c.surnames[word] = true
		}
	}
	return c
}

// rare reports whether two people hardly have that name: of its given name and
// surname one at least is not common, or there are three words.
func (c commonness) rare(n Name) bool {
	if len(n.Words) < 2 {
		return false
	}
	for _, word := range append(slices.Clone(n.Words), strings.Join(n.Words, "")) { // GitHub reads as two
		if c.things[word] {
			return false
		}
	}
	if len(n.Words) > 2 {
		return true
	}
	return !c.known(n.given()) || !c.known(n.surname())
}

// known reports whether a word is common in either place: "Li Wei" is "Wei Li".
func (c commonness) known(word string) bool { return c.isGiven(word) || c.surnames[word] }

func (c commonness) isGiven(word string) bool { return c.given[word] || c.given[longForm(word)] }

func set(words string) map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		all[fold(word)] = true
	}
	return all
}

// longForm is the given name that a short one stands for, where it stands for one
// only: an Alex may be Alexander or Alexandra, and stays.
func longForm(given string) string {
	if !strings.Contains(shortForms, given+":") { // nearly always
		return given
	}
	for pair := range strings.FieldsSeq(shortForms) {
		if long, ok := strings.CutPrefix(pair, given+":"); ok {
			return fold(long)
		}
	}
	return given
}

// sameGiven reports whether two given names may be one person's.
func sameGiven(a, b string) bool { return longForm(a) == longForm(b) }

// Short forms of given names, and other spellings in Latin letters, of which each
// stands for one only.
const shortForms = `
bob:robert rob:robert bobby:robert robbie:robert bill:william will:william billy:william dick:richard rick:richard rich:richard
ricky:richard mike:michael mick:michael dave:david jim:james jimmy:james jamie:james tom:thomas tommy:thomas tim:timothy joe:joseph
dan:daniel danny:daniel ben:benjamin matt:matthew tony:anthony greg:gregory jeff:jeffrey ken:kenneth kenny:kenneth larry:lawrence pete:peter
phil:philip ron:ronald don:donald ted:theodore teddy:theodore doug:douglas ed:edward eddie:edward liz:elizabeth beth:elizabeth
betty:elizabeth kate:katherine kathy:katherine becky:rebecca becca:rebecca debbie:deborah jenny:jennifer sue:susan suzie:susan
maggie:margaret meg:margaret
barb:barbara cathy:catherine chuck:charles gabe:gabriel jake:jacob judy:judith marty:martin mitch:mitchell pam:pamela peggy:margaret ray:raymond russ:russell
stu:stuart vicky:victoria vince:vincent walt:walter wes:wesley zach:zachary
fritz:friedrich hannes:johannes kathi:katharina sepp:josef wolle:wolfgang
lupe:guadalupe nacho:ignacio paco:francisco pancho:francisco pepe:jose quique:enrique
gosia:malgorzata kasia:katarzyna krzysiek:krzysztof piotrek:piotr tomek:tomasz wojtek:wojciech honza:jan jirka:jiri
dima:dmitry kolya:nikolai kostia:konstantin kostya:konstantin misha:mikhail pasha:pavel seryozha:sergei tolya:anatoly vanya:ivan volodya:vladimir
aleksei:alexei aleksey:alexei alexey:alexei anatoliy:anatoly andrey:andrei dmitri:dmitry dmitrii:dmitry dmitriy:dmitry evgeni:evgeny evgenii:evgeny
evgeniy:evgeny yevgeny:evgeny nikolay:nikolai sergey:sergei vasilii:vasily vasiliy:vasily yurii:yuri yuriy:yuri yury:yuri`

// Common given names of many countries: the most frequent of public name
// statistics, with their usual short forms.
const givenNames = `
aaron adam ahmed alan alberto alejandro aleksandr alex alexander alexandra alexey alexis ali alice amanda amy ana anders andre andrea
andreas andrei andrew andrey andy angela anil anita ann anna anne annie anthony anton antonio arjun arthur ashley barbara ben benjamin bernd
betty bill bob boris brandon brian bruce carl carla carlos carmen carol caroline charles charlie chen chris christian christina christine
christoph christopher claire claudia craig cynthia dan daniel daniela dave david dean deborah denis dennis diana diego dirk dmitri dmitry
don donald donna dorothy doug douglas ed eduardo edward elena elizabeth emily emma eric erik eugene eva evan fabian felix fernando florian
francesca francesco francis francisco francois frank fred frederic gabriel gary george gerald giovanni giuseppe gloria gordon greg gregory
guido hans harald harry hassan heather heinz helen helena henry hiroshi howard hugo ian igor ingrid irina ivan jack jacob jaime jakob james
jamie jan jane janet jason javier jean jeff jeffrey jennifer jenny jens jeremy jerry jessica jim jin joan joao joe joel johan johannes john
johnny jonas jonathan jordan jorge jose josef joseph josh joshua juan judith julia julian julie jun jürgen justin karen karin karl katherine
kathleen katie keith kelly ken kenneth kevin kim klaus konstantin kristin kumar kyle larry lars laura lauren lawrence lee leo leonardo li lin
linda lisa liu louis louise luca lucas lucia luis luke maciej magnus manuel marc marco marcus margaret maria marie marina mario mark markus
martha martin martina mary mathieu matt matteo matthew matthias max maxim megan mei melissa michael michal michel michelle miguel mihai mike
mohamed mohammad mohammed monica monika muhammad nancy natalia natalie nathan neil nick nicholas nicola nicolas nicole nikolai nina noah oleg
oliver olga olivier omar oscar otto pablo pamela paolo pascal patricia patrick paul paula paulo pavel pedro pete peter petr phil philip
philippe philipp pierre piotr priya rachel rafael rahul rainer raj ralf ralph raymond rebecca ricardo richard rick rob robert roberto robin
roger roland roman ron ronald rose ruth ryan sam samantha samuel sandra sandy sanjay sara sarah scott sean sebastian sergei sergey sharon
silvia simon simone sofia sonia stefan stefano stephan stephanie stephen steve steven stuart sue sunil susan suzanne sven sylvia takashi
tanja tanya tatiana ted teresa terry theodore theresa thomas thorsten tim timothy tina todd tom tomas tomasz tony tracy udo ulrich ulrike
ursula valentina vanessa vera veronica victor victoria vijay viktor vincent virginia vladimir walter wang wayne wei wendy werner wilhelm will
william wolfgang xavier yan yang yi yuki yuri yusuf yves zhang`

// Common surnames of many countries, likewise.
const surnames = `
adams ahmed alexander ali allen alvarez anderson andersson andersen andrews armstrong arnold bailey baker barnes becker bell bennett berg
bernard bianchi black brooks brown bryant burns butler campbell carlson carter castillo castro chan chang chavez chen cheng choi chowdhury
clark cohen cole coleman collins cook cooper costa cox cruz da das davis diaz dubois dupont durand edwards ellis eriksson esposito evans
fernandez ferrari ferreira fischer fisher fontana ford foster fox francis fuchs garcia gardner gomez gonzales gonzalez gordon graham gray
green griffin gupta gutierrez guzman hall hamilton hansen hansson harris harrison hayes henderson hernandez herrera hill ho hoffman hoffmann
horvat howard hu huang huber hughes hunt hunter hussain ibrahim ito ivanov ivanova jackson jacobs jain james jansen jensen jimenez johansen
johansson johnson jones jordan jung kang kaiser kaur keller kelly kennedy khan kim king klein knight kobayashi koch kovac kovacs kowalski
kowalska krause krüger kumar kuznetsov lam lang larsen larsson laurent le lee lefebvre lehmann leroy lewis li lim lin liu long lopez lu
ma marino marshall martin martinez mason matthews maier mayer mcdonald medina mehta mendez mendoza meyer miller mills mishra mitchell mohamed
moore morales moreau moreno morgan morris müller munoz murphy murray myers nakamura nelson neumann nguyen nielsen nilsson novak nowak
o'brien oliveira olsen olson olsson ortiz owens park parker patel patterson pereira perez perry peters peterson petersen petit petrov petrova
pham phillips pierce popov popescu porter powell price ramirez ramos rao rasmussen reed reyes reynolds ribeiro rice richard richards richardson
richter ricci rivera roberts robertson robinson rodrigues rodriguez rogers romano romero rose ross rossi roux ruiz russell russo ryan sanchez
sanders santos sato schmid schmidt schmitt schmitz schneider scholz schröder schulz schulze schwarz scott sharma shaw shah sharpe silva simmons
simon simpson singh smirnov smith sokolov song souza stein stevens stewart stone sullivan sun suzuki takahashi tan tanaka tang taylor thomas
thompson torres tran tucker turner vargas vasquez vogel volkov wagner walker wallace walter wang ward warren washington watanabe watson weaver
weber webb weiss wells west white williams wilson wolf wong wood woods wright wu xu yamamoto yang yilmaz york young yu zhang zhao zheng
zhou zhu zimmermann`

// Words of names that are of no person.
const thingWords = `
account accounts admin administration administrator alert alerts announce automatic bot billing board booking bugzilla build care center
centre club committee community company conference contact customer daemon department dept desk dev devel developers digest editor
events facebook finance foundation forum gmbh github gitlab google group hello help helpdesk hr inc info information invoice jira kernel
linkedin linux list lists ltd mail mailer mailing management manager marketing media members meetup microsoft news newsletter noreply
notification notifications office online order orders organizers payroll portal post postmaster press project promotions reception
recruiting register registration reminder reply report reports research reservations robot sales school secretary security service services
shop slack staff store subscription subscriptions summit support survey system systems team tech test ticket tickets tracker training travel
twitter university unknown update updates user users webmaster welcome workshop zoom`
