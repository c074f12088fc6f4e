/* Files of a form, sent in pieces as soon as they are chosen (tus 1.0). After a lost network, or on the page
   opened again, the same file goes on from where the server says it is. Without this script the files go
   with the form. Written for Chromium 109. */
"use strict";
(() => {
  const PIECE = 4 * 1024 * 1024;
  const WAITS = [1, 2, 5, 10, 30];
  const field = document.querySelector("[data-upload]");
  if (!field || !window.Promise || !window.File) return;
  const base = field.dataset.upload;
  const list = field.querySelector(".fx-attached");
  const say = field.querySelector("[role=status]");
  const form = field.closest("form");
  let waiting = 0;
  let turn = Promise.resolve();

  const sleep = (seconds) => new Promise((go) => {
    const timer = setTimeout(go, seconds * 1000);
    window.addEventListener("online", () => { clearTimeout(timer); go(); }, { once: true });
  });

  /* One request; resolves with what came, or null when the network failed. */
  const ask = (method, url, headers, body, progress) => new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    const all = Object.assign({ "Tus-Resumable": "1.0.0", "X-CSRF-Token": field.dataset.csrf }, headers);
    Object.keys(all).forEach((name) => request.setRequestHeader(name, all[name]));
    if (progress) request.upload.onprogress = (event) => progress(event.loaded);
    request.onload = () => resolve(request);
    request.onerror = request.onabort = request.ontimeout = () => resolve(null);
    request.send(body || null);
  });

  const utf8 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  const nameOf = (file) => ["fashen", base, file.name, file.size, file.lastModified].join("|");
  const recall = (file) => { try { return localStorage.getItem(nameOf(file)); } catch (e) { return null; } };
  const remember = (file, url) => {
    try { url ? localStorage.setItem(nameOf(file), url) : localStorage.removeItem(nameOf(file)); } catch (e) { /* private window */ }
  };
  const why = (request) => {
    try { return JSON.parse(request.responseText).detail; } catch (e) { return "服务器没有收下（" + request.status + "），请再选一次。"; }
  };
  class Refused extends Error {}

  /* Keeps asking until somebody answers: 5xx and a dead network pass, a "no" does not. */
  const insist = async (told, ...what) => {
    for (let n = 0; ; n++) {
      const answer = await ask(...what);
      if (answer && answer.status < 500 && answer.status !== 423 && answer.status !== 429) return answer;
      if (answer && answer.status === 507) throw new Refused(why(answer));
      told("网络不通，已传的都在，正在等着接着传…");
      await sleep(WAITS[Math.min(n, WAITS.length - 1)]);
    }
  };

  const place = async (file, told) => {
    const known = recall(file);
    if (known) {
      const answer = await insist(told, "HEAD", known, {});
      if (answer.status === 200) return { url: known, at: Number(answer.getResponseHeader("Upload-Offset")) };
      remember(file, null);
    }
    const metadata = "filename " + utf8(file.name) + ",filetype " + utf8(file.type || "application/octet-stream");
    const answer = await insist(told, "POST", base, { "Upload-Length": String(file.size), "Upload-Metadata": metadata });
    if (answer.status !== 201) throw new Refused(why(answer));
    const url = answer.getResponseHeader("Location");
    remember(file, url);
    return { url: url, at: 0 };
  };

  const send = async (file, told, bar) => {
    const { url, at: begun } = await place(file, told);
    let at = begun;
    while (at < file.size) {
      told("正在传");
      const piece = file.slice(at, at + PIECE);
      const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(at) };
      const answer = await ask("PATCH", url, headers, piece, (sent) => { bar.value = at + sent; });
      if (answer && answer.status === 204) {
        at = Number(answer.getResponseHeader("Upload-Offset"));
      } else if (answer && [401, 403, 404, 413, 422, 507].includes(answer.status)) {
        remember(file, null);
        throw new Refused(why(answer));
      } else {
        told("网络断了，已传的都在，正在接着传…");
        await sleep(1);
        const how = await insist(told, "HEAD", url, {});
        if (how.status !== 200) { remember(file, null); throw new Refused("这个文件没有传成，请再选一次。"); }
        at = Number(how.getResponseHeader("Upload-Offset"));
      }
      bar.value = at;
    }
    const settled = await insist(told, "HEAD", url, {});
    remember(file, null);
    if (settled.getResponseHeader("Upload-State") !== "ready") throw new Refused("这个文件没有传成，请再选一次。");
    return url;
  };

  const line = (file) => {
    const item = document.createElement("li");
    item.className = "fx-file";
    const box = document.createElement("p");
    box.className = "fx-pick";
    const words = document.createElement("span");
    const name = document.createElement("b");
    name.textContent = file.name;
    const told = document.createElement("small");
    const bar = document.createElement("progress");
    bar.max = file.size || 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name + " 已传");
    words.append(name, told, bar);
    box.append(words);
    item.append(box);
    list.append(item);
    return { item: item, told: (text) => { if (told.textContent !== text) told.textContent = text; }, bar: bar };
  };

  const take = async (file) => {
    const { item, told, bar } = line(file);
    waiting++;
    told("等着传");
    turn = turn.then(async () => {
      try {
        const url = await send(file, told, bar);
        const answer = await fetch(url + "/row", { credentials: "same-origin" });
        const made = document.createElement("template");
        made.innerHTML = await answer.text();
        const row = made.content.querySelector("li");
        const before = list.querySelector('[data-file="' + row.dataset.file + '"]');
        if (before) before.remove();
        item.replaceWith(row);
        say.textContent = file.name + " 已传好";
      } catch (error) {
        bar.remove();
        told(error instanceof Refused ? error.message : "这个文件没有传成，请再选一次。");
        item.classList.add("is-no");
        say.textContent = file.name + " 没有传成";
      }
      waiting--;
    });
  };

  field.querySelectorAll("input[type=file]").forEach((input) => {
    input.removeAttribute("name");
    input.addEventListener("change", () => {
      Array.from(input.files).forEach(take);
      input.value = "";
    });
  });
  form.addEventListener("submit", (event) => {
    if (!waiting) return;
    event.preventDefault();
    say.textContent = "还有 " + waiting + " 个文件没有传完，传完再提交。";
    say.scrollIntoView({ block: "center" });
  });
})();
