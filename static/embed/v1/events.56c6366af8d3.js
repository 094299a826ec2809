// <elverum-events>: a calendar's events on any page. docs/embedding.md describes its attributes, parts and properties.
// The server puts in the style sheet and the texts, and computes the hash for `integrity`.
(() => {
  "use strict";
  const NAME = "elverum-events";
  if (customElements.get(NAME) || !("adoptedStyleSheets" in Document.prototype)) return;

  const TEXTS = {"en":{"address":"This is not the address of a calendar. Write it like this:","failed":"The calendar is not responding as it should.","loading":"Loading events …","offline":"The calendar cannot be reached.","old":"The events below may have changed. We will try again shortly.","retry":"Try again","settings":"The events cannot be shown, because a setting on this page is wrong:","waiting":"We will try again shortly."},"nb":{"address":"Dette er ikke adressen til en kalender. Skriv den slik:","failed":"Kalenderen svarer ikke som den skal.","loading":"Henter arrangementene …","offline":"Vi får ikke kontakt med kalenderen.","old":"Arrangementene under kan være endret. Vi prøver igjen om litt.","retry":"Prøv igjen","settings":"Arrangementene kan ikke vises, fordi noe er feil i innstillingene på denne siden:","waiting":"Vi prøver igjen om litt."}};
  const LOOK = ["scheme", "accent", "background", "text"];
  const PASSED = ["layout", "limit"];
  const FRESH = 15 * 60000;
  const PATIENCE = 20000;
  const RETRY = [5000, 15000, 60000, 300000];
  const HERE = document.currentScript && document.currentScript.src.split("/embed/")[0];
  const sheetOf = (text, view = globalThis) => {
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  };
  const RULES = ":host{display:block;flex:1 1 auto;min-width:0}:host([hidden]){display:none}::slotted(a){display:inline-block;min-height:24px}" + "/* Events on pages of other sites: the component in its shadow tree, and the page in a frame.Sites theme it by the custom properties that begin with --events-. */.events {all: initial; display: block; container-type: inline-size; contain-intrinsic-inline-size: 288px; color-scheme: inherit;--text-color: var(--events-text, #15211b);--back: var(--events-background, #fff);--accent: var(--events-accent, #174a36);--changed: var(--events-changed, #9d2118);--soft: var(--text-color); --line: var(--text-color); --tint: var(--back);padding: var(--events-padding, 0.25em);background: var(--back); color: var(--text-color);font-family: var(--events-font, inherit); font-size: var(--events-font-size, clamp(14px, 1em, 22px)); line-height: 1.45;font-variant-numeric: lining-nums; overflow-wrap: anywhere;}@supports (color: light-dark(#000, #fff)) {.events {--text-color: var(--events-text, light-dark(#15211b, #eef0e8));--back: var(--events-background, light-dark(#fff, #0f1612));--accent: var(--events-accent, light-dark(#174a36, #a5d6ba));--changed: var(--events-changed, light-dark(#9d2118, #ff9f8c));}}@supports (color: color-mix(in srgb, #000 50%, #fff)) {.events {--soft: color-mix(in srgb, var(--text-color) 80%, var(--back));--line: color-mix(in srgb, var(--text-color) 18%, var(--back));--tint: color-mix(in srgb, var(--accent) 9%, var(--back));}}.events, .events * { box-sizing: border-box; }.events :is(h1, h2, h3, h4, h5, h6, p, ul, ol) { margin: 0; padding: 0; list-style: none; }.events a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 0.2em; }.events a:hover { text-decoration-thickness: 2px; }.events :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }.events [hidden] { display: none; }.events .unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }.events[aria-busy=\"true\"] .body { opacity: 0.6; }/* States */.events .state { color: var(--soft); padding-block: 0.5em; }.events .state ul { padding-block: 0.5em; }.events .state code { font: 0.95em ui-monospace, \"Cascadia Mono\", Menlo, \"Liberation Mono\", monospace; }.events .failed { color: var(--text-color); border-left: 4px solid var(--changed); padding-left: 0.9em; }.events .empty { border: 2px dashed var(--line); border-radius: var(--events-radius, 3px); padding: 1.25em; }.events .empty strong { display: block; font-size: 1.2em; color: var(--accent); }.events button, .events .turn a {display: inline-flex; align-items: center; min-height: 2.75em; padding: 0.4em 1em; cursor: pointer;font: inherit; font-weight: 700; color: var(--accent); background: none; text-decoration: none;border: 2px solid var(--accent); border-radius: var(--events-radius, 3px);}.events :is(button, .turn a):hover { background: var(--tint); }/* Dates and events */.events .heading { font-size: 1.45em; font-weight: 800; line-height: 1.15; letter-spacing: -0.015em; color: var(--accent); padding: 0.6em 0 0.35em; }.events .group > .heading { border-bottom: 3px solid var(--accent); }.events .date > [aria-hidden] { display: grid; justify-items: start; line-height: 1; color: var(--soft); font-variant-numeric: tabular-nums lining-nums; }.events .number { font-size: 2.3em; font-weight: 800; letter-spacing: -0.04em; color: var(--accent); padding: 0.08em 0 0.12em; }.events .day { display: grid; grid-template-columns: 4.5em minmax(0, 1fr); gap: 0 1em; padding-block: 0.9em; border-bottom: 1px solid var(--line); }.events .day .further { grid-column: 2; padding-top: 0.5em; }.events .event + .event { border-top: 1px solid var(--line); margin-top: 0.8em; padding-top: 0.8em; }.events .title { font-size: 1.15em; font-weight: 700; line-height: 1.25; }.events :is(.title, .entry) { hyphens: auto; hyphenate-limit-chars: 12 4 4; }.events .title a { display: inline-block; min-height: 24px; text-decoration: none; }.events .title a:hover { text-decoration: underline; }.events .is-cancelled .title a { text-decoration: line-through; color: var(--soft); }.events :is(.time, .place, .credit) { color: var(--soft); }.events .credits { padding-top: 0.75em; }.events .credit { font-size: 0.9em; }.events .credit a { display: inline-block; min-height: 24px; }.events :is(.status, .places) { margin-top: 0.25em; color: var(--soft); }.events :is(.status, .places) strong { display: inline-block; padding: 0 0.5em; color: var(--changed); border: 1px solid; border-radius: 2px; font-weight: 700; }.events .places strong { color: var(--text-color); }.events .summary { margin-top: 0.25em; max-width: 40em; }.events .tentative-only .number { font-weight: 300; }.events .today { font-weight: 700; color: var(--accent); font-size: 0.9em; }.events .all { padding-top: 1em; font-weight: 700; }.events .all a, .events .narrow .further { display: inline-block; min-height: 24px; }/* Cards */.events .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18em), 1fr)); gap: 1em; padding-top: 1em; }.events .card { display: flex; gap: 1em; padding: 1em; border: 1px solid var(--line); border-top: 4px solid var(--accent); border-radius: var(--events-radius, 3px); }.events .card .date { flex: none; width: 3.4em; }.events .card .event { min-width: 0; flex: 1; }/* One event */.events .single { padding: 1em; border: 1px solid var(--line); border-top: 4px solid var(--accent); border-radius: var(--events-radius, 3px); }.events .single .title { font-size: 1.45em; }.events .single .time { font-weight: 700; color: var(--text-color); }/* A month: a table where there is room for it, otherwise a list */.events .turn { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.5em 1em; }.events .turn .heading { flex: 1; text-align: center; padding-block: 0.35em; }.events table { width: 100%; border-collapse: collapse; table-layout: fixed; margin-top: 0.5em; }.events :is(th, td) { border: 1px solid var(--line); padding: 0.25em; text-align: start; vertical-align: top; }.events th { border: 0; font-weight: 400; color: var(--soft); }.events td { height: 5.5em; }.events td.outside { background: var(--tint); }.events td .number { display: inline-block; min-width: 1.6em; font-size: 1em; letter-spacing: 0; padding: 0.15em 0.3em; text-align: center; }.events td.outside .number { font-weight: 400; color: var(--soft); }.events td.is-today .number { background: var(--accent); color: var(--back); border-radius: 2px; }.events td :is(.entry, .further) { display: block; min-height: 24px; font-size: 0.8em; line-height: 1.3; padding-block: 0.25em; text-decoration: none; }.events td a:hover { text-decoration: underline; }.events td li + li { border-top: 1px solid var(--line); }.events td .entry i { font-style: normal; color: var(--soft); display: block; }.events td .is-cancelled .entry { text-decoration: line-through; }.events td .mark { color: var(--changed); font-size: 0.8em; font-weight: 700; display: block; }@container (max-width: 420px) {.events .day { grid-template-columns: 3.4em minmax(0, 1fr); }.events .card { gap: 0.75em; padding: 0.8em; }.events :is(.day, .cards) .title { font-size: 1.05em; }}@container not (min-width: 45em) { .events :is(table, .credits) { display: none; } }@container (min-width: 45em) { .events .narrow { display: none; } }@media (forced-colors: active) { .events td.is-today .number { border: 2px solid; } }";
  const STYLE = sheetOf(RULES);

  function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value) element.setAttribute(name, value);
    element.append(...children.flat().filter(Boolean));
    return element;
  }
  const named = (tag, name, ...children) => children.flat().some(Boolean) && el(tag, { class: name, part: name }, ...children);
  const link = (url, text, attributes) =>
    /^https?:/i.test(url) ? el("a", { href: url, part: "link", ...attributes }, text) : el("span", attributes, text);
  const creditsOf = (credits = []) => credits.map((credit) => named("p", "credit", link(credit.url, credit.text)));
  const read = (address) => {
    try {
      return new URL(address, document.baseURI);
    } catch {}
  };
  const both = (shown, read) => [el("span", { "aria-hidden": "true" }, shown), el("span", { class: "unseen" }, read)];

  function dateBlock(date) {
    return el("time", { class: "date", part: "date", datetime: date.iso },
      el("span", { class: "unseen" }, date.full),
      el("span", { "aria-hidden": "true" },
        named("span", "weekday", date.weekday), named("span", "number", date.day), named("span", "month-name", date.month)));
  }

  function eventBlock(event, tag = "div") {
    return el(tag, { class: "event" + (event.status ? " is-" + event.status.kind : ""), part: "event" },
      named("p", "title", link(event.url, event.title, { lang: event.lang })),
      named("p", "time", event.time),
      event.status && named("p", "status", el("strong", {}, event.status.label), event.status.detail && " " + event.status.detail),
      event.places_left && named("p", "places", el("strong", {}, event.places_left)),
      named("p", "place", event.place),
      event.summary && el("p", { class: "summary", part: "summary", lang: event.summary.lang }, event.summary.text),
      creditsOf(event.credits));
  }

  function listOf(days) {
    return el("ol", {}, days.map((day) => el("li", { class: "day" + (day.tentative ? " tentative-only" : ""), part: "day" },
      el("div", {}, dateBlock(day.date), named("p", "today", day.today)),
      el("ul", {}, day.events.map((event) => eventBlock(event, "li"))),
      day.more && named("p", "further", link(day.more.url, day.more.text, { "aria-label": day.more.label })))));
  }

  const cardsOf = (days) => el("ul", { class: "cards" }, days.flatMap((day) => day.events.map((event) =>
    el("li", { class: "card" + (day.tentative ? " tentative-only" : ""), part: "card" }, dateBlock(day.date), eventBlock(event)))));

  function cell(day) {
    const entry = (event) => el("li", { class: event.status && "is-" + event.status.kind },
      link(event.url, [event.hours && el("i", {}, event.hours), event.title], { class: "entry", lang: event.lang }),
      event.status && el("span", { class: "mark" }, event.status.label));
    return el("td", { class: [day.outside && "outside", day.today && "is-today"].filter(Boolean).join(" "), part: "cell" },
      el("time", { datetime: day.date.iso }, el("span", { class: "unseen" }, day.date.full),
        el("span", { class: "number", "aria-hidden": "true" }, day.date.day)),
      day.events.length > 0 && el("ul", {}, day.events.map(entry)),
      day.more && link(day.more.url, day.more.text, { class: "further", "aria-label": day.more.label }));
  }

  function monthOf(month, tag, turn) {
    const button = (to, name, arrow) => {
      const made = el("button", { type: "button", part: "button", name, "aria-label": to && to.label }, arrow);
      made.disabled = !to;
      made.addEventListener("click", () => turn(to.month));
      return made;
    };
    const head = el("tr", {}, month.weekdays.map((day) => el("th", { scope: "col" }, both(day.short, day.full))));
    const rows = month.weeks.map((week) => el("tr", {}, week.map(cell)));
    const table = el("table", { part: "table" }, el("caption", { class: "unseen" }, month.title), el("thead", {}, head), el("tbody", {}, rows));
    const list = listOf(month.list);
    list.className = "narrow";
    const heading = el(tag, { class: "heading", part: "heading" }, month.title);
    return [el("div", { class: "turn" }, button(month.previous, "previous", "←"), heading, button(month.next, "next", "→")), table,
      named("div", "credits", creditsOf(month.credits)), list];
  }

  class ElverumEvents extends HTMLElement {
    static observedAttributes = ["src", "filter", "lang", ...PASSED, ...LOOK];
    #box = el("div", { class: "events", part: "events" });
    #state = el("div", { class: "state", part: "state", role: "status" });
    #retry = el("button", { type: "button", part: "button", hidden: "hidden" });
    #body = el("div", { class: "body" });
    #links = el("slot", {});
    #month = ""; #shown = ""; #key = ""; #fetched = 0; #failures = 0; #timer = 0; #planned = false;
    #due = null;
    #request = null; #listening = null;

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [STYLE];
      this.#box.append(this.#state, this.#retry, this.#body, this.#links);
      root.append(this.#box);
      this.#retry.addEventListener("click", () => this.#load());
    }

    connectedCallback() {
      const signal = (this.#listening = new AbortController()).signal;
      addEventListener("online", () => this.#failures && this.#refresh(), { signal });
      this.ownerDocument.addEventListener("visibilitychange", () => this.#refresh(), { signal });
      this.#plan();
    }

    disconnectedCallback() {
      this.#listening.abort();
      clearTimeout(this.#timer);
      if (this.#request) this.#request.abort();
      this.#request = null;
    }

    attributeChangedCallback(name, before, after) {
      if (before === after || !this.isConnected) return;
      this.#month = "";
      this.#plan();
    }

    #plan() {
      if (this.#planned) return;
      this.#planned = true;
      queueMicrotask(() => {
        this.#planned = false;
        if (this.isConnected) this.#load();
      });
    }

    #refresh() {
      const isOld = Date.now() - this.#fetched >= FRESH;
      if (!this.ownerDocument.hidden && this.#due !== false && (this.#due || isOld || this.#failures)) this.#load();
    }

    #later(wait) {
      clearTimeout(this.#timer);
      if (this.isConnected) this.#timer = setTimeout(() => { this.#due = true; this.#refresh(); }, wait);
    }

    #lang(addressed) {
      let around;
      for (let node = this; node && !around; node = node.getRootNode().host) around = node.closest("[lang]");
      const given = this.lang || addressed || (around && around.lang) || "nb";
      const tag = given.toLowerCase().split("-")[0];
      return tag === "no" ? "nb" : /^n[bn]$/.test(tag) ? tag : "en";
    }

    #address() {
      const given = (name) => (this.getAttribute(name) || "").trim();
      const src = given("src") || HERE || "/";
      const isAddress = (text) => /^(https?:\/)?\//i.test(text);
      const url = isAddress(src) && read(src);
      if (!url || url.username + url.password) return [null, this.#lang()];
      const parts = (pathname) => /^(.*?)(?:\/(nb|nn|en))?(?:\/embed)?\/*$/.exec(pathname);
      const [, path, lang] = parts(url.pathname);
      let filter = (given("filter") || url.search).replace(/#.*/, "").replace(/^[^?=&]*\?/, "");
      if (isAddress(filter) && parts(read(filter)?.pathname)[1] === path) filter = "";
      const query = new URLSearchParams(filter);
      for (const name of PASSED) if (this.hasAttribute(name)) query.set(name, this.getAttribute(name));
      for (const name of [...LOOK, "page_from", "page_to"]) query.delete(name);
      query.set("lang", this.#lang(lang));
      if (this.#month) query.set("month", this.#month);
      url.hash = "";
      url.search = query;
      url.pathname = path + "/embed/events.json";
      const isOther = HERE && url.href.startsWith(HERE + "/") && !url.href.startsWith(HERE + "/embed/events.json");
      return [isOther ? null : url, query.get("lang")];
    }

    #paint() {
      const rule = LOOK.slice(1).map((name) => {
        const hex = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec((this.getAttribute(name) || "").trim());
        return hex ? `--events-${name}:#${hex[1]};` : "";
      });
      const scheme = { light: "light", dark: "dark", auto: "light dark" }[this.getAttribute("scheme")];
      if (scheme) rule.push(`color-scheme:${scheme}`);
      const view = this.ownerDocument.defaultView;
      if (!view) return;
      const own = sheetOf(`.events{${rule.join("")}}`, view);
      this.shadowRoot.adoptedStyleSheets = [view === globalThis ? STYLE : sheetOf(RULES, view), own];
    }

    async #load() {
      const [url, lang] = this.#address();
      const texts = TEXTS[lang] || TEXTS.nb;
      if (this.#request) this.#request.abort();
      clearTimeout(this.#timer);
      this.#due = null;
      const request = (this.#request = new AbortController());
      this.#paint();
      this.#box.setAttribute("aria-busy", Boolean(url));
      if (!url) return this.#misdirect(texts);
      const patience = setTimeout(() => request.abort("slow"), PATIENCE);
      let answer, body;
      if (!this.#shown && !this.#failures) this.#say(texts.loading);
      try {
        const cache = this.#fetched ? "no-cache" : "default";
        answer = await fetch(url, { signal: request.signal, credentials: "omit", cache, headers: { Accept: "application/json" } });
        body = await answer.text();
      } catch {
        answer = null;
      }
      clearTimeout(patience);
      if (request !== this.#request || !this.isConnected) return;
      this.#box.removeAttribute("aria-busy");
      try {
        if (answer && answer.ok) this.#show(JSON.parse(body), body, String(url));
        else if (answer && answer.status === 400) this.#refuse(texts, JSON.parse(body).errors || []);
        else if (answer && answer.status === 404 && !this.#stays(url)) this.#misdirect(texts);
        else this.#fail(texts, url, answer);
      } catch {
        this.#fail(texts, url, answer);
      }
    }

    #show(view, body, key) {
      const active = this.shadowRoot.activeElement;
      const isSame = this.#shown === body;
      const content = isSame || this.#content(view);
      this.#fetched = Date.now();
      this.#failures = 0;
      this.#key = key;
      this.#later(FRESH);
      if (!isSame || this.#state.textContent !== view.count) this.#say(view.count, true);
      const focus = active && (!isSame || active === this.#retry) && [active.getAttribute("href"), active.name];
      if (!isSame) {
        this.#shown = body;
        this.#box.lang = view.lang;
        this.#body.replaceChildren(...content);
        this.#links.hidden = true;
      }
      if (focus) this.#focus(...focus);
    }

    #content(view) {
      if (!view.count) throw new TypeError("no events of a calendar");
      const tag = "h" + this.#level();
      const group = (it) => named("div", "group", it.title && el(tag, { class: "heading", part: "heading" }, it.title),
        view.layout === "cards" ? cardsOf(it.days) : listOf(it.days));
      return [
        view.month && monthOf(view.month, tag, (month) => { this.#month = month; this.#load(); }),
        (view.groups || []).map(group),
        view.empty && named("p", "empty", el("strong", {}, view.empty.title), view.empty.text),
        named("p", "all", link(view.all.url, view.all.text)),
      ].flat().filter(Boolean);
    }

    #level() {
      const before = [...this.ownerDocument.querySelectorAll("h1,h2,h3,h4,h5")].filter((it) => it.compareDocumentPosition(this) & 4).pop();
      return before ? +before.tagName[1] + 1 : 2;
    }

    #focus(href, name) {
      const all = [...this.#body.querySelectorAll("a,button:enabled")];
      const same = all.find((it) => (href ? it.getAttribute("href") === href : it.name === name));
      const next = same || (name && all.find((it) => it.name));
      if (next) next.focus();
    }

    #say(text, isUnseen) {
      this.#state.replaceChildren(...[text].flat());
      this.#state.className = isUnseen ? "state unseen" : "state";
      this.#retry.hidden = true;
    }

    #stop(texts, said, stays) {
      const active = this.shadowRoot.activeElement;
      const isLost = active === this.#retry || (!stays && this.#body.contains(active));
      if (!stays) {
        this.#body.replaceChildren();
        this.#shown = "";
        this.#links.hidden = false;
      }
      this.#say(said);
      this.#state.classList.add("failed");
      this.#retry.textContent = texts.retry;
      this.#retry.hidden = false;
      if (isLost) this.#retry.focus();
    }

    #stays(url) {
      return this.#shown && this.#key === String(url);
    }

    #fail(texts, url, answer) {
      const wait = RETRY[Math.min(this.#failures++, RETRY.length - 1)] * (0.75 + Math.random() / 2);
      const asked = Math.min((answer && +answer.headers.get("Retry-After")) || 0, 86400) * 1000;
      const stays = this.#stays(url);
      const why = answer ? texts.failed : texts.offline;
      this.#stop(texts, [el("p", {}, why), el("p", {}, stays ? texts.old : texts.waiting)], stays);
      this.#later(Math.max(wait, asked * (1 + Math.random() / 8)));
      if (asked > 0) this.#due = false;
    }

    #misdirect(texts) {
      this.#refuse(texts, [{ field: "src", detail: `${texts.address} ${HERE || "https://kalender.example.no"}` }]);
    }

    #refuse(texts, errors) {
      const line = (it) => el("li", {}, el("code", {}, it.field), ": " + it.detail);
      this.#failures = 0;
      this.#fetched = Date.now();
      this.#stop(texts, [el("p", {}, texts.settings), el("ul", {}, errors.map(line))]);
      this.#later(FRESH);
    }
  }
  customElements.define(NAME, ElverumEvents);

  const frames = () => {
    const calendars = [...document.querySelectorAll(NAME + "[src]")].map((it) => it.getAttribute("src"));
    const origins = calendars.concat(HERE || []).map((it) => read(it)?.origin);
    return [...document.querySelectorAll("iframe[src]")].filter((it) => {
      const url = read(it.src);
      return url && origins.includes(url.origin) && /\/embed\/(list|event\/[^/]+)\/?$/.test(url.pathname);
    });
  };
  addEventListener("message", ({ data, origin, source }) => {
    const height = data && data.elverumEvents;
    if (!(height > 0 && height < 100000)) return;
    for (const frame of frames()) {
      if (frame.contentWindow !== source || read(frame.src).origin !== origin) continue;
      const set = (name, value) => frame.style.setProperty(name, value, "important");
      set("box-sizing", "content-box");
      set("height", Math.ceil(height) + "px");
      if (frame.hasAttribute("width")) continue;
      frame.width = "100%";
      frame.frameBorder = "0";
      if (frame.computedStyleMap?.().get("width") == "auto") set("width", "100%");
    }
  });
  for (const frame of frames()) frame.contentWindow.postMessage({ elverumEvents: "height" }, "*");
})();