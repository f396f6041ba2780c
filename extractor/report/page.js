"use strict";
// What documents and models say is set as text, never as markup. The address holds what is shown:
// #documents?verdict=rejected&rule=N202&doc=ID&n=3.
(() => {
  const OUTCOMES = ["accepted", "rejected", "dismissed", "unclaimed"];
  const STATES = ["done", "failed", "duplicate"];
  const SIGNS = { accepted: "✓", rejected: "✕", dismissed: "○", unclaimed: "?", failed: "!", duplicate: "=" };
  const MEANS = {
    accepted: "A claim about this number stands in the text and passed every rule.",
    rejected: "Every claim about this number was refused.",
    dismissed: "This number was said to be no claim.",
    unclaimed: "No claim was made about this number.",
  };
  const LABELS = {
    quote: "Quote", value: "Value", low: "Low", high: "High", qualifier: "Hedge", unit: "Unit",
    counted: "Counted", event: "What happened", claimant: "Claimant", place: "Place", when: "When",
    modality: "Told as", derived_from: "Worked out of", filled: "Settled by the text",
  };
  const PER_PAGE = 50;
  const GROUPS_PER_PAGE = 20;
  const PACKS_HELD = 6;

  const byId = (id) => document.getElementById(id);
  const main = byId("main");
  const packs = new Map();
  const scrolls = new Map();
  let index;
  let numberOf;
  let articles = [];
  let searchedGroups = [];
  let shown = { view: "", doc: "", n: 0 };
  let leaving = "";
  let followed = false;
  let turn = 0;

  /** An element with attributes and children; text children stay text. */
  function make(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [attribute, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined && value !== false) {
        element.setAttribute(attribute, value === true ? "" : value);
      }
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return element;
  }

  const isolated = (text, name) => make("bdi", { class: name }, text);
  const counted = (number) => number.toLocaleString("en");
  const plural = (number, one, many) => `${counted(number)} ${number === 1 ? one : many}`;
  const unseen = (text) => make("span", { class: "unseen" }, text);

  function badge(fate) {
    return make("span", { class: `fate ${fate}` }, make("span", { class: "sign", "aria-hidden": "true" }, SIGNS[fate]), ` ${fate}`);
  }

  // ---- data

  /** The JSON of a script element; a text in it is deflated JSON in base64. */
  async function opened(id) {
    const value = JSON.parse(byId(id).textContent);
    if (typeof value !== "string") return value;
    const coded = atob(value);
    const bytes = new Uint8Array(coded.length);
    for (let k = 0; k < coded.length; k += 1) bytes[k] = coded.charCodeAt(k);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  }

  async function pack(place) {
    const held = packs.get(place) || opened(`pack-${place}`);
    packs.delete(place);
    packs.set(place, held);
    if (packs.size > PACKS_HELD) packs.delete(packs.keys().next().value);
    return held;
  }

  // ---- the address

  function parsed() {
    const [view, query] = [location.hash.slice(1).split("?", 1)[0], location.hash.split("?").slice(1).join("?")];
    return { view: ["overview", "figures", "documents"].includes(view) ? view : "overview", query: new URLSearchParams(query) };
  }

  function address(view, query, changes) {
    const next = new URLSearchParams(query);
    for (const [name, value] of Object.entries(changes || {})) {
      if (value === "" || value === null) next.delete(name);
      else next.set(name, value);
    }
    const text = next.toString();
    return `#${view}${text ? `?${text}` : ""}`;
  }

  // ---- filters

  const folded = (text) => text.normalize("NFKC").toLowerCase();

  /** The places of the names that hold a text; null where every name will do. */
  function matching(names, wanted) {
    if (!wanted) return null;
    const text = folded(wanted);
    const found = new Set();
    names.forEach((name, place) => { if (folded(name).includes(text)) found.add(place); });
    return found;
  }

  function filtered(query) {
    const words = folded(query.get("q") || "").split(/\s+/).filter(Boolean);
    const claimants = matching(index.claimants, (query.get("claimant") || "").trim());
    const events = matching(index.events, (query.get("event") || "").trim());
    const verdict = query.get("verdict") || "";
    const state = STATES.indexOf(verdict);
    const outcome = OUTCOMES.indexOf(verdict);
    const code = query.get("rule") || "";
    const rule = index.rules.findIndex((one) => one[0] === code);
    const byFact = outcome >= 0 || claimants || events || code;
    const fits = (fact) => (outcome < 0 || fact[0] === outcome)
      && (!claimants || claimants.has(fact[1])) && (!events || events.has(fact[2]))
      && (!code || fact.indexOf(rule, 3) >= 3);
    const found = [];
    index.documents.forEach((row, place) => {
      if (state >= 0 && row[2] !== state) return;
      if (words.length) {
        const name = folded(`${row[0]} ${row[1]}`);
        if (!words.every((word) => name.includes(word))) return;
      }
      if (byFact && !row[6].some(fits)) return;
      found.push(place);
    });
    return found;
  }

  function fillForm(form, query) {
    for (const field of form.elements) {
      if (field.name && field !== document.activeElement) field.value = query.get(field.name) || "";
    }
  }

  function heedForm(form, view) {
    let timer = 0;
    const changes = () => Object.fromEntries([...form.elements].filter((one) => one.name).map((one) => [one.name, one.value]));
    form.addEventListener("input", (event) => {
      if (event.target.tagName === "SELECT") return;
      clearTimeout(timer);
      // what is typed leaves no trail of half words to go back through
      timer = setTimeout(() => location.replace(address(view, {}, changes())), 120);
    });
    form.addEventListener("change", (event) => {
      if (event.target.tagName !== "SELECT") return;
      clearTimeout(timer);
      location.hash = address(view, {}, changes());
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      for (const field of form.elements) if (field.name) field.value = "";
      location.hash = address(view, {}, {});
      form.elements[0].focus();
    });
  }

  function pager(nav, view, query, page, pages) {
    nav.replaceChildren();
    nav.hidden = pages < 2;
    if (pages < 2) return;
    const turnTo = (text, to, ends) => make("a", ends ? { class: "off", role: "link", "aria-disabled": "true" } : { href: address(view, query, { page: to > 1 ? to : "" }) }, text);
    nav.append(
      turnTo("Previous", page - 1, page <= 1),
      make("span", {}, `Page ${counted(page)} of ${counted(pages)}`),
      turnTo("Next", page + 1, page >= pages),
    );
  }

  function pageOf(query, pages) {
    const page = Number.parseInt(query.get("page") || "1", 10);
    return Math.min(Math.max(Number.isFinite(page) ? page : 1, 1), Math.max(pages, 1));
  }

  // ---- figures

  function showFigures(query) {
    if (!articles.length) return;
    fillForm(byId("figure-filters"), query);
    const words = folded(query.get("q") || "").split(/\s+/).filter(Boolean);
    const key = query.get("group");
    const agreement = query.get("agreement");
    const found = [];
    searchedGroups.forEach((group, place) => {
      if (key !== null && articles[place].key !== key) return;
      if (agreement && index.groups[place][1] !== agreement) return;
      if (words.every((word) => group.includes(word))) found.push(place);
    });
    const pages = Math.ceil(found.length / GROUPS_PER_PAGE);
    const page = pageOf(query, pages);
    const some = found.slice((page - 1) * GROUPS_PER_PAGE, page * GROUPS_PER_PAGE);
    byId("groups").replaceChildren(...some.map((place) => articles[place].node()));
    const count = byId("figure-count");
    count.replaceChildren(`${counted(found.length)} of ${plural(articles.length, "group", "groups")} of figures`);
    if (key !== null) count.append(" ", make("a", { href: "#figures" }, "show all"));
    pager(byId("figure-pager"), "figures", query, page, pages);
  }

  /** A long table is made when it is opened. */
  function fillFold(details) {
    const late = details.querySelector(":scope > template");
    if (late) late.replaceWith(late.content);
  }

  function gatherArticles() {
    const holder = byId("groups");
    if (!holder) return;
    articles = [...holder.children].map((child) => {
      let article = child.tagName === "TEMPLATE" ? null : child;
      const peek = article || child.content.firstElementChild;
      const key = new URLSearchParams(peek.querySelector("h3 a").getAttribute("href").split("?")[1]).get("group");
      return { key, node: () => { article = article || child.content.firstElementChild.cloneNode(true); return article; } };
    });
    searchedGroups = index.groups.map((group) => folded(group[0]));
  }

  // ---- the list of documents

  function showList(query) {
    fillForm(byId("document-filters"), query);
    const found = filtered(query);
    const pages = Math.ceil(found.length / PER_PAGE);
    const page = pageOf(query, pages);
    const body = make("tbody");
    for (const place of found.slice((page - 1) * PER_PAGE, page * PER_PAGE)) body.append(listRow(index.documents[place], query));
    const heads = ["Document", "Accepted", "Rejected", "Dismissed", "Unclaimed"].map((name, k) => make("th", { scope: "col", class: k ? "count" : null }, name));
    const table = make("table", { class: "documents" }, make("caption", { class: "unseen" }, "Documents, and where their numbers ended"), make("thead", {}, make("tr", {}, heads)), body);
    byId("table").replaceChildren(found.length ? table : make("p", {}, "No document is like this."));
    byId("document-count").textContent = `${counted(found.length)} of ${plural(index.documents.length, "document", "documents")}`;
    pager(byId("document-pager"), "documents", query, page, pages);
  }

  function listRow(row, query) {
    const [key, title, state, detail] = row;
    const name = title || key;
    const link = make("a", { href: address("documents", query, { doc: key, n: "" }), dir: "auto" }, name);
    const head = make("th", { scope: "row" }, link, title ? make("span", { class: "under" }, isolated(key)) : null);
    if (state) return make("tr", {}, head, make("td", { colspan: 4 }, badge(STATES[state]), " ", isolated(detail)));
    return make("tr", {}, head, detail.map((count, k) => make("td", { class: `count ${count ? OUTCOMES[k] : "none"}` }, counted(count))));
  }

  // ---- one document

  async function showDocument(query, mine) {
    const key = query.get("doc");
    const place = numberOf.get(key);
    const holder = byId("document");
    if (place === undefined) {
      holder.replaceChildren(backLink(query), make("h2", { tabindex: "-1" }, "No such document"), make("p", {}, "This run holds no document ", isolated(key), "."));
      return;
    }
    const row = index.documents[place];
    const page = make("article", { class: "document" }, steps(query, place), make("h2", { tabindex: "-1", dir: "auto" }, row[1] || row[0]));
    if (row[2]) {
      page.append(row[1] ? make("p", { class: "facts" }, make("code", {}, isolated(row[0]))) : "", make("p", {}, badge(STATES[row[2]]), " ", isolated(row[3])));
      holder.replaceChildren(page);
      return;
    }
    const record = (await pack(row[4]))[row[5]];
    if (mine !== turn) return; // something else was asked for meanwhile
    page.append(...facts(row, record));
    const text = new MarkedDocument(record, query);
    page.append(make("div", { class: "reading" }, text.body, text.panel), numbersTable(record, query));
    const loose = record.claims.filter((claim) => !claim.number);
    if (loose.length) page.append(make("section", {}, make("h3", {}, "Claims about no number of the text"), loose.map((claim) => make("div", { class: "loose" }, claimParts(claim)))));
    holder.replaceChildren(page);
    holder.marked = text;
    text.choose(Number(query.get("n")) || 0);
  }

  function backLink(query) {
    return make("p", { class: "steps" }, make("a", { href: address("documents", query, { doc: "", n: "" }) }, "All documents"));
  }

  function steps(query, place) {
    const found = filtered(query);
    const at = found.indexOf(place);
    const step = (text, to) => (to === undefined ? null : make("a", { href: address("documents", query, { doc: index.documents[to][0], n: "" }) }, text));
    const list = backLink(query);
    list.firstChild.textContent = found.length === index.documents.length ? "All documents" : `Back to the ${plural(found.length, "document", "documents")} found`;
    if (at >= 0) list.append(...[step("Previous document", found[at - 1]), step("Next document", found[at + 1])].filter(Boolean));
    return make("nav", { "aria-label": "Documents" }, list);
  }

  function facts(row, record) {
    const parts = row[1] ? [make("code", {}, isolated(row[0]))] : [];
    if (record.published) parts.push(make("span", {}, "published ", isolated(record.published)));
    if (record.source && record.source !== row[0]) parts.push(make("span", {}, "from ", isolated(record.source)));
    const counts = row[3].map((count, k) => (count ? make("li", {}, badge(OUTCOMES[k]), ` ${counted(count)}`) : null));
    const any = row[3].some(Boolean);
    return [
      make("p", { class: "facts" }, parts),
      any ? make("ul", { class: "counts", "aria-label": "Numbers of this document" }, counts) : make("p", {}, "No number was found in this text."),
      any ? make("p", { class: "note" }, "Choose a number to see what was said of it. Its ", make("span", { class: "is-quote" }, "quote"), " and ", make("span", { class: "is-claimant" }, "claimant"), " are marked while it is pointed at.") : null,
    ].filter(Boolean);
  }

  /** The text with its numbers as links, and beside it the number that was chosen. */
  class MarkedDocument {
    constructor(record, query) {
      this.record = record;
      this.query = query;
      this.parts = [];
      this.links = [];
      this.body = make("div", { class: "text", dir: "auto" });
      this.panel = make("aside", { class: "panel", "aria-label": "The chosen number", hidden: true });
      this.fill();
      const heed = (event, on) => {
        const link = event.target.closest("a.number");
        if (link) this.point(on ? Number(link.dataset.n) : this.chosen);
      };
      for (const [name, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) this.body.addEventListener(name, (event) => heed(event, on));
    }

    fill() {
      const { text, numbers, claims } = this.record;
      const edges = new Set([0, text.length]);
      const cut = (span) => { if (span) { edges.add(span[0]); edges.add(span[1]); } };
      for (const claim of claims) { cut(claim.quote); cut(claim.claimant); claim.findings.forEach((one) => cut(one[4])); }
      numbers.forEach(cut);
      const stops = [...edges].filter((edge) => edge >= 0 && edge <= text.length).sort((a, b) => a - b);
      let next = 0;
      let holder = this.body;
      let until = 0;
      for (let k = 0; k + 1 < stops.length; k += 1) {
        const [start, end] = [stops[k], stops[k + 1]];
        if (start >= until) holder = this.body;
        while (next < numbers.length && numbers[next][0] < start) next += 1; // within the last one
        if (next < numbers.length && numbers[next][0] === start && holder === this.body && numbers[next][1] > start) {
          holder = this.link(next);
          until = numbers[next][1];
          next += 1;
        }
        const part = make("span", {}, text.slice(start, end));
        this.parts.push({ start, end, part });
        holder.append(part);
      }
      for (const link of this.links) if (link) link.append(unseen(` (${link.dataset.fate})`));
    }

    link(place) {
      const fate = OUTCOMES[this.record.numbers[place][2]];
      const link = make("a", { class: `number ${fate}`, href: address("documents", this.query, { n: place + 1 }), "data-n": place + 1, "data-fate": fate });
      this.links[place] = link;
      this.body.append(link);
      return link;
    }

    /** Mark the quote, the claimant and the faults of a number; of none, take the marks away. */
    point(n) {
      const number = this.record.numbers[n - 1];
      const claims = number ? number[4].map((place) => this.record.claims[place]) : [];
      const spans = { "is-quote": [], "is-claimant": [], "is-fault": [] };
      for (const claim of claims) {
        if (claim.quote) spans["is-quote"].push(claim.quote);
        if (claim.claimant) spans["is-claimant"].push(claim.claimant);
        for (const one of claim.findings) if (one[4]) spans["is-fault"].push(one[4]);
      }
      for (const { start, end, part } of this.parts) {
        for (const [name, list] of Object.entries(spans)) part.classList.toggle(name, list.some(([from, to]) => from <= start && end <= to));
      }
    }

    choose(n) {
      const number = this.record.numbers[n - 1];
      this.chosen = number ? n : 0;
      this.links.forEach((link, place) => { if (place + 1 === n) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current"); });
      this.point(this.chosen);
      this.panel.hidden = !number;
      if (number) this.panel.replaceChildren(...this.details(n));
    }

    details(n) {
      const { record } = this;
      const number = record.numbers[n - 1];
      const close = make("a", { class: "close", href: address("documents", this.query, { n: "" }) }, "Close");
      return [
        make("header", {}, make("p", { class: "note" }, `Number ${counted(n)} of ${counted(record.numbers.length)}`), close),
        make("h3", { tabindex: "-1", dir: "auto" }, record.text.slice(number[0], number[1])),
        make("p", {}, badge(OUTCOMES[number[2]])),
        make("p", { class: "note" }, MEANS[OUTCOMES[number[2]]]),
        ...numberParts(record, number),
      ];
    }
  }

  function numberParts(record, number) {
    const parts = [];
    const fate = OUTCOMES[number[2]];
    const claims = number[4].map((place) => record.claims[place]);
    if (number[3] && fate !== "rejected") parts.push(make("p", { class: "why", dir: "auto" }, reason(number[3], fate)));
    claims.forEach((claim, k) => {
      if (claims.length > 1) parts.push(make("h4", {}, `Claim ${k + 1} of ${claims.length}: ${claim.accepted ? "accepted" : "refused"}`));
      parts.push(...claimParts(claim));
    });
    if (!claims.length) parts.push(make("h4", {}, "As it was read"), fieldList(readFields(number[5])));
    return parts;
  }

  function reason(why, fate) {
    const match = fate === "dismissed" ? /^(\w+): (.*)$/s.exec(why) : null;
    return match ? `By the ${match[1]}: ${match[2]}.` : why;
  }

  const readFields = ([value, low, high, qualifier, kind, unit]) => ({ ...figureFields({ value, low, high, qualifier }), unit, Kind: kind });

  /** Value, low and high as one line where they can be. */
  function figureFields(fields) {
    const { value, low, high, qualifier, ...rest } = fields;
    const figure = [value, low, high].every((one) => one === null || one === undefined || typeof one === "string") ? interval(value, low, high) : null;
    if (figure === null) return fields;
    return { Figure: figure, ...(qualifier && qualifier !== "exact" ? { qualifier: String(qualifier).replaceAll("_", " ") } : {}), ...rest };
  }

  function interval(value, low, high) {
    if (low && high) return low === high ? grouped(low) : `${value && value !== low && value !== high ? `${grouped(value)}, ` : ""}${grouped(low)} to ${grouped(high)}`;
    if (low) return `${grouped(low)} or more`;
    if (high) return `${grouped(high)} or less`;
    return value ? grouped(value) : null;
  }

  const grouped = (figure) => figure.replace(/^(-?)(\d+)/, (_, sign, digits) => sign + digits.replace(/\B(?=(\d{3})+$)/g, ","));

  function fieldList(fields) {
    const list = make("dl", { class: "fields" });
    for (const [name, value] of Object.entries(fields)) {
      if (value === null || value === undefined || value === "") continue;
      list.append(make("div", {}, make("dt", {}, isolated(LABELS[name] || name)), make("dd", { dir: "auto" }, worded(value))));
    }
    return list;
  }

  function worded(value) {
    if (typeof value === "string") return value;
    if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(", ");
    return JSON.stringify(value);
  }

  function claimParts(claim) {
    const { filled, ...fields } = claim.fields;
    const faults = claim.findings.filter((one) => one[1] === "error");
    const flags = claim.findings.filter((one) => one[1] !== "error");
    const parts = [];
    if (faults.length) parts.push(make("h4", { class: "part" }, "Refused because"), findingList(faults));
    parts.push(make("h4", { class: "part" }, claim.accepted ? "The claim" : "As it was stated"), fieldList(figureFields(fields)));
    if (claim.accepted) parts.push(make("h4", { class: "part" }, "Checks"), make("p", {}, flags.length ? "It passed every rule that refuses; flagged is:" : "It passed every rule, and nothing is flagged."));
    else if (flags.length) parts.push(make("h4", { class: "part" }, "Flagged as well"));
    if (flags.length) parts.push(findingList(flags));
    if (claim.accepted && Array.isArray(filled) && filled.length) parts.push(make("p", { class: "note" }, `Settled by the text alone: ${filled.map((name) => LABELS[name] || name).join(", ").toLowerCase()}.`));
    return parts;
  }

  function findingList(findings) {
    const demands = new Map(index.rules);
    return make("ul", { class: "findings" }, findings.map(([code, , field, message]) => make("li", {},
      make("a", { href: address("documents", new URLSearchParams(), { rule: code }), title: demands.get(code) || null }, isolated(code)), " ",
      make("span", { dir: "auto" }, message), field ? make("span", { class: "under" }, "field: ", isolated(field)) : null,
      demands.get(code) ? make("span", { class: "under" }, demands.get(code)) : null)));
  }

  function numbersTable(record, query) {
    if (!record.numbers.length) return make("span", {});
    const heads = ["No.", "As worded", "Where it ended", "What was said of it"].map((name, k) => make("th", { scope: "col", class: k ? null : "count" }, name));
    const body = make("tbody", {}, record.numbers.map((number, k) => {
      const fate = OUTCOMES[number[2]];
      const said = number[4].map((place) => claimLine(record.claims[place]));
      if (number[3] && fate !== "rejected") said.push(make("p", { dir: "auto" }, reason(number[3], fate)));
      return make("tr", {}, make("td", { class: "count" }, String(k + 1)),
        make("th", { scope: "row" }, make("a", { href: address("documents", query, { n: k + 1 }), dir: "auto" }, record.text.slice(number[0], number[1]))),
        make("td", {}, badge(fate)), make("td", {}, said));
    }));
    const table = make("table", { class: "numbers" }, make("caption", {}, "Every number of this text, in its order"), make("thead", {}, make("tr", {}, heads)), body);
    return make("section", {}, make("h3", {}, "Numbers"), make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Numbers" }, table), reaskLine(record));
  }

  function reaskLine(record) {
    if (!record.reasks.length) return null;
    const told = record.reasks.map((one) => make("li", {}, isolated(worded(one.number)), `, turn ${one.turn}: ${worded(one.outcome)}`));
    return make("section", {}, make("h3", {}, "Asked about again"), make("ul", {}, told));
  }

  /** A claim in a line or two, for the table and for paper. */
  function claimLine(claim) {
    const { fields } = claim;
    const figure = figureFields(fields).Figure;
    const told = [["", fields.quote && `“${worded(fields.quote)}”`], ["figure ", figure], ["counted ", fields.counted], ["what happened ", fields.event], ["claimant ", fields.claimant], ["told as ", fields.modality]]
      .filter(([, value]) => value).map(([label, value], k) => [k ? "; " : "", label, isolated(worded(value))]);
    const why = claim.findings.map(([code, severity, , message]) => make("span", { class: "under" }, `${severity === "error" ? "Refused" : "Flagged"} by ${code}: `, isolated(message)));
    return make("p", {}, told.flat(), why);
  }

  // ---- what is shown

  async function show() {
    turn += 1;
    const mine = turn;
    const { view, query } = parsed();
    const doc = view === "documents" ? query.get("doc") || "" : "";
    const n = Number(query.get("n")) || 0;
    const before = shown;
    shown = { view, doc, n };
    const saved = followed ? undefined : scrolls.get(location.hash);
    const moved = followed;
    followed = false;
    for (const name of ["overview", "figures", "documents"]) byId(`view-${name}`).hidden = name !== view;
    for (const link of document.querySelectorAll("header.top nav a")) {
      if (link.getAttribute("href") === `#${view}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const holder = byId("document");
    if (view === "figures") showFigures(query);
    if (view === "documents" && doc && doc === before.doc && holder.marked && sameBut(query)) {
      holder.marked.choose(n);
      settle(n, before.n, holder.marked);
      return;
    }
    holder.marked = null;
    if (view === "documents") {
      byId("list").hidden = Boolean(doc);
      holder.hidden = !doc;
      if (doc) await showDocument(query, mine);
      else { holder.replaceChildren(); showList(query); }
      if (mine !== turn) return;
    }
    lastQuery = address("", query, { n: "" });
    title(view, doc);
    if (saved !== undefined) scrollTo(0, saved);
    else if (before.view && (before.view !== view || before.doc !== doc)) scrollTo(0, 0);
    if (n && holder.marked) settle(n, 0, holder.marked);
    else if (moved && (before.view !== view || before.doc !== doc)) heading(view, doc).focus({ preventScroll: true });
  }

  let lastQuery = "";
  const sameBut = (query) => address("", query, { n: "" }) === lastQuery;
  const heading = (view, doc) => (doc ? byId("document") : byId(`view-${view}`)).querySelector("h2");

  function title(view, doc) {
    const name = document.querySelector("header.top .name b").textContent;
    const part = doc || view[0].toUpperCase() + view.slice(1);
    document.title = `${part} · ${name}: numeric claims`;
  }

  /** The focus goes to what was opened, and back to its number when it is closed. */
  function settle(n, before, marked) {
    const link = marked.links[(n || before) - 1];
    if (n && marked.chosen) {
      if (link) link.scrollIntoView({ block: "nearest" });
      marked.panel.querySelector("h3").focus({ preventScroll: true });
    } else if (link) {
      link.focus({ preventScroll: true });
    }
  }

  function heedKeys(event) {
    if (event.key === "Escape" && shown.doc && shown.n) {
      followed = true;
      location.hash = address("documents", parsed().query, { n: "" });
    } else if (event.key === "Escape" && shown.doc) {
      followed = true;
      location.hash = address("documents", parsed().query, { doc: "", n: "" });
    }
  }

  function option(code, summary) {
    return make("option", { value: code }, summary ? `${code} ${summary}`.slice(0, 70) : code);
  }

  async function begin() {
    index = await opened("index");
    numberOf = new Map(index.documents.map((row, place) => [row[0], place]));
    gatherArticles();
    const codes = [...index.rules].sort((a, b) => (a[0] < b[0] ? -1 : 1));
    byId("document-filters").elements.rule.append(...codes.map((one) => option(...one)));
    for (const name of ["claimants", "events"]) byId(name).append(...index[name].slice(0, 300).map((one) => make("option", { value: one })));
    heedForm(byId("document-filters"), "documents");
    if (byId("figure-filters")) heedForm(byId("figure-filters"), "figures");
    document.addEventListener("keydown", heedKeys);
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      if (!link) return;
      if (link.classList.contains("skip")) { event.preventDefault(); main.focus(); return; }
      followed = true;
    });
    addEventListener("toggle", (event) => { if (event.target.open) fillFold(event.target); }, true);
    // what is folded is printed too, and folded again afterwards
    let unfolded = [];
    addEventListener("beforeprint", () => {
      unfolded = [...main.querySelectorAll("section:not([hidden]) details:not([open])")];
      for (const one of unfolded) { fillFold(one); one.open = true; }
    });
    addEventListener("afterprint", () => { for (const one of unfolded) one.open = false; });
    addEventListener("scroll", () => { scrolls.set(leaving, scrollY); }, { passive: true });
    addEventListener("hashchange", () => { leaving = location.hash; report(show()); });
    leaving = location.hash;
    await show();
    document.documentElement.dataset.ready = "true";
  }

  /** A fault of this page is told on it: an empty page would be taken for an empty run. */
  function report(promise) {
    promise.catch((error) => {
      const problem = byId("problem");
      problem.textContent = `This page could not show what was asked for (${error.message}). An older browser may not open it; \`extractor report --format md\` needs none.`;
      problem.hidden = false;
    });
  }

  if ("scrollRestoration" in history) history.scrollRestoration = "manual";
  report(begin());
})();
