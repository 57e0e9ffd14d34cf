// On the booth's own screen, a browser that fills it, no key, click or gesture leads out of the panel.

const full = matchMedia("(display-mode: fullscreen)");
const MOVES = ["ArrowLeft", "ArrowRight", "Home", "End"];
const EDITS = ["a", "c", "v", "x", "y", "z", "Backspace", "Delete", ...MOVES];
const POINTER_MS = 5000;

let hiding = 0;

// What remains is what writing needs; letters by AltGr, too, which some systems tell as Ctrl and Alt.
function leadsOut(pressed) {
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  if (/^(F\d+|Browser.*|Launch.*|ContextMenu)$/.test(key)) return true;
  if (pressed.getModifierState("AltGraph")) return false;
  if (pressed.altKey || pressed.metaKey) return true;
  if (pressed.ctrlKey) return !(pressed.shiftKey ? MOVES : EDITS).includes(key);
  return key === "Escape" && pressed.shiftKey;
}

// A link that is clicked with another button or with a key held opens a window of its own.
function opensWindow(clicked) {
  const held = clicked.button > 0 || clicked.ctrlKey || clicked.shiftKey || clicked.altKey || clicked.metaKey;
  return held && clicked.target.closest?.("a, button");
}

function keepIn(kind, forbids) {
  const options = { capture: true, passive: false };
  addEventListener(kind, (happened) => {
    if (!full.matches || !forbids(happened)) return;
    happened.preventDefault();
    happened.stopImmediatePropagation();
  }, options);
}

keepIn("keydown", leadsOut);
keepIn("click", opensWindow);
keepIn("auxclick", opensWindow);
keepIn("wheel", (turned) => turned.ctrlKey);
for (const kind of ["contextmenu", "dragstart", "dragover", "drop"]) keepIn(kind, () => true);

// A pointer is shown while a mouse moves; on a touch screen there is none.
addEventListener("pointermove", (moved) => {
  if (moved.pointerType !== "mouse") return;
  document.documentElement.classList.add("has-mouse");
  clearTimeout(hiding);
  hiding = setTimeout(() => document.documentElement.classList.remove("has-mouse"), POINTER_MS);
});
