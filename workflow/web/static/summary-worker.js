// 简易程序 without a network: the empty form and what it is drawn with. No case is ever kept here.
"use strict";

const KEEP = "fashen-summary-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const page = request.mode === "navigate" && address.pathname === "/summary";
  if (page || address.pathname.startsWith("/static/")) event.respondWith(freshOrKept(request, page));
});

async function freshOrKept(request, page) {
  const kept = await caches.open(KEEP);
  try {
    const answer = await fetch(request);
    // A redirect leads to the sign-in page, which is not the form.
    if (answer.ok && !answer.redirected && answer.type === "basic") {
      await kept.put(page ? "/summary" : request, answer.clone());
    }
    return answer;
  } catch (network) {
    const found = await kept.match(page ? "/summary" : request);
    if (found) return found;
    throw network;
  }
}
