package people_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/attrove/attrove-mcp/internal/local/people"
)

// known is an identity of "address; name; another name".
func known(line string) people.Identity {
	parts := strings.Split(line, "; ")
	return people.Identity{Handle: parts[0], Names: parts[1:]}
}

// persons are the handles that belong together, where more than one do.
func persons(all []people.Identity, decisions ...people.Decision) (groups []string) {
	parent := make([]int, len(all))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			i = parent[i]
		}
		return i
	}
	for _, link := range people.Resolve(all, decisions, func(i int) bool { return !strings.HasSuffix(all[i].Handle, "@evil.example") }) {
		parent[root(link.A)] = root(link.B)
	}
	members := map[int][]string{}
	for i, one := range all {
		members[root(i)] = append(members[root(i)], one.Handle)
	}
	for _, group := range members {
		if len(group) > 1 {
			slices.Sort(group)
			groups = append(groups, strings.Join(group, " "))
		}
	}
	slices.Sort(groups)
	return groups
}

func TestResolve(t *testing.T) {
	const one, two = true, false
	for what, tc := range map[string]struct {
		same bool
		who  []string
	}{
		"a rare name":                       {one, []string{"ovk@acme.example; Orsolya Vidakovic", "orsi@lake.example; Orsolya Vidakovic"}},
		"a stranger's word for it":          {two, []string{"ovk@acme.example; Orsolya Vidakovic", "ovk@evil.example; Orsolya Vidakovic"}},
		"one letter more than a given name": {two, []string{"mv@acme.example; Michael Vidakovic", "miv@lake.example; Michał Vidakovic"}},
		"a transcribed name":                {one, []string{"bv@acme.example; Björn Vidakovic", "bjv@lake.example; Bjoern Vidakovic"}},
		"a common name":                     {two, []string{"john.smith@acme.example; John Smith", "john.smith@globex.example; John Smith"}},
		"a common name in full":             {two, []string{"jsmith@acme.example; John Smith", "js@globex.example; John Smith"}},
		"a common name, a chosen local":     {one, []string{"zaphod7@acme.example; John Smith", "zaphod7@globex.example; John Smith"}},
		"a common name at one company":      {one, []string{"john.smith@acme.co.uk; John Smith", "jsmith@mail.acme.co.uk; John Smith"}},
		"numbers tell colleagues apart":     {two, []string{"john.smith@acme.example; John Smith", "john.smith2@acme.example; John Smith"}},
		"even of rare names":                {two, []string{"vidakovic1@acme.example; Orsolya Vidakovic", "vidakovic2@acme.example; Orsolya Vidakovic"}},
		"initials tell colleagues apart":    {two, []string{"john.smith@acme.example; John Smith", "john.r.smith@acme.example; John Smith"}},
		"initials between that differ":      {two, []string{"a@acme.example; Orsolya B. Vidakovic", "b@globex.example; Orsolya C. Vidakovic"}},
		"one initial between":               {one, []string{"a@acme.example; Orsolya B. Vidakovic", "b@globex.example; Orsolya Vidakovic"}},
		"companies of one label":            {one, []string{"jsmith@globex.de; John Smith", "jsmith@globex.com; John Smith"}},
		"mail providers of one label":       {two, []string{"jsmith@yahoo.de; John Smith", "jsmith@yahoo.com; John Smith"}},
		"surname first":                     {one, []string{"a@acme.example; Vidakovic, Orsolya", "b@globex.example; Orsolya Vidakovic"}},
		"accents":                           {one, []string{"a@acme.example; Jürgen Kröllmüller", "b@globex.example; Juergen Kroellmueller", "c@initech.example; Jurgen Krollmuller"}},
		"scripts":                           {one, []string{"a@acme.example; Ярослав Вишневецкий", "b@globex.example; Iaroslav Vishnevetskii"}},
		"titles, companies and pronouns":    {one, []string{"a@acme.example; Dr. Orsolya Vidakovic (she/her)", "b@globex.example; Orsolya Vidakovic | Globex", "c@initech.example; 'Orsolya Vidakovic, PhD'"}},
		"capitals between":                  {one, []string{"a@acme.example; OrsolyaVidakovic", "b@globex.example; Orsolya Vidakovic"}},
		"three words":                       {one, []string{"a@acme.example; Maria Garcia Lopez", "b@globex.example; María García López"}},
		"short given name, chosen local":    {one, []string{"vidak@acme.example; Mike Vidakovic", "vidak@globex.example; Michael Vidakovic"}},
		"another short given name":          {one, []string{"vidak@acme.example; Ricky Vidakovic", "vidak@globex.example; Richard Vidakovic"}},
		"one spelling in Latin letters":     {one, []string{"vidak@acme.example; Sergey Vidakovic", "vidak@globex.example; Sergei Vidakovic"}},
		"an address under both forms":       {one, []string{"vidak@acme.example; Kostya Vidakovic; Konstantin Vidakovic", "kv@globex.example; Konstantin Vidakovic"}},
		"short given name alone":            {two, []string{"mv@acme.example; Mike Vidakovic", "x@globex.example; Michael Vidakovic"}},
		"an initial alone":                  {two, []string{"ov@acme.example; O. Vidakovic", "x@globex.example; Orsolya Vidakovic"}},
		"an initial, chosen local":          {one, []string{"vidak@acme.example; O. Vidakovic", "vidak@globex.example; Orsolya Vidakovic"}},
		"a given name alone":                {two, []string{"orsolya@acme.example; Orsolya", "orsolya@globex.example; Orsolya"}},
		"dots of Gmail":                     {one, []string{"orsi.v@gmail.com; Orsi", "orsiv+lists@googlemail.com; Vidakovic"}},
		"dots elsewhere":                    {two, []string{"orsi.v@acme.example; Orsi", "orsiv@acme.example; Orsi"}},
		"a mark after a plus":               {one, []string{"orsi@acme.example; Orsi", "orsi+shop@acme.example"}},
		"a mark, under one name":            {one, []string{"orsi@acme.example; Orsi", "orsi+shop@acme.example; Orsi"}},
		"a mark for each writer":            {two, []string{"reply+1@hub.example; Orsolya Vidakovic", "reply+2@hub.example; John Smith"}},
		"an address without a name":         {one, []string{"orsolya.vidakovic@acme.example", "ov@globex.example; Orsolya Vidakovic"}},
		"an assistant's address":            {two, []string{"bob.jones@acme.example; Orsolya Vidakovic", "ov@globex.example; Orsolya Vidakovic"}},
		"an address that two use":           {two, []string{"family@lake.example; Orsolya Vidakovic; Zoltan Vidakovic", "ov@globex.example; Orsolya Vidakovic"}},
		"an address of a short name, too":   {one, []string{"ov@acme.example; Orsolya Vidakovic; Orsi; Orsolya", "ov@globex.example; Orsolya Vidakovic"}},
		"an office":                         {two, []string{"info@acme.example; Orsolya Vidakovic", "ov@globex.example; Orsolya Vidakovic"}},
		"a list":                            {two, []string{"devs@lists.acme.example; Orsolya Vidakovic", "ov@globex.example; Orsolya Vidakovic"}},
		"a program":                         {two, []string{"noreply@hub.example; Orsolya Vidakovic", "ov@globex.example; Orsolya Vidakovic"}},
		"a thing's name":                    {two, []string{"slack:U1; GitHub", "slack:U2; GitHub"}},
		"no person's name":                  {two, []string{"a@acme.example; Helix Support Team", "b@globex.example; Helix Support Team"}},
		"a common Chinese name":             {two, []string{"a@acme.example; 王伟", "b@globex.example; 王伟"}},
		"Chinese names that sound the same": {two, []string{"wei@acme.example; 王伟", "wei@globex.example; 汪维"}},
		"an account in chat":                {one, []string{"slack:U7; Orsolya Vidakovic (she/her)", "ov@globex.example; Orsolya Vidakovic"}},
		"an account of a common name":       {two, []string{"slack:U7; John Smith", "js@globex.example; John Smith"}},
		"a speaker":                         {one, []string{"orsolya vidakovic; Orsolya Vidakovic", "ov@globex.example; Orsolya Vidakovic"}},
		"a speaker of a common name":        {two, []string{"john smith; John Smith", "js@globex.example; John Smith"}},
	} {
		var all []people.Identity
		var handles []string
		for _, line := range tc.who {
			all = append(all, known(line))
			handles = append(handles, all[len(all)-1].Handle)
		}
		slices.Sort(handles)
		var want []string
		if tc.same == one {
			want = []string{strings.Join(handles, " ")}
		}
		assert.Equal(t, want, persons(all), what)
	}
}

