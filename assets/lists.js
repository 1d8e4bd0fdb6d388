// Keys for lists: "/" to the search box, arrows from row to row, "?" for help. These only move the focus.
// On a record of a list: "[" and "]" to the record before and the one after.
// They do nothing while somebody types or chooses, and nothing at all once they have been turned off.
(() => {
  "use strict";

  const OFF = "phb-list-keys-off";
  const TYPES_IN = "input, textarea, select, [contenteditable='true'], dialog, summary";

  const isOff = () => {
    try { return window.localStorage.getItem(OFF) === "yes"; } catch { return false; }
  };
  const turn = (off) => {
    try {
      if (off) window.localStorage.setItem(OFF, "yes");
      else window.localStorage.removeItem(OFF);
    } catch { /* a browser that keeps nothing: the keys stay as they are */ }
  };

  const table = () => document.querySelector("main .phb-data");
  const ways = () => [...document.querySelectorAll("main .phb-data tbody tr")]
    .map((row) => row.querySelector("th a, td a")).filter(Boolean);

  const search = () => {
    const box = document.getElementById("search");
    if (!box) return false;
    box.focus();
    box.select();
    return true;
  };

  // From the row that has the focus to the next; from anywhere else on the page to the first or the last.
  const move = (step) => {
    const links = ways();
    if (!links.length) return false;
    const row = document.activeElement && document.activeElement.closest(".phb-data tbody tr");
    const at = row ? links.findIndex((link) => row.contains(link)) : -1;
    const to = at < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step));
    links[to].focus();
    links[to].scrollIntoView({ block: "nearest" });
    return true;
  };

  const help = () => {
    const shown = document.querySelector("#list-keys details");
    if (!shown) return false;
    shown.open = !shown.open;
    const summary = shown.querySelector("summary");
    summary.focus();
    summary.scrollIntoView({ block: "nearest" });
    return true;
  };

  const beside = (rel) => {
    const way = document.querySelector(`main [data-beside="${rel}"]`);
    if (!way) return false;
    way.click();
    return true;
  };

  // An arrow scrolls the page unless a row, or nothing at all, has the focus. From the search box, where what was typed
  // has just been found, the down arrow leads to the first row: in a box of one line it has nothing else to do.
  const mayMove = (target) =>
    target === document.body || target.matches("main h1") || target.closest(".phb-data tbody") !== null;

  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!table() && !document.getElementById("list-keys")) return;
    const helps = event.key === "?" && !target.matches(TYPES_IN.replace(", summary", ""));
    const leaves = event.key === "ArrowDown" && target.id === "search";
    if (isOff() || (target.closest(TYPES_IN) && !helps && !leaves)) return;
    let done = false;
    if (event.key === "/") done = search();
    else if (helps) done = help();
    else if (event.key === "[") done = beside("prev");
    else if (event.key === "]") done = beside("next");
    else if (event.key === "ArrowDown" && (leaves || mayMove(target))) done = move(1);
    else if (event.key === "ArrowUp" && mayMove(target)) done = move(-1);
    if (done) event.preventDefault();
  });

  const label = (button) => {
    const words = isOff() ? "Turn the keys on" : "Turn the keys off";
    if (button.textContent !== words) button.textContent = words;
  };

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("#keys-switch");
    if (!button) return;
    turn(!isOff());
    label(button);
  });
  document.addEventListener("toggle", (event) => {
    const button = event.target instanceof Element && event.target.querySelector("#keys-switch");
    if (button) label(button);
  }, true);
})();
