// What is asked of the service: with the key, if one is wanted, and with one sentence where it fails.

const KEY = "extractor-key";
const documentsHeld = new Map();
const DOCUMENTS_HELD = 6;

class Refusal extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

async function ask(path, body) {
  const headers = { accept: "application/json" };
  const key = sessionStorage.getItem(KEY);
  if (key) headers.authorization = `Bearer ${key}`;
  const request = { headers, cache: "no-store", credentials: "omit", redirect: "error" };
  if (body !== undefined) {
    request.method = "POST";
    headers["content-type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(path, request);
  } catch {
    throw new Refusal(0, "The service does not answer. What you decide now is not kept.");
  }
  if (answer.ok) return answer;
  let detail = `The service answered with ${answer.status}.`;
  try {
    detail = (await answer.json()).detail || detail;
  } catch {
    // it was no problem of the service's own
  }
  throw new Refusal(answer.status, detail);
}

const askJson = async (path, body) => (await ask(path, body)).json();
const runPath = (run, rest) => `/v1/review/runs/${encodeURIComponent(run)}/${rest}`;

/** A document of a run with its claims; the last ones are kept. */
async function documentOf(run, id) {
  const place = JSON.stringify([run, id]);
  if (!documentsHeld.has(place)) {
    const query = new URLSearchParams({ document: id });
    documentsHeld.set(place, await askJson(runPath(run, `document?${query}`)));
    if (documentsHeld.size > DOCUMENTS_HELD)
      documentsHeld.delete(documentsHeld.keys().next().value);
  }
  return documentsHeld.get(place);
}

const forgetDocument = (run, id) => documentsHeld.delete(JSON.stringify([run, id]));

/** The table as a file: a link alone could not carry the key. */
async function saveExport(run, form) {
  const answer = await ask(runPath(run, `export?form=${form}`));
  const address = URL.createObjectURL(await answer.blob());
  const link = make("a", { href: address, download: `${run}-review.${form}` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
