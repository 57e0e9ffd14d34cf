// Keeps the screen in step with the booth. Without it every page works, by its forms and links.

const booth = document.getElementById("booth");
const away = document.getElementById("away");
const wiped = document.getElementById("wiped");
const token = document.querySelector('meta[name="booth-token"]').content;
const QUIETEST_DBFS = -60;
const ACTIVE_EVERY_MS = 5000;
const PREVIEW_EVERY_MS = 200;
const DRAFT_AFTER_MS = 400;
const RETRY_MS = 2000;
const WIPED_MS = 8000;
const SETTLED_MS = 1000;

let look = location.search;
let endsAt = null;
let lastActive = 0;
let drafting = 0;
let shown = "";
let asked = 0;
let proposing = Promise.resolve();
let proposed = {};
let untold = 0;
let changedAt = 0;
let words = "";
let wordsAsked = 0;
let wordsLater = 0;

const screenNow = () => document.getElementById("screen");
const live = (name) => booth.querySelectorAll(`[data-live="${name}"]`);

async function send(address, fields) {
  return fetch(address, {
    method: "POST",
    headers: { "X-Booth-Token": token },
    body: new URLSearchParams(fields),
  });
}

// Answers may overtake each other: only that to the last question is shown.
async function show({ focus = true, sent = null, wanted = false } = {}) {
  const mine = ++asked;
  const answer = await fetch(`/kiosk/screen${look}`, { headers: { "X-Booth-Token": token } });
  const text = await answer.text();
  if (!answer.ok || mine !== asked) return;
  const before = screenNow().dataset.version;
  const page = new DOMParser().parseFromString(text, "text/html");
  const next = page.getElementById("screen");
  const same = next.dataset.version === before && !sent?.isConnected;
  if (same && !wanted && (justChanged() || document.activeElement?.matches("textarea, input[type=text]"))) return;
  const held = same ? usable().indexOf(document.activeElement) : -1;
  tellWiped(screenNow().dataset, next.dataset.state);
  const typed = sent?.querySelector("input.words")?.value;
  screenNow().replaceWith(document.adoptNode(next));
  begin();
  keepTyped(typed);
  if (held >= 0) usable()[held]?.focus();
  else if (focus && !same) (booth.querySelector("textarea") ?? booth.querySelector("h1"))?.focus();
}

// A screen may be older than the news of words: it was on its way meanwhile, or could not be had.
async function keepWords() {
  clearTimeout(wordsLater);
  if (screenNow().dataset.worded === words) return;
  await showWords().catch(() => {});
  if (screenNow().dataset.worded !== words) wordsLater = setTimeout(keepWords, RETRY_MS);
}

