// One document: its text with the numbers marked, and what was said of each.

async function showDocument(query, mine) {
  const key = query.get("doc");
  const place = numberOf.get(key);
  const holder = byId("document");
  if (place === undefined) {
    holder.replaceChildren(
      backLink(query),
      make("h2", { tabindex: "-1" }, "No such document"),
      make("p", {}, "This run holds no document ", isolated(key), "."),
    );
    return;
  }
  const row = index.documents[place];
  const page = make(
    "article",
    { class: "document" },
    steps(query, place),
    make("h2", { tabindex: "-1", dir: "auto" }, row[1] || row[0]),
  );
  if (row[2]) {
    page.append(
      row[1] ? make("p", { class: "facts" }, make("code", {}, isolated(row[0]))) : "",
      make("p", {}, badge(STATES[row[2]]), " ", isolated(row[3])),
    );
    holder.replaceChildren(page);
    return;
  }
  const record = (await pack(row[4]))[row[5]];
  if (mine !== turn) return; // something else was asked for meanwhile
  page.append(...facts(row, record));
  const text = new MarkedDocument(record, query);
  page.append(
    make("div", { class: "reading" }, text.body, text.panel),
    numbersTable(record, query),
  );
  const used = new Set(record.numbers.flatMap((number) => number[4]));
  const loose = record.claims.filter((_, place) => !used.has(place));
  if (loose.length)
    page.append(
      make(
        "section",
        {},
        make("h3", {}, "Claims about no number of the text"),
        loose.map((claim) => make("div", { class: "loose" }, claimParts(claim))),
      ),
    );
  holder.replaceChildren(page);
  holder.marked = text;
  text.choose(Number(query.get("n")) || 0);
}

function backLink(query) {
  return make(
    "p",
    { class: "steps" },
    make("a", { href: address("documents", query, { doc: "", n: "" }) }, "All documents"),
  );
}

function steps(query, place) {
  const found = filtered(query);
  const at = found.indexOf(place);
  const step = (text, to) =>
    to === undefined
      ? null
      : make(
          "a",
          { href: address("documents", query, { doc: index.documents[to][0], n: "" }) },
          text,
        );
  const list = backLink(query);
  list.firstChild.textContent =
    found.length === index.documents.length
      ? "All documents"
      : `Back to the ${plural(found.length, "document", "documents")} found`;
  if (at >= 0)
    list.append(
      ...[step("Previous document", found[at - 1]), step("Next document", found[at + 1])].filter(
        Boolean,
      ),
    );
  return make("nav", { "aria-label": "Documents" }, list);
}

