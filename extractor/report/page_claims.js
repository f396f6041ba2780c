// What was said of a number: claims, their fields, and the findings on them.

function numberParts(record, number) {
  const parts = [];
  const fate = OUTCOMES[number[2]];
  const claims = number[4].map((place) => record.claims[place]);
  if (number[3] && fate !== "rejected")
    parts.push(make("p", { class: "why", dir: "auto" }, reason(number[3], fate)));
  claims.forEach((claim, k) => {
    if (claims.length > 1)
      parts.push(
        make(
          "h4",
          {},
          `Claim ${k + 1} of ${claims.length}: ${claim.accepted ? "accepted" : "refused"}`,
        ),
      );
    parts.push(...claimParts(claim));
  });
  if (!claims.length)
    parts.push(make("h4", {}, "As it was read"), fieldList(readFields(number[5])));
  return parts;
}

function reason(why, fate) {
  const match = fate === "dismissed" ? /^(\w+): (.*)$/s.exec(why) : null;
  return match ? `By the ${match[1]}: ${match[2]}.` : why;
}

const readFields = ([value, low, high, qualifier, kind, unit]) => ({
  ...figureFields({ value, low, high, qualifier }),
  unit,
  Kind: kind,
});

/** Value, low and high as one line where they can be. */
function figureFields(fields) {
  const { value, low, high, qualifier, ...rest } = fields;
  const figure = [value, low, high].every(
    (one) => one === null || one === undefined || typeof one === "string",
  )
    ? interval(value, low, high)
    : null;
  if (figure === null) return fields;
  return {
    Figure: figure,
    ...(qualifier && qualifier !== "exact"
      ? { qualifier: String(qualifier).replaceAll("_", " ") }
      : {}),
    ...rest,
  };
}

function interval(value, low, high) {
  if (low && high)
    return low === high
      ? grouped(low)
      : `${value && value !== low && value !== high ? `${grouped(value)}, ` : ""}${grouped(low)} to ${grouped(high)}`;
  if (low) return `${grouped(low)} or more`;
  if (high) return `${grouped(high)} or less`;
  return value ? grouped(value) : null;
}

const grouped = (figure) =>
  figure.replace(/^(-?)(\d+)/, (_, sign, digits) => sign + digits.replace(/\B(?=(\d{3})+$)/g, ","));

function fieldList(fields) {
  const list = make("dl", { class: "fields" });
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || value === undefined || value === "") continue;
    list.append(
      make(
        "div",
        {},
        make("dt", {}, isolated(LABELS[name] || name)),
        make("dd", { dir: "auto" }, worded(value)),
      ),
    );
  }
  return list;
}

function worded(value) {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((one) => typeof one === "string"))
    return value.join(", ");
  return JSON.stringify(value);
}

function claimParts(claim) {
  const { filled, ...fields } = claim.fields;
  const faults = claim.findings.filter((one) => one[1] === "error");
  const flags = claim.findings.filter((one) => one[1] !== "error");
  const parts = [];
  if (faults.length)
    parts.push(make("h4", { class: "part" }, "Refused because"), findingList(faults));
  parts.push(
    make("h4", { class: "part" }, claim.accepted ? "The claim" : "As it was stated"),
    fieldList(figureFields(fields)),
  );
  if (claim.accepted)
    parts.push(
      make("h4", { class: "part" }, "Checks"),
      make(
        "p",
        {},
        flags.length
          ? "It passed every rule that refuses; flagged is:"
          : "It passed every rule, and nothing is flagged.",
      ),
    );
  else if (flags.length) parts.push(make("h4", { class: "part" }, "Flagged as well"));
  if (flags.length) parts.push(findingList(flags));
  if (claim.accepted && Array.isArray(filled) && filled.length)
    parts.push(
      make(
        "p",
        { class: "note" },
        `Settled by the text alone: ${filled
          .map((name) => LABELS[name] || name)
          .join(", ")
          .toLowerCase()}.`,
      ),
    );
  return parts;
}

function findingList(findings) {
  const demands = new Map(index.rules);
  return make(
    "ul",
    { class: "findings" },
    findings.map(([code, , field, message]) =>
      make(
        "li",
        {},
        make(
          "a",
          {
            href: address("documents", new URLSearchParams(), { rule: code }),
            title: demands.get(code) || null,
          },
          isolated(code),
        ),
        " ",
        make("span", { dir: "auto" }, message),
        field ? make("span", { class: "under" }, "field: ", isolated(field)) : null,
        demands.get(code) ? make("span", { class: "under" }, demands.get(code)) : null,
      ),
    ),
  );
}

/** A claim in a line or two, for the table and for paper. */
function claimLine(claim) {
  const { fields } = claim;
  const figure = figureFields(fields).Figure;
  const told = [
    ["figure ", figure],
    ["counted ", fields.counted],
    ["what happened ", fields.event],
    ["claimant ", fields.claimant],
    ["told as ", fields.modality],
  ]
    .filter(([, value]) => value)
    .map(([label, value]) => ["; ", label, isolated(worded(value))]);
  const quote = fields.quote ? make("q", { dir: "auto" }, worded(fields.quote)) : "no quote";
  const why = claim.findings.map(([code, severity, , message]) =>
    make(
      "span",
      { class: "under" },
      `${severity === "error" ? "Refused" : "Flagged"} by ${code}: `,
      isolated(message),
    ),
  );
  return make("p", {}, quote, told.flat(), why);
}
