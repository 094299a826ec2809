// Tells the page around a frame how high the frame's content is. docs/embedding.md describes the messages.
{
  const content = document.querySelector(".events");
  /** Returns the mark that WordPress gives frames that it found by oEmbed; it listens to messages with the mark. */
  const mark = () => (/(?:^#|[?&])secret=([0-9A-Za-z]+)/.exec(location.hash) || [])[1];

  function tell() {
    // The content alone: its height depends on the width of the frame, never on its height.
    const height = Math.ceil(content.getBoundingClientRect().height);
    const secret = mark();
    parent.postMessage({ elverumEvents: height }, "*");
    if (secret) parent.postMessage({ message: "height", value: height, secret }, "*");
  }

  if (parent !== window) {
    // Browsers observe nothing in frames that are far below what is seen.
    tell();
    new ResizeObserver(tell).observe(content);
    // WordPress may give the mark after the page is there, and ask before.
    addEventListener("hashchange", tell);
    addEventListener("message", ({ data, source }) => {
      if (source !== parent || !data) return;
      if (data.elverumEvents === "height" || (data.message === "ready" && data.secret === mark())) tell();
    });
    // WordPress forbids its frames to open pages, and opens links to the calendar itself.
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      const secret = mark();
      if (!secret || !link || link.host !== location.host || link.target === "_self") return;
      event.preventDefault();
      parent.postMessage({ message: "link", value: link.href, secret }, "*");
    });
  }
}
