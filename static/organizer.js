// The form of an event saves itself, asks for likely duplicates, and keeps what is typed. Every page works without this.

const WAIT = 2500; // Milliseconds without typing, after which the form is saved.
const LONGEST = 15000; // Milliseconds of typing, after which it is saved anyway.
const RETRY = 10000; // Milliseconds until the next attempt.
const ASK = 600; // Milliseconds without typing, after which duplicates are looked for.
const IN_FLIGHT = 5000; // Milliseconds that sending the form waits for a save.

const form = document.getElementById("event-form");

// Screen readers announce the errors, and the keyboard begins there.
document.querySelector(".form-errors")?.focus();

if (form) {
  keepSaved(form);
  addRows(form);
  findSimilar(form);
}
fillReplies();
listenToKeys();

/** Returns the fields of a form as a browser sends them. */
function fieldsOf(form) {
  return new URLSearchParams(new FormData(form));
}

/** Saves a form while it is filled in, and warns before unsaved fields are left. */
function keepSaved(form) {
  const url = form.dataset.autosave;
  const state = document.getElementById("save-state");
  let saved = String(fieldsOf(form));
  let sending = null;
  let timer = 0;
  let since = 0;
  let isStopped = !url;
  let isLeaving = false;

  const isUnsaved = () => String(fieldsOf(form)) !== saved;

  /** Shows a text of the page or the server. The same text is not announced twice. */
  function show(name, text = state.querySelector(`template[data-state="${name}"]`).content.cloneNode(true)) {
    const isSame = state.dataset.shown === name && (name !== "saved" || state.innerText === text);
    state.dataset.shown = name;
    if (isSame) return;
    for (const it of [...state.childNodes]) if (it.nodeName !== "TEMPLATE") it.remove();
    state.append(text);
  }

  function later(wait) {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(save, wait);
  }

  function changed() {
    if (isLeaving || !isUnsaved()) return;
    since ||= Date.now();
    later(Math.max(0, Math.min(WAIT, since + LONGEST - Date.now())));
  }

  function save() {
    if (sending || isLeaving || isStopped || !isUnsaved()) return;
    sending = send().finally(() => {
      sending = null;
      if (!isLeaving && isUnsaved() && !isStopped) later(state.dataset.shown === "saved" ? WAIT : RETRY);
    });
  }

  async function send() {
    const fields = fieldsOf(form);
    let answer;
    try {
      answer = await fetch(url, {
        method: "POST",
        body: fields,
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(RETRY),
      });
    } catch {
      show("offline");
      return;
    }
    if (answer.ok) {
      accept(fields, await answer.json());
    } else if (answer.status === 403) {
      await renew();
    } else if (answer.status === 409) {
      isStopped = true;
      show("changed");
    } else if (answer.status === 429 || answer.status >= 500) {
      show("offline");
    } else {
      isStopped = true;
      show("failed");
    }
  }

  /** Goes on from a saved form. */
  function accept(fields, answer) {
    for (const name of ["submission", "revision"]) {
      form.elements[name].value = answer[name];
      fields.set(name, answer[name]);
    }
    // The buttons are called `action`, too.
    form.setAttribute("action", answer.action);
    // A reload shows the draft.
    if (location.pathname !== answer.action) history.replaceState(null, "", answer.action);
    saved = String(fields);
    since = 0;
    show("saved", answer.text);
    refreshDates();
  }

  /** Shows the next dates of a repetition as they are after a save. */
  async function refreshDates() {
    const dates = form.querySelector("#dates[open]");
    const isRepeated = form.elements.pattern?.value === "repeated" || form.elements.repetition?.value.trim();
    if (!dates || !isRepeated) return;
    const page = await fetch(form.getAttribute("action"), { headers: { Accept: "text/html" } }).catch(() => null);
    if (!page?.ok || page.redirected) return;
    const html = new DOMParser().parseFromString(await page.text(), "text/html");
    const fresh = html.querySelector("[data-dates]");
    const old = dates.querySelector("[data-dates]");
    if (!fresh || !old || old.contains(document.activeElement) || old.innerHTML === fresh.innerHTML) return;
    const wasSaved = !isUnsaved();
    old.replaceWith(fresh);
    if (wasSaved) saved = String(fieldsOf(form));
  }

  /** Takes the token of a new session, if there is one; otherwise says how to sign in. */
  async function renew() {
    const page = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!page) return show("offline");
    const token = page.ok && !page.redirected ? tokenIn(await page.text()) : null;
    if (!token || token === form.elements.token.value) return show("signed-out");
    for (const field of document.querySelectorAll("input[name=token]")) field.value = token;
    await send();
  }

  function tokenIn(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    return page.querySelector("#event-form input[name=token]")?.value;
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("rowadded", changed);
  addEventListener("online", () => later(0));
  document.addEventListener("visibilitychange", () => {
    if (isUnsaved()) later(0);
  });
  form.addEventListener("submit", (event) => {
    isLeaving = true;
    clearTimeout(timer);
    if (!sending) return;
    // A save that is under way must not arrive after the form itself.
    event.preventDefault();
    const done = new Promise((resolve) => setTimeout(resolve, IN_FLIGHT));
    Promise.race([sending, done]).then(() => {
      sending = null;
      form.requestSubmit(event.submitter);
    });
  });
  // The browser shows the page as it was left.
  addEventListener("pageshow", () => (isLeaving = false));
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && isUnsaved()) event.preventDefault();
  });
  // Browsers restore what was typed before a reload.
  setTimeout(changed, WAIT);
}

