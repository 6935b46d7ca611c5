package store

// BlackOut is for the test that holds it against the database's.
var BlackOut = blackOut
