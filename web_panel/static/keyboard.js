// The panel's own keyboard: it opens where a field is touched, and types into it as a real one does.

const FIELDS = "textarea, input:is([type=text], [type=password], [type=number])";
const MARKS = { "´": "\u0301", "¨": "\u0308" };
const REPEAT_AFTER_MS = 450;
const REPEAT_EVERY_MS = 70;

let touched = false;
let mark = "";
let capital = "off";
let repeating = 0;
let held = false;

const board = () => document.getElementById("keyboard");
const field = () => (document.activeElement?.matches(FIELDS) ? document.activeElement : null);
const isOpen = () => board()?.hidden === false;

function open() {
  const [keys, writes] = [board(), field()];
  if (!keys || !writes || writes.readOnly) return close();
  if (keys.dataset.opens === "auto" && !touched) return close();
  keys.hidden = false;
  document.documentElement.classList.add("typing");
  for (const key of keys.querySelectorAll("[data-does=line]")) key.hidden = !writes.matches("textarea");
  turnTo(pageFor(writes));
  begin();
  writes.scrollIntoView({ block: "nearest" });
}

// A number may have a sign and a point, a PIN has digits alone.
function pageFor(writes) {
  if (writes.inputMode === "numeric") return "digits";
  return writes.type === "number" ? "signs" : "letters";
}

function close() {
  const keys = board();
  if (keys) keys.hidden = true;
  document.documentElement.classList.remove("typing");
  clearTimeout(repeating);
  mark = "";
}

// Somebody went on beside the field. Nothing may move under a finger or a mouse that is down.
function leave() {
  setTimeout(() => {
    if (!held && isOpen() && !field()) close();
  });
}

function turnTo(page) {
  for (const keys of board().querySelectorAll("[data-page]")) keys.hidden = keys.dataset.page !== page;
}

// A sentence begins with a capital, where the field is for sentences.
function begin() {
  const writes = field();
  const before = writes.matches("textarea") ? writes.value.slice(0, writes.selectionStart) : "x";
  if (capital !== "locked") setCapital(/(^|[.!?]\s+|\n)$/.test(before) ? "once" : "off");
}

function setCapital(next) {
  capital = next;
  board().classList.toggle("capital", capital !== "off");
  const key = board().querySelector("[data-does=capital]");
  key.ariaPressed = String(capital !== "off");
  key.classList.toggle("locked", capital === "locked");
}

// By the browser's own editing, so that limits, undoing and what listens to the field hold.
function type(letter) {
  const shown = capital === "off" || letter.toUpperCase().length > 1 ? letter : letter.toUpperCase();
  const marked = mark ? `${shown}${MARKS[mark]}`.normalize("NFC") : shown;
  mark = "";
  document.execCommand("insertText", false, marked.length > 1 ? shown : marked);
  begin();
}

const DOES = {
  capital: () => setCapital({ off: "once", once: "locked", locked: "off" }[capital]),
  delete: () => {
    mark = "";
    document.execCommand("delete");
    begin();
  },
  line: () => type("\n"),
  letters: () => turnTo("letters"),
  signs: () => turnTo("signs"),
  close,
};

function press(key) {
  if (!field()) return close();
  if (key.dataset.does) DOES[key.dataset.does]();
  else if (key.dataset.mark) mark = mark === key.dataset.mark ? "" : key.dataset.mark;
  else type(key.dataset.key);
  for (const one of board().querySelectorAll("[data-mark]")) one.ariaPressed = String(mark === one.dataset.mark);
}

// One at a time, whatever number of fingers is down.
function repeat(key, after) {
  clearTimeout(repeating);
  repeating = setTimeout(() => {
    press(key);
    if (isOpen()) repeat(key, REPEAT_EVERY_MS);
  }, after);
}

document.addEventListener("pointerdown", (touch) => {
  held = true;
  touched = touch.pointerType === "touch";
  const inside = touch.target.closest?.("#keyboard");
  if (!inside) return;
  touch.preventDefault(); // the field keeps the focus
  const key = touch.target.closest("button");
  if (!key || touch.button > 0) return;
  press(key);
  if (key.dataset.does === "delete") repeat(key, REPEAT_AFTER_MS);
});

for (const kind of ["pointerup", "pointercancel"]) {
  document.addEventListener(kind, () => {
    held = false;
    clearTimeout(repeating);
    leave();
  });
}

// Touching gives a mouse's events, too, which would take the focus away.
document.addEventListener("mousedown", (pressed) => {
  if (pressed.target.closest?.("#keyboard")) pressed.preventDefault();
});

// A program that helps a person clicks without a pointer.
document.addEventListener("click", (clicked) => {
  const key = clicked.target.closest?.("#keyboard button");
  if (key && clicked.detail === 0) press(key);
  else if (clicked.target.matches?.(FIELDS)) open();
});

document.addEventListener("focusin", (came) => {
  if (came.target.matches?.(FIELDS)) open();
});

document.addEventListener("focusout", leave);

document.addEventListener("keydown", (pressed) => {
  if (!pressed.isTrusted || !isOpen() || board().dataset.opens === "always") return;
  touched = false;
  close();
});

new MutationObserver(() => {
  if (document.documentElement.classList.contains("typing") && !(isOpen() && field())) open();
}).observe(document.body, { childList: true, subtree: true });

if (field()) open();
