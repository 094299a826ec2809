// Sends the requests of the page about the API and shows the responses. The page is complete without this.

for (const form of document.querySelectorAll(".api-try")) {
  for (const hidden of form.querySelectorAll("button, .api-key")) hidden.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}
open();
addEventListener("hashchange", open);

/** Opens the operation or schema that the address names. */
function open() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}

/** Returns the address and the header fields that a form's fields say. Empty fields are left out. */
function read(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  const headers = new Headers();
  for (const field of form.querySelectorAll("[data-in]")) {
    const chosen = field.multiple ? Array.from(field.selectedOptions, (option) => option.value) : [field.value.trim()];
    const [value = ""] = chosen;
    const place = field.dataset.in;
    if (place === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(value));
    else if (!value) continue;
    else if (place === "query") for (const each of chosen) query.append(field.name, each);
    else if (place === "header") headers.set(field.name, value);
    else if (place === "key") headers.set("Authorization", `Bearer ${value}`);
  }
  const text = query.toString();
  return { address: text ? `${path}?${text}` : path, headers };
}

async function send(form) {
  const answer = form.querySelector(".api-answer");
  const { address, headers } = read(form);
  const body = form.querySelector("textarea");
  if (body) headers.set("Content-Type", body.dataset.mediaType);
  const { method } = form.dataset;
  answer.hidden = false;
  try {
    const response = await fetch(address, { method, headers, body: body?.value, cache: "no-store" });
    const text = await response.text();
    show(answer, `${method} ${address}: ${response.status}`, fields(response), pretty(text));
  } catch {
    show(answer, `${method} ${address}`, "", answer.dataset.failed);
  }
}

/** Returns the header fields that a client needs. */
function fields(response) {
  const names = ["Content-Type", "ETag", "Last-Modified", "Link", "RateLimit", "RateLimit-Policy", "Retry-After"];
  const present = names.filter((name) => response.headers.has(name));
  return present.map((name) => `${name}: ${response.headers.get(name)}`).join("\n");
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function show(answer, heading, ...texts) {
  const title = document.createElement("h3");
  title.textContent = heading;
  const blocks = texts.filter(Boolean).map((text) => {
    const block = document.createElement("pre");
    block.tabIndex = 0;
    block.textContent = text;
    return block;
  });
  answer.replaceChildren(title, ...blocks);
}
