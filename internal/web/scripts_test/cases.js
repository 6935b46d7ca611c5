// cases are those that the Go tests read too.

import { readFileSync } from "node:fs";

export function cases(file) {
  return JSON.parse(readFileSync(new URL(`../../testkit/cases/${file}`, import.meta.url)));
}
