// What a form lacks, as far as a page can tell; the server decides in the end. Nothing here knows the page.

// lacking are those of the names for which no field holds anything. Hidden fields are not the reader's to fill in; a fieldset is
// listed among the fields of its form and holds nothing itself.
export function lacking(names, fields) {
  const filled = new Set();
  for (const field of fields) {
    const holds = /^(checkbox|radio)$/.test(field.type) ? field.checked : Boolean(field.value?.trim());
    if (field.type !== "hidden" && holds) { filled.add(field.name); }
  }
  return names.filter((name) => !filled.has(name));
}
