/* Read the page's main points aloud, in order, where the browser can speak; elsewhere its buttons stay hidden. */
"use strict";
(() => {
  if (!("speechSynthesis" in window) || !("SpeechSynthesisUtterance" in window)) return;
  const buttons = document.querySelectorAll("[data-read-aloud]");
  if (!buttons.length) return;

  const language = document.documentElement.lang;
  const chinese = language.startsWith("zh");
  const POINTS = "[data-read],h1,h2,h3,p,li,dt,dd,legend,label,.badge,.act,.btn,.pts,.rank";
  const SILENT = "[hidden],[aria-hidden=true],.sr,script,.digest,details:not([open]) > :not(summary)";
  const LONGEST = 80; // some engines stop in the middle of a longer one

  /* Signs as they are spoken: 减2, 加35, and no star for a masked name. */
  const spoken = (text) => {
    let plain = text.replace(/\s+/g, " ").replace(/＊+/g, chinese ? "某" : " ").trim();
    if (chinese) plain = plain.replace(/[\u2212-](?=\d)/g, "减").replace(/\+(?=\d)/g, "加").replace(/·/g, "，");
    return plain;
  };

  const words = () => {
    const texts = [];
    for (const part of document.querySelectorAll(".greet, main")) {
      for (const point of part.querySelectorAll(POINTS)) {
        if (point.closest(SILENT) || point.closest("[data-read-aloud]") || !point.getClientRects().length) continue;
        if (point.parentElement.closest(POINTS)) continue; // it is read with what holds it
        const text = spoken(point.getAttribute("aria-label") || point.innerText || "");
        if (text) texts.push(text);
      }
    }
    return texts;
  };

  const sentences = (text) => {
    const pieces = text.match(/[^。！？；，.!?;]+[。！？；，.!?;]*/g) || [text];
    return pieces.reduce((lines, piece) => {
      const last = lines.length - 1;
      if (last >= 0 && lines[last].length + piece.length <= LONGEST) lines[last] += piece;
      else lines.push(piece);
      return lines;
    }, []);
  };

  const voice = () => {
    const voices = speechSynthesis.getVoices();
    const tag = (each) => each.lang.replace("_", "-");
    return voices.find((each) => tag(each) === language)
      || voices.find((each) => tag(each).startsWith(language.slice(0, 2)));
  };

  let queue = []; // kept here: some browsers forget an utterance that nothing refers to
  const show = (reading) => {
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(reading));
      button.querySelector("span").textContent = reading ? button.dataset.stop : button.dataset.start;
    }
  };
  const stop = () => {
    queue = [];
    speechSynthesis.cancel();
    show(false);
  };
  const start = () => {
    speechSynthesis.cancel();
    queue = words().flatMap(sentences).map((text) => {
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.lang = language;
      utterance.rate = 0.9;
      const chosen = voice();
      if (chosen) utterance.voice = chosen;
      return utterance;
    });
    if (!queue.length) return;
    queue[queue.length - 1].onend = stop;
    show(true);
    for (const utterance of queue) speechSynthesis.speak(utterance);
  };

  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => (queue.length ? stop() : start()));
  }
  addEventListener("pagehide", stop);
})();
