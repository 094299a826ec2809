// Shows the preview and the code for the choices as they are made, and copies the code. The page works without this.

const WAIT = 300; // Milliseconds without a change, after which the page is asked for the code.

const form = document.getElementById("choices");
const result = document.getElementById("result");
let timer = 0;
let request = null;

/** Returns the choices as the query string of the page. */
function query() {
  const fields = [...new FormData(form)].filter(([, value]) => value !== "");
  return String(new URLSearchParams(fields));
}

/** Asks the page for the code, and puts the new texts in the place of the old ones. */
async function update() {
  if (!form.checkValidity()) return;
  if (request) request.abort();
  const own = (request = new AbortController());
  const address = `${form.getAttribute("action")}?${query()}`;
  const answer = await fetch(address, { signal: own.signal, headers: { Accept: "text/html" } }).catch(() => null);
  if (own !== request) return;
  // Without a connection, sending the form says so.
  if (!answer || !answer.ok) return form.submit();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (own !== request) return;
  history.replaceState(null, "", address);
  take(page.getElementById("result"));
}

/** Takes a new result: the code as text, the preview by its attributes, and everything else as it is. */
function take(fresh) {
  const preview = result.querySelector("elverum-events");
  const wanted = fresh.querySelector("elverum-events");
  for (const { name } of [...preview.attributes]) if (!wanted.hasAttribute(name)) preview.removeAttribute(name);
  for (const { name, value } of wanted.attributes) if (preview.getAttribute(name) !== value) preview.setAttribute(name, value);
  for (const area of result.querySelectorAll("textarea")) area.value = fresh.querySelector(`#${area.id}`).value;
  for (const old of result.querySelectorAll(":scope > .form-errors")) old.remove();
  result.prepend(...fresh.querySelectorAll(":scope > .form-errors"));
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(update, WAIT);
}

/** Gives a field for a color a picker beside it. */
function addPicker(field) {
  const picker = document.createElement("input");
  picker.type = "color";
  picker.setAttribute("aria-label", field.dataset.pick);
  const follow = () => {
    const hex = /^#?([0-9a-f]{6})$/i.exec(field.value.trim());
    if (hex) picker.value = `#${hex[1]}`;
  };
  follow();
  field.addEventListener("input", follow);
  picker.addEventListener("input", () => {
    field.value = picker.value;
    later();
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

form.addEventListener("input", later);
form.addEventListener("change", later);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  update().then(() => document.getElementById("preview").scrollIntoView());
});
for (const field of form.querySelectorAll("[data-pick]")) addPicker(field);
for (const button of result.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(document.getElementById(button.dataset.copy)));
}
