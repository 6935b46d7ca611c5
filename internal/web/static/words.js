// Sentences of the catalogue that come with the page, in which scripts fill in what they know. Nothing here knows the page.

// fill puts values into {places}.
export function fill(words, values) {
  return Object.entries(values).reduce((text, [name, value]) => text.split(`{${name}}`).join(value), words);
}
