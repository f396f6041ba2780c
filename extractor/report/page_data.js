// The data of the page, the address that says what is shown, and what a filter finds.

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

function parsed() {
  const [view, query] = [
    location.hash.slice(1).split("?", 1)[0],
    location.hash.split("?").slice(1).join("?"),
  ];
  return {
    view: ["overview", "figures", "documents"].includes(view) ? view : "overview",
    query: new URLSearchParams(query),
  };
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

const folded = (text) => text.normalize("NFKC").toLowerCase();

/** The places of the names that hold a text; null where every name will do. */
function matching(names, wanted) {
  if (!wanted) return null;
  const text = folded(wanted);
  const found = new Set();
  names.forEach((name, place) => {
    if (folded(name).includes(text)) found.add(place);
  });
  return found;
}

function filtered(query) {
  const words = folded(query.get("q") || "")
    .split(/\s+/)
    .filter(Boolean);
  const claimants = matching(index.claimants, (query.get("claimant") || "").trim());
  const events = matching(index.events, (query.get("event") || "").trim());
  const verdict = query.get("verdict") || "";
  const state = STATES.indexOf(verdict);
  const outcome = OUTCOMES.indexOf(verdict);
  const code = query.get("rule") || "";
  const rule = index.rules.findIndex((one) => one[0] === code);
  const byFact = outcome >= 0 || claimants || events || code;
  const fits = (fact) =>
    (outcome < 0 || fact[0] === outcome) &&
    (!claimants || claimants.has(fact[1])) &&
    (!events || events.has(fact[2])) &&
    (!code || fact.indexOf(rule, 3) >= 3);
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
  const changes = () =>
    Object.fromEntries(
      [...form.elements].filter((one) => one.name).map((one) => [one.name, one.value]),
    );
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
  const turnTo = (text, to, ends) =>
    make(
      "a",
      ends
        ? { class: "off", role: "link", "aria-disabled": "true" }
        : { href: address(view, query, { page: to > 1 ? to : "" }) },
      text,
    );
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
