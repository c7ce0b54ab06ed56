// What this browser keeps while there is no network: always encrypted, never longer than needed.
//
// The key is made here, cannot be read out (not extractable), and never leaves the browser. Each account has a database
// of its own, so that two people who share a phone never meet. Clearing the vault removes key and data together.

/** @typedef {{ key: CryptoKey, database: IDBDatabase }} Vault */
/** @typedef {{ iv: Uint8Array<ArrayBuffer>, sealed: ArrayBuffer }} Sealed */

const VERSION = 1;
const IV_BYTES = 12;
const PREFIX = "ldn-";

/** Not a vault: the name of the account that was last open here, which is no key to anything. */
const LAST = "ldn";
const STORES = ["keys", "queue", "pages"];

/**
 * Turns a request of the database into a promise.
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * Waits until a transaction is on disk.
 * @param {IDBTransaction} transaction
 * @returns {Promise<void>}
 */
function committed(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

/**
 * @param {IDBDatabase} database
 * @param {string} store
 * @param {IDBTransactionMode} mode
 */
function begin(database, store, mode) {
  // "strict" asks for the disk, not only for the operating system's memory.
  return database.transaction(store, mode, { durability: "strict" });
}

/**
 * Opens the vault of one account, making its key on the first visit.
 * @param {string} account
 * @returns {Promise<Vault>}
 */
export async function openVault(account) {
  const opening = indexedDB.open(PREFIX + account, VERSION);
  opening.onupgradeneeded = () => {
    for (const name of STORES) {
      opening.result.createObjectStore(name);
    }
  };
  const database = await done(opening);
  // Signing out in another tab removes the database; this one must not stand in its way.
  database.onversionchange = () => database.close();
  const found = await done(begin(database, "keys", "readonly").objectStore("keys").get("key"));
  if (found) {
    return { key: found, database };
  }
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const writing = begin(database, "keys", "readwrite");
  // Another tab may have been faster: the first key wins, because something may already be sealed with it.
  const existing = await done(writing.objectStore("keys").get("key"));
  if (!existing) {
    writing.objectStore("keys").put(key, "key");
  }
  await committed(writing);
  return { key: existing ?? key, database };
}

/**
 * @param {Vault} vault
 * @param {unknown} value
 * @returns {Promise<Sealed>}
 */
async function seal(vault, value) {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const plain = new TextEncoder().encode(JSON.stringify(value));
  return { iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, vault.key, plain) };
}

/**
 * @param {Vault} vault
 * @param {Sealed} box
 * @returns {Promise<any>}
 */
async function unseal(vault, box) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: box.iv }, vault.key, box.sealed);
  return JSON.parse(new TextDecoder().decode(plain));
}

/**
 * Keeps a value under a name and returns when it is on disk.
 * @param {Vault} vault
 * @param {"queue" | "pages"} store
 * @param {string} name
 * @param {unknown} value
 */
export async function keep(vault, store, name, value) {
  const box = await seal(vault, value);
  const writing = begin(vault.database, store, "readwrite");
  writing.objectStore(store).put(box, name);
  await committed(writing);
}

/**
 * Returns a value, or undefined.
 * @param {Vault} vault
 * @param {"queue" | "pages"} store
 * @param {string} name
 */
export async function recall(vault, store, name) {
  const box = await done(begin(vault.database, store, "readonly").objectStore(store).get(name));
  return box ? unseal(vault, box) : undefined;
}

/**
 * Returns everything in a store that can be opened, in the order of names.
 *
 * What cannot be opened stays where it is and keeps being counted: it is not ours to drop.
 * @param {Vault} vault
 * @param {"queue" | "pages"} store
 * @returns {Promise<any[]>}
 */
export async function recallAll(vault, store) {
  const boxes = await done(begin(vault.database, store, "readonly").objectStore(store).getAll());
  const opened = await Promise.allSettled(boxes.map((box) => unseal(vault, box)));
  return opened.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

/**
 * Removes values by name.
 * @param {Vault} vault
 * @param {"queue" | "pages"} store
 * @param {string[]} names
 */
export async function forget(vault, store, names) {
  const writing = begin(vault.database, store, "readwrite");
  for (const name of names) {
    writing.objectStore(store).delete(name);
  }
  await committed(writing);
}

/**
 * Returns how many values a store holds, without opening them.
 * @param {Vault} vault
 * @param {"queue" | "pages"} store
 */
export function count(vault, store) {
  return done(begin(vault.database, store, "readonly").objectStore(store).count());
}

async function openLast() {
  const opening = indexedDB.open(LAST, VERSION);
  opening.onupgradeneeded = () => opening.result.createObjectStore("last");
  const database = await done(opening);
  database.onversionchange = () => database.close();
  return database;
}

/**
 * Remembers whose vault a page without a network opens. On disk when this returns, like everything else here, so that a
 * browser that is killed finds its way back.
 * @param {string} account
 */
export async function rememberAccount(account) {
  const database = await openLast();
  const writing = begin(database, "last", "readwrite");
  writing.objectStore("last").put(account, "account");
  await committed(writing);
  database.close();
}

/**
 * Returns the account that was last open here, or undefined.
 * @returns {Promise<string | undefined>}
 */
export async function lastAccount() {
  const database = await openLast();
  const account = await done(begin(database, "last", "readonly").objectStore("last").get("account"));
  database.close();
  return account;
}

/** Returns the names of all vaults of this browser: one for each account that was ever signed in and not signed out. */
async function vaultNames() {
  const databases = await indexedDB.databases();
  return databases.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name] : []));
}

/**
 * Returns how many entries wait in this browser, of all accounts: signing out deletes every vault, so it must ask for
 * everybody. Counts without opening anything.
 */
export async function waitingEverywhere() {
  const counts = (await vaultNames()).map(async (name) => {
    const database = await done(indexedDB.open(name));
    try {
      return database.objectStoreNames.contains("queue")
        ? await done(begin(database, "queue", "readonly").objectStore("queue").count())
        : 0;
    } finally {
      database.close();
    }
  });
  return (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
}

/** Removes keys and data of all accounts from this browser. */
export async function destroyVaults() {
  const names = [LAST, ...(await vaultNames())];
  await Promise.all(names.map((name) => done(indexedDB.deleteDatabase(name))));
}
