// What a page that changes without reloading must still do for people who use a keyboard or listen to it.
// It only moves the focus; everything else is the server's.
(() => {
  "use strict";

  let path = window.location.pathname;
  let problems = "";
  let arrived = true; // the browser itself announces the first page

  const focus = (element) => {
    if (element) element.focus({ preventScroll: true });
  };

  // A new page: its heading is read out. React may draw it a moment after the address has changed.
  const announcePage = () => {
    if (window.location.pathname !== path) {
      path = window.location.pathname;
      arrived = false;
      problems = "";
    }
    if (arrived) return;
    const heading = document.querySelector("main h1");
    if (!heading) return;
    arrived = true;
    focus(heading);
  };

  // New problems: the summary takes the focus, so that the next thing heard is what is wrong.
  const announceProblems = () => {
    const summary = document.querySelector(".nhsuk-error-summary");
    const words = summary ? summary.textContent : "";
    if (words === problems) return;
    problems = words;
    if (!summary) return;
    summary.scrollIntoView({ block: "start" });
    focus(summary);
  };

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

  // The same problems after another try are problems again.
  document.addEventListener("submit", () => { problems = ""; }, true);

  new MutationObserver(() => {
    announcePage();
    announceProblems();
  }).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
})();