func TestNamesThatAreCommonAmongThoseKnown(t *testing.T) {
	all := []people.Identity{known("a@acme.example; Orsolya Vidakovic"), known("b@globex.example; Orsolya Vidakovic")}
	assert.Len(t, persons(all), 1)
	for i, given := range []string{"Zoltan", "Imre", "Csaba", "Bela"} {
		all = append(all, known(fmt.Sprintf("v%d@x.example; %s Vidakovic", i, given)))
	}
	assert.Len(t, persons(all), 1, "the given name is still rare")
	for i, surname := range []string{"Szekeres", "Balogh", "Fazekas", "Pinter"} {
		all = append(all, known(fmt.Sprintf("o%d@x.example; Orsolya %s", i, surname)))
	}
	assert.Empty(t, persons(all))
}

func TestSpeakers(t *testing.T) {
	anna, other, boss := known("an@acme.example; Anna Novak"), known("anna@globex.example; Anna Berg"), known("js@acme.example; John Smith")
	speaker := func(name string, near ...string) people.Identity {
		return people.Identity{Handle: people.NameHandle(name, "Weekly standup #7"), Names: []string{name}, Near: near}
	}
	for name, tc := range map[string]struct {
		near []string
		want []string
	}{
		"Anna":       {[]string{anna.Handle, boss.Handle}, []string{"an@acme.example anna · weekly standup"}},
		"Anna K.":    {[]string{anna.Handle}, nil},
		"Anna N.":    {[]string{anna.Handle, other.Handle}, []string{"an@acme.example anna n · weekly standup"}},
		"Smith":      {[]string{anna.Handle, boss.Handle}, []string{"js@acme.example smith · weekly standup"}},
		"J. Smith":   {[]string{anna.Handle, boss.Handle}, []string{"js@acme.example smith j · weekly standup"}},
		"John Smith": {[]string{boss.Handle}, []string{"john smith js@acme.example"}},
		"Johnny":     {[]string{boss.Handle}, nil},
	} {
		assert.Equal(t, tc.want, persons([]people.Identity{anna, other, boss, speaker(name, tc.near...)}), name)
	}
	assert.Empty(t, persons([]people.Identity{anna, other, speaker("Anna", anna.Handle, other.Handle)}), "two are called so")
	assert.Empty(t, persons([]people.Identity{anna, speaker("Anna")}), "nobody was there")
}

