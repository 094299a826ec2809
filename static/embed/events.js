// <elverum-events>: a calendar's events on any page. docs/embedding.md describes its attributes, parts and properties.
// The server puts in the style sheet and the texts, and computes the hash for `integrity`.
(() => {
  "use strict";
  const NAME = "elverum-events";
  // Without constructed style sheets the links inside the element are all there is.
  if (customElements.get(NAME) || !("adoptedStyleSheets" in Document.prototype)) return;

  const TEXTS = "$TEXTS";
  const LOOK = ["scheme", "accent", "background", "text"];
  const PASSED = ["layout", "limit"];
  const FRESH = 15 * 60000; // Milliseconds after which events are fetched again.
  const PATIENCE = 20000; // Milliseconds that a response may take.
  const RETRY = [5000, 15000, 60000, 300000]; // Milliseconds until the next attempt.
  const HERE = document.currentScript && document.currentScript.src.split("/embed/")[0];
  /** Returns a style sheet for the documents of a window; sheets of others are refused. */
  const sheetOf = (text, view = globalThis) => {
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  };
  const RULES = ":host{display:block;flex:1 1 auto;min-width:0}:host([hidden]){display:none}::slotted(a){display:inline-block;min-height:24px}" + "$STYLE";
  const STYLE = sheetOf(RULES);

  /** Returns an element. Empty attributes and children are left out. */
  function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value) element.setAttribute(name, value);
    element.append(...children.flat().filter(Boolean));
    return element;
  }
  /** Returns an element whose class is also its part, for style sheets of the page; nothing without content. */
  const named = (tag, name, ...children) => children.flat().some(Boolean) && el(tag, { class: name, part: name }, ...children);
  /** Returns a link, or text alone for an address that is none of the web's. */
  const link = (url, text, attributes) =>
    /^https?:/i.test(url) ? el("a", { href: url, part: "link", ...attributes }, text) : el("span", attributes, text);
  const creditsOf = (credits = []) => credits.map((credit) => named("p", "credit", link(credit.url, credit.text)));
  /** Returns an address as a URL, or undefined. */
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
    #due = null; // Whether the time has come, true, or a server said not to ask before, false.
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

    /** Loads once after all changes of this moment. */
    #plan() {
      if (this.#planned) return;
      this.#planned = true;
      queueMicrotask(() => {
        this.#planned = false;
        if (this.isConnected) this.#load();
      });
    }

    /** Fetches again what is old, or failed, if the page is seen. */
    #refresh() {
      const isOld = Date.now() - this.#fetched >= FRESH;
      if (!this.ownerDocument.hidden && this.#due !== false && (this.#due || isOld || this.#failures)) this.#load();
    }

    #later(wait) {
      clearTimeout(this.#timer);
      // Clocks may be set back, so the timer does not ask them.
      if (this.isConnected) this.#timer = setTimeout(() => { this.#due = true; this.#refresh(); }, wait);
    }

    /** Returns the language: the own one, that of the address, or that of the page, also from within shadow trees. */
    #lang(addressed) {
      let around;
      for (let node = this; node && !around; node = node.getRootNode().host) around = node.closest("[lang]");
      const given = this.lang || addressed || (around && around.lang) || "nb";
      const tag = given.toLowerCase().split("-")[0];
      return tag === "no" ? "nb" : /^n[bn]$/.test(tag) ? tag : "en";
    }

    /** Returns the address of the events, or nothing if `src` is not the address of a calendar, and the language. */
    #address() {
      const given = (name) => (this.getAttribute(name) || "").trim();
      const src = given("src") || HERE || "/";
      // Without a scheme it would be a file of this page's site.
      const isAddress = (text) => /^(https?:\/)?\//i.test(text);
      const url = isAddress(src) && read(src);
      // Browsers fetch none with a password.
      if (!url || url.username + url.password) return [null, this.#lang()];
      // Addresses are copied from browsers, with what belongs to the page that was open.
      const parts = (pathname) => /^(.*?)(?:\/(nb|nn|en))?(?:\/embed)?\/*$/.exec(pathname);
      const [, path, lang] = parts(url.pathname);
      let filter = (given("filter") || url.search).replace(/#.*/, "").replace(/^[^?=&]*\?/, "");
      // The agenda without filters. Other addresses are refused by the server.
      if (isAddress(filter) && parts(read(filter)?.pathname)[1] === path) filter = "";
      const query = new URLSearchParams(filter);
      for (const name of PASSED) if (this.hasAttribute(name)) query.set(name, this.getAttribute(name));
      for (const name of [...LOOK, "page_from", "page_to"]) query.delete(name);
      query.set("lang", this.#lang(lang));
      if (this.#month) query.set("month", this.#month);
      url.hash = "";
      url.search = query;
      url.pathname = path + "/embed/events.json";
      // Other pages of the calendar that this script is from have no events.
      const isOther = HERE && url.href.startsWith(HERE + "/") && !url.href.startsWith(HERE + "/embed/events.json");
      return [isOther ? null : url, query.get("lang")];
    }

    /** Takes the colours of the attributes. A wrong one is left out. */
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
      // The element may have been moved into the document of a frame.
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
        // What was there is asked for again, whatever the browser keeps.
        const cache = this.#fetched ? "no-cache" : "default";
        answer = await fetch(url, { signal: request.signal, credentials: "omit", cache, headers: { Accept: "application/json" } });
        body = await answer.text();
      } catch {
        answer = null;
      }
      clearTimeout(patience);
      // A later request took over.
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

    /** Shows events, unless they are the same as before. Nothing changes if the document is none of a calendar's. */
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

    /** Returns the elements of a document. */
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

    /** Returns the level of a heading that follows the last one before this element. */
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

    /** Says why there is nothing new. Events of the same address stay, otherwise the links inside come back. */
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

    /** Returns true if what is shown has the address. */
    #stays(url) {
      return this.#shown && this.#key === String(url);
    }

    #fail(texts, url, answer) {
      const wait = RETRY[Math.min(this.#failures++, RETRY.length - 1)] * (0.75 + Math.random() / 2);
      // A day at most.
      const asked = Math.min((answer && +answer.headers.get("Retry-After")) || 0, 86400) * 1000;
      const stays = this.#stays(url);
      const why = answer ? texts.failed : texts.offline;
      this.#stop(texts, [el("p", {}, why), el("p", {}, stays ? texts.old : texts.waiting)], stays);
      this.#later(Math.max(wait, asked * (1 + Math.random() / 8)));
      if (asked > 0) this.#due = false;
    }

    /** There is no calendar at the address of `src`. */
    #misdirect(texts) {
      this.#refuse(texts, [{ field: "src", detail: `${texts.address} ${HERE || "https://kalender.example.no"}` }]);
    }

    /** The attributes are wrong: another attempt is of little use before they change. */
    #refuse(texts, errors) {
      const line = (it) => el("li", {}, el("code", {}, it.field), ": " + it.detail);
      this.#failures = 0;
      this.#fetched = Date.now();
      this.#stop(texts, [el("p", {}, texts.settings), el("ul", {}, errors.map(line))]);
      this.#later(FRESH);
    }
  }
  customElements.define(NAME, ElverumEvents);

  /** Returns the frames of the calendars on this page, which are as high as their content. */
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
      // A strict policy of the page may forbid the style in the code that was pasted. Any style of the page has
      // precedence over these attributes.
      frame.width = "100%";
      frame.frameBorder = "0";
      if (frame.computedStyleMap?.().get("width") == "auto") set("width", "100%");
    }
  });
  // Those that were there first tell it again.
  for (const frame of frames()) frame.contentWindow.postMessage({ elverumEvents: "height" }, "*");
})();
