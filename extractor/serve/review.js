// The queue, the keys, and what a decision does.

const NAME = "extractor-reviewer";
const SINGLE_KEYS = "extractor-single-keys";
const FIELDS = ["run", "q", "kind", "state", "rule"];

let items = [];
let total = 0;
let decidedCount = 0;
let current = -1;
let keyName = null;
let asking = 0;
let saving = false;
let runs = [];

const field = (name) => byId("filters").elements[name];
const wanted = () => new URLSearchParams(location.hash.slice(1));

function tell(sentence) {
  const problem = byId("problem");
  problem.textContent = sentence || "";
  problem.hidden = !sentence;
}

async function attempt(work) {
  try {
    const result = await work();
    return result;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 401) askForKey();
    else tell(error.message);
    return undefined;
  }
}

function askForKey() {
  const had = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  byId("work").hidden = true;
  byId("key-form").hidden = false;
  tell(had ? "The service does not know this key." : "");
  byId("key").focus();
}

async function loadRuns() {
  const found = await attempt(() => askJson("/v1/review/runs"));
  if (!found) return;
  runs = found.runs.filter((one) => !one.error);
  const broken = found.runs.filter((one) => one.error);
  keyName = found.reviewer;
  index = { documents: [], rules: found.rules };
  byId("key-form").hidden = true;
  byId("work").hidden = false;
  if (!byId("reviewer").value)
    byId("reviewer").value = localStorage.getItem(NAME) || found.suggested_reviewer || "";
  field("run").replaceChildren(
    ...runs.map((one) => {
      const left = one.rejected + one.flagged - one.decided;
      return make("option", { value: one.run }, `${one.name} (${counted(left)} left)`);
    }),
    ...broken.map((one) =>
      make("option", { disabled: true, title: one.error }, `${one.name} (cannot be read)`),
    ),
  );
  await fromAddress();
  document.documentElement.dataset.ready = "yes";
}

async function fromAddress() {
  const query = wanted();
  if (!runs.length) {
    empty("There is no run yet. Jobs become runs, and so does what `extractor run --out` writes here.");
    return;
  }
  for (const name of FIELDS) {
    const given = query.get(name);
    const control = field(name);
    if (name === "rule" && given && ![...control.options].some((one) => one.value === given))
      control.append(make("option", { value: given }, given));
    if (control !== document.activeElement || control.tagName === "SELECT")
      control.value = given ?? (name === "run" ? runs[0].run : control.tagName === "SELECT" ? control.options[0].value : "");
    if (control.tagName === "SELECT" && control.selectedIndex < 0) control.selectedIndex = 0;
  }
  await loadQueue(query.get("doc"), Number(query.get("claim")));
}

function parameters(offset) {
  const query = new URLSearchParams({ offset });
  for (const name of FIELDS.slice(1)) if (field(name).value) query.set(name, field(name).value);
  return query;
}

async function loadQueue(doc, claim) {
  asking += 1;
  const mine = asking;
  const run = field("run").value;
  const found = await attempt(() => askJson(runPath(run, `claims?${parameters(0)}`)));
  if (!found || mine !== asking) return;
  tell("");
  items = found.claims;
  total = found.total;
  decidedCount = found.decided;
  fillRules(found.rules);
  byId("queue").replaceChildren(...items.map(queueLine));
  tellCounts();
  for (const form of ["csv", "jsonl"]) byId(`export-${form}`).dataset.run = run;
  const at = items.findIndex((one) => one.document === doc && one.claim === claim);
  const open = items.findIndex((one) => !one.decision);
  if (!items.length) empty("No claim is like this.");
  else await open_(at >= 0 ? at : Math.max(open, 0));
}

async function loadMore() {
  const run = field("run").value;
  const found = await attempt(() => askJson(runPath(run, `claims?${parameters(items.length)}`)));
  if (!found) return;
  const known = new Set(items.map((one) => JSON.stringify([one.document, one.claim])));
  for (const item of found.claims) {
    if (known.has(JSON.stringify([item.document, item.claim]))) continue;
    items.push(item);
    byId("queue").append(queueLine(item, items.length - 1));
  }
  total = Math.max(found.total, items.length);
  tellCounts();
}

function fillRules(rules) {
  const control = field("rule");
  const chosen = control.value;
  control.replaceChildren(
    make("option", { value: "" }, "any"),
    ...rules.map(([code, count]) => make("option", { value: code }, `${code} (${counted(count)})`)),
  );
  if (chosen && !rules.some(([code]) => code === chosen))
    control.append(make("option", { value: chosen }, chosen));
  control.value = chosen;
}

function queueLine(item, place) {
  const kind = item.accepted ? "flagged" : "rejected";
  const line = make(
    "button",
    { type: "button", class: kind, "data-place": place },
    make("span", { class: "sign", "aria-hidden": "true" }, item.accepted ? "⚑" : "✕"),
    make("span", { class: "figure" }, isolated(item.figure || "no figure"), unseen(` ${kind}`)),
    make("span", { class: "line" }, isolated(item.rules.join(" ")), " ", isolated(item.quote)),
    make("span", { class: "line" }, isolated(item.name)),
  );
  line.append(ownMark(item));
  return make("li", {}, line);
}

function ownMark(item) {
  return item.decision
    ? make("span", { class: `mine ${item.decision}` }, VERBS[item.decision])
    : make("span", { class: "mine" });
}

function tellCounts() {
  byId("count").textContent = `${plural(total, "claim", "claims")}`;
  byId("progress").textContent = total ? `${counted(decidedCount)} of ${counted(total)} decided` : "";
  byId("more").hidden = items.length >= total;
}

