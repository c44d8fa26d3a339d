/* Count the seconds of [data-countdown] down in the words of its data-words; then put the code of the page at its
   data-next in the place of this one, so that whoever listens to the page is not thrown back to its head. */
"use strict";
(() => {
  const renew = async (code, next) => {
    try {
      const answer = await fetch(next, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector(".till-code");
      code.replaceWith(document.adoptNode(fresh));
      start();
    } catch {
      location.assign(next); // whoever is signed out by now is told so there
    }
  };

  const start = () => {
    const shown = document.querySelector("[data-countdown]");
    if (!shown) return;
    const end = Date.now() + 1000 * Number(shown.dataset.countdown);
    const timer = setInterval(() => {
      const left = Math.max(0, Math.round((end - Date.now()) / 1000));
      shown.textContent = shown.dataset.words.replace("SECONDS", left);
      if (left > 0) return;
      clearInterval(timer);
      renew(shown.closest(".till-code"), shown.dataset.next);
    }, 1000);
  };

  start();
})();
