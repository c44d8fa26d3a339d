/* Count the seconds of [data-countdown] down, in the words of its data-words. The page renews itself without this. */
"use strict";
for (const shown of document.querySelectorAll("[data-countdown]")) {
  const end = Date.now() + 1000 * Number(shown.dataset.countdown);
  const timer = setInterval(() => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    shown.textContent = shown.dataset.words.replace("SECONDS", left);
    if (left === 0) clearInterval(timer);
  }, 1000);
}
