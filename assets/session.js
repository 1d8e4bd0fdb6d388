// How long the sign-in lasts: asks the server every minute, warns two minutes before the end, leaves when it is over.
// Asking does not put the end off. Only pages of somebody signed in have the sign-out form, and only they ask.
(() => {
  "use strict";

  const EVERY_MS = 60_000;
  const WARN_SECONDS = 120;
  const LONGEST_WAIT_MS = 10_000;

  let next = 0;
  let warning = null; // the open dialog
  let returnTo = null; // what had the focus before it

  const signOutForm = () => document.querySelector('form[action="/auth/logout"]');

  // A page that signs out waits for its answer: nothing else may take it elsewhere before, unless none comes.
  const page = document.documentElement;
  document.addEventListener("submit", (event) => {
    if (event.target !== signOutForm()) return;
    page.dataset.leaving = "yes";
    window.setTimeout(() => { delete page.dataset.leaving; }, LONGEST_WAIT_MS);
  }, true);

  const leave = (reason) => {
    if (page.dataset.leaving) return;
    const timed = reason === "session.idle" || reason === "session.absolute";
    window.location.replace(timed ? "/auth/timed-out" : "/auth/signed-out");
  };

  const askAgainIn = (ms) => {
    window.clearTimeout(next);
    next = window.setTimeout(ask, ms);
  };

  const heard = async (answer) => {
    if (answer.status === 401) return leave((await answer.json()).reason);
    if (!answer.ok) return askAgainIn(EVERY_MS);
    const { seconds, final } = await answer.json();
    if (seconds > WARN_SECONDS) closeWarning();
    else warn(final);
    // once more just after the end, or just when the warning is due
    const due = seconds > WARN_SECONDS ? seconds - WARN_SECONDS : seconds + 1;
    askAgainIn(Math.min(EVERY_MS, due * 1000));
  };

  const ask = async () => {
    if (!signOutForm()) return askAgainIn(EVERY_MS);
    try {
      await heard(await fetch("/auth/session", { credentials: "same-origin", cache: "no-store" }));
    } catch {
      askAgainIn(EVERY_MS); // no connection: the page says so itself
    }
  };

  const stay = async () => {
    try {
      await heard(await fetch("/auth/session", { method: "POST", credentials: "same-origin", cache: "no-store" }));
    } catch {
      askAgainIn(EVERY_MS);
    }
  };

  const signOut = () => {
    const form = signOutForm();
    if (form) form.requestSubmit();
    else window.location.replace("/auth/timed-out");
  };

  const button = (words, kind, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = kind;
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  };

  const element = (tag, id, words) => {
    const made = document.createElement(tag);
    made.id = id;
    made.textContent = words;
    return made;
  };

  const warn = (final) => {
    if (warning) return;
    const dialog = document.createElement("dialog");
    dialog.className = "phb-session";
    dialog.setAttribute("aria-labelledby", "phb-session-title");
    dialog.setAttribute("aria-describedby", "phb-session-words");
    const title = element("h2", "phb-session-title", "You will be signed out in 2 minutes");
    title.className = "nhsuk-heading-m";
    const words = element(
      "p",
      "phb-session-words",
      final
        ? "You have been signed in for nearly 12 hours. Save what you are doing, then sign in again."
        : "This keeps your information safe when you are not using the page.",
    );
    const group = document.createElement("div");
    group.className = "nhsuk-button-group";
    if (final) group.append(button("Close this message", "nhsuk-button", () => dialog.close()));
    else group.append(button("Stay signed in", "nhsuk-button", stay));
    group.append(button("Sign out", "nhsuk-button nhsuk-button--secondary", signOut));
    dialog.append(title, words, group);
    // the Escape key means the same as the first button
    dialog.addEventListener("cancel", (event) => {
      if (final) return;
      event.preventDefault();
      stay();
    });
    // a browser may close it all the same: whoever is still to be warned is warned again
    dialog.addEventListener("close", () => { if (!final) closeWarning(); });
    returnTo = document.activeElement;
    document.body.append(dialog);
    dialog.showModal();
    warning = dialog;
  };

  const closeWarning = () => {
    if (!warning) return;
    warning.close();
    warning.remove();
    warning = null;
    if (returnTo && returnTo.isConnected) returnTo.focus({ preventScroll: true });
  };

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") ask();
  });
  // a page the browser kept and shows again, for somebody who may be signed out by now
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    delete page.dataset.leaving;
    ask();
  });
  askAgainIn(EVERY_MS);
})();
