// Signing in with a passkey, and making one. Pages work without this: they have no button then.

const HTTP_FORBIDDEN = 403;
const HTTP_TOO_MANY = 429;

if (window.PublicKeyCredential && navigator.credentials) {
  for (const form of document.querySelectorAll("form[data-passkey]")) listen(form);
  for (const part of document.querySelectorAll("[data-passkey-part]")) show(part);
  for (const text of document.querySelectorAll("[data-without-passkeys]")) text.hidden = true;
}

/** Shows what needs passkeys. The offer is shown only where the device itself can keep one. */
async function show(part) {
  const isOffer = part.dataset.passkeyPart === "device";
  const can = PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable;
  if (isOffer && !(await can?.call(PublicKeyCredential).catch(() => false))) return;
  part.hidden = false;
}

function listen(form) {
  const button = form.querySelector("button");
  const message = form.querySelector("[data-passkey-message]");

  const say = (text, isError) => {
    message.classList.toggle("field-error", isError);
    message.textContent = text;
  };
  const named = (name) => form.querySelector(`template[data-message="${name}"]`).content.textContent;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // The button keeps the focus, so it is not disabled.
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    say(named("working"), false);
    try {
      go(await run(form));
    } catch (error) {
      if (!(error instanceof Refusal)) say(named(nameOf(error)), true);
      else if (error.next) go(error.next);
      else say(error.text ?? named(error.name), true);
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
}

/** What the server answers to a request that it refuses: a text, or else the name of one, or a page that helps. */
class Refusal extends Error {
  constructor(name, { text, next } = {}) {
    super(name);
    this.name = name;
    this.text = text;
    this.next = next;
  }
}

/** Returns the name of the text for an error of the browser (Web Authentication 5.1.3 and 5.1.4). */
function nameOf(error) {
  switch (error?.name) {
    case "NotAllowedError":
    case "AbortError":
      return "cancelled";
    case "SecurityError":
      return "insecure";
    case "InvalidStateError":
      return "exists";
    case "NotSupportedError":
    case "ConstraintError":
      return "unsupported";
    default:
      return "failed";
  }
}

/** Asks the server for a challenge, the device for an answer, and sends it. Returns the page to show. */
async function run(form) {
  const isNew = form.dataset.passkey === "create";
  const asked = await send(form.dataset.challenge, new FormData(form));
  const credential = isNew ? await create(asked) : await get(asked);
  const fields = new FormData(form);
  for (const [name, value] of Object.entries(fieldsOf(credential))) fields.set(name, text(value));
  return (await send(form.getAttribute("action"), fields)).next;
}

async function send(url, fields) {
  let answer;
  try {
    answer = await fetch(url, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { Accept: "application/json" },
    });
  } catch {
    throw new Refusal("failed");
  }
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  if (answer.status === HTTP_TOO_MANY) throw new Refusal("many");
  throw new Refusal(answer.status === HTTP_FORBIDDEN ? "expired" : "failed", body);
}

function get(asked) {
  return navigator.credentials.get({
    publicKey: {
      challenge: bytes(asked.challenge),
      rpId: asked.rp_id,
      timeout: asked.timeout,
      userVerification: "required",
    },
  });
}

function create(asked) {
  return navigator.credentials.create({
    publicKey: {
      challenge: bytes(asked.challenge),
      rp: { id: asked.rp_id, name: asked.rp_name },
      user: { id: bytes(asked.user_id), name: asked.user_name, displayName: asked.user_display_name },
      pubKeyCredParams: asked.algorithms.map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: asked.exclude.map((id) => ({ type: "public-key", id: bytes(id) })),
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      attestation: "none",
      timeout: asked.timeout,
    },
  });
}

function fieldsOf(credential) {
  const { response } = credential;
  const fields = { id: credential.rawId, client_data: response.clientDataJSON };
  if (response.attestationObject) return { ...fields, attestation: response.attestationObject };
  return {
    ...fields,
    authenticator_data: response.authenticatorData,
    signature: response.signature,
    user_handle: response.userHandle ?? new ArrayBuffer(0),
  };
}

/** Opens a page, also if only the part after `#` differs from this one. */
function go(next) {
  const url = new URL(next, location.href);
  const isHere = url.pathname === location.pathname && url.search === location.search;
  location.assign(url);
  if (isHere) location.reload();
}

/** Returns bytes as base64url without padding. */
function text(buffer) {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Returns the bytes of base64url. */
function bytes(base64url) {
  const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
