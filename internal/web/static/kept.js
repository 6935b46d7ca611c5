// What this computer keeps of what was typed, and what is done with it later. Nothing here knows the page.

const DAYS = 30 * 24 * 3600 * 1000;

// expired reports whether an entry has been kept long enough.
export function expired(entry, now) { return now - entry.at > DAYS; }

// grouped makes an object of the pairs of names and values that a form sends: by name, its values.
export function grouped(pairs) {
  const values = {};
  for (const [name, value] of pairs) { (values[name] = values[name] || []).push(value); }
  return values;
}

// The form's own: what they hold says nothing of what somebody typed.
const OWN = /^(action_id|base_seq|base_version|rev|tab|seq|links_in)$/;

// same reports whether a form holds what was kept of it. Fields that it has no more are left aside.
export function same(kept, now, known) {
  return Object.keys(kept).every((name) => OWN.test(name) || name === "link" || !known(name) || kept[name][0] === (now[name] || [""])[0]) &&
    (kept.link || []).join() === (now.link || []).join();
}

// restorable are the names of the fields that are given back as they were kept: text and links come back by another way.
export function restorable(kept) {
  return Object.keys(kept).filter((name) => !/^(action_id|base_seq|tab|seq|links_in|link|body)$/.test(name));
}
