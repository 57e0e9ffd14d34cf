// Goes on by itself once the booth is back: a browser that shows no address cannot leave its own
// page of an address that does not answer.
const LOOK_MS = 2000;
const link = document.getElementById("back");
let wasGone = false;

async function look() {
  try {
    const answer = await fetch("/healthz", { cache: "no-store" });
    if (answer.ok && wasGone) {
      location.assign(link.href);
      return;
    }
  } catch {
    wasGone = true;
  }
  link.hidden = wasGone;
  setTimeout(look, LOOK_MS);
}

look();
