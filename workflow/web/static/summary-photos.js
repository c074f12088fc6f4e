// 简易程序: photos and short videos wait on this device (IndexedDB) until their form is sent, and go then.
// summary.js asks; without these scripts the file fields of the form send them. Written for Chromium 109.
"use strict";

window.fashenPhotos = (() => {
  const BASE = "fashen.summary";
  const NAMES = ["photo", "card"];

  let base = null; // the database; null where the device has none for us
  let opening = null;
  let form = null;
  let changed = () => {};
  let shown = []; // what stands in the form now, in order
  let serial = 0;
  let busy = Promise.resolve(); // what was just chosen and is being kept
  const memory = new Map(); // what the device refused to keep; gone with this page

  // — keeping ————————————————————————————————————————————————————————————————————————————————

  function open() {
    return new Promise((resolve) => {
      let asked = null;
      try {
        asked = indexedDB.open(BASE, 1);
      } catch (forbidden) {
        resolve(null);
        return;
      }
      asked.onupgradeneeded = () => asked.result.createObjectStore("photo", { keyPath: "id" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = asked.onblocked = () => resolve(null);
    });
  }

  // One transaction; its result, or an error that says why not.
  function within(mode, act) {
    return new Promise((resolve, reject) => {
      const work = base.transaction("photo", mode);
      const asked = act(work.objectStore("photo"));
      work.oncomplete = () => resolve(asked.result);
      work.onerror = work.onabort = () => reject(work.error);
    });
  }

  async function keep(photo) {
    photo.kept = true;
    try {
      await within("readwrite", (store) => store.put(photo));
      memory.delete(photo.id);
    } catch (refused) {
      photo.kept = false;
      memory.set(photo.id, photo);
    }
  }

  async function all() {
    let found = [];
    try {
      found = await within("readonly", (store) => store.getAll());
    } catch (unreadable) {
      found = [];
    }
    return [...found.filter((photo) => !memory.has(photo.id)), ...memory.values()].sort((a, b) => a.order - b.order);
  }

  async function forget(ids) {
    for (const id of ids) memory.delete(id);
    try {
      await within("readwrite", (store) => {
        let last = { result: null };
        for (const id of ids) last = store.delete(id);
        return last;
      });
    } catch (none) {
      // What was never kept need not be deleted.
    }
  }

  const of = async (key) => (await all()).filter((photo) => photo.form === key);
  const drop = async (key) => forget((await of(key)).map((photo) => photo.id));

  // Whatever belongs to no form that this device still has.
  async function prune(keys) {
    const left = (await all()).filter((photo) => !keys.includes(photo.form));
    if (left.length > 0) await forget(left.map((photo) => photo.id));
  }

  // — what is accepted, said at once also without a network ————————————————————————————————————

  function words(size) {
    if (size >= 1048576) return `${(size / 1048576).toFixed(1).replace(/\.0$/, "")} MB`;
    return size >= 1024 ? `${(size / 1024).toFixed(1).replace(/\.0$/, "")} KB` : `${size} 字节`;
  }

  function groupOf(file) {
    const limits = JSON.parse(form.dataset.limits);
    const name = file.name.toLowerCase();
    return Object.entries(limits).find(([, limit]) => limit.endings.some((ending) => name.endsWith(ending)));
  }

  // Why a file is not taken; empty when it is.
  function wrong(name, file) {
    const found = groupOf(file);
    const wanted = name === "card" ? ["photo"] : ["photo", "video"];
    if (!found || !wanted.includes(found[0])) {
      return `“${file.name}”没有收下：这里只收${name === "card" ? "照片" : "照片和录像"}（JPEG、PNG、WebP、HEIC${name === "card" ? "" : "，MP4、MOV、3GP、AVI"}）。`;
    }
    if (file.size === 0) return `“${file.name}”没有收下：是空文件，请重新选择。`;
    if (file.size > found[1].most) {
      return `“${file.name}”没有收下：有 ${words(file.size)}，${found[1].word}一个最多 ${found[1].told}。`;
    }
    if (shown.some((photo) => photo.album === name && photo.name === file.name && photo.size === file.size && photo.modified === file.lastModified)) {
      return `“${file.name}”已经选过了。`;
    }
    if (shown.filter((photo) => photo.album === name).length >= Number(form.dataset.most)) {
      return `“${file.name}”没有收下：一张表单最多 ${form.dataset.most} 份，其余的办完以后在案件里登记。`;
    }
    return "";
  }

  // The file's own time in Beijing; never one that is still to come.
  function taken(file) {
    const time = Math.min(file.lastModified, Date.now());
    return new Date(time + 8 * 3600 * 1000).toISOString().slice(0, 16);
  }

  function tell(name, said) {
    const place = form.querySelector(`[data-told=${name}]`);
    place.className = said.length > 0 ? "fx-err" : "";
    place.textContent = said.join(" ");
  }

  async function choose(name, input) {
    const files = [...input.files];
    input.value = ""; // so that the next picture of the camera is a change again
    const said = [];
    for (const file of files) {
      const no = wrong(name, file);
      if (no) {
        said.push(no);
        continue;
      }
      serial += 1;
      const bytes = crypto.getRandomValues(new Uint8Array(12));
      const photo = {
        id: [...bytes].map((b) => b.toString(16).padStart(2, "0")).join(""),
        form: form.elements.key.value,
        order: Date.now() * 1000 + serial,
        album: name,
        name: file.name,
        type: file.type,
        size: file.size,
        modified: file.lastModified,
        at: name === "card" ? "" : taken(file), // of a card the time of the form counts
        maker: form.dataset.person,
        proves: "",
        known: "",
        kept: false,
        // Its bytes, not the file: what the camera's own program clears away meanwhile must not be lost.
        blob: new Blob([await file.arrayBuffer()], { type: file.type }),
      };
      shown.push(photo);
      await keep(photo);
      await row(photo);
      if (!photo.kept) {
        said.push(`这台设备不让网页保存“${photo.name}”：只在这个页面里，发送以前请不要关闭。`);
      }
    }
    tell(name, said);
    changed();
  }

  // — the rows ———————————————————————————————————————————————————————————————————————————————

  async function row(photo) {
    const list = form.querySelector(`[data-album=${photo.album}]`);
    const made = form.querySelector(`#row-${photo.album}`).content.firstElementChild.cloneNode(true);
    made.dataset.photo = photo.id;
    made.querySelector("b").textContent = photo.name;
    made.querySelector("small").textContent = `${words(photo.size)}　${photo.kept ? "存在这台设备上，发送以后删除" : "只在这个页面里，请不要关闭"}`;
    const remove = made.querySelector("button");
    remove.setAttribute("aria-label", `去掉 ${photo.name}`);
    remove.addEventListener("click", async () => {
      shown = shown.filter((other) => other.id !== photo.id);
      made.remove();
      await forget([photo.id]);
      changed();
    });
    for (const field of made.querySelectorAll("[data-said]")) {
      const what = field.dataset.said;
      const label = made.querySelector(`[for=${CSS.escape(field.id)}]`);
      field.id = `p-${photo.id}-${what}`;
      label.htmlFor = field.id;
      if (photo[what]) field.value = photo[what];
      photo[what] = field.value;
      field.addEventListener("change", () => {
        photo[what] = field.value;
        keep(photo);
      });
    }
    list.append(made);
    draw(photo, made.querySelector(".fx-thumb"));
  }

  // A small picture in place of the word; what this browser cannot draw keeps the word.
  async function draw(photo, place) {
    const film = photo.type.startsWith("video/");
    if (film) place.textContent = "录像";
    try {
      const picture = film ? null : await createImageBitmap(photo.blob);
      if (!picture) return;
      const canvas = document.createElement("canvas");
      canvas.width = 192;
      canvas.height = 144;
      canvas.className = "fx-thumb";
      canvas.setAttribute("aria-hidden", "true");
      const scale = Math.min(canvas.width / picture.width, canvas.height / picture.height);
      const [width, height] = [picture.width * scale, picture.height * scale];
      canvas.getContext("2d").drawImage(picture, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
      picture.close();
      place.replaceWith(canvas);
    } catch (undrawable) {
      // HEIC, for one.
    }
  }

  // Show what this device holds for the form's key; the server's own rows say which of it came already.
  async function show() {
    if (!form) return;
    const came = [...form.querySelectorAll("li[data-has]")];
    shown = await of(form.elements.key.value);
    for (const photo of shown) {
      const there = came.find((item) => item.parentElement.dataset.album === photo.album && item.dataset.name === photo.name && Number(item.dataset.size) === photo.size);
      const known = there ? there.dataset.has : "";
      if (known !== photo.known) {
        photo.known = known;
        await keep(photo);
      }
      if (there) {
        there.remove();
        came.splice(came.indexOf(there), 1);
      }
    }
    for (const old of form.querySelectorAll("li[data-photo]")) old.remove();
    for (const photo of shown) await row(photo);
  }

  async function rekey(from, to) {
    if (from === to) return;
    for (const photo of await of(from)) {
      photo.form = to;
      photo.known = "";
      await keep(photo);
    }
  }

  // — sending ————————————————————————————————————————————————————————————————————————————————

  // Adds the pictures of a waiting form to what is sent; those that the server has go by their number.
  function into(body, photos) {
    for (const photo of photos) {
      if (photo.known) {
        body.append(photo.album, photo.known);
        for (const what of ["at", "maker", "proves"]) body.append(`${photo.album}.${what}.${photo.known}`, photo[what]);
      } else {
        body.append(`${photo.album}.new`, photo.blob, photo.name);
        for (const what of ["at", "maker", "proves"]) body.append(`${photo.album}.new.${what}`, photo[what]);
      }
    }
    return body;
  }

  // For a preview: what is stated of each, with nothing in it.
  function named(body) {
    for (const photo of shown) {
      body.append(`${photo.album}.new`, new Blob([], { type: photo.type }), photo.name);
      for (const what of ["at", "maker", "proves"]) body.append(`${photo.album}.new.${what}`, photo[what]);
    }
  }

  async function begin(where, whenChanged) {
    form = where;
    changed = whenChanged;
    for (const name of NAMES) {
      for (const input of form.querySelectorAll(`input[type=file][name="${name}.new"]`)) {
        input.removeAttribute("name");
        input.addEventListener("change", () => {
          busy = Promise.all([busy, opening]).then(() => choose(name, input));
        });
      }
    }
    opening ||= open();
    base = await opening;
    await show();
  }

  return { begin, show, of, drop, prune, rekey, into, named, settled: () => busy, count: () => shown.length };
})();
