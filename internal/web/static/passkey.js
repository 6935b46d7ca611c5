// Passkeys: what the server asks stands on the element beside which the button is; what the browser answers goes into the form, and the form is sent.

import { ready } from "./core.js";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const ids = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

async function use(asked) {
  const key = await navigator.credentials.get({ publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: ids(asked.allowCredentials) } });
  const { clientDataJSON, authenticatorData, signature, userHandle } = key.response;
  return {
    id: key.id, rawId: text(key.rawId), type: key.type,
    response: {
      clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature),
      ...(userHandle ? { userHandle: text(userHandle) } : {}),
    },
  };
}

async function make(asked) {
  const key = await navigator.credentials.create({
    publicKey: {
      ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) }, excludeCredentials: ids(asked.excludeCredentials),
    },
  });
  const { clientDataJSON, attestationObject } = key.response;
  return { id: key.id, rawId: text(key.rawId), type: key.type, response: { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) } };
}

async function press(place) {
  const form = place.closest("form");
  const failed = form.querySelector("[data-passkey-failed]");
  const asked = JSON.parse(place.dataset.asked);
  const making = place.dataset.passkey === "make";
  failed.hidden = true;
  try {
    form.elements[making ? "second_made" : "second_passkey"].value = JSON.stringify(making ? await make(asked) : await use(asked));
  } catch {
    failed.hidden = false; // the owner said no, took too long, or the key is not here
    return;
  }
  form.requestSubmit();
}

ready((part) => {
  if (!window.PublicKeyCredential) { return; }
  part.querySelectorAll("[data-passkey]").forEach((place) => {
    place.hidden = false;
    const none = place.closest("form").querySelector("[data-passkey-none]");
    if (none) { none.hidden = true; }
    const button = place.querySelector("button");
    if (button.dataset.wired) { return; }
    button.dataset.wired = "1";
    button.addEventListener("click", () => press(place));
  });
});
