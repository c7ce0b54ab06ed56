// Says how much waits on this phone before somebody signs out.

import { waitingEverywhere } from "./vault.js";

const line = document.getElementById("waiting");
if (line) {
  const count = await waitingEverywhere();
  const { one = "", many = "" } = line.dataset;
  line.textContent = count === 0 ? "" : count === 1 ? one : many.replace("{count}", String(count));
}
