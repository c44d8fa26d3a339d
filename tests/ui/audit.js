// Runs inside the page; see audit.py. Gives a list of findings, each named once.
(face) => {
  const large = document.documentElement.dataset.size === "large";
  const leastText = { phone: large ? 18 : 14, console: 12.9, counter: 14 }[face];
  const leastTarget = { phone: large ? 60 : 44, console: 24, counter: 44 }[face];
  const found = new Set();
  const style = (element) => getComputedStyle(element);
  const short = (text) => text.trim().replace(/\s+/g, " ").slice(0, 16);

  const visible = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && style(element).visibility !== "hidden"
      && !element.closest(".sr, [aria-hidden=true]");
  };

  const colour = (text) => {
    const parts = text.match(/[\d.]+/g).map(Number);
    return parts.length < 4 ? [...parts, 1] : parts;
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const over = (top, bottom) => [0, 1, 2].map((i) => top[i] * top[3] + bottom[i] * (1 - top[3]));
  const background = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const layer = colour(style(at).backgroundColor);
      if (layer[3] > 0) layers.unshift(layer);
      if (layer[3] >= 1) break;
    }
    return layers.reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const contrast = (element) => {
    const below = background(element);
    const [a, b] = [luminance(over(colour(style(element).color), below)), luminance(below)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };

  const checkText = (element, text) => {
    const size = parseFloat(style(element).fontSize);
    const bold = Number(style(element).fontWeight) >= 600;
    const needed = size >= 24 || (size >= 18.66 && bold) ? 3 : 4.5;
    const ratio = contrast(element);
    if (ratio < needed && !element.closest("[disabled], [aria-disabled=true]")) {
      found.add(`contrast ${ratio.toFixed(2)} ${short(text)}`);
    }
    if (leastText && size < leastText) found.add(`small ${size.toFixed(1)} ${short(text)}`);
  };

  const checkTarget = (element) => {
    const name = short(element.textContent) || element.getAttribute("aria-label") || element.className;
    // What is tapped is the whole label of a hidden input.
    const area = element.matches("label .sr, label [type=checkbox], label [type=radio]") ? element.closest("label") : element;
    const box = area.getBoundingClientRect();
    const inText = style(element).display === "inline";
    if (leastTarget && !inText && (box.height < leastTarget - 0.5 || box.width < leastTarget - 0.5)) {
      found.add(`target ${box.width.toFixed(0)}x${box.height.toFixed(0)} ${short(name)}`);
    }
    if (box.right > innerWidth + 0.5 || box.left < -0.5) found.add(`outside ${short(name)}`);
    if (!element.textContent.trim() && !element.getAttribute("aria-label") && !element.labels?.length) {
      found.add(`no name ${element.outerHTML.slice(0, 60)}`);
    }
  };

  // A browser tells how wide a text is in its field, beside the cross of a search, only of what is typed there.
  const checkPlaceholder = (input) => {
    input.value = input.placeholder;
    if (input.scrollWidth > input.clientWidth + 1) found.add(`clipped ${short(input.placeholder)}`);
    input.value = "";
  };

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent;
    if (text.trim() && visible(element) && !element.closest("script, style, svg, .stamp")) checkText(element, text);
  }
  const targets = "a, button, summary, [role=checkbox], [role=switch], input:not([type=hidden]), select, textarea";
  document.querySelectorAll(targets).forEach((element) => visible(element) && checkTarget(element));
  document.querySelectorAll("input:placeholder-shown").forEach((input) => visible(input) && checkPlaceholder(input));
  document.querySelectorAll("img:not([alt])").forEach((image) => found.add(`no alt ${image.src}`));
  document.querySelectorAll("progress:not([aria-label])").forEach(() => found.add("no name progress"));
  const headings = document.querySelectorAll("h1").length;
  if (headings !== 1 && face) found.add(`${headings} h1`);
  document.querySelectorAll("body *").forEach((element) => {
    const { overflowX, display } = style(element);
    const clipped = element.scrollWidth > element.clientWidth + 1 && overflowX === "visible";
    if (visible(element) && clipped && !element.children.length && display !== "inline") {
      found.add(`clipped ${short(element.textContent)}`);
    }
  });
  const width = document.documentElement.scrollWidth;
  if (width > innerWidth) found.add(`page ${width} wide in ${innerWidth}`);
  return [...found];
}
