// 简易程序: what follows from the 案由, the signature, and a form that survives without a network.
// Everything here only adds: without it the form is sent as a form. Written for Chromium 109.
"use strict";

(() => {
  const DRAFT = "fashen.summary.draft";
  const QUEUE = "fashen.summary.queue";
  const KEEP = "fashen-summary-1"; // the cache of summary-worker.js
  const NEVER_KEPT = ["csrf", "signed_with"];
  const PATIENCE = 20000; // milliseconds until a network that does not answer counts as none
  const AGAIN = 30000; // milliseconds until the next attempt
  const SLOWEST = 20; // bytes in a millisecond that a network brings at least, where photos go along
  const Photos = window.fashenPhotos;

  // A password waits in this page's memory alone, for as long as the page is open.
  const passwords = new Map();
  const states = new Map(); // key of a waiting form → what came of the last attempt
  let sending = false;
  let pressed = false;
  let previewing = false;
  let form = null;

  const by = (id) => document.getElementById(id);
  const one = (name) => form.elements[name];
  const value = (name) => (one(name) ? one(name).value : "");

  // — what is kept on this device ————————————————————————————————————————————————————————

  function read(name, empty) {
    try {
      return JSON.parse(localStorage.getItem(name)) || empty;
    } catch (unreadable) {
      return empty;
    }
  }

  function write(name, kept) {
    try {
      if (kept === null) localStorage.removeItem(name);
      else localStorage.setItem(name, JSON.stringify(kept));
      return true;
    } catch (full) {
      tell("这台设备不让网页保存内容：断网时请不要关闭本页。", "y");
      return false;
    }
  }

  function fields(submitter) {
    const pairs = [...new FormData(form).entries()].filter(([, v]) => typeof v === "string");
    if (submitter && submitter.name) pairs.push([submitter.name, submitter.value]);
    return pairs;
  }

  const keepable = (pairs) => pairs.filter(([name]) => !NEVER_KEPT.includes(name));

  function keepDraft() {
    write(DRAFT, { person: form.dataset.person, fields: keepable(fields()) });
  }

  function fillIn(pairs) {
    const names = new Set(pairs.map(([name]) => name));
    for (const field of form.elements) {
      if (!field.name || NEVER_KEPT.includes(field.name)) continue;
      const told = pairs.filter(([name]) => name === field.name).map(([, v]) => v);
      if (field.type === "checkbox" || field.type === "radio") field.checked = told.includes(field.value);
      else if (names.has(field.name) && field.type !== "submit") field.value = told[0];
    }
  }

  function freshKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  }

  function nowInBeijing() {
    return new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 16);
  }

  // — what follows from what is chosen ————————————————————————————————————————————————————

  function chosen() {
    const option = one("power").selectedOptions[0];
    const told = option && option.dataset.scope ? JSON.parse(option.dataset.scope)[value("kind")] : null;
    if (!told) return null;
    const [fits, fines, least, most, said, cite] = told;
    return { fits, fines, least: Number(least), most: Number(most), said, cite, title: option.dataset.title };
  }

  function range(scope) {
    if (!scope.least) return `不超过 ${scope.most.toLocaleString("en")} 元`;
    if (scope.least === scope.most) return `${scope.most.toLocaleString("en")} 元`;
    return `${scope.least.toLocaleString("en")}–${scope.most.toLocaleString("en")} 元`;
  }

  function show(id, shown) {
    if (by(id)) by(id).hidden = !shown;
  }

  function follow() {
    const scope = chosen();
    const note = by("scope");
    note.hidden = !scope;
    if (scope) {
      note.className = `fx-note ${scope.fits ? "is-g" : "is-y"}`;
      note.children[0].textContent = scope.said;
      note.children[1].textContent = scope.cite;
    }
    const fines = value("penalty") !== "警告";
    show("amount", fines);
    show("paying", fines);
    const fine = Number(value("fine"));
    const hint = by("h-fine");
    const over = Boolean(scope && fines && fine && (!scope.fines || fine > scope.most));
    const under = Boolean(scope && fines && fine && scope.fines && fine < scope.least);
    hint.classList.toggle("fx-red", over || under);
    if (!scope) hint.textContent = "选定案由后显示可填的范围。";
    else if (!scope.fines) hint.textContent = "这一案由对这类当事人不能当场罚款（行政处罚法第五十一条）。";
    else if (over) hint.textContent = `超过 ${scope.most.toLocaleString("en")} 元，不能当场处罚（行政处罚法第五十一条）：减到 ${range(scope)}，或者转普通程序立案。`;
    else if (under) hint.textContent = `低于法定最低 ${scope.least.toLocaleString("en")} 元：可填 ${range(scope)}。`;
    else hint.textContent = `可填 ${range(scope)}。超过的须转普通程序。`;
    show("unfit", Boolean(scope && !scope.fits));
    show("over", over);
    show("disputed", value("stance") === "dispute");
    show("heard", value("stance") !== "none" && value("stance") !== "");
    show("cash", value("pay") === "spot");
    const most = Number(by("cash").firstElementChild.dataset.most);
    one("pay_reason").closest(".fx-field").hidden = fine <= most;
    show("refusing", value("received") === "refused");
    show("pad", value("received") === "screen");
    const organisation = value("kind") === "法人及非法人组织";
    one("representative").closest(".fx-field").hidden = value("kind") === "自然人";
    one("age").closest(".fx-field").hidden = value("kind") !== "自然人";
    one("number").previousElementSibling.textContent = organisation || value("kind") === "个体工商户" ? "统一社会信用代码" : "身份证号";
    checkNumber();
    describe(scope);
  }

  // 18 digits: the last one follows from the others (GB 11643).
  function checkNumber() {
    const number = value("number").trim().toUpperCase();
    const wrong = value("kind") === "自然人" && number.length > 0 && !rightNumber(number);
    one("number_confirmed").closest("label").hidden = !wrong && !one("number_confirmed").checked;
    let said = by("number-said");
    if (!said) {
      said = document.createElement("p");
      said.id = "number-said";
      said.className = "form-hint";
      said.setAttribute("role", "status");
      one("number").after(said);
    }
    said.textContent = wrong && document.activeElement !== one("number") ? "号码的位数或者校验位不对：核对证件后改正。" : ageSaid(number);
  }

  function rightNumber(number) {
    if (/^\d{15}$/.test(number)) return true;
    if (!/^\d{17}[\dX]$/.test(number)) return false;
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const sum = weights.reduce((all, weight, n) => all + weight * Number(number[n]), 0);
    return "10X98765432"[sum % 11] === number[17];
  }

  function ageSaid(number) {
    if (value("kind") !== "自然人" || !/^\d{17}[\dX]$/.test(number) || !value("at")) return "";
    const born = number.slice(6, 14);
    const day = value("at").slice(0, 10).split("-").join("");
    const years = Math.floor((Number(day) - Number(born)) / 10000);
    if (years < 14) return `按号码推算 ${years} 周岁：不满十四周岁，不予处罚（行政处罚法第三十条）。`;
    if (years < 18) return `按号码推算 ${years} 周岁：应当从轻或者减轻（行政处罚法第三十条）。`;
    return "";
  }

  let described = "";
  function describe(scope) {
    const area = one("text");
    if (!scope || (area.value.trim() && area.value !== described)) return;
    const [year, month, day, hour, minute] = value("at").split(/\D/);
    if (!year) return;
    const when = `${year}年${Number(month)}月${Number(day)}日${Number(hour)}时${minute}分`;
    described = `${when}，执法人员在${value("place") || "（地点）"}发现${value("name") || "当事人"}有以下行为：${scope.title}。`;
    area.value = described;
  }

  // — the signature ————————————————————————————————————————————————————————————————————————

  function pad() {
    const canvas = document.querySelector("#pad canvas");
    const pen = canvas.getContext("2d");
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = "round";
    let drawing = false;
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
    };
    canvas.addEventListener("pointerdown", (event) => {
      drawing = true;
      canvas.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo(...at(event));
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drawing) return;
      pen.lineTo(...at(event));
      pen.stroke();
    });
    const lift = () => {
      if (!drawing) return;
      drawing = false;
      one("signature").value = small(canvas);
      keepDraft();
    };
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
    by("wipe").addEventListener("click", () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      one("signature").value = "";
      keepDraft();
    });
    if (value("signature")) {
      const picture = new Image();
      picture.onload = () => pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.src = value("signature");
    }
  }

  // A field holds 20,000 characters; a signature that is longer is drawn smaller until it fits.
  function small(canvas) {
    for (const width of [600, 400, 280, 180]) {
      const copy = document.createElement("canvas");
      copy.width = width;
      copy.height = Math.round((width * canvas.height) / canvas.width);
      copy.getContext("2d").drawImage(canvas, 0, 0, copy.width, copy.height);
      const told = copy.toDataURL("image/png");
      if (told.length < 19000) return told;
    }
    return "";
  }

  // — sending ——————————————————————————————————————————————————————————————————————————————

  function tell(words, tone) {
    const note = by("net");
    note.className = `fx-note${tone ? ` is-${tone}` : ""}`;
    note.textContent = words;
    note.hidden = !words;
  }

  async function ask(address, more, bytes = 0) {
    const stop = new AbortController();
    const clock = setTimeout(() => stop.abort(), PATIENCE + bytes / SLOWEST);
    try {
      return await fetch(address, { credentials: "same-origin", cache: "no-store", signal: stop.signal, ...more });
    } finally {
      clearTimeout(clock);
    }
  }

  // The token of today's sign-in; null when nobody is signed in.
  async function token() {
    const answer = await ask("/summary");
    if (!answer.ok || new URL(answer.url).pathname !== "/summary") return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector("#summary [name=csrf]");
    return found ? found.value : null;
  }

  async function post(item, csrf, photos) {
    const body = photos.length > 0 ? new FormData() : new URLSearchParams();
    for (const [name, told] of item.fields) body.append(name, told);
    body.set("csrf", csrf);
    if (passwords.has(item.key)) body.set("signed_with", passwords.get(item.key));
    const bytes = photos.filter((photo) => !photo.known).reduce((sum, photo) => sum + photo.size, 0);
    return ask("/summary", { method: "POST", body: Photos.into(body, photos) }, bytes);
  }

  // What came of it: "sent", "signin", "password", "lost" (photos that this device had), "refused" (with
  // the page that says why) or "waiting".
  async function send(item) {
    if (item.way !== "ordinary" && !passwords.has(item.key)) return { what: "password" };
    const photos = await Photos.of(item.key);
    if (photos.length < (item.photos || 0)) return { what: "lost" };
    let answer;
    try {
      answer = await post(item, value("csrf"), photos);
      if (answer.status === 401 || answer.status === 403) {
        const csrf = await token();
        if (csrf === null) return { what: "signin" };
        one("csrf").value = csrf;
        answer = await post(item, csrf, photos);
      }
    } catch (network) {
      return { what: "waiting" };
    }
    if (answer.status >= 500) return { what: "waiting" };
    const path = new URL(answer.url).pathname;
    if (answer.ok && path !== "/summary") return { what: path === "/login" ? "signin" : "sent", where: answer.url };
    return { what: "refused", page: await answer.text() };
  }

  const waiting = () => read(QUEUE, []);
  const mine = () => waiting().filter((item) => item.person === form.dataset.person);
  const without = (key) => write(QUEUE, waiting().filter((item) => item.key !== key));

  async function deliver(item, openAfterwards) {
    if (sending) return;
    sending = true;
    tell("正在发送……");
    const came = await send(item);
    sending = false;
    if (came.what === "sent") {
      without(item.key);
      passwords.delete(item.key);
      await Photos.drop(item.key);
      if (openAfterwards) {
        write(DRAFT, null);
        location.assign(came.where);
        return;
      }
      listWaiting();
      sentNote(item, came.where);
    } else if (came.what === "refused") {
      without(item.key);
      await refuse(item, came.page);
    } else {
      states.set(item.key, came.what);
      listWaiting();
    }
  }

  function sentNote(item, where) {
    tell(`已发送：${item.about}　发生时间 ${item.stated}。本机保存的内容已删除。`, "g");
    const link = document.createElement("a");
    link.className = "fx-u";
    link.href = where;
    link.textContent = "打开决定书或者案件";
    by("net").append(" ", link);
  }

  // The server's own page with its reasons takes the place of this one; nothing that was filled in is lost.
  async function refuse(item, html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const told = page.getElementById("summary");
    if (told) {
      // Read without scripts, what is meant for browsers without them counts as part of the form.
      for (const other of told.querySelectorAll("noscript")) other.remove();
      form.replaceWith(document.importNode(told, true));
      await Photos.rekey(item.key, by("summary").elements.key.value);
      await begin(false);
    } else {
      fillIn(item.fields);
      one("key").value = item.key;
      await Photos.show();
      follow();
      const said = page.querySelector("main");
      tell(`没有办成：${said ? said.innerText.trim().slice(0, 300) : "服务器没有说明"}`, "r");
    }
    keepDraft();
    listWaiting();
    (by("refused") || by("net")).scrollIntoView();
    if (by("refused")) by("refused").focus();
  }

  const WORDS = {
    waiting: "待发送：连不上服务器，已存在本机。网络恢复后自动发送；在那以前没有办理。",
    signin: "待发送：登录已经过期。登录后自动回到这里发送。",
    password: "待发送：再输入一次密码后发送（密码不保存在本机）。",
    lost: "没有发送：这台设备没有留住表单的照片。取回修改，重新拍照或者如实说明，再提交。",
  };

  function stateOf(item) {
    const told = states.get(item.key);
    if (told === "signin" || told === "lost") return told;
    return item.way === "ordinary" || passwords.has(item.key) || !navigator.onLine ? "waiting" : "password";
  }

  function listWaiting() {
    const list = by("queue");
    const items = mine();
    list.textContent = "";
    list.hidden = items.length === 0;
    if (items.length === 0) return;
    tell(`${items.length} 件待发送。`, "y");
    for (const item of items) list.append(row(item, stateOf(item)));
  }

  function row(item, state) {
    const entry = document.createElement("li");
    entry.className = "fx-note is-y";
    const said = document.createElement("p");
    const with_ = item.photos ? `　照片、录像 ${item.photos} 份` : "";
    said.textContent = `${item.about}　发生时间 ${item.stated}${with_}　${WORDS[state]}`;
    const acts = document.createElement("p");
    acts.className = "fx-act";
    if (state === "signin") {
      const link = document.createElement("a");
      link.className = "btn fx-btn";
      link.href = "/login?next=/summary";
      link.textContent = "登录";
      acts.append(link);
    } else {
      let password = null;
      if (item.way !== "ordinary" && !passwords.has(item.key)) {
        password = document.createElement("input");
        password.type = "password";
        password.className = "form-control fx-short";
        password.autocomplete = "current-password";
        password.setAttribute("aria-label", `${item.about}：密码`);
        password.placeholder = "密码";
        acts.append(password);
      }
      acts.append(
        button("发送", () => {
          if (password && password.value) passwords.set(item.key, password.value);
          deliver(item, false);
        }),
      );
    }
    acts.append(
      button("取回修改", async () => {
        without(item.key);
        states.delete(item.key);
        fillIn(item.fields);
        one("key").value = item.key;
        await Photos.show();
        follow();
        keepDraft();
        listWaiting();
        tell("已取回到表单，修改后再提交。");
      }),
    );
    entry.append(said, acts);
    return entry;
  }

  function button(words, press) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn fx-btn";
    made.textContent = words;
    made.addEventListener("click", press);
    return made;
  }

  async function sendAll() {
    for (const item of mine()) {
      if (item.way === "ordinary" || passwords.has(item.key)) await deliver(item, false);
    }
  }

  function submitted(event) {
    const submitter = event.submitter;
    if (submitter && submitter.value === "preview") {
      // Opens in a window of its own; the form stays as it is.
      previewing = navigator.onLine;
      if (!previewing) {
        event.preventDefault();
        tell("没有网络，不能预览；可以继续填写，提交后存在本机。", "y");
        by("net").scrollIntoView({ block: "center" });
      }
      return;
    }
    event.preventDefault();
    if (sending || pressed) return;
    pressed = true;
    Photos.settled().then(() => {
      pressed = false;
      take(submitter);
    });
  }

  // What a preview sends: neither a password nor the photos themselves.
  function lighten(event) {
    if (!previewing) return;
    previewing = false;
    event.formData.delete("signed_with");
    Photos.named(event.formData);
  }

  function take(submitter) {
    const way = submitter && submitter.name === "way" ? submitter.value : "";
    // A time that nobody touched is the time of this press, also when it is sent hours later.
    if (value("at") === value("shown_at")) {
      one("at").value = nowInBeijing();
    }
    const stated = value("at").replace("T", " ");
    one("shown_at").value = "";
    const power = one("power").selectedOptions[0];
    const item = {
      key: value("key"),
      person: form.dataset.person,
      way,
      stated,
      about: `${power && power.dataset.title ? power.dataset.title : "未选案由"}`,
      fields: keepable(fields(submitter)),
      photos: Photos.count(),
    };
    if (value("signed_with")) passwords.set(item.key, value("signed_with"));
    write(QUEUE, [...waiting().filter((other) => other.key !== item.key), item]);
    deliver(item, true).then(() => {
      if (!mine().some((other) => other.key === item.key) || by("refused")) return;
      // It waits in the queue: the form is free for the next one.
      write(DRAFT, null);
      form.reset();
      startAnew();
      listWaiting();
      by("queue").scrollIntoView();
    });
  }

  function startAnew() {
    one("key").value = freshKey();
    Photos.show();
    one("at").value = one("shown_at").value = nowInBeijing();
    one("signature").value = "";
    one("signed_with").value = "";
    described = "";
    const canvas = document.querySelector("#pad canvas");
    canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
    follow();
  }

  // — the page ————————————————————————————————————————————————————————————————————————————

  function locate() {
    if (!("geolocation" in navigator)) return;
    show("locate", true);
    by("locate").addEventListener("click", () => {
      tell("正在取当前位置……");
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          const where = `（北纬 ${coords.latitude.toFixed(5)}，东经 ${coords.longitude.toFixed(5)}）`;
          one("place").value = `${value("place").replace(/（北纬.*?）/, "")}${where}`;
          tell("");
          follow();
          keepDraft();
        },
        () => tell("没有取到位置：设备没有允许，或者没有信号。请手写地点。", "y"),
        { enableHighAccuracy: true, timeout: 10000 },
      );
    });
  }

  async function begin(first) {
    form = by("summary");
    for (const extra of document.querySelectorAll(".fx-js")) extra.hidden = false;
    if (first && !by("refused")) {
      const draft = read(DRAFT, null);
      if (draft && draft.person === form.dataset.person) {
        fillIn(draft.fields);
        tell("取回了上次没有提交的内容。");
      } else {
        startAnew();
      }
    }
    pad();
    locate();
    follow();
    form.addEventListener("input", () => {
      follow();
      keepDraft();
    });
    form.addEventListener("focusout", checkNumber);
    form.addEventListener("submit", submitted);
    form.addEventListener("formdata", lighten);
    await Photos.begin(form, keepDraft);
  }

  // After the first visit the page opens without a network (only over https, as browsers will have it).
  async function stay() {
    if (!("serviceWorker" in navigator)) return;
    try {
      await navigator.serviceWorker.register("/summary/worker.js", { scope: "/summary" });
      await navigator.serviceWorker.ready;
      const kept = await caches.open(KEEP);
      if (!(await kept.match("/summary"))) {
        const parts = [...document.querySelectorAll('link[href^="/static/"], script[src^="/static/"]')];
        await kept.addAll(["/summary", ...parts.map((part) => part.href || part.src)]);
      }
      document.documentElement.dataset.offline = "ready";
    } catch (unable) {
      // Without it the page that is open still keeps and sends its forms.
    }
  }

  if (by("print")) {
    by("print").hidden = false;
    by("print").addEventListener("click", () => window.print());
  }
  if (by("summary")) {
    begin(true).then(() => {
      const draft = read(DRAFT, null);
      const kept = draft ? draft.fields.filter(([name]) => name === "key").map(([, key]) => key) : [];
      Photos.prune([value("key"), ...kept, ...waiting().map((item) => item.key)]);
      if (mine().length > 0) {
        listWaiting();
        sendAll();
      }
    });
    window.addEventListener("online", sendAll);
    setInterval(() => {
      if (navigator.onLine && mine().some((item) => states.get(item.key) !== "signin")) sendAll();
    }, AGAIN);
    window.addEventListener("offline", () => tell("没有网络：可以继续填写，提交后存在本机，网络恢复后发送。", "y"));
    stay();
  }
})();