// Words that arrive take the place of others, and nothing else moves under a finger.
async function showWords() {
  const [mine, side] = [++wordsAsked, look];
  const answer = await fetch(`/kiosk/screen${side}`, { headers: { "X-Booth-Token": token } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.getElementById("screen");
  if (!answer.ok || mine !== wordsAsked || side !== look) return;
  if (next && next.dataset.version !== screenNow().dataset.version) return show({ focus: false });
  if (!next) return;
  for (const fresh of page.querySelectorAll("[data-words]")) {
    const old = booth.querySelector(`[data-words="${fresh.dataset.words}"]`);
    // The element itself stays, so that a screen reader says what is new in it.
    if (old && old.innerHTML !== fresh.innerHTML) old.replaceChildren(...fresh.childNodes);
  }
  screenNow().dataset.worded = next.dataset.worded;
}

// A code that was not right stays to be mended; it is never sent back.
function keepTyped(code) {
  const field = booth.querySelector("input.words");
  if (code && field && booth.querySelector(".complaint")) field.value = code;
}

function usable() {
  return [...booth.querySelectorAll("a, button, input, select, summary, textarea")];
}

// The booth has wiped before anybody could read it, so the next screen says so for a while.
function tellWiped(before, after) {
  if (after !== "attract" || before.state === "attract") return;
  write(wiped, before.wiped);
  wiped.hidden = false;
  setTimeout(() => (wiped.hidden = true), WIPED_MS);
}

function begin() {
  document.documentElement.lang = screenNow().lang;
  document.documentElement.classList.toggle("larger", "larger" in screenNow().dataset);
  write(away, screenNow().dataset.away);
  const left = screenNow().dataset.left;
  countFrom(left === "" ? null : Number(left));
}

function countFrom(seconds) {
  endsAt = seconds === null ? null : Date.now() + 1000 * seconds;
  count();
}

function count() {
  const place = document.getElementById("countdown");
  if (!place) return;
  const seconds = endsAt === null ? Infinity : Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
  place.hidden = seconds > Number(place.dataset.from);
  if (!place.hidden) place.textContent = place.dataset.says.replace("{s}", seconds);
}

function keepUp(now) {
  for (const place of live("face")) {
    const says = now.face_in_view === null ? "wait" : now.face_in_view ? "yes" : "no";
    write(place, place.dataset[says]);
  }
  for (const place of live("heard")) {
    write(place, now.too_loud ? place.dataset.loud : now.heard ? place.dataset.yes : place.dataset.no);
  }
  const share = Math.min(1, Math.max(0, 1 - now.level_dbfs / QUIETEST_DBFS));
  for (const place of live("level")) {
    place.setAttribute("width", Math.round(100 * share));
    place.classList.toggle("loud", now.too_loud);
  }
  for (const place of live("voice")) place.setAttribute("r", 12 + 30 * share);
  for (const place of live("ring")) {
    const turned = Math.min(100, (100 * now.elapsed_s) / Number(place.dataset.longest));
    place.style.strokeDasharray = `${turned} 100`;
  }
  const cue = now.hint !== "none" ? now.hint : now.cue;
  for (const place of live("cue")) write(place, place.dataset[cue] ?? "");
  for (const place of live("captions")) write(place, now.captions.slice(-240));
}

function keepForm(now) {
  proposed = now.proposed;
  keepSwitches();
  countFrom(now.left_s);
}

// News on their way may be older than what a person just switched, which nothing may switch back.
function keepSwitches() {
  if (justChanged()) return;
  for (const [sense, on] of Object.entries(proposed)) {
    const box = booth.querySelector(`form[data-proposes] input[name="${sense}"]`);
    if (box) box.checked = on;
  }
}

function justChanged() {
  return untold > 0 || Date.now() - changedAt < SETTLED_MS;
}

// The booth may be slow to hear of a switch; until then, what it says is older than the switch.
async function propose(form) {
  const answer = await send(form.dataset.proposes, new FormData(form));
  if (!answer.ok) return;
  for (const box of form.querySelectorAll("[role=switch]")) proposed[box.name] = box.checked;
  setTimeout(keepSwitches, SETTLED_MS + 100);
}

function write(place, words) {
  if (place.textContent !== words) place.textContent = words ?? "";
}

// What a screen shows; that there is more time again must not replace a button under a finger.
function gist(now) {
  const keys = ["state", "place", "attempt", "answers", "typed", "faults", "consent"];
  return JSON.stringify(keys.map((key) => now[key]));
}

function wordsOf(now) {
  return `${now.wording} ${now.worded}`;
}

function listen() {
  const news = new EventSource("/api/v1/events");
  news.onopen = () => (away.hidden = true);
  news.onerror = () => {
    away.hidden = false;
    // A browser tries again by itself, but not where the booth refused it.
    if (news.readyState === EventSource.CLOSED) setTimeout(listen, RETRY_MS);
  };
  news.addEventListener("snapshot", (told) => {
    const now = JSON.parse(told.data);
    if (now.state !== screenNow().dataset.state) look = "";
    [shown, words] = [gist(now), wordsOf(now)];
    show().catch(() => {}).then(() => {
      keepUp(now);
      keepWords();
    });
  });
  news.addEventListener("state", (told) => {
    const now = JSON.parse(told.data);
    const changed = gist(now) !== shown;
    [shown, words] = [gist(now), wordsOf(now)];
    if (!changed) {
      keepForm(now);
      return keepWords();
    }
    if (now.state !== screenNow().dataset.state) look = "";
    return show().catch(() => {}).then(keepWords);
  });
  news.addEventListener("live", (told) => keepUp(JSON.parse(told.data)));
}

document.addEventListener("submit", async (happened) => {
  happened.preventDefault();
  const form = happened.target;
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  look = "";
  try {
    const answer = await send(form.action, new FormData(form, happened.submitter));
    if (answer.status === 403) return location.reload();
    await show({ sent: form, wanted: true });
    keepWords();
  } catch {
    away.hidden = false;
  } finally {
    form.ariaBusy = "false";
  }
});

document.addEventListener("click", (happened) => {
  const link = happened.target.closest?.("a[data-look]");
  if (!link) return;
  happened.preventDefault();
  look = new URL(link.href).search;
  show({ focus: false, wanted: true }).catch(() => {}).then(keepWords);
});

document.addEventListener("change", (happened) => {
  changedAt = Date.now();
  const form = happened.target.closest?.("form[data-proposes]");
  if (!form) return;
  untold += 1;
  const told = () => {
    untold -= 1;
    changedAt = Date.now();
  };
  proposing = proposing.then(() => propose(form)).catch(() => {}).then(told);
});

document.addEventListener("input", (happened) => {
  const form = happened.target.closest?.("form[data-drafts]");
  if (!form) return;
  clearTimeout(drafting);
  drafting = setTimeout(() => send(form.dataset.drafts, new FormData(form)), DRAFT_AFTER_MS);
});

for (const kind of ["pointerdown", "keydown"]) {
  document.addEventListener(kind, () => {
    wiped.hidden = true;
    const resting = ["attract", "wiped"].includes(screenNow().dataset.state);
    if (resting || Date.now() - lastActive < ACTIVE_EVERY_MS) return;
    lastActive = Date.now();
    send("/kiosk/active", {});
  });
}

setInterval(count, 500);
setInterval(() => {
  const preview = document.getElementById("preview");
  if (preview?.complete) preview.src = `/kiosk/preview.jpg?${Date.now()}`;
}, PREVIEW_EVERY_MS);

begin();
words = screenNow().dataset.worded;
listen();
