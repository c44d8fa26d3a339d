/* Photos of a form: each is made small on the phone, which also drops what the camera wrote into it, and shown.
   With data-upload each is sent at once, so that a slow line sends while people go on filling in; without it, the
   small ones take the places of the chosen ones and go with the form. Without this script the input works by itself. */
"use strict";
(() => {
  const LONGEST = 1600; // pixels of the longer side
  const MOST_BYTES = 300 * 1024;
  const QUALITIES = [0.82, 0.7, 0.55, 0.4];

  const read = (file) => new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = fail;
    reader.readAsDataURL(file);
  });

  const decode = (address) => new Promise((done, fail) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = fail;
    image.src = address;
  });

  const blobOf = (canvas, quality) => new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));

  /* Browsers turn a photo upright when they draw it; a canvas knows nothing of where and when it was taken. */
  const drawn = (image, longest) => {
    const scale = Math.min(1, longest / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  };

  /* Give a small JPEG with a preview; what the browser can't read goes as it is, and the server says what it is. */
  const shrink = async (file) => {
    try {
      const image = await decode(await read(file));
      const canvas = drawn(image, LONGEST);
      let blob = null;
      for (const quality of QUALITIES) {
        blob = await blobOf(canvas, quality);
        if (blob && blob.size <= MOST_BYTES) break;
      }
      const name = file.name.replace(/\.[^.]*$/, "") + ".jpg";
      return { blob: blob || file, name: blob ? name : file.name, preview: drawn(image, 320).toDataURL("image/jpeg", 0.7) };
    } catch {
      return { blob: file, name: file.name, preview: "" };
    }
  };

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  const enhance = (input) => {
    const words = input.dataset;
    const most = Number(words.photos);
    const form = input.form;
    const box = document.getElementById(words.box || "") || input.closest("label").parentElement
      .insertBefore(element("div", { class: "photos", hidden: "" }), input.closest("label").nextSibling);
    const add = box.querySelector(".add");
    const problem = document.getElementById(`${input.id || input.name}-error`);
    const pending = new Set();
    let sending = null; // the button by which the form was sent while photos were still on their way

    const tiles = () => box.querySelectorAll(":scope > :not(.add)");
    const say = (text) => {
      if (!problem) return;
      problem.hidden = !text;
      problem.querySelector("span").textContent = text || "";
    };
    const refresh = () => {
      const count = tiles().length;
      if (add) add.hidden = count >= most;
      box.hidden = !count && !add;
    };
    const tileOf = (preview) => {
      const tile = element("div");
      if (preview) tile.append(element("img", { src: preview, alt: "" }));
      if (add) box.insertBefore(tile, add);
      else box.append(tile);
      return tile;
    };
    const cross = (tile) => {
      const icon = element("span", {}, element("i", { class: "i i-x", "aria-hidden": "true" }));
      const button = element("button", { type: "button", class: "x", "aria-label": words.remove }, icon);
      button.addEventListener("click", () => {
        tile.remove();
        refresh();
        say("");
      });
      tile.append(button);
    };

    const finished = (tile) => {
      pending.delete(tile);
      if (pending.size || !sending) return;
      const button = sending;
      sending = null;
      button.removeAttribute("aria-busy");
      if (form.requestSubmit) form.requestSubmit();
      else form.submit();
    };

    const upload = (photo, tile) => {
      const percent = element("b", { class: "num" }, "0%");
      const cover = element("div", { class: "up", role: "status" }, percent, element("span", {}, words.uploading));
      tile.append(cover);
      pending.add(tile);
      const failed = () => {
        cover.remove();
        pending.delete(tile);
        sending = null;
        const again = element("button", { type: "button", class: "up again" }, words.failed);
        again.addEventListener("click", () => {
          again.remove();
          upload(photo, tile);
        });
        tile.append(again);
      };
      const refused = (text) => {
        tile.remove();
        pending.delete(tile);
        sending = null;
        refresh();
        say(text);
      };
      const request = new XMLHttpRequest();
      request.responseType = "json";
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) percent.textContent = `${Math.round((100 * event.loaded) / event.total)}%`;
      };
      request.onload = () => {
        const answer = request.response || {};
        if (request.status === 200 && answer.token) {
          cover.remove();
          if (!tile.querySelector("img")) tile.append(element("img", { src: answer.url, alt: "" }));
          tile.append(element("input", { type: "hidden", name: "kept", value: answer.token }));
          cross(tile);
          finished(tile);
        } else if (request.status === 422) refused(answer.text);
        else failed();
      };
      request.onerror = failed;
      const data = new FormData();
      data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      data.append("photo", photo.blob, photo.name);
      request.open("POST", words.upload);
      request.send(data);
    };

    const chosen = async () => {
      const files = [...input.files];
      const free = words.upload ? most - tiles().length : most;
      say(files.length > free ? words.full || "" : "");
      const small = [];
      if (words.upload) input.value = "";
      else tiles().forEach((tile) => tile.remove());
      for (const file of files.slice(0, free)) {
        const photo = await shrink(file);
        small.push(photo);
        const tile = tileOf(photo.preview);
        refresh();
        if (words.upload) upload(photo, tile);
      }
      if (!words.upload) {
        const basket = new DataTransfer();
        for (const photo of small) basket.items.add(new File([photo.blob], photo.name, { type: photo.blob.type }));
        input.files = basket.files;
      }
    };

    const mark = () => {
      for (const label of input.labels) label.classList.toggle("focused", input.matches(":focus"));
    };
    input.addEventListener("focus", mark);
    input.addEventListener("blur", mark);
    input.addEventListener("change", () => void chosen());
    input.classList.remove("input", "picked"); // its words are the browser's, in whatever language that speaks
    input.classList.add("sr");
    if (!words.upload) return;
    if (add) add.hidden = false;
    for (const tile of tiles()) {
      const old = tile.querySelector(".x");
      if (old) old.remove();
      cross(tile);
    }
    refresh();
    form.addEventListener("submit", (event) => {
      if (!pending.size) return;
      event.preventDefault();
      sending = event.submitter || document.querySelector(`button[form="${form.id}"]`) || form.querySelector("button");
      sending.setAttribute("aria-busy", "true");
      say(words.waiting || "");
    });
  };

  document.querySelectorAll("input[type=file][data-photos]").forEach(enhance);
})();
