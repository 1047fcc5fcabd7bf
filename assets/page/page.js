"use strict";
const video = document.querySelector("video"), fps = +document.body.dataset.fps;
const panel = document.querySelector(".words"), follow = document.querySelector("#follow");
const chapters = [...document.querySelectorAll(".chapters a")];
const words = [...panel.querySelectorAll("[data-from]")];
const from = words.map(word => +word.dataset.from), to = words.map(word => +word.dataset.to);
const begins = chapters.map(link => +link.dataset.frame);
let lit = [], at = -1;

// A millisecond on: caption times are whole milliseconds, so a frame's caption may begin that much after it.
function seek(frame) {
  video.currentTime = frame / fps + 0.001;
}

// Where the last of the sorted numbers is that is not above a frame, or -1.
function last(numbers, frame) {
  let low = 0, high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= frame) low = middle + 1; else high = middle;
  }
  return low - 1;
}

function show() {
  const frame = Math.floor(video.currentTime * fps + 0.01);
  if (frame === at) return;
  at = frame;
  const index = last(from, frame), word = words[index], sentence = word && word.parentElement;
  const now = !word ? [] : frame < to[index] ? [sentence, word] : [sentence];
  for (const one of lit) if (!now.includes(one)) one.classList.remove("now");
  for (const one of now) one.classList.add("now");
  if (sentence && sentence !== lit[0] && follow.checked) bring(sentence);
  lit = now;
  const chapter = chapters[last(begins, frame)];
  for (const link of chapters) if (link !== chapter) link.removeAttribute("aria-current");
  if (chapter) chapter.setAttribute("aria-current", "true");
}

// Only the panel scrolls, never the page.
function bring(sentence) {
  const above = sentence.getBoundingClientRect().top - panel.getBoundingClientRect().top;
  panel.classList.toggle("follows", Math.abs(above) < 2 * panel.clientHeight);
  panel.scrollTop += above - panel.clientHeight / 3;
}

function tick() {
  show();
  if (!video.paused && !video.ended) requestAnimationFrame(tick);
}

document.addEventListener("click", event => {
  const link = event.target.closest("a[data-frame]"), word = event.target.closest("[data-from]");
  if (!link && (!word || !getSelection().isCollapsed)) return;
  event.preventDefault();
  seek(+(link || word).dataset[link ? "frame" : "from"]);
  if (link) history.replaceState(null, "", link.hash);
  video.play().catch(() => {});  // a browser that refuses shows the moment all the same
});
for (const moved of ["wheel", "touchmove"]) {
  panel.addEventListener(moved, () => { follow.checked = false; }, { passive: true });
}
follow.addEventListener("change", () => { if (follow.checked && lit[0]) bring(lit[0]); });
for (const changed of ["seeking", "seeked", "timeupdate", "loadedmetadata"]) video.addEventListener(changed, show);
video.addEventListener("play", tick);

for (const track of video.textTracks) {
  try {
    const name = new Intl.DisplayNames([track.language], { type: "language" }).of(track.language);
    document.querySelector(`track[srclang="${CSS.escape(track.language)}"]`).label = name;
  } catch { /* a language that this browser has no name for keeps its tag */ }
}
const moment = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
if (moment) video.currentTime = +moment[1] + 0.001;
show();