function empty(why) {
  items = [];
  current = -1;
  byId("claim").hidden = true;
  byId("empty").hidden = false;
  byId("why-empty").textContent = why;
  byId("queue").replaceChildren();
  byId("count").textContent = "";
}

const lineOf = (place) => byId("queue").children[place]?.firstChild;

async function open_(place, focus) {
  if (place >= items.length && items.length < total) await loadMore();
  if (place < 0 || place >= items.length) return;
  const item = items[place];
  const run = field("run").value;
  lineOf(current)?.removeAttribute("aria-current");
  current = place;
  const line = lineOf(place);
  line.setAttribute("aria-current", "true");
  line.scrollIntoView({ block: "nearest" });
  const record = await attempt(() => documentOf(run, item.document));
  if (!record || items[current] !== item) return;
  byId("empty").hidden = true;
  disarm();
  showClaim(record, item, keyName);
  byId("previous").disabled = place === 0;
  byId("next").disabled = place + 1 >= total;
  document.title = `${item.figure || "No figure"}, ${item.name}: review`;
  remember(item);
  // where the parts stand below each other, the next claim begins out of sight
  if (focus) byId("claim-title").focus({ preventScroll: matchMedia("(min-width: 60rem)").matches });
}

/** The address leads back here; it leaves no trail of every claim that was looked at. */
function remember(item) {
  const query = new URLSearchParams();
  for (const name of FIELDS) if (field(name).value) query.set(name, field(name).value);
  if (item) {
    query.set("doc", item.document);
    query.set("claim", item.claim);
  }
  history.replaceState(null, "", `#${query}`);
}

function disarm() {
  for (const button of byId("decide").querySelectorAll("button")) button.classList.remove("armed");
  delete byId("decide").dataset.armed;
}

async function decide(choice) {
  const item = items[current];
  if (!item || saving) return;
  const run = field("run").value;
  const record = await documentOf(run, item.document);
  const claim = record.claims[item.claim];
  const before = record.decisions[item.claim];
  const reason = byId("reason").value.trim();
  if (isAgainst(choice, claim) && !reason) {
    disarm();
    byId("decide").dataset.armed = choice;
    byId("decide").querySelector(`[value=${choice}]`).classList.add("armed");
    byId("reason").focus();
    return;
  }
  saving = true;
  const name = byId("reviewer").value.trim();
  if (!keyName && name) localStorage.setItem(NAME, name);
  const body = {
    document: item.document,
    claim: item.claim,
    decision: choice,
    reason: choice === "open" ? "" : reason,
    reviewer: keyName ? null : name || null,
    seen: before ? before.n : 0,
  };
  try {
    const kept = await askJson(runPath(run, "decisions"), body);
    tell("");
    record.decisions[item.claim] = kept;
    const was = Boolean(item.decision);
    item.decision = kept.choice === "open" ? null : kept.choice;
    decidedCount += Number(Boolean(item.decision)) - Number(was);
    lineOf(current).lastChild.replaceWith(ownMark(item));
    tellCounts();
    const following = items.findIndex((one, place) => place > current && !one.decision);
    if (choice !== "open" && following >= 0) await open_(following, true);
    else if (choice !== "open" && items.length < total) await open_(items.length, true);
    else await open_(current, true);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 401) askForKey();
    else tell(error.message);
    if (error.status === 409) {
      forgetDocument(run, item.document);
      await open_(current);
    }
  } finally {
    saving = false;
  }
}

const KEYS = {
  j: () => open_(current + 1),
  k: () => open_(current - 1),
  a: () => decide("accept"),
  r: () => decide("reject"),
  u: () => byId("undo").hidden || decide("open"),
  c: () => byId("reason").focus(),
  "/": () => field("q").focus(),
  "?": () => byId("help").showModal(),
};

function heedKeys(event) {
  const typing = event.target.closest("input, textarea, select");
  if (typing && event.key === "Escape") {
    disarm();
    typing.blur();
    byId("claim-title").focus({ preventScroll: true });
    return;
  }
  if (typing === byId("reason") && event.key === "Enter" && !event.shiftKey) {
    const armed = byId("decide").dataset.armed;
    if (armed) {
      event.preventDefault();
      decide(armed);
    }
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  if (!byId("single-keys").checked || byId("work").hidden) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function begin() {
  const keys = byId("single-keys");
  keys.checked = localStorage.getItem(SINGLE_KEYS) !== "no";
  keys.addEventListener("change", () => localStorage.setItem(SINGLE_KEYS, keys.checked ? "yes" : "no"));
  document.addEventListener("keydown", heedKeys);
  byId("help-button").addEventListener("click", () => byId("help").showModal());
  byId("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem(KEY, byId("key").value.trim());
    byId("key").value = "";
    loadRuns();
  });
  let timer = 0;
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      remember(null);
      loadQueue(null, 0);
    }, 150);
  });
  byId("queue").addEventListener("click", (event) => {
    const line = event.target.closest("button");
    if (line) open_(Number(line.dataset.place), true);
  });
  byId("more").addEventListener("click", loadMore);
  byId("previous").addEventListener("click", () => open_(current - 1));
  byId("next").addEventListener("click", () => open_(current + 1));
  byId("decide").addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter) decide(event.submitter.value);
  });
  for (const form of ["csv", "jsonl"])
    byId(`export-${form}`).addEventListener("click", (event) => {
      event.preventDefault();
      attempt(() => saveExport(event.currentTarget.dataset.run || field("run").value, form));
    });
  addEventListener("hashchange", fromAddress);
  loadRuns();
}

begin();
