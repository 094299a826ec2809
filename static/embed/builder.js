// Shows the preview and the code for the choices as they are made, and copies the code. The page works without this.

const WAIT = 300; // Milliseconds without a change, after which the page is asked for the code.
const SLOW = 1000; // Milliseconds after which the page says that it waits.
const PATIENCE = 20000; // Milliseconds that a response may take.
const COLOR = /^(#?([0-9a-f]{3}|[0-9a-f]{6}))?$/i;

const form = document.getElementById("choices");
const result = document.getElementById("result");
const state = result.querySelector(".update-state");
let timer = 0;
let request = null;

/** Returns the choices as the query string of the page. */
function query() {
  const fields = [...new FormData(form)].filter(([, value]) => value !== "");
  return String(new URLSearchParams(fields));
}

/** Returns the page of an address, or nothing if it does not come. */
async function load(address, signal) {
  try {
    const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
    const page = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
    // Networks with a page of their own answer everything.
    return page && page.getElementById("result") && page;
  } catch {
    return null;
  }
}

/** Asks the page for the code, and shows it. Returns false if the choices have changed meanwhile. */
async function update() {
  clearTimeout(timer);
  if (request) request.abort();
  const own = (request = new AbortController());
  const slow = setTimeout(() => say(state.dataset.loading), SLOW);
  const patience = setTimeout(() => own.abort(), PATIENCE);
  const address = `${form.getAttribute("action")}?${query()}`;
  const page = await load(address, own.signal);
  clearTimeout(slow);
  clearTimeout(patience);
  if (own !== request) return false;
  say(page ? "" : state.dataset.failed);
  state.classList.toggle("failed", !page);
  if (page) {
    history.replaceState(null, "", address);
    take(page);
  } else {
    // It would be that of earlier choices.
    result.querySelector(".codes").hidden = true;
  }
  return true;
}

function say(text) {
  if (state.textContent !== text) state.textContent = text;
}

/** Takes a new page: the errors of fields, the preview by its attributes, and the code. */
function take(page) {
  for (const note of form.querySelectorAll(".field-error")) {
    const { hidden, textContent } = page.getElementById(note.id);
    Object.assign(note, { hidden, textContent });
    const field = form.querySelector(`[aria-describedby~="${note.id}"]`);
    field.toggleAttribute("aria-invalid", false);
    if (!hidden) field.setAttribute("aria-invalid", "true");
  }
  const told = result.querySelector(".told");
  const fresh = page.querySelector("#result .told");
  // The same again would be read out again.
  if (told.textContent !== fresh.textContent) told.replaceChildren(...fresh.childNodes);
  const preview = result.querySelector("elverum-events");
  const wanted = page.querySelector("elverum-events");
  for (const { name } of [...preview.attributes]) if (!wanted.hasAttribute(name)) preview.removeAttribute(name);
  for (const { name, value } of wanted.attributes) if (preview.getAttribute(name) !== value) preview.setAttribute(name, value);
  takeCode(page.querySelector("#result .codes"));
}

/** Takes the new code, as text in the place of the old one, which keeps the focus. */
function takeCode(fresh) {
  const codes = result.querySelector(".codes");
  const areas = codes.querySelectorAll("textarea");
  if (fresh.hidden) {
    codes.hidden = true;
  } else if (areas.length > 0) {
    for (const area of areas) area.value = fresh.querySelector(`#${area.id}`).value;
    codes.hidden = false;
  } else {
    codes.replaceWith(fresh);
    offerCopies();
  }
}

/** Asks for the code once nothing is typed any more. A color is wrong only once its field is left. */
function later({ type, target }) {
  clearTimeout(timer);
  const isUnfinished = type === "input" && target.dataset.pick && !COLOR.test(target.value.trim());
  if (!isUnfinished) timer = setTimeout(update, WAIT);
}

/** Gives a field for a color a picker beside it. */
function addPicker(field) {
  const picker = document.createElement("input");
  picker.type = "color";
  picker.setAttribute("aria-label", field.dataset.pick);
  const follow = () => {
    const hex = /^#?([0-9a-f]{6})$/i.exec(field.value.trim());
    if (hex) picker.value = `#${hex[1]}`;
    picker.classList.toggle("unset", !hex);
  };
  follow();
  field.addEventListener("input", follow);
  picker.addEventListener("input", () => {
    field.value = picker.value;
    follow();
  });
  field.parentElement.after(picker);
}

/** Copies the code of a text area, or selects it where that is not permitted. */
async function copy(area) {
  const state = result.querySelector(".copy-state");
  state.textContent = "";
  try {
    await navigator.clipboard.writeText(area.value);
    state.textContent = state.dataset.copied;
  } catch {
    area.focus();
    area.select();
    state.textContent = state.dataset.selected;
  }
}

function offerCopies() {
  for (const button of result.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(document.getElementById(button.dataset.copy)));
  }
}

form.addEventListener("input", later);
form.addEventListener("change", later);
// The page says what is wrong, in its own words.
form.noValidate = true;
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!(await update())) return;
  const first = [state, result.querySelector(".told"), document.getElementById("preview")].find((it) => it.textContent.trim());
  first.scrollIntoView();
});
addEventListener("online", () => state.classList.contains("failed") && update());
for (const field of form.querySelectorAll("[data-pick]")) addPicker(field);
offerCopies();
