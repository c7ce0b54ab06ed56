// Keeps our own files and the pages of danger, and shows a page that belongs to nobody while there is no network.
//
// The server writes two lines before this: RELEASE, and FILES, the addresses to keep. No page of a person is ever put
// into the cache; what a phone knows of a person is sealed in the vault (vault.js).

/** @typedef {{ RELEASE: string, FILES: string[] }} Written */

const worker = /** @type {ServiceWorkerGlobalScope & Written} */ (/** @type {unknown} */ (self));
const CACHE = `ldn-${worker.RELEASE}`;
const SHELL = "/offline";

/** A network that answers nothing for so long is none; milliseconds. */
const PATIENCE = 3000;

/** What a proxy answers while the server behind it is away. */
const AWAY = [502, 503, 504];

worker.addEventListener("install", (event) => {
  event.waitUntil(keepAll().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== worker.location.origin) {
    return;
  }
  if (request.method === "POST" && request.mode === "navigate") {
    if (pathname === "/sign-out") {
      event.respondWith(signOut(request));
    } else if (pathname === "/look") {
      event.respondWith(changeLook(event));
    }
    return;
  }
  if (request.method !== "GET") {
    return;
  }
  if (pathname.startsWith("/static/") || pathname.startsWith("/danger/")) {
    event.respondWith(keptOrFetched(request));
  } else if (request.mode === "navigate") {
    event.respondWith(fetchedOrShell(request));
  }
});

async function keepAll() {
  const cache = await caches.open(CACHE);
  // With cookies, because the colours and the language of a page that is kept are the visitor's.
  const requests = worker.FILES.map((file) => new Request(file, { cache: "reload", credentials: "same-origin" }));
  await cache.addAll(requests);
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}

/** @param {Request} request */
async function keptOrFetched(request) {
  const kept = await caches.match(request, { cacheName: CACHE });
  return kept ?? fetch(request);
}

/** @param {Request} request */
async function fetchedOrShell(request) {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), PATIENCE);
  try {
    const response = await fetch(request, { signal: waiting.signal });
    return AWAY.includes(response.status) ? await shell() : response;
  } catch {
    return shell();
  } finally {
    clearTimeout(timer);
  }
}

async function shell() {
  const kept = await caches.match(SHELL, { cacheName: CACHE });
  return kept ?? Response.error();
}

/**
 * Signing out deletes what waits on this phone, so it asks first; then it clears everything, also where a browser does
 * not know the header that says so.
 * @param {Request} request
 */
async function signOut(request) {
  const form = await request.clone().formData();
  if (form.get("sure") !== "yes" && (await waitingEverywhere()) > 0) {
    return Response.redirect("/today/leave", 303);
  }
  try {
    const response = await fetch(request);
    if (response.ok || response.type === "opaqueredirect") {
      await destroyVaults();
    }
    return response;
  } catch {
    return shell();
  }
}

/** @param {FetchEvent} event */
async function changeLook(event) {
  const response = await fetch(event.request);
  // The cookies are set now; the pages that are kept take the new colours and the new language.
  event.waitUntil(keepAll());
  return response;
}

// The two below do what vault.js does; a worker that is no module imports nothing, and not every browser has workers
// that are modules.

async function vaultNames() {
  const databases = await indexedDB.databases();
  return databases.flatMap(({ name }) => (name?.startsWith("ldn-") ? [name] : []));
}

async function waitingEverywhere() {
  let sum = 0;
  for (const name of await vaultNames()) {
    sum += await waitingIn(name);
  }
  return sum;
}

/**
 * @param {string} name
 * @returns {Promise<number>}
 */
function waitingIn(name) {
  return new Promise((resolve) => {
    const opening = indexedDB.open(name);
    // What cannot be counted is not worth keeping somebody signed in.
    opening.onerror = () => resolve(0);
    opening.onsuccess = () => {
      const database = opening.result;
      const finish = (/** @type {number} */ count) => {
        database.close();
        resolve(count);
      };
      if (!database.objectStoreNames.contains("queue")) {
        finish(0);
        return;
      }
      const counting = database.transaction("queue", "readonly").objectStore("queue").count();
      counting.onsuccess = () => finish(counting.result);
      counting.onerror = () => finish(0);
    };
  });
}

async function destroyVaults() {
  for (const name of ["ldn", ...(await vaultNames())]) {
    await new Promise((resolve) => {
      const deleting = indexedDB.deleteDatabase(name);
      deleting.onsuccess = deleting.onerror = deleting.onblocked = () => resolve(undefined);
    });
  }
}
