// Package e2e tests the real binaries from outside: bin/banli-standalone with its own Postgres and its own Temporal, over
// HTTP and in Debian's Chromium, and what happens when it is killed. Everything in it is tests and the scripts they run;
// nothing may import it.
package e2e
