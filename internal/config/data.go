package config

// Data is whose data a command is about that looks at nothing else: the embedded
// engine's.
type Data struct {
	Local bool   `help:"Use the embedded engine's default database, as without --db." xor:"backend"`
	DB    string `help:"The embedded engine's database." placeholder:"FILE" xor:"backend"`
}

// Engine is the engine with that data.
func (d Data) Engine() Engine { return Engine{DB: d.DB} }