function facts(row, record) {
  const parts = row[1] ? [make("code", {}, isolated(row[0]))] : [];
  if (record.published) parts.push(make("span", {}, "published ", isolated(record.published)));
  if (record.source && record.source !== row[0])
    parts.push(make("span", {}, "from ", isolated(record.source)));
  const counts = row[3].map((count, k) =>
    count ? make("li", {}, badge(OUTCOMES[k]), ` ${counted(count)}`) : null,
  );
  const any = row[3].some(Boolean);
  return [
    make("p", { class: "facts" }, parts),
    any
      ? make("ul", { class: "counts", "aria-label": "Numbers of this document" }, counts)
      : make("p", {}, "No number was found in this text."),
    any
      ? make(
          "p",
          { class: "note" },
          "Choose a number to see what was said of it. Its ",
          make("span", { class: "is-quote" }, "quote"),
          " and ",
          make("span", { class: "is-claimant" }, "claimant"),
          " are marked while it is pointed at.",
        )
      : null,
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
    for (const [name, on] of [
      ["mouseover", true],
      ["mouseout", false],
      ["focusin", true],
      ["focusout", false],
    ])
      this.body.addEventListener(name, (event) => heed(event, on));
  }

  fill() {
    const { text, numbers, claims } = this.record;
    const edges = new Set([0, text.length]);
    const cut = (span) => {
      if (span) {
        edges.add(span[0]);
        edges.add(span[1]);
      }
    };
    for (const claim of claims) {
      cut(claim.quote);
      cut(claim.claimant);
      claim.findings.forEach((one) => cut(one[4]));
    }
    numbers.forEach(cut);
    const stops = [...edges]
      .filter((edge) => edge >= 0 && edge <= text.length)
      .sort((a, b) => a - b);
    let next = 0;
    let holder = this.body;
    let until = 0;
    for (let k = 0; k + 1 < stops.length; k += 1) {
      const [start, end] = [stops[k], stops[k + 1]];
      if (start >= until) holder = this.body;
      while (next < numbers.length && numbers[next][0] < start) next += 1; // within the last one
      if (
        next < numbers.length &&
        numbers[next][0] === start &&
        holder === this.body &&
        numbers[next][1] > start
      ) {
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
    const link = make("a", {
      class: `number ${fate}`,
      href: address("documents", this.query, { n: place + 1 }),
      "data-n": place + 1,
      "data-fate": fate,
    });
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
      for (const [name, list] of Object.entries(spans))
        part.classList.toggle(
          name,
          list.some(([from, to]) => from <= start && end <= to),
        );
    }
  }

  choose(n) {
    const number = this.record.numbers[n - 1];
    this.chosen = number ? n : 0;
    this.links.forEach((link, place) => {
      if (place + 1 === n) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    this.point(this.chosen);
    this.panel.hidden = !number;
    if (number) this.panel.replaceChildren(...this.details(n));
  }

  details(n) {
    const { record } = this;
    const number = record.numbers[n - 1];
    const close = make(
      "a",
      { class: "close", href: address("documents", this.query, { n: "" }) },
      "Close",
    );
    return [
      make(
        "header",
        {},
        make("p", { class: "note" }, `Number ${counted(n)} of ${counted(record.numbers.length)}`),
        close,
      ),
      make("h3", { tabindex: "-1", dir: "auto" }, record.text.slice(number[0], number[1])),
      make("p", {}, badge(OUTCOMES[number[2]])),
      make("p", { class: "note" }, MEANS[OUTCOMES[number[2]]]),
      ...numberParts(record, number),
    ];
  }
}

function numbersTable(record, query) {
  if (!record.numbers.length) return make("span", {});
  const heads = ["No.", "As worded", "Where it ended", "What was said of it"].map((name, k) =>
    make("th", { scope: "col", class: k ? null : "count" }, name),
  );
  const body = make(
    "tbody",
    {},
    record.numbers.map((number, k) => {
      const fate = OUTCOMES[number[2]];
      const said = number[4].map((place) => claimLine(record.claims[place]));
      if (number[3] && fate !== "rejected")
        said.push(make("p", { dir: "auto" }, reason(number[3], fate)));
      return make(
        "tr",
        {},
        make("td", { class: "count" }, String(k + 1)),
        make(
          "th",
          { scope: "row" },
          make(
            "a",
            { href: address("documents", query, { n: k + 1 }), dir: "auto" },
            record.text.slice(number[0], number[1]),
          ),
        ),
        make("td", {}, badge(fate)),
        make("td", {}, said),
      );
    }),
  );
  const table = make(
    "table",
    { class: "numbers" },
    make("caption", {}, "Every number of this text, in its order"),
    make("thead", {}, make("tr", {}, heads)),
    body,
  );
  return make(
    "section",
    {},
    make("h3", {}, "Numbers"),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Numbers" }, table),
    reaskLine(record),
  );
}

function reaskLine(record) {
  if (!record.reasks.length) return null;
  const told = record.reasks.map((one) =>
    make("li", {}, isolated(worded(one.number)), `, turn ${one.turn}: ${worded(one.outcome)}`),
  );
  return make("section", {}, make("h3", {}, "Asked about again"), make("ul", {}, told));
}
