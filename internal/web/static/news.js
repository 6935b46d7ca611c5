// What news from the stream means for the page that is open. Nothing here knows the page.

// caseOf is the case of an address, null if it is no case's.
export function caseOf(path) {
  const match = /^\/cases\/([0-9a-f-]{36})(\/|$)/.exec(path);
  return match && match[1];
}

// concerns tells whether the page at a path is out of date after an item of news, what moved its case, and what is to be said.
export function concerns(item, path) {
  const here = caseOf(path);
  if (item.kind === "missed") { return { stale: true }; }
  if (here) {
    const ours = item.id === here;
    return { stale: ours || item.kind === "notice", moved: ours ? item.moved : "" };
  }
  const stale = Boolean(item.desk) || path !== "/";
  return { stale, said: stale ? item.what : "" };
}
