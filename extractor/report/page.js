// What is shown: figures, the list of documents, one document; and what keys and links do.

function showFigures(query) {
  if (!articles.length) return;
  fillForm(byId("figure-filters"), query);
  const words = folded(query.get("q") || "")
    .split(/\s+/)
    .filter(Boolean);
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
  count.replaceChildren(
    `${counted(found.length)} of ${plural(articles.length, "group", "groups")} of figures`,
  );
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
    const key = new URLSearchParams(
      peek.querySelector("h3 a").getAttribute("href").split("?")[1],
    ).get("group");
    return {
      key,
      node: () => {
        article = article || child.content.firstElementChild.cloneNode(true);
        return article;
      },
    };
  });
  searchedGroups = index.groups.map((group) => folded(group[0]));
}

function showList(query) {
  fillForm(byId("document-filters"), query);
  const found = filtered(query);
  const pages = Math.ceil(found.length / PER_PAGE);
  const page = pageOf(query, pages);
  const body = make("tbody");
  for (const place of found.slice((page - 1) * PER_PAGE, page * PER_PAGE))
    body.append(listRow(index.documents[place], query));
  const heads = ["Document", "Accepted", "Rejected", "Dismissed", "Unclaimed"].map((name, k) =>
    make("th", { scope: "col", class: k ? "count" : null }, name),
  );
  const table = make(
    "table",
    { class: "documents" },
    make("caption", { class: "unseen" }, "Documents, and where their numbers ended"),
    make("thead", {}, make("tr", {}, heads)),
    body,
  );
  byId("table").replaceChildren(found.length ? table : make("p", {}, "No document is like this."));
  byId("document-count").textContent =
    `${counted(found.length)} of ${plural(index.documents.length, "document", "documents")}`;
  pager(byId("document-pager"), "documents", query, page, pages);
}

function listRow(row, query) {
  const [key, title, state, detail] = row;
  const name = title || key;
  const link = make(
    "a",
    { href: address("documents", query, { doc: key, n: "" }), dir: "auto" },
    name,
  );
  const head = make(
    "th",
    { scope: "row" },
    link,
    title ? make("span", { class: "under" }, isolated(key)) : null,
  );
  if (state)
    return make(
      "tr",
      {},
      head,
      make("td", { colspan: 4 }, badge(STATES[state]), " ", isolated(detail)),
    );
  return make(
    "tr",
    {},
    head,
    detail.map((count, k) =>
      make("td", { class: `count ${count ? OUTCOMES[k] : "none"}` }, counted(count)),
    ),
  );
}

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
  for (const name of ["overview", "figures", "documents"])
    byId(`view-${name}`).hidden = name !== view;
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
    else {
      holder.replaceChildren();
      showList(query);
    }
    if (mine !== turn) return;
  }
  lastQuery = address("", query, { n: "" });
  title(view, doc);
  if (saved !== undefined) scrollTo(0, saved);
  else if (before.view && (before.view !== view || before.doc !== doc)) scrollTo(0, 0);
  if (n && holder.marked) settle(n, 0, holder.marked);
  else if (moved && (before.view !== view || before.doc !== doc))
    heading(view, doc).focus({ preventScroll: true });
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
  for (const name of ["claimants", "events"])
    byId(name).append(...index[name].slice(0, 300).map((one) => make("option", { value: one })));
  heedForm(byId("document-filters"), "documents");
  if (byId("figure-filters")) heedForm(byId("figure-filters"), "figures");
  document.addEventListener("keydown", heedKeys);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link) return;
    if (link.classList.contains("skip")) {
      event.preventDefault();
      main.focus();
      return;
    }
    followed = true;
  });
  addEventListener(
    "toggle",
    (event) => {
      if (event.target.open) fillFold(event.target);
    },
    true,
  );
  // what is folded is printed too, and folded again afterwards
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...main.querySelectorAll("section:not([hidden]) details:not([open])")];
    for (const one of unfolded) {
      fillFold(one);
      one.open = true;
    }
  });
  addEventListener("afterprint", () => {
    for (const one of unfolded) one.open = false;
  });
  addEventListener(
    "scroll",
    () => {
      scrolls.set(leaving, scrollY);
    },
    { passive: true },
  );
  addEventListener("hashchange", () => {
    leaving = location.hash;
    report(show());
  });
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
