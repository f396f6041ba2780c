// What every part of the page is built with: words, signs, elements.

const OUTCOMES = ["accepted", "rejected", "dismissed", "unclaimed"];
const STATES = ["done", "failed", "duplicate"];
const SIGNS = {
  accepted: "✓",
  rejected: "✕",
  dismissed: "○",
  unclaimed: "?",
  failed: "!",
  duplicate: "=",
};
const MEANS = {
  accepted: "A claim about this number stands in the text and passed every rule.",
  rejected: "Every claim about this number was refused.",
  dismissed: "This number was said to be no claim.",
  unclaimed: "No claim was made about this number.",
};
const LABELS = {
  quote: "Quote",
  value: "Value",
  low: "Low",
  high: "High",
  qualifier: "Hedge",
  unit: "Unit",
  counted: "Counted",
  event: "What happened",
  claimant: "Claimant",
  place: "Place",
  when: "When",
  modality: "Told as",
  derived_from: "Worked out of",
  filled: "Settled by the text",
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
  return make(
    "span",
    { class: `fate ${fate}` },
    make("span", { class: "sign", "aria-hidden": "true" }, SIGNS[fate]),
    ` ${fate}`,
  );
}
