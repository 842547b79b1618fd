// Asks the device for a passkey. An element with data-passkey ("get" or "create") says where the challenge comes from (data-from) and into
// which field of its form the answer goes (data-field). Without this script, or where the browser has no passkeys, it stays hidden.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

const ask = async (way, from) => {
  const answer = await fetch(from, { method: "POST" });
  if (!answer.ok) throw new Error(String(answer.status));
  const { publicKey } = await answer.json();
  publicKey.challenge = bytes(publicKey.challenge);
  if (way === "create") {
    publicKey.user.id = bytes(publicKey.user.id);
    publicKey.excludeCredentials = known(publicKey.excludeCredentials);
  } else {
    publicKey.allowCredentials = known(publicKey.allowCredentials);
  }
  const { id, rawId, type, response } = await navigator.credentials[way]({ publicKey });
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].filter((part) => response[part]);
  const inner = Object.fromEntries(parts.map((part) => [part, text(response[part])]));
  if (way === "create") inner.transports = response.getTransports?.() ?? [];
  else inner.userHandle ??= null;
  return JSON.stringify({ id, rawId: text(rawId), type, response: inner, extensions: {} });
};

for (const place of window.PublicKeyCredential ? document.querySelectorAll("[data-passkey]") : []) {
  const button = place.querySelector("button");
  const form = place.closest("form");
  const show = (name, is) => (place.querySelector(`[${name}]`).hidden = !is);
  place.hidden = false;
  button.addEventListener("click", async () => {
    show("data-refused", false);
    button.setAttribute("aria-busy", "true");
    try {
      form.elements[place.dataset.field].value = await ask(place.dataset.passkey, place.dataset.from);
      const ways = form.querySelectorAll("button:not([type=button])");
      // With several ways to send the form the person chooses; with one it goes.
      if (ways.length > 1) show("data-answered", true);
      else form.requestSubmit(ways[0]);
    } catch {
      show("data-refused", true);
    }
    button.removeAttribute("aria-busy");
  });
}
