export interface UploadProgress {
  sentBytes: number;
  totalBytes: number;
}

/**
 * A `fetch` that reports how much of the body was sent, which the real one cannot tell.
 *
 * The generated client builds the address, the method and the headers; the body is taken from
 * `readBody`, because a `Request` gives its body back only by reading the whole file into memory.
 */
export function fetchWithProgress(
  readBody: () => Blob | FormData,
  onProgress: (progress: UploadProgress) => void,
): typeof fetch {
  return (input) =>
    new Promise((resolve, reject) => {
      const request = new Request(input);
      if (request.signal.aborted) {
        reject(abortion());
        return;
      }
      const body = readBody();
      const exchange = new XMLHttpRequest();
      exchange.open(request.method, request.url);
      for (const [name, value] of request.headers) {
        // The browser writes the multipart boundary of the form that it really sends.
        const isWritten = name === "content-type" && body instanceof FormData;
        if (!isWritten) exchange.setRequestHeader(name, value);
      }
      exchange.responseType = "text";
      exchange.upload.onprogress = (event) => {
        onProgress({ sentBytes: event.loaded, totalBytes: event.total });
      };
      exchange.onload = () => {
        resolve(toResponse(exchange));
      };
      exchange.onerror = () => {
        reject(new TypeError("The connection broke."));
      };
      exchange.onabort = () => {
        reject(abortion());
      };
      request.signal.addEventListener("abort", () => {
        exchange.abort();
      });
      exchange.send(body);
    });
}

function toResponse(exchange: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const line of exchange
    .getAllResponseHeaders()
    .trim()
    .split(/[\r\n]+/)) {
    const [name, ...value] = line.split(": ");
    if (name) headers.append(name, value.join(": "));
  }
  return new Response(exchange.responseText, { status: exchange.status, headers });
}

function abortion(): DOMException {
  return new DOMException("The upload was stopped.", "AbortError");
}
