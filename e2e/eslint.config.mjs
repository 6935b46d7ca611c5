// The linter's rules, for the scripts of the pages and for those that drive a browser. Run by `make lint`.
import js from "@eslint/js";
import globals from "globals";

// Methods that came after Chromium 86, the floor of the pages. Newer syntax fails by ecmaVersion.
const tooNew = /^(at|findLast|findLastIndex|hasOwn|toSorted|toReversed|toSpliced|withResolvers|groupBy|randomUUID|structuredClone)$/;

export default [
  js.configs.recommended,
  {
    rules: {
      "arrow-body-style": "error",
      "dot-notation": "error",
      eqeqeq: "error",
      "no-shadow": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-arrow-callback": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  {
    files: ["internal/web/static/*.js"],
    languageOptions: { ecmaVersion: 2021, globals: { ...globals.browser, htmx: "readonly", Idiomorph: "readonly" } },
    rules: {
      "no-restricted-syntax": ["error", { selector: `CallExpression[callee.property.name=${tooNew}]`, message: "Chromium 86 does not have it." },
        { selector: `CallExpression[callee.name=${tooNew}]`, message: "Chromium 86 does not have it." }],
    },
  },
  { files: ["internal/web/scripts_test/*.js"], languageOptions: { globals: globals.node } },
  { files: ["e2e/*.mjs"], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
];
