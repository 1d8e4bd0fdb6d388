// What a page that changes without reloading must still do for people who use a keyboard or listen to it.
// It moves the focus and says in the title that something is wrong; everything else is the server's.
(() => {
  "use strict";

  // Work the portal is at: the page asks how far it is, as often as it says, while somebody looks at it.
  window.setInterval(() => {
    const again = document.querySelector("[data-look-again] button");
    if (again && !document.hidden) again.click();
  }, 2000);

  const LONGEST_WAIT_MS = 1000;

  let path = window.location.pathname;
  let shown = null; // the heading of the page on the screen, and its words
  let leaving = null; // the same for the page being left, while its successor is drawn
  let announced = null; // the heading that was given the focus
  let problems = "";
  let notice = "";
  let code = "";
  let last = null; // what had the focus last

  const focus = (element) => element.focus({ preventScroll: true });
  const wordsOf = (element) => (element ? element.textContent : "");

  // A new page: its heading is read out. React draws it some time after the address has changed.
  const announcePage = () => {
    const heading = document.querySelector("main h1");
    if (window.location.pathname !== path) {
      path = window.location.pathname;
      problems = "";
      leaving = { ...shown, since: performance.now() };
      window.setTimeout(announcePage, LONGEST_WAIT_MS);
    }
    if (!heading) return;
    const words = wordsOf(heading);
    if (leaving) {
      const same = heading === leaving.heading && words === leaving.words;
      if (same && performance.now() - leaving.since < LONGEST_WAIT_MS) return;
      leaving = null;
      announced = heading;
      focus(heading);
    } else if (announced && !announced.isConnected && document.activeElement === document.body) {
      announced = heading; // it was drawn anew
      focus(heading);
    }
    shown = { heading, words };
  };

  // Problems, or the same said again: the summary takes the focus once, so that the next thing heard is what is wrong.
  const announceProblems = () => {
    const summary = document.querySelector(".nhsuk-error-summary");
    const said = summary && summary.querySelector("[data-said]");
    const words = wordsOf(summary) + (said ? said.dataset.said : "");
    const title = (summary ? "Error: " : "") + document.title.replace(/^Error: /, "");
    if (document.title !== title) document.title = title; // the name of the page says it first
    if (words === problems) return;
    problems = words;
    if (!summary) return;
    summary.scrollIntoView({ block: "start" });
    focus(summary);
  };

  // Something just happened: it is read out as it stands in a live region; here it is brought into sight.
  const showNotice = () => {
    const banner = document.querySelector(".nhsuk-notification-banner");
    const words = wordsOf(banner);
    if (words === notice) return;
    notice = words;
    if (banner) banner.scrollIntoView({ block: "nearest" });
  };

  // A code that is shown once must be seen: it is drawn at the top, far from the button that made it.
  const showCode = () => {
    const letter = document.querySelector(".phb-letter");
    const words = wordsOf(letter);
    if (words === code) return;
    code = words;
    if (letter) letter.scrollIntoView({ block: "center" });
  };

  // What had the focus is gone from the page (a button that did its work): go on from the heading, not from the top.
  const keepPlace = () => {
    if (!last || last.isConnected || leaving || document.activeElement !== document.body) return;
    last = null;
    const heading = document.querySelector("main h1");
    if (heading) focus(heading);
  };

  document.addEventListener("focusin", (event) => { last = event.target; });

  // A problem's link leads to its field without a new entry in the browser's history.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest(".nhsuk-error-summary a[href^='#']");
    if (!link) return;
    const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    event.preventDefault();
    const group = field.closest("fieldset, .nhsuk-form-group") || field;
    group.scrollIntoView({ block: "start" });
    focus(field);
  });

  // Another button of a form than the one that sends it: the form says which it was. What was typed goes along.
  let unsaved = null; // the form in which something was typed and not sent
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("button[data-way]");
    const form = button && button.closest("form");
    const way = form && form.querySelector("input[name='_way']");
    if (!way) return;
    way.value = button.dataset.way;
    form.requestSubmit();
    window.setTimeout(() => { way.value = ""; });
  });

  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("button[data-print]")) window.print();
  });

  // Leaving a form in which something was typed: asked first, by the browser's own words or ours.
  const LEAVE = "You have not saved what you typed. Leave this page?";
  const isUnsaved = () => unsaved !== null && unsaved.isConnected;
  document.addEventListener("input", (event) => {
    const form = event.target instanceof Element && event.target.closest("form[data-guard]");
    if (form) unsaved = form;
  });
  document.addEventListener("submit", () => { unsaved = null; }, true);
  window.addEventListener("beforeunload", (event) => { if (isUnsaved()) event.preventDefault(); });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a[href]");
    if (!link || !isUnsaved() || link.getAttribute("href").startsWith("#") || event.ctrlKey || event.metaKey) return;
    if (window.confirm(LEAVE)) unsaved = null;
    else { event.preventDefault(); event.stopPropagation(); }
  }, true);

  announcePage(); // the browser itself announces the first page; this only notes its heading
  new MutationObserver(() => {
    announcePage();
    announceProblems();
    showNotice();
    showCode();
    keepPlace();
  }).observe(document.documentElement, {
    childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["data-said"],
  });
})();
