// Tells the page around a frame how high the frame's content is. docs/embedding.md describes the messages.
const content = document.querySelector(".events");
// WordPress marks frames that it found by oEmbed, and listens to messages with the mark.
const secret = (/(?:^#|[?&])secret=([0-9A-Za-z]+)/.exec(location.hash) || [])[1];

function tell() {
  // The content alone: its height depends on the width of the frame, never on its height.
  const height = Math.ceil(content.getBoundingClientRect().height);
  parent.postMessage({ elverumEvents: height }, "*");
  if (secret) parent.postMessage({ message: "height", value: height, secret }, "*");
}

if (parent !== window) {
  new ResizeObserver(tell).observe(content);
  addEventListener("message", ({ data, source }) => {
    if (source === parent && data && data.elverumEvents === "height") tell();
  });
  if (secret) {
    // WordPress forbids such frames to open pages, and opens links to the calendar itself.
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link || link.host !== location.host) return;
      event.preventDefault();
      parent.postMessage({ message: "link", value: link.href, secret }, "*");
    });
  }
}
