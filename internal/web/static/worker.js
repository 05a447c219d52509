// The service worker. With a network it stands aside. Without one it gives the files that
// pages need and the checklists that the person keeps who was signed in last on this
// device; nobody else's. It is sent with its list of files in front (static.go).

const shelf = 'shifan';

addEventListener('install', (e) => {
  e.waitUntil(caches.open(shelf).then((c) => c.addAll(files)).then(() => skipWaiting()));
});

addEventListener('activate', (e) => e.waitUntil(clients.claim()));

addEventListener('fetch', (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/static/')) {
    e.respondWith(caches.match(e.request).then((kept) => kept ?? fetch(e.request)));
  } else if (e.request.mode === 'navigate') {
    e.respondWith(fetch(e.request).catch(() => without(url.pathname)));
  }
});

// without answers for a page when there is no network.
async function without(path) {
  const visit = /^\/visits\/([^/]+)\/checklist$/.exec(path)?.[1];
  const kept = visit && await sheetOf(visit);
  if (!kept) return caches.match('/offline');
  return new Response(kept.html, {
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': kept.policy, 'X-Content-Type-Options': 'nosniff' },
  });
}

function sheetOf(visit) {
  return new Promise((resolve) => {
    const opening = indexedDB.open('shifan', 1);
    opening.onupgradeneeded = () => opening.transaction.abort(); // there is none
    opening.onerror = () => resolve(undefined);
    opening.onsuccess = () => {
      const db = opening.result, tx = db.transaction(['sheets']);
      const who = tx.objectStore('sheets').get('who');
      who.onsuccess = () => {
        const sheet = tx.objectStore('sheets').get(`${who.result?.who} ${visit}`);
        sheet.onsuccess = () => {
          db.close();
          resolve(who.result?.who ? sheet.result : undefined);
        };
      };
    };
  });
}