func TestDecisions(t *testing.T) {
	all := []people.Identity{known("a@acme.example; Orsolya Vidakovic"), known("b@globex.example; Orsolya Vidakovic"), known("c@initech.example; Vida")}
	same := func(handles ...string) people.Decision { return people.Decision{Same: true, These: handles} }
	apart := func(one string, others ...string) people.Decision {
		return people.Decision{These: []string{one}, Others: others}
	}
	const a, b, c = "a@acme.example", "b@globex.example", "c@initech.example"
	for what, tc := range map[string]struct {
		said []people.Decision
		want []string
	}{
		"nothing":                         {nil, []string{a + " " + b}},
		"apart":                           {[]people.Decision{apart(a, b)}, nil},
		"one more":                        {[]people.Decision{same(a, b, c)}, []string{a + " " + b + " " + c}},
		"the last holds":                  {[]people.Decision{apart(a, b), same(a, b)}, []string{a + " " + b}},
		"also of splits":                  {[]people.Decision{same(a, b), apart(a, b)}, nil},
		"who is apart drags nobody along": {[]people.Decision{apart(a, b), same(b, c)}, []string{b + " " + c}},
		"nor by way of a third":           {[]people.Decision{same(a, c), same(b, c), apart(a, b)}, []string{b + " " + c}},
		"nobody knows these":              {[]people.Decision{same(a, "x@y.example"), apart("x@y.example", b)}, []string{a + " " + b}},
	} {
		assert.Equal(t, tc.want, persons(all, tc.said...), what)
	}
	mine := []people.Identity{{Handle: a, Own: true}, {Handle: b, Own: true}, {Handle: c, Own: true}}
	assert.Len(t, persons(mine), 1)
	accounts := []people.Identity{{Handle: a, IDs: []string{"slack:U1"}}, {Handle: "slack:U1"}, {Handle: b, IDs: []string{"slack:U1"}}}
	assert.Len(t, persons(accounts), 1)
}

// TestOrderDoesNotMatter: whoever imports in another order gets the same people.
func TestOrderDoesNotMatter(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	given, surnames := []string{"John", "Jon", "J.", "Orsolya", "Zoltan", "Ann Marie"}, []string{"Smith", "Vidakovic", "Fazekas"}
	domains := []string{"acme.example", "mail.acme.example", "gmail.com", "globex.com", "globex.de"}
	var all []people.Identity
	seen := map[string]bool{}
	for range 200 {
		g, s := given[random.IntN(len(given))], surnames[random.IntN(len(surnames))]
		handle := strings.ToLower(g[:1]+s) + []string{"", "1", "+x"}[random.IntN(3)] + "@" + domains[random.IntN(len(domains))]
		if !seen[handle] {
			seen[handle] = true
			all = append(all, people.Identity{Handle: handle, Names: []string{g + " " + s}})
		}
	}
	said := []people.Decision{{Same: true, These: []string{all[0].Handle, all[1].Handle}}, {These: []string{all[2].Handle}, Others: []string{all[3].Handle}}}
	for _, handle := range []string{"a@lake.example", "b@shore.example", "c@hill.example"} { // a goes with either
		all = append(all, people.Identity{Handle: handle, Names: []string{"Ilka Szekeres"}})
	}
	said = append(said, people.Decision{These: []string{"b@shore.example"}, Others: []string{"c@hill.example"}})
	want := persons(all, said...)
	assert.NotEmpty(t, want)
	for range 20 {
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		assert.Equal(t, want, persons(all, said...))
	}
}
