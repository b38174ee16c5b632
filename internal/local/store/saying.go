package store

// Saying is who says what under which title. Copies of one mail say the same, though
// they may have been sent from another of the user's addresses.
type Saying struct {
	Title string
	By    Person // zero for the user
	Text  string
}
