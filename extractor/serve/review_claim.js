// One claim: the text with its place marked, what was said of it, and what was decided.

/** Where a link from a rule leads: to the queue of that rule. */
function address(_, __, changes) {
  const query = new URLSearchParams(location.hash.slice(1));
  for (const name of ["doc", "claim"]) query.delete(name);
  for (const [name, value] of Object.entries(changes)) query.set(name, value);
  return `#${query}`;
}

function showText(record, claim) {
  const holder = byId("text");
  const { text } = record;
  const spans = [
    ["is-quote", claim.quote],
    ["is-claimant", claim.claimant],
    ["place", claim.number],
    ...claim.findings.map((one) => ["is-fault", one[4]]),
  ].filter(([, span]) => span && span[0] < span[1] && span[1] <= text.length);
  const edges = new Set([0, text.length]);
  for (const [, [start, end]] of spans) edges.add(start).add(end);
  const stops = [...edges].sort((a, b) => a - b);
  const parts = [];
  let first = null;
  for (let k = 0; k + 1 < stops.length; k += 1) {
    const [start, end] = [stops[k], stops[k + 1]];
    const names = spans
      .filter(([, [from, to]]) => from <= start && end <= to)
      .map(([name]) => name);
    const piece = text.slice(start, end);
    if (!names.length) {
      parts.push(piece);
      continue;
    }
    const isPlace = names.includes("place");
    const part = make(isPlace ? "mark" : "span", { class: [...new Set(names)].join(" ") }, piece);
    if (isPlace || !first || (!first.matches(".place") && names.includes("is-quote")))
      first = first && first.matches(".place") ? first : part;
    parts.push(part);
  }
  holder.replaceChildren(...parts);
  if (first) {
    const middle = first.offsetTop - holder.offsetTop - holder.clientHeight / 3;
    holder.scrollTop = Math.max(0, middle);
  } else {
    holder.scrollTop = 0;
  }
}

function showClaim(record, item, reviewer) {
  const claim = record.claims[item.claim];
  byId("claim-title").textContent = item.figure || "No figure";
  const facts = [
    badge(claim.accepted ? "accepted" : "rejected"),
    make("span", {}, "by the gate"),
    make("span", {}, isolated(record.title || record.name)),
  ];
  if (record.title) facts.push(make("code", {}, isolated(record.name)));
  if (record.published) facts.push(make("span", {}, "published ", isolated(record.published)));
  if (!claim.number)
    facts.push(make("span", {}, "held against no number of the text"));
  byId("claim-facts").replaceChildren(...facts);
  byId("said").replaceChildren(...claimParts(claim));
  showDecision(record.decisions[item.claim], claim, reviewer);
  byId("claim").hidden = false;
  showText(record, claim);
}

function showDecision(decision, claim, reviewer) {
  const isMade = Boolean(decision) && decision.choice !== "open";
  const told = byId("decided");
  if (isMade) {
    const when = new Date(decision.at).toLocaleString("en-GB");
    told.replaceChildren(
      make("span", { class: `mine ${decision.choice}` }, VERBS[decision.choice]),
      " by ",
      isolated(decision.reviewer),
      `, ${when}`,
      decision.reason ? make("q", { class: "under", dir: "auto" }, decision.reason) : "",
    );
  } else {
    told.replaceChildren("Nothing decided yet. The gate’s verdict stays as it is.");
  }
  byId("undo").hidden = !isMade;
  byId("reason").value = isMade ? decision.reason : "";
  byId("reason-note").textContent = claim.accepted
    ? "Needed to reject: the gate accepted it."
    : "Needed to accept: the gate refused it.";
  byId("reviewer-label").hidden = Boolean(reviewer);
}

const VERBS = { accept: "Accepted", reject: "Rejected", open: "Not decided" };

const isAgainst = (choice, claim) => choice === (claim.accepted ? "reject" : "accept");