/** Adds rows to tables without loading the page again. */
function addRows(form) {
  for (const button of form.querySelectorAll("button[data-add-row]")) {
    button.addEventListener("click", (event) => {
      const table = document.getElementById(button.dataset.addRow)?.querySelector("table.rows tbody");
      const last = table?.lastElementChild;
      if (!last) return;
      event.preventDefault();
      const number = table.children.length;
      const row = last.cloneNode(true);
      for (const note of row.querySelectorAll(".field-error, .asked")) note.remove();
      for (const field of row.querySelectorAll("input, select")) {
        field.value = "";
        if (field.id) field.id = field.id.replace(/-\d+$/, `-${number}`);
        const label = field.getAttribute("aria-label");
        if (label) field.setAttribute("aria-label", label.replace(/\d+$/, number + 1));
        for (const name of ["aria-describedby", "aria-invalid"]) field.removeAttribute(name);
      }
      table.append(row);
      row.querySelector("input:not([type=hidden])").focus();
      form.dispatchEvent(new Event("rowadded"));
    });
  }
}

/** Looks for likely duplicates while title, time and place are typed. */
function findSimilar(form) {
  const place = document.getElementById("similar");
  if (!place?.dataset.url) return;
  const asked = ["title", "title_nn", "title_en", "date", "start_time", "hours", "place", "place_name"];
  let timer = 0;
  let running = null;

  async function ask() {
    running?.abort();
    const isWorthIt = ["title", "place_name"].some((name) => form.elements[name]?.value.trim().length >= 3);
    if (!isWorthIt) return;
    running = new AbortController();
    const options = { method: "POST", body: fieldsOf(form), signal: running.signal };
    const answer = await fetch(place.dataset.url, options).catch(() => null);
    if (answer?.status !== 200 || answer.redirected) return;
    const html = await answer.text();
    if (place.innerHTML !== html && !place.contains(document.activeElement)) place.innerHTML = html;
  }

  const typed = (event) => {
    if (!asked.includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(ask, ASK);
  };
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
}

/** Fills in the text of a reply template without loading the page again. */
function fillReplies() {
  for (const button of document.querySelectorAll("button[data-fills]")) {
    button.addEventListener("click", (event) => {
      const field = document.getElementById(button.dataset.fills);
      if (!field) return;
      event.preventDefault();
      const text = button.dataset.text;
      if (!field.value.includes(text)) field.value = `${field.value.trimEnd()}\n${text}`.trim();
      field.focus();
    });
  }
}

/** Editors' keys: j and k for the next and previous submission, a for the button that approves. They can be off. */
function listenToKeys() {
  const box = document.getElementById("use-keys");
  if (!box) return;
  const stored = "editor-keys";
  const isOn = () => localStorage.getItem(stored) !== "off";
  box.checked = isOn();
  box.closest("[hidden]")?.removeAttribute("hidden");
  box.addEventListener("change", () => localStorage.setItem(stored, box.checked ? "on" : "off"));

  const rows = () => [...document.querySelectorAll("[data-queue] > li")];
  const first = (row) => row.querySelector("a, button");

  function move(step) {
    const link = document.querySelector(step > 0 ? "a[rel=next]" : "a[rel=prev]");
    if (link) return link.click();
    const all = rows();
    const here = all.findIndex((row) => row.contains(document.activeElement));
    const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step;
    if (all[next]) first(all[next])?.focus();
  }

  addEventListener("keydown", (event) => {
    if (!isOn() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "a") document.getElementById("approve")?.focus();
    else return;
    event.preventDefault();
  });
}
